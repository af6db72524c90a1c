"""A stored report is the report: what is read back renders to the same bytes, and a broken file says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.errors import UsageError
from scanner.files import json_stream
from scanner.findings.model import Finding, Report
from scanner.findings.stored import read_report
from scanner.pack.shipped import shipped_pack
from scanner.record import MISSING, defaults_of
from scanner.renderers.choose import FORMATS, render
from scanner.scan import ScanOptions, scan
from tests.reports import HOSTILE, full_report


@pytest.fixture(scope="module", params=["ordinary", "hostile", "without a baseline"])
def report(request: pytest.FixtureRequest) -> Report:
    if request.param == "hostile":
        return full_report(hostile=HOSTILE)
    return full_report(has_baseline=request.param == "ordinary")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "r.json"


def read_again(report: Report, path: Path) -> Report:
    path.write_text(render(report, "json"))
    return read_report(str(path))


def read_document(document: object, path: Path) -> Report:
    path.write_text(json.dumps(document))
    return read_report(str(path))


class TestRoundTrip:
    @pytest.mark.parametrize("format_", FORMATS)
    def test_renders_to_the_same_bytes(self, report: Report, format_: str, path: Path) -> None:
        assert render(read_again(report, path), format_) == render(report, format_)

    @pytest.mark.parametrize("service", ["github", "gitlab"])
    def test_renders_to_the_same_bytes_for_a_service(self, report: Report, service: str, path: Path) -> None:
        again = read_again(report, path)
        assert render(again, "sarif", service=service) == render(report, "sarif", service=service)

    def test_keeps_every_field(self, report: Report, path: Path) -> None:
        again = read_again(report, path)
        kept = set(Report.__annotations__) - {"policies"}
        assert {name for name in kept if getattr(again, name) != getattr(report, name)} == set()
        for name in ("rules", "objectives", "frameworks", "references"):
            assert getattr(again, name) == getattr(report, name), name
        assert again.rule(report.findings[0].rule) == report.rule(report.findings[0].rule)

    def test_reads_a_report_from_before_a_member_was_added(self, path: Path) -> None:
        document = json.loads(render(full_report(has_baseline=False), "json"))
        later = [name for name, default in defaults_of(Finding).items() if default is not MISSING]
        assert {"baseline_state", "environment", "owner"} <= set(later)
        for row in document["findings"]:
            for name in later:
                row.pop(name, None)
        del document["objectives"], document["absent"], document["run"]["baseline"]
        assert read_document(document, path).findings[1].owner is None

    def test_passes_over_what_a_later_version_added(self, path: Path) -> None:
        document = json.loads(render(full_report(), "json"))
        before = render(read_document(document, path), "json")
        for at in (document, document["findings"][0], document["subjects"]["keys"][0], document["run"], document["rules"][0]):
            at["later"] = {"what": "ever"}
        document["subjects"]["later_kinds"] = [{"id": "x"}]
        document["results"]["later_kind"] = {"what": "ever"}
        assert render(read_document(document, path), "json") == before


class TestAScan:
    def test_does_not_store_the_password_of_a_target(self) -> None:
        """The one thing that is not told as it was."""
        options = ScanOptions(targets=(), config=Config(), scope=("https://user:secret@issuer.example.com/jwks",))
        report = scan(options, shipped_pack(examples=False), clock_at("2026-06-01"))
        assert json.loads(render(report, "json"))["run"]["scope"] == ["https://***@issuer.example.com/jwks"]


def changed(path: str, value: Any) -> Any:
    """The full report with one member changed; `path` such as `findings.0.location.line`."""
    document = json.loads(render(full_report(), "json"))
    at = document
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        at = at[step]
    at[last] = value
    return document


class TestBrokenFile:
    @pytest.mark.parametrize(
        ("member", "value", "said"),
        [
            ("schema", "other/v1", "`schema` should be `jwksgov-report/v2`"),
            ("findings", {}, "`findings` should be a list"),
            ("findings.1", [], "`findings[1]` should be an object"),
            ("findings.1.rule", "no-such-rule", "`findings[1].rule` should be the id of one of `rules`"),
            ("findings.1.result", "pass", "`findings[1].result` should be one of 'fail' or 'undetermined'"),
            ("findings.1.location.line", 0, "`findings[1].location.line` should be a whole number from 1"),
            ("findings.1.location.line", True, "`findings[1].location.line` should be a whole number"),
            ("findings.1.location.line", 2**64, "`findings[1].location.line` should be a whole number up to "),
            ("findings.1.subject.kind", [], "`findings[1].subject.kind` should be a text"),
            ("findings.1.subject.kind", "rumour", "`findings[1].subject.kind` should be one of endpoint, issuer, key, "),
            ("findings.0.waiver.source", "rumour", "`findings[0].waiver.source` should be one of 'inline' or 'file'"),
            ("run.clock", "yesterday", "`run.clock` should be a time"),
            ("run.profile", "a\x1b[31mb", "`run.profile` should be a text without control characters"),
            ("run.bundles.0.version", "a\x1b[31mb", "`run.bundles[0].version` should be a text without control characters"),
            ("absent.0.rule", "a\x1b[31mb", "`absent[0].rule` should be a text without control characters"),
            ("notices.0.kind", "a\x1b[31mb", "`notices[0].kind` should be a text without control characters"),
            ("evidence.0.kinds", ["a\x1b[31mb"], "`evidence[0].kinds[0]` should be a text without control characters"),
            ("rules.0.id", "a\u202eb", "`rules[0].id` should be a text without control characters"),
            ("rules.0.params", {"least": {"a": 1}}, "`rules[0].params.least"),
            ("frameworks.0.url", "javascript:alert(1)", "`frameworks[0].url` should be a web address"),
            ("evidence.0.sha256", "<b>", "`evidence[0].sha256` should be a SHA-256"),
            ("run.bundles.0.sha256", "<b>", "`run.bundles[0].sha256` should be a SHA-256"),
            ("subjects.keys.0.line", "x", "`subjects.keys[0].line` should be a whole number"),
            ("subjects.keys.0.line", 0, "`subjects.keys[0].line` should be a whole number from 1"),
            ("summary.by_severity", {"dire": 1}, "`summary.by_severity.dire"),
            ("summary.files", -1, "`summary.files` should be a whole number from 0"),
            ("results.key.patterns", ["-"], "`results.key.patterns` should be"),
            ("results.key.subjects", [1], "`results.key.subjects` should be"),
        ],
    )
    def test_says_where_it_is_wrong(self, member: str, value: Any, said: str, path: Path) -> None:
        with pytest.raises(UsageError) as error:
            read_document(changed(member, value), path)
        assert said in error.value.what
        assert str(error.value.where) == str(path)
        assert "jwksgov scan -o report.json" in error.value.remedy

    @pytest.mark.parametrize(
        "data",
        [b"", b"\xff\xfe\x00", b"[1]", b'{"schema": ', b"[" * 100_000, b'{"a":' * 100_000, b'{"a": NaN}', b'{"a": 1e999}',
         b'{"a": ' + b"9" * 10_000 + b"}", b'{"schema": "jwksgov-report/v2"}'],
    )  # fmt: skip
    def test_is_an_error_with_a_remedy_whatever_its_bytes(self, data: bytes, path: Path) -> None:
        path.write_bytes(data)
        with pytest.raises(UsageError):
            read_report(str(path))

    def test_has_an_end_to_the_size_of_a_value(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The file itself may have any size: it is read row by row."""
        monkeypatch.setattr(json_stream, "LARGEST_VALUE", 2 * 1024 * 1024)
        document = changed("findings.1.message", "a" * (3 * 1024 * 1024))
        with pytest.raises(UsageError, match="a value that is too large"):
            read_document(document, path)

    def test_may_be_missing(self) -> None:
        with pytest.raises(UsageError, match="cannot read the report"):
            read_report("missing.json")


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every member, of lists the first item's."""
    inside = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else ()
    for name, inner in inside:
        yield (*path, name)
        yield from places(inner, (*path, name))


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


DOCUMENT = json.loads(render(full_report(), "json"))
# of frameworks and rules one is enough: each has the same members
PLACES = [path for path in places(DOCUMENT) if path[:1] != ("rules",) or len(path) > 1]
# values of any kind, and members whose names are data: a parameter's or a setting's
ANYTHING = ("params", "value", "issuer", "issuer_resolved", "jwks_uri", "jwks_uri_resolved", "discovery_url", "inline_keys",
            "key_file", "audiences", "algorithms", "cache_s", "skew_s", "verifies_tls", "fails_open")  # fmt: skip
OTHERS: tuple[Any, ...] = (None, True, -1, 1.5, "x\x1b[31m", [], [[]], {}, {"a": 1})


def shown(path: tuple[str | int, ...]) -> str:
    """A path as errors write it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


class TestADamagedReport:
    """What is read is rendered without a traceback; what is refused is told by its path."""

    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        document = json.loads(json.dumps(DOCUMENT))
        used = {finding["rule"] for finding in document["findings"]}
        document["rules"] = [each for each in document["rules"] if each["id"] in used]
        for name in ("objectives", "frameworks", "references"):
            document[name] = document[name][:1]
        for framework in document["frameworks"]:
            framework["controls"], framework["aliases"] = framework["controls"][:2], framework["aliases"][:1]
            for control in framework["controls"]:
                control["result"]["rules"] = [each for each in control["result"]["rules"] if each["rule"] in used]
        kept = {(framework["id"], each["id"]) for framework in document["frameworks"] for each in framework["controls"]}
        for rule in document["rules"]:
            rule["controls"] = [each for each in rule["controls"] if (each["framework"], each["control"]) in kept]
        self.text = json.dumps(document)

    def try_(self, document: Any, path: tuple[str | int, ...], file: Path) -> None:
        """Read it and render it in every format, or be refused with the path of the member or of one around it."""
        file.write_text(json.dumps(document))
        try:
            report, error = read_report(str(file)), None
        except UsageError as refused:
            report, error = None, refused
        if error is not None:
            told = error.what.split("`")[1]
            around = [shown(path[:length]) for length in range(1, len(path) + 1)]
            is_missed_elsewhere = "one of `" in error.what or told.startswith("results.")  # where it is used
            assert told in around or told.startswith(around[-1]) or is_missed_elsewhere, (path, error.what)
            return
        assert report is not None
        if path[0] != "subjects" or path[-1] not in ANYTHING:
            for format_ in FORMATS:
                render(report, format_)

    def test_without_any_one_of_its_members(self, tmp_path: Path) -> None:
        for path in PLACES:
            document = json.loads(self.text)
            try:
                around = at(document, path[:-1])
                del around[path[-1]]
            except (KeyError, IndexError):
                continue
            self.try_(document, path, tmp_path / "r.json")

    @pytest.mark.parametrize("other", OTHERS, ids=repr)
    def test_with_anything_in_the_place_of_a_value(self, other: Any, tmp_path: Path) -> None:
        for path in PLACES:
            document = json.loads(self.text)
            try:
                around = at(document, path[:-1])
                if around[path[-1]] == other:
                    continue
                around[path[-1]] = other
            except (KeyError, IndexError):
                continue
            self.try_(document, path, tmp_path / "r.json")
