"""Which documents are metadata, of what kind, and what is kept of them."""

from __future__ import annotations

import json

import pytest

from scanner.evidence.issuers.metadata import read_metadata
from scanner.evidence.model import Evidence
from scanner.evidence.read_document import DocumentReader
from scanner.files.read import read
from scanner.files.tree import Parsed
from scanner.sources.document import Document

RESOURCE = {"resource": "https://api.example.com", "authorization_servers": ["https://login.example.com"]}
STATEMENT = {"iss": "https://a.example.com", "sub": "https://a.example.com", "jwks": {"keys": []}, "authority_hints": ["x"]}
SECRET = {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "d": "private-value", "kid": "k"}


def kind(value: object, path: str = "x.json") -> str | None:
    parsed = read(json.dumps(value).encode(), "json")
    assert isinstance(parsed, Parsed)
    found = read_metadata(parsed.documents[0], path=path)
    return found.kind if found is not None else None


def collected(value: object) -> Evidence:
    found = DocumentReader([]).read(Document("x.json", json.dumps(value).encode(), is_named=True))
    assert found is not None
    return found


class TestKinds:
    def test_a_protected_resource_is_told_by_its_servers_or_its_name(self) -> None:
        """RFC 9728 §2, §3."""
        assert kind(RESOURCE) == "protected-resource"
        assert kind({"resource": "https://api.example.com"}, "oauth-protected-resource.json") == "protected-resource"

    def test_a_configuration_with_a_resource_is_none(self) -> None:
        assert kind({"resource": "cpu", "limit": 2}) is None

    def test_a_federation_statement_has_issuer_subject_and_keys(self) -> None:
        """OpenID Federation §3.1."""
        assert kind(STATEMENT) == "federation-entity"
        assert kind({"iss": "a", "sub": "b", "jwks": {}}) is None


class TestKeysInsideOfMetadata:
    @pytest.mark.parametrize(
        "document", [STATEMENT, {**STATEMENT, "metadata": {"openid_provider": {"jwks": {"keys": [SECRET]}}}}]
    )
    def test_never_keep_a_private_value(self, document: dict[str, object]) -> None:
        found = collected({**document, "jwks": {"keys": [SECRET]}})
        assert "private-value" not in repr(found)

    def test_are_a_key_set_of_their_own(self) -> None:
        """Inline keys obey the same rules as published ones (RFC 7591 §2)."""
        (jwk_set,) = collected({**STATEMENT, "jwks": {"keys": [SECRET]}}).jwk_sets
        assert jwk_set.keys[0].private == ("d",)
