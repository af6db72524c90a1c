"""Private keys in other clothes are parsed, not guessed: what is random and public stays unmarked."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence.keys.secrets import private_key_in
from scanner.files.read import read
from scanner.files.tree import Parsed
from scanner.redaction.key_text import is_called_secret, private_key_in_text

RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
CRYPT = BestAvailableEncryption(b"example")


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


class TestPrivateKeysInText:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (base64_of(RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())), "a PKCS#8 private key"),
            (base64_of(EC.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())), "a PKCS#8 private key"),
            (base64_of(ED.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())), "a PKCS#8 private key"),
            (
                base64_of(RSA.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())),
                "a private key in DER",
            ),
            (base64_of(EC.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())), "an EC private key"),
            (base64_of(RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, CRYPT)), "an encrypted PKCS#8 private key"),
            (base64_of(pkcs12.serialize_key_and_certificates(b"a", RSA, None, None, CRYPT)), "a PKCS#12 key store"),
            (
                RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode(),
                "a private key in PEM",
            ),
            (RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, CRYPT).decode(), "an encrypted private key in PEM"),
            (ED.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode(), "an OpenSSH private key"),
            (base64_of(b"openssh-key-v1\0" + b"x" * 60), "an OpenSSH private key"),
            ('{"kty":"EC","crv":"P-256","d":"c2VjcmV0"}', "a private JWK"),
        ],
        ids=[
            "rsa-pkcs8",
            "ec-pkcs8",
            "ed25519-pkcs8",
            "pkcs1",
            "sec1",
            "encrypted-pkcs8",
            "pkcs12",
            "pem",
            "encrypted-pem",
            "openssh-pem",
            "openssh",
            "jwk",
        ],
    )
    def test_are_named(self, text: str, words: str) -> None:
        assert private_key_in_text(text) == words

    @pytest.mark.parametrize(
        "text",
        [
            base64_of(RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
            base64_of(RSA.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)),
            RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            "Paste it between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----",
            '{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}',
            "M" * 64,
        ],
        ids=["spki", "pkcs1-public", "pem-public", "sentence", "public-jwk", "letters"],
    )
    def test_are_not_seen_in_what_is_public(self, text: str) -> None:
        assert private_key_in_text(text) is None

    def test_are_found_however_deep_a_member_nests(self) -> None:
        parsed = read(json.dumps({"a": [{"b": {"kty": "OKP", "d": "c2VjcmV0"}}]}).encode(), "json")
        assert isinstance(parsed, Parsed)
        assert private_key_in(parsed.documents[0]) == "a private JWK"

    @given(st.text(max_size=80) | st.binary(max_size=80).map(lambda data: base64_of(b"\x30" + data)))
    def test_never_raise(self, text: str) -> None:
        assert private_key_in_text(text) is None or "BEGIN" in text or text.startswith(("M", "{"))


class TestNames:
    def test_say_that_a_value_is_a_secret(self) -> None:
        assert all(is_called_secret(name) for name in ("password", "client_secret", "privateKey", "SEED"))
        assert not any(is_called_secret(name) for name in ("issuer", "kid", "secretary", "x5t"))
