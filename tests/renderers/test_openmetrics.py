"""Metrics of a run: what Prometheus' own readers make of them."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as older_families

from scanner.cli import main
from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.errors import Place
from scanner.findings.model import Report, locate
from scanner.findings.redact import redact
from scanner.pack.shipped import shipped_pack
from scanner.record import changed
from scanner.renderers.choose import render
from scanner.renderers.openmetrics import MOST_HOSTS
from scanner.scan import ScanOptions, scan
from scanner.sources.exchange import Exchange, Failure, Visit, Wanted
from scanner.subjects.kinds.endpoint import EndpointRow
from tests.reports import HOSTILE, full_report

DAY = 86_400
ISSUER = "https://login.example.com"
ODD = ("", "1", "[{}]", "x", "9999-12-31T23:59:59-23:59")
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    """Every sample by name and labels, as the reference parser reads it."""
    families = text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def value(report: Report, name: str, **labels: str) -> float | None:
    return samples(render(report, "openmetrics")).get((f"jwksgov_{name}", frozenset(labels.items())))


def endpoint(url: str = ISSUER, **members: Any) -> EndpointRow:
    row = EndpointRow(
        id=f"{url}#endpoint:jwks",
        path=url,
        line=None,
        column=None,
        url=url,
        role="jwks",
        issuer=ISSUER,
        asked_by="inventory",
        owner=None,
        environment=None,
        fetched="2026-05-31T22:00:00.000Z",
        exchanges=1,
        status=200,
        failure=None,
        because=None,
        is_reached=True,
        redirects=(),
        address="192.0.2.1",
        is_through_proxy=False,
        sha256=None,
        total_ms=12.5,
        tls_not_after="2026-06-11T00:00:00Z",
    )
    return changed(row, **members)


def with_endpoints(*rows: EndpointRow) -> Report:
    report = full_report()
    return changed(report, subjects=report.subjects | {"endpoints": rows})


def visited(*visits: Visit) -> Report:
    """The report of a run over what issuers gave."""
    options = ScanOptions(targets=(), config=Config(), visits=lambda _: visits)
    return scan(options, shipped_pack(examples=False), clock_at("2026-06-01T00:00:00Z"))


def failed(sort: Any = "dns", status: int | None = None) -> Visit:
    exchange = Exchange(
        issuer=ISSUER,
        role="openid-configuration",
        url=f"{ISSUER}/.well-known/openid-configuration",
        started="2026-05-31T23:59:00.000Z",
        status=status,
        failure=Failure(sort, "it did not work") if sort else None,
    )
    return Visit(Wanted(issuer=ISSUER), (exchange,))


class TestTheFormat:
    def test_ends_as_openmetrics_demands(self) -> None:
        assert render(full_report(), "openmetrics").endswith("\n# EOF\n")

    def test_is_read_by_both_reference_parsers(self) -> None:
        """node_exporter's textfile collector reads the older format."""
        text = render(with_endpoints(endpoint()), "openmetrics")
        older = {(each.name, frozenset(each.labels.items())) for family in older_families(text) for each in family.samples}
        assert older == set(samples(text))

    @pytest.mark.parametrize("host", [HOSTILE, 'a"b\\c\nd', "\ud800.example.com", "x" * 5000, "[::1", "user:secret@h.example"])
    def test_survives_any_host(self, host: str) -> None:
        text = render(with_endpoints(endpoint(f"https://{host}/jwks")), "openmetrics")
        assert samples(text)
        assert "secret" not in text
        assert max(map(len, text.splitlines())) < 2500

    def test_survives_a_stored_report_with_anything_in_its_rows(self) -> None:
        """Its reader holds every member to its type; texts may be any."""
        rows = [endpoint(**{name: odd}) for name in ("url", "fetched", "tls_not_after", "failure") for odd in ODD]
        rows += [endpoint(redirects=(odd,)) for odd in (*ODD, None)]
        assert value(with_endpoints(*rows, endpoint()), "tls_hosts") == 1

    def test_pleases_promtool(self) -> None:
        """Names, units and help texts as Prometheus' conventions want them."""
        promtool = os.environ.get("JWKSGOV_PROMTOOL") or shutil.which("promtool")
        if promtool is None:
            pytest.skip("promtool: it is not installed; .ci/run unpacks Debian's")
        text = render(with_endpoints(endpoint()), "openmetrics")
        done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


class TestWhatIsCounted:
    def test_findings_by_severity_result_and_state(self) -> None:
        report = full_report(has_baseline=False)
        severity = report.findings[0].severity
        other = report.findings[2].severity
        assert value(report, "findings", severity=severity, result="fail", state="open") == 1
        assert value(report, "findings", severity=severity, result="fail", state="waived") == 1
        assert value(report, "findings", severity=other, result="undetermined", state="open") == 1

    def test_findings_of_the_baseline_apart(self) -> None:
        report = full_report()
        known = changed(report, findings=tuple(changed(each, baseline_state="unchanged") for each in report.findings))
        assert value(known, "findings", severity=report.findings[1].severity, result="fail", state="baseline") == 1

    def test_every_severity_even_where_nothing_was_found(self) -> None:
        """A series that comes and goes cannot be alerted on."""
        nothing = changed(full_report(), findings=())
        assert value(nothing, "findings", severity="critical", result="fail", state="open") == 0
        assert value(nothing, "undetermined", reason="dns") == 0

    def test_the_run_itself(self) -> None:
        report = full_report()
        assert value(report, "exit_code") == 1
        assert value(report, "rules_asked") == len(report.rules)
        assert value(report, "last_run_timestamp_seconds") == 1_780_272_000
        assert value(report, "build_info", version="1.2.3") == 1

    def test_published_keys_by_type(self) -> None:
        """A type that somebody made up is no label of its own."""
        [row] = full_report().rows("key")
        keys = [changed(row, kty=kty, is_published=True) for kty in ("RSA", "RSA", "EC", HOSTILE, None)]
        report = changed(full_report(), subjects={"keys": (*keys, changed(row, kty="RSA", is_published=False))})
        assert [value(report, "keys", kty=kty) for kty in ("RSA", "EC", "OKP", "other")] == [2, 1, 0, 2]


class TestACollection:
    def test_tells_issuers_that_were_reached_and_not(self) -> None:
        report = visited(failed())
        assert [value(report, f"issuers_{name}") for name in ("wanted", "reached", "unreached")] == [1, 0, 1]

    @pytest.mark.parametrize(
        ("sort", "status", "reason"), [("dns", None, "dns"), ("status", 503, "status"), (None, 403, "answer")]
    )
    def test_tells_why_something_is_undetermined(self, sort: str | None, status: int | None, reason: str) -> None:
        report = visited(failed(sort, status))
        undetermined = sum(each.result == "undetermined" for each in report.findings)
        assert value(report, "undetermined", reason=reason) == undetermined > 5

    def test_tells_what_files_leave_open_from_what_cannot_be_read(self) -> None:
        report = full_report(has_baseline=False)
        assert value(report, "undetermined", reason="left-open") == 1
        broken = changed(report.findings[2], location=locate(Place("broken.yaml")))
        assert value(changed(report, findings=(broken,)), "undetermined", reason="unreadable") == 1

    def test_tells_the_age_of_the_oldest_document_against_the_clock_of_the_run(self) -> None:
        report = with_endpoints(endpoint(), endpoint(fetched="2026-05-31T23:00:00.000Z"))
        assert value(report, "evidence_oldest_age_seconds") == 2 * 3600

    def test_knows_no_age_below_zero(self) -> None:
        """The clock of a run has whole seconds, an exchange has milliseconds."""
        assert value(with_endpoints(endpoint(fetched="2026-06-01T00:00:00.625Z")), "evidence_oldest_age_seconds") == 0

    def test_has_no_age_without_documents(self) -> None:
        assert value(full_report(), "evidence_oldest_age_seconds") is None


class TestCertificates:
    def test_count_down_to_the_first_end_at_a_host(self) -> None:
        rows = endpoint(tls_not_after="2026-07-01T00:00:00Z"), endpoint(f"{ISSUER}/jwks")
        assert value(with_endpoints(*rows), "tls_certificate_remaining_seconds", host="login.example.com") == 10 * DAY

    def test_are_below_zero_when_over(self) -> None:
        report = with_endpoints(endpoint(tls_not_after="2026-05-31T00:00:00Z"))
        assert value(report, "tls_certificate_remaining_seconds", host="login.example.com") == -DAY

    def test_belong_to_the_host_that_answered(self) -> None:
        report = with_endpoints(endpoint(redirects=("https://a.example/", "https://CDN.example.net:8443/jwks")))
        assert value(report, "tls_certificate_remaining_seconds", host="cdn.example.net:8443") == 10 * DAY

    def test_are_told_of_so_many_hosts_and_no_more(self) -> None:
        rows = [endpoint(f"https://h{number}.example.com/") for number in range(MOST_HOSTS + 5)]
        rows[-1] = changed(rows[-1], tls_not_after="2026-06-02T00:00:00Z")
        told = samples(render(with_endpoints(*rows), "openmetrics"))
        hosts = [labels for name, labels in told if name == "jwksgov_tls_certificate_remaining_seconds"]
        assert len(hosts) == MOST_HOSTS
        assert frozenset({("host", f"h{MOST_HOSTS + 4}.example.com")}) in hosts
        assert told["jwksgov_tls_hosts", frozenset()] == MOST_HOSTS + 5

    def test_of_a_redacted_report_name_no_host(self) -> None:
        text = render(redact(with_endpoints(endpoint(redirects=("https://login.example.org/jwks",)))), "openmetrics")
        assert "login.example" not in text
        assert samples(text)["jwksgov_tls_hosts", frozenset()] == 1


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.yaml").write_text(f"kind: RequestAuthentication\nspec:\n  jwtRules:\n  - issuer: {ISSUER}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestTheOption:
    def test_gives_the_same_from_a_scan_and_from_its_stored_report(self, repository: Path) -> None:
        assert main(["scan", ".", "-q", "--metrics", "a.prom", "-o", "r.json", "--now", "2026-06-01"]) == 1
        assert main(["report", "r.json", "--metrics", "b.prom", "-o", "r.txt"]) == 0
        text = (repository / "a.prom").read_text()
        assert text == (repository / "b.prom").read_text()
        assert samples(text)["jwksgov_exit_code", frozenset()] == 1

    def test_leaves_nothing_beside_the_file_and_lets_others_read_it(self, repository: Path) -> None:
        """node_exporter runs as another user, and reads every `*.prom` of the folder at any moment."""
        folder = repository / "textfile"
        folder.mkdir()
        main(["scan", ".", "-q", "--metrics", "textfile/jwksgov.prom"])
        (written,) = folder.iterdir()
        assert written.name == "jwksgov.prom"
        umask = os.umask(0)
        os.umask(umask)
        assert stat.S_IMODE(written.stat().st_mode) == 0o666 & ~umask

    def test_says_which_extra_is_missing(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setitem(sys.modules, "prometheus_client", None)
        monkeypatch.delitem(sys.modules, "scanner.renderers.openmetrics", raising=False)
        assert main(["scan", ".", "-q", "--metrics", "a.prom"]) == 2
        assert "pip install 'jwksgov[collect]'" in capsys.readouterr().err

    def test_names_a_folder_that_is_not_there(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["scan", ".", "-q", "--metrics", "nowhere/a.prom"]) == 2
        assert "cannot write `nowhere/a.prom`" in capsys.readouterr().err
