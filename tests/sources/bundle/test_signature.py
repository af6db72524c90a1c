"""A detached JWS over manifest.json, made and checked with nothing but the key that was given."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from scanner.errors import UsageError
from scanner.sources.bundle.keys import SigningKey, read_private_key, read_public_keys
from scanner.sources.bundle.signature import TYPE, BadSignature, check_signature, make_signer
from tests.sources.bundle.signing_keys import jwk, private_pem, public_pem, put, unfit

OCTETS = b'{"format": "jwksgov-bundle/v1"}\n'
ALGORITHMS = ("ES256", "ES384", "Ed25519", "PS256")


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.fixture
def given(tmp_path: Path) -> tuple[SigningKey, ...]:
    return read_public_keys(put(tmp_path / "given", public_pem("ES256")))


def signed(tmp_path: Path, name: str = "ES256") -> str:
    return make_signer(put(tmp_path / "private", private_pem(name)))(OCTETS)


def with_header(header: dict[str, object] | bytes) -> bytes:
    """A signature by the right key under another header."""
    written = header if isinstance(header, bytes) else json.dumps(header).encode()
    own = ECKey.import_key(private_pem("ES256"))
    whole = jws.JWSRegistry(algorithms=["ES256"]).get_alg("ES256").sign(f"{b64(written)}.{b64(OCTETS)}".encode(), own)
    return f"{b64(written)}..{b64(whole)}".encode()


def header(**changes: object) -> dict[str, object]:
    return {"alg": "ES256", "kid": ECKey.import_key(private_pem("ES256")).thumbprint(), "typ": TYPE} | changes


class TestSigning:
    @pytest.mark.parametrize("name", ALGORITHMS)
    def test_each_kind_of_key_signs_with_its_one_algorithm(self, tmp_path: Path, name: str) -> None:
        text = signed(tmp_path, name)
        head, payload, _ = text.split(".")
        members = json.loads(base64.urlsafe_b64decode(head + "=="))
        assert payload == ""
        assert members == {"alg": name, "kid": members["kid"], "typ": TYPE}
        keys = read_public_keys(put(tmp_path / "public", public_pem(name)))
        found = check_signature(OCTETS, text.encode(), keys)
        assert (found.alg, found.thumbprint) == (name, members["kid"])

    @pytest.mark.parametrize("name", ALGORITHMS)
    def test_pem_and_jwk_are_the_same_key(self, tmp_path: Path, name: str) -> None:
        pem = read_private_key(put(tmp_path / "pem", private_pem(name)))
        other = read_private_key(put(tmp_path / "jwk", jwk(name, private=True)))
        assert (pem.alg, pem.thumbprint) == (other.alg, other.thumbprint)

    def test_anybody_can_check_it_who_attaches_the_manifest(self, tmp_path: Path) -> None:
        """RFC 7515 Appendix F, with another program in mind."""
        head, _, signature = signed(tmp_path).split(".")
        whole = f"{head}.{b64(OCTETS)}.{signature}"
        assert jws.deserialize_compact(whole, ECKey.import_key(public_pem("ES256")), algorithms=["ES256"]).payload == OCTETS

    def test_a_large_manifest_is_signed_too(self, tmp_path: Path) -> None:
        octets = b"0" * 5_000_000
        text = make_signer(put(tmp_path / "private", private_pem("ES256")))(octets)
        assert check_signature(octets, text.encode(), read_public_keys(put(tmp_path / "key", public_pem("ES256"))))


class TestKeys:
    def refusal(self, path: str, read: Callable[[str], object] = read_private_key) -> str:
        with pytest.raises(UsageError) as caught:
            read(path)
        assert caught.value.remedy
        return caught.value.what

    @pytest.mark.parametrize("name", ["P-521", "Ed448", "X25519", "RSA-1024", "DSA"])
    def test_other_kinds_and_short_ones_are_refused(self, tmp_path: Path, name: str) -> None:
        assert "no key for signatures" in self.refusal(put(tmp_path / "key", unfit(name)))

    def test_a_shared_secret_is_refused(self, tmp_path: Path) -> None:
        path = put(tmp_path / "key", {"kty": "oct", "k": b64(b"0" * 32)})
        assert "shared secret" in self.refusal(path)
        assert "shared secret" in self.refusal(path, read_public_keys)

    def test_an_encrypted_key_is_refused_with_what_to_do(self, tmp_path: Path) -> None:
        assert "openssl pkey" in self.refusal(put(tmp_path / "key", private_pem("ES256", password=b"example")))

    def test_a_public_key_does_not_sign(self, tmp_path: Path) -> None:
        assert "public key" in self.refusal(put(tmp_path / "pem", public_pem("ES256")))
        assert "public key" in self.refusal(put(tmp_path / "jwk", jwk("ES256")))

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"hello",
            b"\xff\xfe",
            b"[" * 100_000,
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            b"0" * 300_000,
            [],
            {},
            {"keys": []},
            {"keys": [1]},
            {"keys": [{}] * 101},
            {"kty": []},
            {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
            {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA"},
            {"kty": "EC", "crv": ["P-256"], "x": 1, "y": {}},
            {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        ],
    )
    def test_whatever_else_is_in_the_file_is_refused(self, tmp_path: Path, content: object) -> None:
        path = put(tmp_path / "key", content)
        assert "no key for signatures" in self.refusal(path)
        assert "no key for signatures" in self.refusal(path, read_public_keys)

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        assert "cannot read the key" in self.refusal(str(tmp_path / "absent"))

    def test_no_private_value_is_told(self, tmp_path: Path) -> None:
        secret = jwk("ES256", private=True)
        path = put(tmp_path / "key", {**secret, "crv": "P-384"})
        with pytest.raises(UsageError) as caught:
            read_private_key(path)
        assert str(secret["d"]) not in str(caught.value)

    def test_of_a_set_the_key_that_signed_is_taken(self, tmp_path: Path) -> None:
        """Keys for other purposes may be in it."""
        keys = [{"kty": "oct", "k": "AAAA"}, jwk("PS256", use="enc"), jwk("Ed25519"), jwk("ES256", kid="2026", use="sig")]
        found = read_public_keys(put(tmp_path / "set", {"keys": keys}))
        assert [each.alg for each in found] == ["Ed25519", "ES256"]
        assert check_signature(OCTETS, signed(tmp_path).encode(), found).alg == "ES256"


class TestChecking:
    def refusal(self, signature: bytes | str, keys: tuple[SigningKey, ...], octets: bytes = OCTETS) -> str:
        with pytest.raises(BadSignature) as caught:
            check_signature(octets, signature if isinstance(signature, bytes) else signature.encode(), keys)
        return str(caught.value)

    def test_the_right_header_by_the_right_key_holds(self, given: tuple[SigningKey, ...]) -> None:
        """So that each refusal below is one for its own reason."""
        assert check_signature(OCTETS, with_header(header()), given).alg == "ES256"

    def test_another_octet_in_the_manifest(self, tmp_path: Path, given: tuple[SigningKey, ...]) -> None:
        assert "does not match" in self.refusal(signed(tmp_path), given, OCTETS + b" ")

    def test_every_octet_of_the_signature_counts(self, tmp_path: Path, given: tuple[SigningKey, ...]) -> None:
        """Base64url has one spelling here: spare bits at its end cannot be changed either."""
        text = signed(tmp_path).encode()
        for at in range(len(text)):
            for other in (text[at] ^ 1, ord("A") if text[at] != ord("A") else ord("B")):
                assert self.refusal(text[:at] + bytes([other]) + text[at + 1 :], given)
        for changed in (text + b"\n", text + b"=", b" " + text, text[:-1], b""):
            assert self.refusal(changed, given)

    def test_another_key(self, tmp_path: Path, given: tuple[SigningKey, ...]) -> None:
        assert "another key" in self.refusal(signed(tmp_path, "Ed25519"), given)

    @pytest.mark.parametrize("alg", ["none", "ES384", "HS256", "RS256", "", "ES256K"])
    def test_what_was_signed_does_not_choose_the_algorithm(self, given: tuple[SigningKey, ...], alg: str) -> None:
        """RFC 8725 §3.1."""
        assert "not the algorithm of the key" in self.refusal(with_header(header(alg=alg)), given)

    def test_a_public_key_is_no_secret_of_hmac(self, given: tuple[SigningKey, ...]) -> None:
        """The classic confusion: the octets of the public key as the key of a MAC (RFC 8725 §2.1)."""
        head = b64(json.dumps(header(alg="HS256")).encode())
        mac = hmac.digest(public_pem("ES256"), f"{head}.{b64(OCTETS)}".encode(), hashlib.sha256)
        assert self.refusal(f"{head}..{b64(mac)}", given)

    @pytest.mark.parametrize(
        "more",
        [
            {"jwk": jwk("ES256")},
            {"jku": "https://keys.example.com/jwks"},
            {"x5u": "https://keys.example.com/x5c"},
            {"x5c": ["AAAA"]},
            {"crit": ["b64"], "b64": False},
            {"crit": []},
            {"cty": "json"},
        ],
    )
    def test_a_header_brings_no_key_and_nothing_else(self, given: tuple[SigningKey, ...], more: dict[str, object]) -> None:
        """RFC 8725 §3.10."""
        assert "other members" in self.refusal(with_header(header(**more)), given)

    @pytest.mark.parametrize(
        "other", [{"alg": "ES256"}, header(typ="JWT"), header(typ=None), header(kid=7), [], b"", b"\xff", b"{", b'{"alg": NaN}']
    )
    def test_a_header_of_another_kind(self, given: tuple[SigningKey, ...], other: dict[str, object] | bytes) -> None:
        """A signature for another purpose is not valid for a bundle (RFC 8725 §3.11)."""
        assert self.refusal(with_header(other), given)

    def test_an_attached_payload_is_not_looked_at(self, tmp_path: Path, given: tuple[SigningKey, ...]) -> None:
        head, _, signature = signed(tmp_path).split(".")
        assert "not a detached JWS" in self.refusal(f"{head}.{b64(OCTETS)}.{signature}", given)
