"""What is known to be bad is found, what is in order is left alone, and what is secret is never said again."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import pytest

from scanner.findings.model import Report
from scanner.renderers.choose import FORMATS, render
from scanner.sources.document import Document
from tests.one_document import OneDocument, secrets_of
from tests.vectors import curve_keys, rsa_keys
from tests.vectors.generate import all_controls, all_vectors
from tests.vectors.vector import Control, Vector, vectors_of

VECTORS, CONTROLS = all_vectors(), all_controls()
JUDGED_KINDS = ("key", "key_set", "issuer")
# critical and high rules about how metadata was fetched: a vector is a file, which no longer shows that
WITHOUT_VECTORS = frozenset({"issuer-not-the-declared-one", "jwks-uri-not-the-declared-one"})


@pytest.fixture(scope="module")
def one() -> OneDocument:
    return OneDocument()


def failed(report: Report) -> set[tuple[str, str]]:
    """The rules that fail, each with its severity."""
    return {(each.rule, each.severity) for each in report.findings if each.result == "fail"}


class TestEveryVector:
    @pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
    def test_is_found_by_its_rule(self, one: OneDocument, vector: Vector) -> None:
        assert (vector.rule, vector.severity) in failed(one.report(vector.path, vector.data))

    def test_makes_no_rule_read_a_value_it_does_not_guard(self, one: OneDocument) -> None:
        for vector in VECTORS:
            notices = one.report(vector.path, vector.data).notices
            assert not [each.message for each in notices if each.kind == "policy-fault"], vector.name

    def test_has_a_name_of_its_own(self) -> None:
        assert [name for name, count in Counter(vector.name for vector in VECTORS).items() if count > 1] == []


class TestTheVectors:
    def test_are_many(self) -> None:
        assert len(VECTORS) >= 250
        assert len(CONTROLS) >= 20

    def test_cover_every_critical_and_high_rule_about_what_is_published(self, one: OneDocument) -> None:
        """A new rule of these severities brings its vectors: tests/vectors/ says how."""
        rules = {
            each.rule.id for each in one.rules if each.rule.about in JUDGED_KINDS and each.severity in ("critical", "high")
        }
        assert rules - {vector.rule for vector in VECTORS} - WITHOUT_VECTORS == set()

    def test_are_the_same_octets_in_every_run(self) -> None:
        """Of those that are made without a library, whose next version may write DER in another way."""
        made = vectors_of([*rsa_keys.families(), *curve_keys.families()])
        digest = sha256(b"".join(vector.name.encode() + vector.data for vector in made)).hexdigest()
        assert digest == "62b188333d379a6f571d91013227d254fa2522415bd2604f0d3083983cbeb4b0"


class TestEveryControl:
    @pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
    def test_has_nothing_of_medium_or_above(self, one: OneDocument, control: Control) -> None:
        report = one.report(control.path, control.data)
        found = [
            each for each in report.findings if each.severity in ("critical", "high", "medium") and each.rule != control.remark
        ]
        # a control is one document: what its metadata and its key set give together stays open
        if control.remark:
            assert (control.remark, "medium") in failed(report)
        accused = [each.message for each in found if each.subject.kind != "issuer_keys" or each.result == "fail"]
        assert (accused, report.notices) == ([], ())


class TestSecrets:
    @pytest.mark.parametrize("format_", FORMATS)
    def test_are_in_no_report(self, one: OneDocument, format_: str) -> None:
        told = [vector for vector in VECTORS if secrets_of(vector.data)]
        assert len(told) > 30
        for vector in told[:: 1 if format_ in ("text", "json") else 5]:  # the larger reports hold the same values
            text = render(one.report(vector.path, vector.data), format_)
            assert not any(secret in text for secret in secrets_of(vector.data)), vector.name

    def test_are_not_kept_in_the_evidence(self, one: OneDocument) -> None:
        for vector in VECTORS:
            seen = repr(one.reader.read(Document(vector.path, vector.data, is_named=True)))
            assert not any(secret in seen for secret in secrets_of(vector.data)), vector.name
