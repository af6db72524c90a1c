"""Which key set belongs to which metadata, and what a run keeps of both."""

from __future__ import annotations

import json

from scanner.config.model import IssuerEntry
from scanner.evidence.read_document import DocumentReader
from scanner.sources.document import Document
from scanner.subjects.declared import Declarations
from scanner.subjects.document_subjects import subjects_of
from scanner.subjects.model import Fleet, Issuer, IssuerKeys, Subject
from scanner.subjects.published import Join

METADATA = {
    "issuer": "https://a.example.com",
    "token_endpoint": "https://a.example.com/t",
    "response_types_supported": ["code"],
}
KEYS = {"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "k", "d": "private-value", "x5c": ["AAAA"]}]}


def tally(*paths: str, notes: tuple[IssuerEntry, ...] = ()) -> tuple[list[Subject], list[Subject]]:
    """The subjects of the documents, and those of the end of the run."""
    made, declarations = Join(notes), Declarations(notes)
    passed = []
    for path in paths:
        document = KEYS if "jwks" in path else METADATA
        evidence = DocumentReader([]).read(Document(path, json.dumps(document).encode(), is_named=True))
        assert evidence is not None
        for subject in map(declarations.add_to, subjects_of(evidence)):
            if subject.ref.kind in ("key_set", "issuer"):
                made.note(subject)
            passed.append(subject)
    return passed, list(made.subjects())


def joined(*paths: str) -> list[tuple[str, str | None]]:
    """Metadata and set that belong together."""
    found = [subject.about for subject in tally(*paths)[1] if isinstance(subject.about, IssuerKeys)]
    return [(each.metadata.path, each.key_set.path if each.key_set else None) for each in found]


class TestASetBelongsToMetadata:
    def test_when_both_are_the_only_ones_of_their_folder(self) -> None:
        assert joined("a/openid-configuration.json", "a/jwks.json", "b/jwks.json") == [
            ("a/openid-configuration.json", "a/jwks.json")
        ]

    def test_when_they_are_named_alike_up_to_the_ending(self) -> None:
        assert joined("x.oidc.json", "y.oidc.json", "x.jwks.json", "y.jwks.json") == [
            ("x.oidc.json", "x.jwks.json"),
            ("y.oidc.json", "y.jwks.json"),
        ]

    def test_not_when_a_second_set_stands_in_the_folder(self) -> None:
        assert joined("a/openid-configuration.json", "a/jwks.json", "a/old-jwks.json") == [
            ("a/openid-configuration.json", None)
        ]

    def test_not_when_two_issuers_stand_in_the_folder(self) -> None:
        paths = ("a/one-openid-configuration.json", "a/two-openid-configuration.json", "a/jwks.json")
        assert [key_set for _, key_set in joined(*paths)] == [None, None]

    def test_for_both_well_known_documents_of_the_folder(self) -> None:
        paths = ("a/oauth-authorization-server.json", "a/openid-configuration.json", "a/jwks.json")
        assert [key_set for _, key_set in joined(*paths)] == ["a/jwks.json", "a/jwks.json"]


class TestWhatIsKept:
    def test_holds_no_private_value_and_no_certificate(self) -> None:
        _, subjects = tally("a/openid-configuration.json", "a/jwks.json")
        assert "private-value" not in repr(subjects)
        (key,) = next(each.about.key_set.keys for each in subjects if isinstance(each.about, IssuerKeys) and each.about.key_set)
        assert (dict(key.texts), key.certificates, key.private) == ({"kty": "RSA", "kid": "k"}, None, ())

    def test_is_nothing_for_a_run_with_one_key(self) -> None:
        assert tally("a/jwks.json")[1] == []

    def test_is_one_fleet_whatever_the_number_of_sets(self) -> None:
        assert sum(isinstance(each.about, Fleet) for each in tally("a/jwks.json", "b/jwks.json", "c/jwks.json")[1]) == 1


class TestTheConfiguration:
    def test_declares_the_kind_of_an_issuer(self) -> None:
        passed, _ = tally("a/openid-configuration.json", notes=(IssuerEntry(issuer="https://a.example.com", kind="workload"),))
        assert [each.about.declared_kind for each in passed if isinstance(each.about, Issuer)] == ["workload"]

    def test_declares_owners(self) -> None:
        notes = (IssuerEntry(issuer="https://a.example.com", owner="identity"),)
        _, subjects = tally("a/openid-configuration.json", "a/jwks.json", "b/jwks.json", notes=notes)
        (fleet,) = [each.about for each in subjects if isinstance(each.about, Fleet)]
        assert fleet.owners == {"https://a.example.com": "identity"}

    def test_takes_an_alias_for_its_issuer(self) -> None:
        """What they share is no finding: the keys belong to one issuer under two names."""
        notes = (
            IssuerEntry(issuer="https://b.example.com", aliases=["https://a.example.com"], owner="identity", kind="login"),
        )
        passed, subjects = tally("a/openid-configuration.json", "a/jwks.json", "b/jwks.json", notes=notes)
        (fleet,) = [each.about for each in subjects if isinstance(each.about, Fleet)]
        assert fleet.issuers == {"a/jwks.json": "https://b.example.com"}
        assert fleet.owners["https://a.example.com"] == "identity"
        assert [each.about.declared_kind for each in passed if isinstance(each.about, Issuer)] == ["login"]
