"""Keys that give their own secret away, each in other clothes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.vectors.material import (
    CURVES,
    OCTETS,
    Jwk,
    akp_jwk,
    b64,
    dice,
    ec_jwk,
    number,
    okp_jwk,
    okp_private,
    private_rsa,
    private_rsa_members,
    rsa_jwk,
    scalar,
    sound_modulus,
)
from tests.vectors.vector import Family, jwk_set

PUBLISHED = Path(__file__).parent.parent / "published_keys.json"


def families() -> Iterator[Family]:
    """A family for each rule about secrets."""
    yield _private_members()
    yield _foreign_members()
    yield _in_text()
    yield _called_secret()
    yield _symmetric()
    yield _published_examples()


def _private_members() -> Family:
    family = Family("private-members-published", "critical")
    members, public = private_rsa_members(), rsa_jwk(sound_modulus())
    family.key("RSA, the whole key", public | members)
    for name, value in members.items():
        family.key(f"RSA, {name} alone", public | {name: value})
    family.key("RSA, other primes", public | {"oth": [{"r": members["p"], "d": members["dp"], "t": members["qi"]}]})
    family.key("RSA, of another key", public | private_rsa_members("other"))
    family.key("RSA, the third of three", ec_jwk("P-256"), okp_jwk("Ed25519"), public | {"d": members["d"], "kid": "k3"})
    for curve in CURVES:
        family.key(f"{curve}", ec_jwk(curve, d=number(scalar(curve), OCTETS[curve])))
    for curve in ("Ed25519", "Ed448", "X25519", "X448"):
        family.key(f"{curve}", okp_jwk(curve, d=b64(okp_private(curve)[1])))
    family.key("ML-DSA-44, its seed", akp_jwk("ML-DSA-44", 1312, priv=b64(dice("seed").randbytes(32))))
    family.data("a single private JWK", json.dumps(public | members))
    family.data("an array of private JWKs", json.dumps([public | members]))
    return family


def _foreign_members() -> Family:
    secret = b64(dice("foreign").randbytes(32))
    family = Family("private-looking-members", "critical")
    for name in ("k", "priv"):
        family.key(f"{name} of an RSA key", rsa_jwk(sound_modulus(), **{name: secret}))
    for name in ("k", "priv", "p", "dp"):
        family.key(f"{name} of an EC key", ec_jwk("P-256", **{name: secret}))
    family.key("k of an Ed25519 key", okp_jwk("Ed25519", k=secret)).key("d of an AKP key", akp_jwk("ML-DSA-44", 1312, d=secret))
    family.key("d of a type nobody knows", {"kty": "XYZ", "kid": "k1", "d": secret})
    family.key("priv of a draft's type", {"kty": "PQK", "kid": "k1", "alg": "CRYDI2", "priv": secret})
    family.key("d without a type", {"kid": "k1", "d": secret}, ec_jwk("P-256", kid="k2"))
    return family


def _in_text() -> Family:
    rsa, point = private_rsa().private_key(), ec.derive_private_key(scalar("P-256"), CURVES["P-256"])
    traditional, pkcs8 = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8
    forms: dict[str, str] = {}
    for name, key in (("RSA", rsa), ("EC", point), ("Ed25519", okp_private("Ed25519")[0])):
        forms[f"{name}, PKCS#8 in PEM"] = key.private_bytes(Encoding.PEM, pkcs8, NoEncryption()).decode()
        forms[f"{name}, PKCS#8 in base64"] = base64.b64encode(key.private_bytes(Encoding.DER, pkcs8, NoEncryption())).decode()
        if name != "Ed25519":
            forms[f"{name}, its own form in PEM"] = key.private_bytes(Encoding.PEM, traditional, NoEncryption()).decode()
            forms[f"{name}, its own form in base64url"] = b64(key.private_bytes(Encoding.DER, traditional, NoEncryption()))
    forms["an encrypted key in PEM"] = _pem("ENCRYPTED PRIVATE KEY", _encrypted())
    forms["an encrypted key in base64"] = base64.b64encode(_encrypted()).decode()
    forms["a PKCS#12 store"] = base64.b64encode(_key_store()).decode()
    forms["an OpenSSH key in PEM"] = _pem("OPENSSH PRIVATE KEY", _openssh())
    forms["an OpenSSH key in base64"] = base64.b64encode(_openssh()).decode()
    forms["a JWK"] = json.dumps(ec_jwk("P-256", d=number(scalar("P-256"), 32)))
    family = Family("private-key-in-text", "critical")
    for name, text in forms.items():
        family.key(name, rsa_jwk(sound_modulus(), **{"x-export": text}))
    pem = forms["EC, PKCS#8 in PEM"]
    family.key("in the kid", ec_jwk("P-256", kid=pem)).key("in a list", ec_jwk("P-256", backup=["none", pem]))
    family.key("in an object", ec_jwk("P-256", backup={"of": {"key": pem}}))
    family.key("in the place of n", rsa_jwk(sound_modulus(), n=forms["RSA, its own form in PEM"]))
    family.key("in x5c", rsa_jwk(sound_modulus(), x5c=[forms["RSA, PKCS#8 in base64"]]))
    family.key("a JWK as an object", ec_jwk("P-256", backup=ec_jwk("P-256", d=number(scalar("P-256"), 32))))
    return family


def _called_secret() -> Family:
    family = Family("member-called-secret", "high")
    for name in ("password", "passphrase", "client_secret", "secret", "private_key", "privateKey", "seed", "mnemonic"):
        family.key(name, ec_jwk("P-256", **{name: "correct horse battery staple"}))
    return family


def _symmetric() -> Family:
    family = Family("symmetric-key-published", "critical")
    for size, alg in ((32, "HS256"), (64, "HS512"), (16, "A128KW"), (1, "HS256")):
        key: Jwk = {"kty": "oct", "k": b64(dice("oct", size).randbytes(size)), "alg": alg, "kid": "k1"}
        family.key(f"{8 * size} bits for {alg}", key)
    key = {"kty": "oct", "k": b64(dice("oct").randbytes(32))}
    family.key("without alg and kid", key).key("beside a public key", ec_jwk("P-256"), key | {"kid": "k2"})
    family.data("with a SPIFFE sequence", jwk_set(key, spiffe_sequence=1))
    return family


def _published_examples() -> Family:
    """Each example as it is printed, and in another spelling of the same key."""
    family = Family("key-published-as-example", "critical")
    for each in json.loads(PUBLISHED.read_text(encoding="utf-8")):
        jwk, source = each["jwk"], each["source"]
        family.key(source, jwk | {"kid": "production"})
        member = "n" if jwk["kty"] == "RSA" else "x"
        padded = jwk[member] + "=" * (-len(jwk[member]) % 4)
        family.key(f"{source}, padded with =", jwk | {member: padded, "kid": "a"})
        if jwk["kty"] == "RSA":
            octets = base64.urlsafe_b64decode(jwk["n"] + "==")
            family.key(f"{source}, with a zero octet", jwk | {"n": b64(b"\0" + octets), "kid": "a"})
    return family


def _pem(kind: str, data: bytes) -> str:
    lines = base64.encodebytes(data).decode()
    return f"-----BEGIN {kind}-----\n{lines}-----END {kind}-----\n"


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([len(content)]) if len(content) < 128 else bytes([0x80 | len(size)]) + size) + content


def _encrypted() -> bytes:
    """EncryptedPrivateKeyInfo (RFC 5958 §3) with PBES2; the cipher text is noise, as every cipher text is."""
    algorithm = _der(0x30, _der(0x06, bytes.fromhex("2a864886f70d01050d")), _der(0x30, _der(0x04, b"salt" * 4)))
    return _der(0x30, algorithm, _der(0x04, dice("encrypted").randbytes(160)))


def _key_store() -> bytes:
    """PFX (RFC 7292 §4) with its contents left as noise."""
    content = _der(0xA0, _der(0x04, dice("store").randbytes(400)))
    return _der(0x30, _der(0x02, b"\3"), _der(0x30, _der(0x06, bytes.fromhex("2a864886f70d010701")), content))


def _openssh() -> bytes:
    return b"openssh-key-v1\0" + b"\0\0\0\4none" * 2 + dice("openssh").randbytes(200)
