"""Sets and metadata that are wrong as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.vectors.material import b64, dice, ec_jwk, okp_jwk, rsa_jwk, sound_modulus
from tests.vectors.vector import Family

METADATA = "openid-configuration.json"
SOUND: dict[str, object] = {
    "issuer": "https://login.example.com",
    "jwks_uri": "https://login.example.com/jwks.json",
    "authorization_endpoint": "https://login.example.com/authorize",
    "token_endpoint": "https://login.example.com/token",
    "response_types_supported": ["code"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
    "authorization_response_iss_parameter_supported": True,
    "require_request_uri_registration": True,
    "scopes_supported": ["openid"],
    "grant_types_supported": ["authorization_code"],
}


def metadata(**changes: object) -> str:
    """Sound metadata with members changed; None takes one away."""
    return json.dumps({name: value for name, value in (SOUND | changes).items() if value is not None})


def families() -> Iterator[Family]:
    """A family for each rule about sets and issuers."""
    yield _stray_entries()
    yield _ambiguous_kids()
    yield _no_set()
    yield from _issuers()


def _stray_entries() -> Family:
    family = Family("entry-not-an-object", "high")
    strays: tuple[object, ...] = ("k1", 1, None, [], True)
    for stray in strays:
        family.key(json.dumps(stray), ec_jwk("P-256"), stray)
    return family


def _ambiguous_kids() -> Family:
    family = Family("kid-names-several-keys", "high")
    one, two = rsa_jwk(sound_modulus()), rsa_jwk(sound_modulus("other"))
    family.key("two RSA keys", one, two).key("two P-256 keys", ec_jwk("P-256"), ec_jwk("P-384"))
    family.key("the first and the third", one, ec_jwk("P-256", kid="k2"), two)
    family.key("two Edwards keys", okp_jwk("Ed25519"), okp_jwk("Ed448"))
    return family


def _no_set() -> Family:
    family = Family("not-a-jwk-set", "high")
    key = ec_jwk("P-256")
    family.data("a single key", json.dumps(key)).data("an array of keys", json.dumps([key, okp_jwk("Ed25519", kid="k2")]))
    family.data("keys is an object", json.dumps({"keys": {"k1": key}})).data("keys is a string", json.dumps({"keys": "none"}))
    family.data(
        "a map of PEM",
        json.dumps({"k1": f"-----BEGIN PUBLIC KEY-----\n{b64(dice('pem').randbytes(90))}\n-----END PUBLIC KEY-----"}),
    )
    family.data("an error", json.dumps({"error": "not_found"})).data("jwks for keys", json.dumps({"jwks": [key]}))
    family.data("an empty object", "{}").data("a number", "12")
    return family


def _issuers() -> Iterator[Family]:
    missing = Family("issuer-missing", "critical")
    for name, value in {"not there": None, "empty": "", "a number": 7, "an array": ["https://login.example.com"]}.items():
        missing.data(name, metadata(issuer=value), METADATA)
    missing.data("of an authorization server", metadata(issuer=None), "oauth-authorization-server.json")
    yield missing
    http = Family("issuer-not-https", "high")
    for url in ("http://login.example.com", "HTTP://login.example.com/tenant", "http://login.example.com:8080"):
        http.data(url, metadata(issuer=url), METADATA)
    yield http
    yield Family("jwks-uri-missing", "high").data("not there", metadata(jwks_uri=None), METADATA)
    plain = Family("jwks-uri-not-https", "high")
    for url in (
        "http://login.example.com/jwks.json",
        "/jwks.json",
        "jwks.json",
        "file:///etc/jwks.json",
        "javascript:alert(1)",
    ):
        plain.data(url, metadata(jwks_uri=url), METADATA)
    yield plain
    none = Family("none-offered-for-client-authentication", "high")
    for algorithms in (["none"], ["RS256", "none"], ["none", "ES256"]):
        changed = metadata(token_endpoint_auth_signing_alg_values_supported=algorithms)
        none.data(", ".join(algorithms), changed, METADATA)
    yield none
