"""The report as metrics for Prometheus: OpenMetrics 1.0 text, written by the reference client library.

Every metric is a gauge: it describes one run, and the next run replaces the file. A gauge is the same in OpenMetrics and in
Prometheus' older text format, which is what node_exporter's textfile collector reads. Only one label has text from a server,
the host of an endpoint, and the number of hosts is limited; all other labels are fixed words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import TextIO, get_args

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.registry import Collector

from scanner.findings.model import Finding, Report
from scanner.pack.model import SEVERITIES
from scanner.renderers.endpoints import authority_of, moment_of
from scanner.sources.exchange import FailureSort
from scanner.subjects.kinds.endpoint import EndpointRow

# only the hosts whose certificates end first: each is a time series that a foreign server can create
MOST_HOSTS = 1000
_KTYS = ("RSA", "EC", "OKP", "AKP", "oct")
_STATES = ("open", "waived", "baseline")
_FAILURES: tuple[str, ...] = get_args(FailureSort)


def write(report: Report, out: TextIO) -> None:
    """The metrics of one run, `# EOF` at the end."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families([*_collect_run(report), *_collect_judged(report), *_collect_collected(report)]))
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    out.write(text.decode())


class _Families(Collector):
    """The collector that the library calls for metrics."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        """All of them."""
        return self._families


def _collect_run(report: Report) -> Iterator[Metric]:
    yield _make_gauge("build_info", "Version of jwksgov; always 1.", ("version",), {(report.version,): 1})
    clock = moment_of(report.run.clock)
    if clock is not None:
        help_ = "The moment as of which the last run judged, in seconds since the epoch."
        yield _make_single("last_run_timestamp_seconds", help_, clock.timestamp())
    yield _make_single("exit_code", "Exit code of the last run: 0, or 1 where findings fail it, 2 or 3.", report.exit_code)
    yield _make_single("rules_asked", "Rules that the profile and the configuration ask.", len(report.rules))
    yield _make_single("files_read", "Files that were looked at.", report.summary.files)


def _collect_judged(report: Report) -> Iterator[Metric]:
    found: Counter[tuple[str, ...]] = Counter((each.severity, each.result, _find_state(each)) for each in report.findings)
    labels = product(SEVERITIES, ("fail", "undetermined"), _STATES)
    help_ = "Findings by severity, result and state: open, waived, or known from the baseline."
    yield _make_gauge("findings", help_, ("severity", "result", "state"), {each: found[each] for each in labels})
    reasons = Counter(_Reasons(report).all())
    help_ = "Undetermined findings that are open, by why: the sort of failure of a fetch, an answer that is no document, "
    help_ += "a document that cannot be read, or a value that the evidence leaves open."
    yield _make_gauge("undetermined", help_, ("reason",), {(name,): reasons[name] for name in _Reasons.NAMES})
    answers = {"pass": report.summary.passed, "fail": report.summary.failed, "undetermined": report.summary.undetermined}
    answers["not_applicable"] = report.summary.not_applicable
    yield _make_gauge("results", "Answers of rules on subjects.", ("answer",), {(name,): n for name, n in answers.items()})
    ktys = Counter(_find_kty(row.kty) for row in report.rows("key") if row.is_published)
    yield _make_gauge("keys", "Published keys by key type.", ("kty",), {(name,): ktys[name] for name in (*_KTYS, "other")})


def _collect_collected(report: Report) -> Iterator[Metric]:
    """The metrics of a run over the network or over an evidence bundle."""
    asked, unreached = report.summary.issuers_asked, report.summary.issuers_unreached
    yield _make_single("issuers_wanted", "Issuers that were to be asked.", asked)
    yield _make_single("issuers_reached", "Issuers whose metadata and keys came.", asked - unreached)
    yield _make_single("issuers_unreached", "Issuers of which something that was needed did not come.", unreached)
    endpoints = report.rows("endpoint")
    clock = moment_of(report.run.clock)
    times = [moment for row in endpoints if (moment := moment_of(row.fetched)) is not None]
    if clock is None or not endpoints:
        return
    if times:
        help_ = "Age of the oldest document at the moment of judgement."
        # the clock has whole seconds: a document from the same second has age 0
        yield _make_single("evidence_oldest_age_seconds", help_, max(0.0, (clock - min(times)).total_seconds()))
    ends = _list_certificate_ends(endpoints)
    soonest = sorted(ends.items(), key=lambda item: (item[1], item[0]))[:MOST_HOSTS]
    yield _make_single("tls_hosts", "Hosts whose certificate was seen.", len(ends))
    help_ = f"Time until the TLS certificate of an endpoint's host ends, of the {MOST_HOSTS} that end first; divide by 86400 "
    help_ += "for days."
    remaining: dict[tuple[str, ...], float] = {(host,): (moment - clock).total_seconds() for host, moment in soonest}
    yield _make_gauge("tls_certificate_remaining_seconds", help_, ("host",), remaining)


def _list_certificate_ends(endpoints: Iterable[EndpointRow]) -> dict[str, datetime]:
    ends: dict[str, datetime] = {}
    for row in endpoints:
        moment, host = moment_of(row.tls_not_after), authority_of(row)
        if moment is not None and host:
            ends[host] = min(moment, ends.get(host, moment))
    return ends


class _Reasons:
    """Why findings are undetermined, in short words: by the failure of their document."""

    NAMES = (*_FAILURES, "answer", "unreadable", "left-open")

    def __init__(self, report: Report) -> None:
        self._findings = report.findings
        self._endpoints = {row.path: row for row in report.rows("endpoint")}
        self._unparsed = {row.path for row in report.evidence if row.unparsed is not None}

    def all(self) -> Iterator[str]:
        """One word for each open finding."""
        return (self._of(each) for each in self._findings if each.result == "undetermined" and each.is_open)

    def _of(self, finding: Finding) -> str:
        row = self._endpoints.get(finding.location.path)
        if row is not None and row.failure in _FAILURES:
            return str(row.failure)
        if finding.location.path in self._unparsed:
            return "unreadable"
        return "answer" if row is not None and not row.is_reached else "left-open"


def _find_state(finding: Finding) -> str:
    if finding.waiver is not None:
        return "waived"
    return "open" if finding.is_open else "baseline"


def _find_kty(written: object) -> str:
    return written if isinstance(written, str) and written in _KTYS else "other"


def _make_single(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(f"jwksgov_{name}", help_, value=value)


def _make_gauge(name: str, help_: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(f"jwksgov_{name}", help_, labels=labels)
    for each, value in values.items():
        family.add_metric(each, value)
    return family
