"""What a JWK Set is as a document."""

from __future__ import annotations

import pytest

from scanner.evidence.model import JwkSet, Spot
from scanner.evidence.read_document import DocumentReader
from scanner.sources.document import Document
from scanner.subjects.document_subjects import subjects_of


def read(text: str, name: str = "jwks.json") -> JwkSet:
    found = DocumentReader([]).read(Document(name, text.encode(), is_named=True))
    assert found is not None
    return found.jwk_sets[0]


class TestDocument:
    def test_keeps_members_that_stand_twice(self) -> None:
        """The last value wins, and the repetition is evidence (RFC 7517 §5)."""
        assert read('{"keys": [], "x": 1, "keys": []}').document.repeated == ("keys",)

    def test_measures_depth_and_size(self) -> None:
        document = read('{"keys": [{"kty": "RSA", "oth": []}]}').document
        assert (document.depth, document.size) == (4, 37)

    def test_finds_the_first_integer_beyond_2_to_the_53(self) -> None:
        """Up to 2^53 a double keeps every integer (RFC 7493 §2.2)."""
        assert read('{"keys": [], "x": 9007199254740992}').document.imprecise is None
        assert read('{"keys": [],\n "x": 9007199254740993, "y": 9999999999999999}').document.imprecise == Spot(2, 7)

    @pytest.mark.parametrize("number", ["1e400", "-1.5E999"])
    def test_finds_a_number_beyond_every_double(self, number: str) -> None:
        assert read(f'{{"keys": [], "x": {number}}}').document.imprecise == Spot(1, 19)

    @pytest.mark.parametrize("number", ["1e300", "Infinity", "-Infinity", "NaN"])
    def test_other_numbers_are_none(self, number: str) -> None:
        """`Infinity` and `NaN` are faults of their own: no JSON at all."""
        assert read(f'{{"keys": [], "x": {number}}}').document.imprecise is None

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
    def test_that_is_not_utf_8_says_so(self, encoding: str) -> None:
        """RFC 8259 §8.1: JSON between systems must be UTF-8, with a mark or without."""
        reader = DocumentReader([])
        found = reader.read(Document("jwks.json", '{"keys": []}'.encode(encoding), is_named=True))
        assert found is not None
        assert [fault.kind for fault in found.jwk_sets[0].faults] == ["byte-order-mark"]

    def test_nesting_up_to_the_reader_s_limit_is_measured_without_recursion(self) -> None:
        assert read('{"keys": [], "x": ' + "[" * 60 + "]" * 60 + "}").document.depth == 61


class TestAFileThatIsNoJson:
    def test_is_a_set_by_its_name_alone(self) -> None:
        assert read("<html>").form == "unreadable"

    def test_is_nothing_under_another_name(self) -> None:
        found = DocumentReader([]).read(Document("page.json", b'{"jwks_uri": <html>', is_named=True))
        assert found is not None
        assert found.jwk_sets == ()


class TestAnArray:
    def test_is_something_else_under_the_name_of_a_set(self) -> None:
        assert [read(text).form for text in ("[]", "[1]")] == ["other", "other"]


class TestPlaces:
    def test_name_each_fault_and_each_key(self) -> None:
        evidence = DocumentReader([]).read(Document("jwks.json", b'{"keys": [\n {"kty": "RSA"}], // x\n "x": NaN}'))
        assert evidence is not None
        places = next(iter(subjects_of(evidence))).places
        assert {name: (places[name].line, places[name].column) for name in ("[0]", "comment", "not-a-number")} == {
            "[0]": (2, 2),
            "comment": (2, 19),
            "not-a-number": (3, 7),
        }


class TestHistoricalKeys:
    def test_keep_the_reason_of_a_revocation(self) -> None:
        """OpenID Federation §8.7.2: `revoked` is an object with `reason`."""
        (key,) = read('{"iss": "https://a.example.com", "keys": [{"kty": "RSA", "revoked": {"reason": "compromised"}}]}').keys
        assert (key.is_historical, key.revocation_reason) == (True, "compromised")

    def test_are_none_without_an_issuer(self) -> None:
        assert not read('{"keys": [{"kty": "RSA", "exp": 1}]}').keys[0].is_historical
