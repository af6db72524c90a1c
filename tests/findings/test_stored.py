"""A stored report is the report: what is read back renders to the same bytes, and a broken file says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import UsageError
from scanner.findings import stored
from scanner.findings.model import Finding, Report
from scanner.findings.stored import read_report, report_of
from scanner.record import is_record
from scanner.renderers.choose import FORMATS, render
from scanner.renderers.json_report import render as render_json
from tests.reports import HOSTILE, full_report


@pytest.fixture(scope="module", params=["ordinary", "hostile", "without a baseline"])
def report(request: pytest.FixtureRequest) -> Report:
    if request.param == "hostile":
        return full_report(hostile=HOSTILE)
    return full_report(has_baseline=request.param == "ordinary")


def read_again(report: Report) -> Report:
    return report_of(render_json(report).encode(), "report.json")


def bare(item: Any) -> Any:
    """Plain values of a policy's record, without where it is written."""
    if isinstance(item, list):
        return [bare(each) for each in item]
    if not is_record(item):
        return item
    return {name: bare(getattr(item, name)) for name in item.__fields__ if name != "place"}


class TestRoundTrip:
    @pytest.mark.parametrize("format_", FORMATS)
    def test_renders_to_the_same_bytes(self, report: Report, format_: str) -> None:
        assert render(read_again(report), format_) == render(report, format_)

    @pytest.mark.parametrize("service", ["github", "gitlab"])
    def test_renders_to_the_same_bytes_for_a_service(self, report: Report, service: str) -> None:
        assert render(read_again(report), "sarif", sarif_for=service) == render(report, "sarif", sarif_for=service)

    def test_keeps_every_field_but_what_belongs_to_the_policies(self, report: Report) -> None:
        again = read_again(report)
        kept = set(Report.__annotations__) - {"run", "rules", "control_index", "findings"}
        assert {name for name in kept if getattr(again, name) != getattr(report, name)} == set()
        assert [bare(each) for each in again.frameworks] == [bare(each) for each in report.frameworks]
        assert [bare(each) for each in again.objectives] == [bare(each) for each in report.objectives]
        for found, given in zip(again.findings, report.findings, strict=True):
            for name in set(Finding.__annotations__) - {"rule"}:
                assert getattr(found, name) == getattr(given, name), name
        for asked, rule in zip(again.rules, report.rules, strict=True):
            assert (asked.severity, asked.params, asked.is_preview) == (rule.severity, rule.params, rule.is_preview)
            assert (asked.rule.id, asked.rule.require, asked.rule.when) == (rule.rule.id, rule.rule.require, rule.rule.when)
            assert asked.controls == rule.controls

    def test_does_not_store_the_password_of_a_target(self, report: Report) -> None:
        """The one thing that is not stored as it was."""
        assert read_again(report).run.targets[0] == "https://***@issuer.example.com/jwks"

    def test_reads_a_report_from_before_a_member_was_added(self) -> None:
        document = json.loads(render_json(full_report(has_baseline=False)))
        for row in (*document["findings"], *document["rules"], *document["frameworks"]):
            for later in (
                "stable_fingerprint",
                "baseline_state",
                "environment",
                "owner",
                "require",
                "when",
                "aliases",
                "short",
            ):
                row.pop(later, None)
        del document["objectives"], document["absent"], document["run"]["baseline"]
        assert report_of(json.dumps(document).encode(), "old.json").findings[1].owner is None

    def test_passes_over_what_a_later_version_added(self) -> None:
        document = json.loads(render_json(full_report()))
        document["later"] = document["findings"][0]["later"] = {"what": "ever"}
        assert len(report_of(json.dumps(document).encode(), "new.json").findings) == 3


def changed(path: str, value: Any) -> bytes:
    """The full report with one member changed; `path` such as `findings.0.location.line`."""
    document = json.loads(render_json(full_report()))
    at = document
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        at = at[step]
    at[last] = value
    return json.dumps(document).encode()


class TestBrokenFile:
    @pytest.mark.parametrize(
        ("path", "value", "said"),
        [
            ("schema", "other/v1", "`schema` should be `jwksgov-report/v1`"),
            ("findings", {}, "`findings` should be a list"),
            ("findings.1", [], "`findings[1]` should be an object"),
            ("findings.1.rule", "no-such-rule", "`findings[1].rule` should be the id of one of `rules`"),
            ("findings.1.result", "pass", "`findings[1].result` should be one of fail, undetermined"),
            ("findings.1.location.line", 0, "`findings[1].location.line` should be a whole number from 1"),
            ("findings.1.location.line", True, "`findings[1].location.line` should be a whole number from 1"),
            ("findings.1.location.line", 2**64, "`findings[1].location.line` should be a whole number from 1"),
            ("findings.1.subject.kind", [], "`findings[1].subject.kind` should be one of"),
            ("findings.0.waiver.source", "rumour", "`findings[0].waiver.source` should be one of inline, file"),
            ("run.clock", "yesterday", "`run.clock` should be a time"),
            ("run.profile", "a\x1b[31mb", "`run.profile` should be a text without control characters"),
            ("rules.0.id", "a\u202eb", "`rules[0].id` should be a text without control characters"),
            ("rules.0.params", {"least": {"a": 1}}, "`rules[0].params.least` should be a parameter's value"),
            ("frameworks.0.url", "javascript:alert(1)", "`frameworks[0].url` should be a web address"),
            ("evidence.0.sha256", "<b>", "`evidence[0].sha256` should be a SHA-256"),
            ("subjects.keys.0.line", "x", "`subjects.keys[0].line` should be a whole number from 1"),
            ("summary.by_severity", {"dire": 1}, "`summary.by_severity` should be counts of critical"),
        ],
    )
    def test_says_where_it_is_wrong(self, path: str, value: Any, said: str) -> None:
        with pytest.raises(UsageError) as error:
            report_of(changed(path, value), "r.json")
        assert said in error.value.what
        assert str(error.value.where) == "r.json"
        assert "jwksgov scan -o report.json" in error.value.remedy

    @pytest.mark.parametrize(
        "data",
        [b"", b"\xff\xfe\x00", b"[1]", b'{"schema": ', b"[" * 100_000, b'{"a":' * 100_000, b'{"a": NaN}', b'{"a": 1e999}',
         b'{"a": ' + b"9" * 10_000 + b"}", b'{"schema": "jwksgov-report/v1"}'],
    )  # fmt: skip
    def test_is_an_error_with_a_remedy_whatever_its_bytes(self, data: bytes) -> None:
        with pytest.raises(UsageError):
            report_of(data, "r.json")

    def test_has_an_end_to_its_size(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stored, "LARGEST", 2 * 1024 * 1024)
        path = tmp_path / "r.json"
        path.write_bytes(b" " * (2 * 1024 * 1024 + 1))
        with pytest.raises(UsageError, match="larger than 2 MiB"):
            read_report(str(path))

    def test_may_be_missing(self) -> None:
        with pytest.raises(UsageError, match="cannot read the report"):
            read_report("missing.json")
