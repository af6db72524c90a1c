"""The whole page: every section with its final content and words, so that the templates only lay out."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.findings.model import Report
from scanner.record import record
from scanner.renderers.html.changes import Changes, changes
from scanner.renderers.html.charts import Chart
from scanner.renderers.html.controls import FrameworkRows, frameworks, outcomes_chart
from scanner.renderers.html.exceptions import Exceptions, exceptions
from scanner.renderers.html.findings import Findings, findings
from scanner.renderers.html.issuers import IssuerLine, bundle_digests, issuers, method, timing
from scanner.renderers.html.scope import (
    EvidenceLine,
    NoticeRow,
    Population,
    RuleRow,
    evidence,
    exclusions,
    notices,
    population,
    rules,
    scope_words,
)
from scanner.renderers.html.severities import severity_charts
from scanner.renderers.html.trust import Trust, trust
from scanner.renderers.html.trust_map import TrustMap, trust_map
from scanner.renderers.html.words import Verdict, exit_sentence, prose, report_id, verdict

# number and anchor of each section, as frameworks of audit reports order them
SECTIONS = (
    ("identity", "Identity"),
    ("scope", "Objective, scope and criteria"),
    ("timing", "Period and timing"),
    ("method", "Method"),
    ("population", "Population and sampling"),
    ("summary", "Summary"),
    ("controls", "Results by control"),
    ("findings", "Findings"),
    ("exceptions", "Exceptions"),
    ("evidence", "Evidence index"),
    ("changes", "Changes since the baseline"),
    ("notes", "Reference notes"),
    ("sign-off", "Sign-off"),
)
_ANSWERS = {
    "pass": "passed",
    "fail": "failed",
    "waived": "failed, waived",
    "undetermined": "undetermined",
}


@record
class CountTile:
    """A count on the cover. `name` chooses the mark."""

    name: str
    words: str
    count: int


@record
class AliasRow:
    """A reference written another way; where: a framework, or the rule or control that cites it."""

    where: str
    written: str
    means: str
    note: str


@record(kw_only=True)
class ReportPage:
    """The content of the page, for the templates."""

    version: str
    report_id: str
    clock: str
    profile: str
    targets: tuple[str, ...]
    policies: tuple[str, ...]
    config: str | None
    config_digest: str | None
    pack_digest: str
    exit_sentence: str
    sections: tuple[tuple[int, str, str], ...]
    verdict: Verdict
    scope: str
    tiles: tuple[CountTile, ...]
    exclusions: tuple[str, ...]
    rules: tuple[RuleRow, ...]
    method: str
    timing: str
    population: Population
    issuers: tuple[IssuerLine, ...]
    bundles: tuple[tuple[str, str, str], ...]
    notices: tuple[NoticeRow, ...]
    charts: tuple[Chart, ...]
    trust: Trust
    trust_map: TrustMap | None
    frameworks: tuple[FrameworkRows, ...]
    findings: Findings
    exceptions: Exceptions
    evidence: tuple[EvidenceLine, ...]
    changes: Changes | None
    aliases: tuple[AliasRow, ...]
    citations: tuple[AliasRow, ...]


def page(report: Report) -> ReportPage:
    """Make every section."""
    found = findings(report)
    relations = trust(report)
    run = report.run
    return ReportPage(
        version=report.version,
        report_id=report_id(report),
        clock=run.clock,
        profile=run.profile,
        targets=run.scope,
        policies=run.policies,
        config=run.config.path if run.config is not None else None,
        config_digest=run.config.sha256 if run.config is not None else None,
        pack_digest=report.pack_digest,
        exit_sentence=exit_sentence(report),
        sections=tuple((number, anchor, title) for number, (anchor, title) in enumerate(SECTIONS, start=1)),
        verdict=verdict(report),
        scope=scope_words(report),
        tiles=tuple(_tiles(report)),
        exclusions=tuple(exclusions(report)),
        rules=rules(report),
        method=method(report),
        timing=timing(report),
        population=population(report, relations),
        issuers=issuers(report),
        bundles=tuple(bundle_digests(report)),
        notices=notices(report),
        charts=(outcomes_chart(report), *severity_charts(report)),
        trust=relations,
        trust_map=trust_map(relations),
        frameworks=frameworks(report),
        findings=found,
        exceptions=exceptions(report, found.numbers),
        evidence=evidence(report),
        changes=changes(report, found.numbers),
        aliases=tuple(_list_aliases(report)),
        citations=tuple(_list_citations(report)),
    )


def _tiles(report: Report) -> Iterator[CountTile]:
    summary = report.summary
    counts = {
        "fail": summary.failed - summary.waived,
        "waived": summary.waived,
        "undetermined": summary.undetermined,
        "pass": summary.passed,
        "not_applicable": summary.not_applicable,
    }
    for name, count in counts.items():
        yield CountTile(name, _ANSWERS.get(name, "not applicable"), count)


def _list_aliases(report: Report) -> Iterator[AliasRow]:
    for framework in report.frameworks:
        for alias in framework.aliases:
            if alias.kind != "notation":
                yield AliasRow(framework.short or framework.title, alias.written, ", ".join(alias.means), prose(alias.note))


def _list_citations(report: Report) -> Iterator[AliasRow]:
    """The citations of this run's rules and frameworks with a misleading name, or off their topic."""
    for note in report.references:
        if note.is_doubtful or note.off_topic:
            yield AliasRow(note.of, note.written, ", ".join(note.means), prose(note.note))
