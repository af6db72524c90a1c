"""Metadata that is lax JSON, offers http, or belongs to a resource or a federation."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.vectors.documents import METADATA, metadata
from tests.vectors.material import ec_jwk, okp_jwk, rsa_jwk, sound_modulus
from tests.vectors.vector import Family

ISSUER = "https://login.example.com"


def families() -> Iterator[Family]:
    """A family for each of these rules."""
    sound = metadata()
    lax = Family("metadata-not-strict-json", "high")
    lax.data("a comment", "// provider\n" + sound, METADATA).data("a comma at the end", sound[:-1] + ",}", METADATA)
    yield lax.data("a second document", sound + sound, METADATA)
    twice = Family("metadata-member-repeated", "high")
    for name in ("issuer", "jwks_uri", "token_endpoint"):
        twice.data(name, f'{sound[:-1]}, "{name}": "https://login.example.net"}}', METADATA)
    yield twice.data("issuer, once in an escape", f'{sound[:-1]}, "\\u0069ssuer": "{ISSUER}"}}', METADATA)
    yield _endpoints()
    yield _hidden_hosts()
    yield _resources()
    yield _federation()
    yield _credentials()


def _endpoints() -> Family:
    family = Family("endpoint-over-http", "high")
    for name in ("authorization", "token", "userinfo", "registration", "revocation", "introspection", "end_session"):
        changed = metadata(**{f"{name}_endpoint": f"http://login.example.com/{name}"})
        family.data(name, changed, METADATA)
    alias = {"token_endpoint": "http://mtls.example.com/token"}
    return family.data("an alias for mutual TLS", metadata(mtls_endpoint_aliases=alias), METADATA)


def _hidden_hosts() -> Family:
    family = Family("metadata-url-hides-its-host", "high")
    family.data("full-width dots", metadata(jwks_uri="https://login.example\u3002com/jwks.json"), METADATA)
    family.data("an invisible character", metadata(token_endpoint="https://login.exam\u200bple.com/token"), METADATA)
    return family.data("another alphabet", metadata(jwks_uri="https://login.ex\u0430mple.com/jwks.json"), METADATA)


def _resources() -> Family:
    family = Family("resource-not-https", "high")
    for url in ("http://api.example.com", "https://api.example.com/#part", "api.example.com"):
        resource = {"resource": url, "authorization_servers": [ISSUER], "bearer_methods_supported": ["header"]}
        family.data(url, json.dumps(resource), "oauth-protected-resource.json")
    return family


def _federation() -> Family:
    """OpenID Federation §9: an entity statement's keys sign statements and nothing else."""
    family = Family("federation-keys-used-for-protocol", "high")
    for key in (rsa_jwk(sound_modulus()), ec_jwk("P-256"), okp_jwk("Ed25519")):
        statement = {
            "iss": ISSUER,
            "sub": ISSUER,
            "iat": 1790000000,
            "exp": 1790600000,
            "jwks": {"keys": [key]},
            "authority_hints": ["https://anchor.example.com"],
            "metadata": {"openid_provider": {"issuer": ISSUER, "jwks": {"keys": [key | {"kid": "p1"}]}}},
        }
        family.data(f"{key['kty']}", json.dumps(statement), "openid-federation.json")
    return family


def _credentials() -> Family:
    """OpenID4VCI 1.0 §12.2.1: the identifier is an https URL without query and fragment."""
    family = Family("credential-issuer-not-https", "high")
    identifiers = (
        "http://vc.example.com",
        "http://vc.example.com/t",
        "https://vc.example.com/t?a=b",
        "https://vc.example.com#t",
        "vc.example.com",
    )
    for identifier in identifiers:
        found = {"credential_issuer": identifier, "credential_endpoint": "https://vc.example.com/credential"}
        family.data(
            identifier, json.dumps(found | {"credential_configurations_supported": {}}), "openid-credential-issuer.json"
        )
    return family
