"""The IANA registries of JOSE as they stood on 2026-11-01: key types, curves, algorithms, members.

Dated data: a name that is missing here may have been registered since. Purposes are `sig` (a signature or MAC) and `enc`
(key management or content encryption).
"""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11-01"

# RFC 7518 §7.4.2, RFC 8037 §5, ML-DSA for JOSE: each with its public members (`alg` and `pub` for AKP)
KEY_TYPES: Final = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x"), "AKP": ("alg", "pub"), "oct": ("k",)}

# the type and the bytes of one coordinate (RFC 7518 §6.2.1.2, RFC 8812 §3.1) or of the whole public key (RFC 8037 §2)
CURVES: Final = {
    "P-256": ("EC", 32),
    "P-384": ("EC", 48),
    "P-521": ("EC", 66),
    "secp256k1": ("EC", 32),
    "Ed25519": ("OKP", 32),
    "Ed448": ("OKP", 57),
    "X25519": ("OKP", 32),
    "X448": ("OKP", 56),
}

_SYMMETRIC_WRAPS = ("A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW")
_PASSWORD_WRAPS = ("PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW")
_CONTENT = ("A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM")
_WEB_CRYPTO = ("A128CBC", "A192CBC", "A256CBC", "A128CTR", "A192CTR", "A256CTR")
_AGREEMENTS = ("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW")
_SLH_DSA = tuple(f"SLH-DSA-{family}-{size}{kind}" for family in ("SHA2", "SHAKE") for size in (128, 192, 256) for kind in "sf")

# the purpose of each algorithm, and the key types it works with
ALGORITHMS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    **dict.fromkeys(("HS256", "HS384", "HS512", "HS1"), ("sig", ("oct",))),
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "RS1"), ("sig", ("RSA",))),
    **dict.fromkeys(("ES256", "ES384", "ES512", "ES256K"), ("sig", ("EC",))),
    **dict.fromkeys(("EdDSA", "Ed25519", "Ed448"), ("sig", ("OKP",))),
    **dict.fromkeys(("ML-DSA-44", "ML-DSA-65", "ML-DSA-87", *_SLH_DSA), ("sig", ("AKP",))),
    "none": ("sig", tuple(KEY_TYPES)),
    **dict.fromkeys(("RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"), ("enc", ("RSA",))),
    **dict.fromkeys(_AGREEMENTS, ("enc", ("EC", "OKP"))),
    **dict.fromkeys((*_SYMMETRIC_WRAPS, *_PASSWORD_WRAPS, *_CONTENT, *_WEB_CRYPTO, "dir"), ("enc", ("oct",))),
}

# FIPS 204 Table 2, FIPS 205 Table 2: bytes of the public key
_SLH_OCTETS = {"128": 32, "192": 48, "256": 64}
PUBLIC_OCTETS: Final = {"ML-DSA-44": 1312, "ML-DSA-65": 1952, "ML-DSA-87": 2592} | {
    name: _SLH_OCTETS[name.rsplit("-", 1)[1][:3]] for name in _SLH_DSA
}

# names from before the standards: kty of early drafts, and algorithms of the competition
PRESTANDARD: Final = frozenset(
    {"PQK", "MLWE", "LWE", "NTRU", "HASH", "CRYDI2", "CRYDI3", "CRYDI5", "FALCON512", "FALCON1024", "SPHINCS+"}
    | {"DILITHIUM2", "DILITHIUM3", "DILITHIUM5", "FN-DSA-512", "FN-DSA-1024", "FALCON-512", "FALCON-1024"}
)

USES: Final = frozenset({"sig", "enc"})
SVID_USES: Final = frozenset({"x509-svid", "jwt-svid", "wit-svid"})  # SPIFFE bundles
OPERATIONS: Final = {
    "sign": "sig",
    "verify": "sig",
    "encrypt": "enc",
    "decrypt": "enc",
    "wrapKey": "enc",
    "unwrapKey": "enc",
    "deriveKey": "enc",
    "deriveBits": "enc",
}

# RFC 7517 §4, RFC 7518 §6, RFC 8037 §2, Web Cryptography (`ext`), OpenID Federation §8.7, ML-DSA for JOSE
MEMBERS: Final = frozenset(
    {"kty", "use", "key_ops", "alg", "kid", "x5u", "x5c", "x5t", "x5t#S256", "crv", "x", "y", "n", "e", "pub", "ext"}
    | {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv", "iat", "nbf", "exp", "iss", "revoked"}
)

_ALIASES: Final = {
    "alg": {
        "sha256withrsa": "RS256", "sha384withrsa": "RS384", "sha512withrsa": "RS512", "rsasha256": "RS256",
        "rsasha384": "RS384", "rsasha512": "RS512", "ecdsasha256": "ES256", "ecdsasha384": "ES384", "ecdsasha512": "ES512",
        "hmacsha256": "HS256", "hmacsha384": "HS384", "hmacsha512": "HS512", "rsaoaepmgf1p": "RSA-OAEP",
    },
    "crv": {
        "secp256r1": "P-256", "prime256v1": "P-256", "nistp256": "P-256", "secp384r1": "P-384", "nistp384": "P-384",
        "secp521r1": "P-521", "nistp521": "P-521", "k256": "secp256k1", "p256k": "secp256k1", "curve25519": "X25519",
    },
    "kty": {"ecdsa": "EC", "octet": "oct"},
    "use": {"signature": "sig", "sign": "sig", "signing": "sig", "encryption": "enc", "encrypt": "enc"},
}  # fmt: skip
_REGISTERED: Final = {"alg": tuple(ALGORITHMS), "crv": tuple(CURVES), "kty": tuple(KEY_TYPES), "use": ("sig", "enc")}
_by_spelling: dict[str, dict[str, str]] = {}


def registered_spelling(member: str, value: str) -> str | None:
    """The registered name that `value` of `member` (alg, crv, kty, use) misspells: other case, other punctuation, an XML
    signature URI, a name of JCA or OpenSSL. None for a registered name and for an unknown one.
    """
    if value in _REGISTERED[member] or len(value) > 100:
        return None
    if member not in _by_spelling:
        _by_spelling[member] = {_normalise(name): name for name in _REGISTERED[member]} | _ALIASES[member]
    return _by_spelling[member].get(_normalise(value.rsplit("#", 1)[-1]))


def _normalise(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
