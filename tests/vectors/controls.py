"""Documents that are in order, many of which a naive scanner accuses: nothing may fail on them at medium or above."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.vectors.certificates import certificate, with_certificate, with_hex_digest
from tests.vectors.documents import METADATA, metadata
from tests.vectors.material import ML_DSA_OCTETS, Jwk, akp_jwk, b64, dice, ec_jwk, number, okp_jwk, rsa_jwk, sound_modulus
from tests.vectors.vector import Control, jwk_set


def controls() -> Iterator[Control]:
    """Every control."""
    sound, other = sound_modulus(), sound_modulus("other")
    rsa = rsa_jwk(sound)
    yield Control("two RSA keys", jwk_set(rsa, rsa_jwk(other, kid="k2")))
    yield Control("RSA-PSS", jwk_set(rsa | {"alg": "PS256"}, rsa_jwk(other, kid="k2", alg="PS256")))
    yield Control("RSA of 3072 bits", jwk_set(rsa_jwk(sound_modulus("long", 3072), alg="RS512")))
    yield from _of_other_types()
    yield from _as_products_write(rsa, other)
    yield from _spiffe()
    yield from _of_issuers()


def _of_other_types() -> Iterator[Control]:
    for curve in ("P-256", "P-384", "P-521"):
        yield Control(curve, jwk_set(ec_jwk(curve)))
    yield Control("Ed25519 by its name", jwk_set(okp_jwk("Ed25519")))
    yield Control("Ed25519 as EdDSA", jwk_set(okp_jwk("Ed25519", alg="EdDSA")))
    yield Control("Ed448 by its name", jwk_set(okp_jwk("Ed448")))
    yield Control("for signatures and for encryption", jwk_set(ec_jwk("P-256"), okp_jwk("X25519", kid="k2")))
    for alg, octets in ML_DSA_OCTETS.items():
        yield Control(alg, jwk_set(ec_jwk("P-256"), akp_jwk(alg, octets, kid="k2")))
    yield Control("a type nobody knows, beside a known one", jwk_set(ec_jwk("P-256"), {"kty": "XYZ", "kid": "k2"}))
    yield Control("one kid for keys of two types", jwk_set(ec_jwk("P-256"), rsa_jwk(sound_modulus())))


def _as_products_write(rsa: Jwk, other: int) -> Iterator[Control]:
    bare = {name: value for name, value in rsa.items() if name != "alg"}
    entra = with_certificate(bare) | {"issuer": "https://login.example.com/{tenantid}/v2.0"}
    yield Control("no alg, certificates, an issuer per key", jwk_set(entra, rsa_jwk(other, kid="k2")))
    yield Control("twin kids of one key", jwk_set(rsa, rsa | {"kid": "k1_RS256"}))
    yield Control("x5t in hexadecimal", jwk_set(with_hex_digest(rsa)), remark="x5t-in-hexadecimal")
    octets = other.to_bytes(256, "big")
    zeros = "integer-zero-padded"
    yield Control("a leading zero octet from Java", jwk_set(rsa | {"n": b64(b"\0" + octets), "kid": "k2"}), remark=zeros)
    yield Control("an exponent of four octets", jwk_set(rsa | {"e": number(65537, 4)}), remark=zeros)
    padded = jwk_set(rsa | {"n": rsa["n"] + "=" * (-len(rsa["n"]) % 4)})
    yield Control("padding", padded, remark="base64url-padded")
    yield Control("empty private members of a serialiser", jwk_set(rsa | {"d": "", "p": None, "oth": []}))
    yield Control("null members of a serialiser", jwk_set(rsa | {"x5u": None, "key_ops": None, "x5c": None, "y": None}))
    yield Control("key_ops beside use", jwk_set(rsa | {"key_ops": ["verify"]}))
    yield Control("a kid that is a URL", jwk_set(rsa | {"kid": "https://login.example.com/keys/2026-10"}))
    yield Control("dates of a federation", jwk_set(rsa | {"iat": 1790000000, "nbf": 1790000000, "exp": 1800000000}))
    yield Control("an RSA key with its chain", jwk_set(with_certificate(rsa)))
    yield Control("an EC key with its certificate", jwk_set(ec_jwk("P-256", x5c=[certificate("P-256")])))
    yield Control("a byte of white space at the end", jwk_set(rsa) + b"\n")
    yield Control("six keys", jwk_set(*(ec_jwk("P-256", kid=f"k{at}") | _point(at) for at in range(6))))


def _point(name: int) -> Jwk:
    from tests.vectors.material import ec_point, scalar

    x, y = ec_point("P-256", scalar("P-256", name))
    return {"x": number(x, 32), "y": number(y, 32)}


def _spiffe() -> Iterator[Control]:
    svid = {name: value for name, value in ec_jwk("P-256").items() if name != "alg"} | {"use": "jwt-svid"}
    authority = rsa_jwk(sound_modulus(), use="x509-svid", x5c=[certificate("sound")])
    bare = {name: value for name, value in authority.items() if name not in ("alg", "kid")}
    yield Control("a SPIFFE bundle", jwk_set(svid, spiffe_sequence=12, spiffe_refresh_hint=300), "bundle.json")
    both = jwk_set(svid, bare, spiffe_sequence=12, spiffe_refresh_hint=300)
    yield Control("a SPIFFE bundle with X.509 authorities", both, "bundle.json")


def _of_issuers() -> Iterator[Control]:
    yield Control("metadata of a provider", metadata().encode(), METADATA)
    yield Control("an issuer with a path and a slash", metadata(issuer="https://login.example.com/t/").encode(), METADATA)
    yield Control(
        "one that offers more", metadata(claims_supported=["sub", "aud"], ui_locales_supported=["de"]).encode(), METADATA
    )
    workload: dict[str, object] = {
        "issuer": "https://oidc.example.com",
        "jwks_uri": "https://oidc.example.com/keys",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "aud", "exp", "iat", "iss"],
        "scopes_supported": ["openid"],
    }
    yield Control("a workload issuer", json.dumps(workload).encode(), METADATA)
    credentials = {
        "credential_issuer": "https://vc.example.com/t",
        "credential_endpoint": "https://vc.example.com/t/credential",
        "credential_configurations_supported": {},
    }
    place = "vc.example.com/.well-known/"
    yield Control("a credential issuer", json.dumps(credentials).encode(), f"{place}openid-credential-issuer/t")
    keys = {"issuer": "https://vc.example.com", "jwks": {"keys": [ec_jwk("P-256")]}}
    yield Control("an issuer of SD-JWT VCs", json.dumps(keys).encode(), f"{place}jwt-vc-issuer")
    resource = {"resource": "https://vc.example.com/mcp", "authorization_servers": ["https://login.example.com"]}
    yield Control("a protected resource", json.dumps(resource).encode(), f"{place}oauth-protected-resource/mcp")
    noise = {"kind": "none", "keys": dice("noise").getrandbits(32)}
    yield Control("a file that only mentions keys", json.dumps(noise).encode(), "settings.json")
