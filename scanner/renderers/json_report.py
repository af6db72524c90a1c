"""The JSON report, `jwksgov-report/v1`: a contract that only grows (schemas/report.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scanner.findings.controls import ControlResult, Counts
from scanner.findings.model import EffectiveRule, Report
from scanner.pack.model import Framework
from scanner.renderers.escape import without_credentials
from scanner.renderers.json_findings import Rows, absent_row, location, waiver_row
from scanner.renderers.json_text import rows

SCHEMA = "jwksgov-report/v1"


def render(report: Report) -> str:
    """The report, a row a line in the long lists, ASCII only: a lone surrogate in a kid stays an escape."""
    lists = Rows(report)
    parts: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "jwksgov", "version": report.version},
        "run": _run(report),
        "pack": {"digest": report.pack_digest},
        "rules": [_rule(rule, report.summary.not_applicable.get(rule.rule.id, 0)) for rule in report.rules],
        "objectives": [
            {"id": each.id, "topic": each.topic, "title": each.title, "description": each.description}
            for each in report.objectives
        ],
        "frameworks": list(_frameworks(report)),
        "references": [
            {
                "of": note.of,
                "written": note.written,
                "kind": note.kind,
                "means": list(note.means),
                "note": note.note,
                "off_topic": note.off_topic,
            }
            for note in report.references
        ],
        "evidence": [
            {
                "path": row.path,
                "sha256": row.sha256,
                "size": row.size,
                "kinds": list(row.kinds),
                "unparsed": row.unparsed,
                "issuer": row.issuer,
                "fetched": row.fetched,
                "removed": list(row.removed),
            }
            for row in report.evidence
        ],
        "subjects": report.subjects,
        "results": lists.results(),
        "findings": lists.findings(),
        "absent": [absent_row(finding) for finding in report.absent],
        "waivers": [
            waiver_row(finding.waiver) | {"rule": finding.rule.rule.id, "subject": finding.subject.id}
            for finding in report.findings
            if finding.waiver is not None
        ],
        "notices": [
            {
                "kind": notice.kind,
                "message": notice.message,
                "location": location(notice.place) if notice.place else None,
            }
            for notice in report.notices
        ],
        "summary": _summary(report),
    }
    return rows(parts, depth=2)


def _run(report: Report) -> dict[str, Any]:
    run = report.run
    return {
        "clock": run.clock,
        "scope": [without_credentials(target, "***") for target in run.targets],
        "profile": run.profile,
        "config": {"path": run.config_path, "sha256": run.config_digest} if run.config_path else None,
        "fail_on": run.fail_on or "none",
        "policies": list(run.policies),
        "baseline": {"path": run.baseline.path, "sha256": run.baseline.sha256, "clock": run.baseline.clock}
        if run.baseline
        else None,
        "online": run.is_online,
        "bundles": [
            {
                "path": bundle.path,
                "sha256": bundle.sha256,
                "started": bundle.started,
                "finished": bundle.finished,
                "state": bundle.state,
                "version": bundle.version,
            }
            for bundle in run.bundles
        ],
        "exit_code": report.exit_code,
    }


def _rule(rule: EffectiveRule, not_applicable: int) -> dict[str, Any]:
    return {
        "id": rule.rule.id,
        "codes": rule.rule.codes,
        "title": rule.rule.title,
        "severity": rule.severity,
        "about": rule.rule.about,
        "objective": rule.rule.objective,
        "status": rule.rule.status,
        "preview": rule.is_preview,
        "since": rule.rule.since,
        "params": rule.params,
        "rationale": " ".join(rule.rule.rationale.split()),
        "remedy": " ".join(rule.rule.remedy.split()),
        "references": rule.rule.references,
        "default_severity": rule.rule.severity,
        "replaced_by": rule.rule.replaced_by,
        "when": rule.rule.when,
        "require": rule.rule.require,
        "message": rule.rule.message,
        "controls": _controls(rule),
        "not_applicable": not_applicable,
    }


def _controls(rule: EffectiveRule) -> list[dict[str, str]]:
    return [
        {"framework": each.framework, "control": each.control, "title": each.title, "strength": each.strength}
        for each in rule.controls
    ]


def _frameworks(report: Report) -> Iterator[dict[str, Any]]:
    results = report.controls
    for framework in report.frameworks:
        yield _framework(framework, [result for result in results if result.framework is framework])


def _framework(framework: Framework, results: Iterable[ControlResult]) -> dict[str, Any]:
    return {
        "id": framework.id,
        "short": framework.short,
        "title": framework.title,
        "version": framework.version,
        "url": framework.url,
        "licence": framework.licence,
        "limits": framework.limits,
        "optional": framework.optional,
        "controls": [
            {
                "id": result.control.id,
                "title": result.control.title,
                "text": result.control.text,
                "url": result.control.url,
                "note": result.control.note,
                "assessable": result.control.assessable,
                "references": result.control.references,
                "objectives": [
                    {"objective": each.objective, "strength": each.strength, "why": each.why}
                    for each in result.control.objectives
                ],
                "result": _control_result(result),
            }
            for result in results
        ],
        "aliases": [
            {"written": alias.written, "means": alias.means, "kind": alias.kind, "note": alias.note}
            for alias in framework.aliases
        ],
    }


def _control_result(result: ControlResult) -> dict[str, Any]:
    """The findings behind it are those whose rule is listed; each finding names its controls, too."""
    return {
        "outcome": result.outcome,
        "waived": result.is_waived,
        "part": result.part,
        **_counts(result.counts),
        "rules": [
            {"rule": each.rule, "objective": each.objective, "strength": each.strength, **_counts(each.counts)}
            for each in result.rules
        ],
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "pass": counts.passed,
        "fail": counts.failed,
        "undetermined": counts.undetermined,
        "fail_waived": counts.waived,
    }


def _summary(report: Report) -> dict[str, Any]:
    summary = report.summary
    return {
        "files": summary.files,
        "relevant": summary.relevant,
        "unparsed": summary.unparsed,
        "issuers_asked": summary.issuers_asked,
        "issuers_unreached": summary.issuers_unreached,
        "pass": summary.passed,
        "fail": summary.failed,
        "undetermined": summary.undetermined,
        "not_applicable": sum(summary.not_applicable.values()),
        "waived": summary.waived,
        "by_severity": summary.by_severity,
        "by_baseline_state": summary.by_baseline_state,
    }
