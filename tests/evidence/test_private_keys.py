"""Private keys in any file: what is one, what only looks like one, and that no value ever leaves."""

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
)
from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence.keys.private_keys import private_keys
from scanner.evidence.model import Evidence, PrivateKey
from scanner.evidence.read_document import DocumentReader
from scanner.sources.document import Document

KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
JWK = {"kty": "EC", "crv": "P-256", "x": "AfB5pGgJipjjrduZLsAJ9NI4m6YVaN9PaUFtT-xszuI", "kid": "signer",
       "y": "To9FzIZ69h_SXZsy4EyPO5G8F6S92bbZ5sU_lb_TiJw", "d": "K2R1Z8LOqL4cJWlwtIMC3gcgFnu1Cgn5Cf3J-MjIuwk"}  # fmt: skip
SEALED = BestAvailableEncryption(b"example")


def only(text: str) -> PrivateKey:
    ((found,), left_out) = private_keys(text)
    assert not left_out
    return found


class TestABlock:
    @pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH])
    def test_gives_its_public_half(self, form: PrivateFormat) -> None:
        found = only(KEY.private_bytes(Encoding.PEM, form, NoEncryption()).decode())
        assert found.public is not None
        assert found.public.texts == {"kty": "EC", "crv": "P-256"}
        assert not found.is_encrypted

    @pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
    def test_under_a_password_gives_none(self, form: PrivateFormat) -> None:
        found = only(KEY.private_bytes(Encoding.PEM, form, SEALED).decode())
        assert found.is_encrypted
        assert found.public is None

    def test_of_openssh_tells_its_cipher(self) -> None:
        # a salted bcrypt is slow and asks for another library: the header alone says it
        data = b"openssh-key-v1\0\0\0\0\x0aaes256-ctr\0\0\0\6bcrypt" + bytes(80)
        text = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{base64.b64encode(data).decode()}\n-----END OPENSSH PRIVATE KEY-----"
        assert only(text).is_encrypted

    def test_of_rsa_and_ed25519_has_their_members(self) -> None:
        for key, names in ((rsa.generate_private_key(65537, 1024), {"n", "e"}), (ed25519.Ed25519PrivateKey.generate(), {"x"})):
            public = only(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()).public
            assert public is not None
            assert set(public.octets) == names

    def test_stands_where_it_begins(self) -> None:
        found = only(f"data:\n  key: |\n{PEM.replace('-----BEGIN', '    -----BEGIN')}")
        assert (found.spot.line, found.spot.column) == (3, 5)

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda pem: json.dumps({"key": pem}),
            lambda pem: json.dumps({"outer": json.dumps({"key": pem})}),
            lambda pem: 'KEY="' + pem.replace("\n", "\\n") + '"',
            lambda pem: "".join(f"      {line}\n" for line in pem.splitlines()),
            lambda pem: "".join(f"# {line}\n" for line in pem.splitlines()),
            lambda pem: pem.replace("\n", "\r\n"),
            lambda pem: "tls.key: " + base64.b64encode(pem.encode()).decode(),
        ],
        ids=["json", "json-in-json", "env", "yaml-block", "comment", "crlf", "base64"],
    )
    def test_is_found_as_other_formats_write_it(self, wrap: object) -> None:
        assert callable(wrap)
        assert only(wrap(PEM)).public is not None


class TestAJwk:
    @pytest.mark.parametrize(
        "text",
        [
            f"KEY={json.dumps(JWK)}",
            json.dumps({"client": {"signing": JWK}}, indent=2),
            json.dumps({"text": json.dumps(JWK, indent=2)}),
            f"key: {base64.b64encode(json.dumps(JWK, separators=(',', ':')).encode()).decode()}",
        ],
        ids=["env", "json", "json-in-json", "base64"],
    )
    def test_is_found_in_any_text(self, text: str) -> None:
        found = only(text)
        assert found.form == "a private JWK"
        assert found.public is not None
        assert found.public.texts["kid"] == "signer"


class TestWhatOnlyLooksLikeOne:
    @pytest.mark.parametrize(
        "text",
        [
            KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEG...\n-----END PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\n{{ .Values.key }}\n-----END RSA PRIVATE KEY-----",
            "Never commit what begins with -----BEGIN PRIVATE KEY-----",
            PEM[:100],
            json.dumps({**JWK, "d": ""}),
            json.dumps({**JWK, "d": "<your private value>"}),
            json.dumps({name: value for name, value in JWK.items() if name != "d"}),
            "kty: d",
        ],
        ids=["public", "dots", "cut", "template", "sentence", "no-end", "empty-d", "placeholder-d", "public-jwk", "no-jwk"],
    )
    def test_is_none(self, text: str) -> None:
        assert private_keys(text) == ((), ())


class TestTheValue:
    def test_is_nowhere_in_the_evidence(self) -> None:
        """DESIGN §8: private members are detected and dropped."""
        text = f"pem: |\n{PEM}\njwk: {json.dumps(JWK)}"
        shown = repr(private_keys(text))
        assert JWK["d"] not in shown
        assert str(KEY.private_numbers().private_value) not in shown
        assert all(line not in shown for line in PEM.splitlines()[1:-1])


class TestAFile:
    def found(self, name: str, text: str) -> Evidence | None:
        return DocumentReader([]).read(Document(name, text.encode()))

    @pytest.mark.parametrize("name", ["signing.pem", "id_ecdsa", "values.yaml", "app.properties", "notes.txt"])
    def test_of_any_name_gives_its_keys_and_shows_no_line(self, name: str) -> None:
        found = self.found(name, PEM)
        assert found is not None
        assert len(found.private_keys) == 1
        assert found.has_secrets

    @pytest.mark.parametrize("indent", [None, 2, 4, "\t"])
    @pytest.mark.parametrize("document", [JWK, {"keys": [JWK]}, {"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}, JWK]}])
    def test_that_is_a_secret_of_kubernetes_gives_the_key_in_its_base64(
        self, document: object, indent: int | str | None
    ) -> None:
        data = base64.b64encode(json.dumps(document, indent=indent).encode()).decode()
        found = self.found("secret.yaml", f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  jwks.json: {data}\n")
        assert found is not None
        assert [key.form for key in found.private_keys] == ["a private JWK"]
        assert data not in repr(found)

    def test_keeps_its_inline_waivers(self) -> None:
        found = self.found("a.yaml", f"# jwksgov: ignore[private-key-in-file] a test; owner=me\nkey: {json.dumps(PEM)}\n")
        assert found is not None
        assert len(found.waivers) == 1

    def test_that_is_a_key_set_leaves_its_keys_to_the_rules_about_key_sets(self) -> None:
        found = self.found("jwks.json", json.dumps({"keys": [JWK]}))
        assert found is not None
        assert found.private_keys == ()

    def test_of_a_certificate_gives_nothing(self) -> None:
        assert self.found("ca.yaml", "caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t" + "QUFB" * 20) is None


@given(
    st.lists(
        st.sampled_from(
            [
                PEM,
                "-----BEGIN PRIVATE KEY-----",
                "-----END PRIVATE KEY-----",
                '"kty":',
                "{",
                "}",
                "\\n",
                "LS0tLS1CRUdJ" + "A" * 44,
                "kty: EC",
            ]
        )
    )
)
def test_never_raises(parts: list[str]) -> None:
    private_keys("".join(parts))
