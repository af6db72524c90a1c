"""Reading a JWK: faults are recorded, private values are dropped at once, ordinary documents are left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.evidence.issuers.metadata import read_metadata
from scanner.evidence.keys.base64url import decode, decode_standard
from scanner.evidence.keys.jwk_set import read_embedded, read_jwk_set
from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import IssuerMetadata, JwkSet, Octets, Unread
from scanner.files.read import read
from scanner.files.tree import Node, Parsed

SAMPLES = Path(__file__).parent.parent.parent / "policies" / "samples"
RSA = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}


def node(value: object) -> Node:
    parsed = read(json.dumps(value, indent=1).encode(), "json")
    assert isinstance(parsed, Parsed)
    return parsed.documents[0]


def key_set(value: object, path: str = "jwks.json") -> JwkSet:
    found = read_jwk_set(node(value), path=path)
    assert found is not None
    return found


class TestBase64url:
    @pytest.mark.parametrize(
        ("text", "data", "faults"),
        [
            ("AQAB", b"\1\0\1", ()),
            ("AQA=", b"\1\0", ("padding",)),
            ("A QAB\n", b"\1\0\1", ("whitespace",)),
            ("+/8=", b"\xfb\xff", ("padding", "standard-alphabet")),
            ("AQB", b"\1\0", ("trailing-bits",)),
            ("00" * 16, b"\xd3\x4d\x34" * 8, ("decimal",)),
            ("aa" * 16, b"\x69\xa6\x9a" * 8, ("hex",)),
            ("A" * 43, bytes(32), ()),  # zero octets, though A is a digit
        ],
    )
    def test_decodes_and_says_what_a_strict_reader_refuses(self, text: str, data: bytes, faults: tuple[str, ...]) -> None:
        assert decode(text) == Octets(data, faults)

    @pytest.mark.parametrize("text", ["", "***", "A", "é", "A" * 40_000])
    def test_gives_a_reason_where_nothing_can_be_decoded(self, text: str) -> None:
        found = decode(text)
        assert isinstance(found, Unread)
        assert "AAAA" not in found.because

    @pytest.mark.parametrize("text", ["\ud800", "é", "", "A", "****"])
    def test_standard_base64_of_anything_else_is_a_reason(self, text: str) -> None:
        """A lone surrogate in x5c once raised: found by mutation."""
        assert isinstance(decode_standard(text), Unread)


class TestPrivateMembers:
    def test_are_named_and_their_values_are_gone(self) -> None:
        found = key_set({"keys": [RSA | {"d": "c2VjcmV0", "p": "cHJpdmF0ZQ", "oth": [{"r": "x"}]}]})
        assert found.keys[0].private == ("d", "p", "oth")
        assert "c2VjcmV0" not in repr(found)
        assert "cHJpdmF0ZQ" not in repr(found)

    def test_that_are_empty_are_told_apart(self) -> None:
        key = key_set({"keys": [RSA | {"d": "", "oth": [], "p": None, "q": " "}]}).keys[0]
        assert key.private == ()
        assert key.empty_private == ("d", "oth", "p", "q")

    def test_in_a_first_of_two_members_still_count(self) -> None:
        """A second, empty `d` does not take the first one back."""
        parsed = read(b'{"keys":[{"kty":"EC","d":"c2VjcmV0","d":""}]}', "json")
        assert isinstance(parsed, Parsed)
        found = read_jwk_set(parsed.documents[0])
        assert found is not None
        assert (found.keys[0].private, found.keys[0].empty_private) == (("d",), ())
        assert found.keys[0].repeated == ("d",)

    def test_are_compared_with_the_public_ones_while_they_are_there(self) -> None:
        made = json.loads(SAMPLES.joinpath("rsa-2048-private.json").read_text())
        point = json.loads(SAMPLES.joinpath("ec-p256-private.json").read_text())
        only_d = {name: made[name] for name in ("kty", "n", "e", "d")}
        keys = key_set({"keys": [made, only_d, made | {"p": "AQAB"}, point, point | {"d": "AQAB"}, RSA | {"oth": [1]}]}).keys
        assert [key.private_half_fits for key in keys] == [True, True, False, True, False, None]
        assert made["d"] not in repr(keys)

    def test_an_x5c_that_is_null_is_no_certificate(self) -> None:
        """A serialiser's null says that there is none; found by a control."""
        assert key_set({"keys": [RSA | {"x5c": None}]}).keys[0].certificates is None


class TestMembers:
    def test_have_a_json_type_and_a_place(self) -> None:
        key = key_set({"keys": [RSA | {"kid": 7, "use": None, "ext": True, "key_ops": [], "x": {"a": 1}, "exp": 1.5}]}).keys[0]
        types = {"kid": "number", "use": "null", "ext": "boolean", "key_ops": "array", "x": "object", "exp": "number"}
        assert {name: key.types[name] for name in types} == types
        assert key.empty == ("use", "key_ops")
        assert key.numbers == {"kid": 7, "exp": 1.5}
        assert key.spots["kid"].line > key.spots["n"].line


class TestForms:
    @pytest.mark.parametrize(
        ("value", "path", "form"),
        [
            ({"keys": [RSA]}, "x.json", "jwk-set"),
            ({"keys": []}, "jwks.json", "jwk-set"),
            ({"keys": [RSA], "spiffe_sequence": 1}, "x.json", "spiffe-bundle"),
            ({"keys": [RSA | {"use": "jwt-svid"}]}, "x.json", "spiffe-bundle"),
            (RSA, "x.json", "bare-jwk"),
            ([RSA, RSA], "x.json", "bare-array"),
            ({"a": "-----BEGIN CERTIFICATE-----\nx"}, "x.json", "pem-map"),
            ({"error": "not found"}, "jwks.json", "other"),
        ],
    )
    def test_are_recognised_and_named(self, value: object, path: str, form: str) -> None:
        assert key_set(value, path).form == form

    @pytest.mark.parametrize(
        "value",
        [
            {"keys": ["a", "b"]},
            {"keys": [{"id": 1}]},
            {"name": "x", "version": "1"},
            [],
            [1, 2],
            {"kty": "RSA"},
            {"apiVersion": "v1", "kind": "ConfigMap"},
        ],
    )
    def test_leave_ordinary_documents_alone(self, value: object) -> None:
        assert read_jwk_set(node(value), path="data.json") is None

    def test_a_manifest_called_jwks_is_none(self) -> None:
        assert read_jwk_set(node({"apiVersion": "v1", "kind": "Service"}), path="jwks-service.json") is None


class TestEmbedded:
    def test_reads_a_set_a_pem_and_gives_reasons(self) -> None:
        found, pem, because = read_embedded(json.dumps({"keys": [RSA]}))
        assert found is not None
        assert (found.is_published, pem, because) == (False, 0, None)
        assert read_embedded("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----")[1] == 1
        assert read_embedded('{"keys": []}')[0] is not None
        assert read_embedded("hello")[2] == "it is neither a JWK Set nor PEM"

    @given(st.text(max_size=60))
    @settings(max_examples=200, deadline=None)
    def test_never_raises(self, text: str) -> None:
        assert len(read_embedded(text)) == 3


class TestThumbprint:
    def test_is_that_of_the_rfc(self) -> None:
        """The example of RFC 7638 §3.1, and the same key with a leading zero octet in `n`."""
        n = (
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3ok"
            "njhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6"
            "qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awap"
            "JzKnqDKgw"
        )
        wanted = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        decoded = decode(n)
        assert isinstance(decoded, Octets)
        import base64

        padded = base64.urlsafe_b64encode(b"\0" + decoded.data).decode().rstrip("=")
        keys = key_set({"keys": [RSA | {"n": n}, RSA | {"n": padded}]}).keys
        assert [thumbprint(key) for key in keys] == [wanted, wanted]


class TestIssuerMetadata:
    MEMBERS: ClassVar[dict[str, object]] = {
        "issuer": "https://login.example.com",
        "token_endpoint": "https://x",
        "response_types_supported": ["code"],
    }

    def read(self, value: object, path: str = "x.json") -> IssuerMetadata | None:
        return read_metadata(node(value), path=path)

    def test_is_recognised_by_its_members_and_its_name(self) -> None:
        found = self.read(self.MEMBERS)
        assert found is not None
        assert found.kind == "authorization-server"
        assert (found.spots["issuer"].line, found.spots["issuer"].column) == (2, 12)
        openid = self.read(self.MEMBERS | {"subject_types_supported": ["public"]})
        assert openid is not None
        assert openid.kind == "openid-provider"
        named = self.read({"issuer": "https://login.example.com"}, ".well-known/oauth-authorization-server")
        assert named is not None
        assert named.kind == "authorization-server"

    @pytest.mark.parametrize(
        "value",
        [
            {"issuer": "https://login.example.com", "audience": "a"},
            {"jwks_uri": "https://x", "issuer": "y"},
            {"openapi": "3.0.0", "info": {}},
            ["issuer"],
        ],
    )
    def test_leaves_other_documents_alone(self, value: object) -> None:
        assert self.read(value) is None
