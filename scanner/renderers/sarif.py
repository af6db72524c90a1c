"""SARIF 2.1.0 (OASIS, Errata 01), complete enough for auditors and accepted by code-scanning services.

Fails and undetermined results are results; passes are counted in the run's properties, since services show every result as an
alert. The rules that no schema checks (§3.27.9 level, §3.27.23 suppressions) have tests of their own.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any
from urllib.parse import quote

from scanner.errors import Place
from scanner.findings.model import EffectiveRule, Finding, Notice, Report
from scanner.pack.model import Framework
from scanner.renderers.escape import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "info": "0.5"}
# §3.27.8: `superset` need not be repeated in a result's taxa, `incomparable` must be
_RELATIONS = {"direct": "superset", "partial": "incomparable", "weak": "relevant"}
_SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's namespace for URLs
_HOME = "https://pypi.org/project/jwksgov/"


def render(report: Report, *, service: str | None) -> str:
    """One run, in a stable order; the same input and clock give the same bytes."""
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=1)


def _run(report: Report) -> dict[str, Any]:
    indexes = {rule.rule.id: index for index, rule in enumerate(report.rules)}
    artifacts = {row.path: index for index, row in enumerate(report.evidence)}
    has_waivers = any(finding.waiver is not None for finding in report.findings)
    frameworks = [framework for framework in report.frameworks if framework.controls]
    summary = report.summary
    return {
        "tool": {
            "driver": {
                "name": "jwksgov",
                "semanticVersion": report.version,
                "informationUri": _HOME,
                "supportedTaxonomies": [
                    {"name": framework.id, "guid": _guid(framework.id), "index": index}
                    for index, framework in enumerate(frameworks)
                ],
                "rules": [_rule(rule) for rule in report.rules],
            }
        },
        "taxonomies": [_taxonomy(framework) for framework in frameworks],
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {
            "SRCROOT": {"description": {"text": "The root of the repository, or the folder, that was scanned."}}
        },
        "artifacts": [
            {
                "location": _artifact(row.path),
                "length": row.size,
                "roles": ["analysisTarget"],
                "hashes": {"sha-256": row.sha256},
            }
            for row in report.evidence
        ],
        "results": [_result(finding, indexes, artifacts, has_waivers) for finding in report.findings],
        "automationDetails": {"id": "jwks-governance/"},
        "columnKind": "unicodeCodePoints",
        "properties": {
            "profile": report.run.profile,
            "pass": summary.passed,
            "undetermined": summary.undetermined,
            "notApplicable": sum(summary.not_applicable.values()),
        },
    }


def _guid(name: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{_HOME}{name}"))


def _rule(rule: EffectiveRule) -> dict[str, Any]:
    own = rule.rule
    rationale, remedy = " ".join(own.rationale.split()), " ".join(own.remedy.split())
    name = "".join(part.capitalize() for part in own.id.split("-"))
    return {
        "id": own.id,
        "name": name,
        "shortDescription": {"text": f"{own.title}."},
        "fullDescription": {"text": rationale[:1000]},
        "help": {
            "text": f"{rationale}\n\nRemedy: {remedy}\n\nReferences: {', '.join(own.references)}",
            "markdown": f"{rationale}\n\n**Remedy.** {remedy}\n\n*References:* {', '.join(own.references)}",
        },
        "helpUri": _HOME,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]}
        | ({"parameters": {"properties": rule.params}} if rule.params else {}),
        "relationships": [
            {
                "target": {
                    "id": each.control,
                    "toolComponent": {"name": each.framework, "guid": _guid(each.framework)},
                },
                "kinds": [_RELATIONS[each.strength]],
                "description": {"text": f"{each.strength} evidence"},
            }
            for each in rule.controls
        ],
        "properties": {
            "tags": ["security", own.objective, own.about, *own.codes],
            "precision": "high",
            "security-severity": _SCORES[rule.severity],
        },
    }


def _taxonomy(framework: Framework) -> dict[str, Any]:
    return {
        "name": framework.id,
        "guid": _guid(framework.id),
        "version": framework.version,
        "informationUri": framework.url,
        "isComprehensive": False,
        "shortDescription": {"text": f"{framework.title}."},
        "taxa": [
            {"id": control.id, "name": control.title, "shortDescription": {"text": control.text or control.title}}
            for control in framework.controls
        ],
    }


def _invocation(report: Report) -> dict[str, Any]:
    return {
        "executionSuccessful": report.exit_code in (0, 1, 3),
        "exitCode": report.exit_code,
        "startTimeUtc": report.run.clock,
        "endTimeUtc": report.run.clock,
        "toolExecutionNotifications": [
            _notification(each) for each in report.notices if each.kind in ("unreadable", "unparsed")
        ],
        "toolConfigurationNotifications": [
            _notification(each) for each in report.notices if each.kind not in ("unreadable", "unparsed")
        ],
    }


def _notification(notice: Notice) -> dict[str, Any]:
    where = {"locations": [_location(notice.place)]} if notice.place else {}
    return {
        "descriptor": {"id": notice.kind},
        "level": "warning",
        "message": {"text": _sentence(notice.message)},
        **where,
    }


def _result(finding: Finding, indexes: dict[str, int], artifacts: dict[str, int], has_waivers: bool) -> dict[str, Any]:
    is_fail = finding.result == "fail"
    result: dict[str, Any] = {
        "ruleId": finding.rule.rule.id,
        "ruleIndex": indexes[finding.rule.rule.id],
        "kind": "fail" if is_fail else "open",
        "level": _LEVELS[finding.rule.severity] if is_fail else "none",
        "message": {"text": _sentence(finding.message)},
        "locations": [_location(finding.place, artifacts, finding.subject.id)],
        "partialFingerprints": {
            "jwksFinding/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint[:16]}:1",
        },
        "properties": {"codes": finding.rule.rule.codes, "severity": finding.rule.severity},
    }
    partial = [each for each in finding.rule.controls if each.strength == "partial"]
    if partial:
        result["taxa"] = [
            {"id": each.control, "toolComponent": {"name": each.framework, "guid": _guid(each.framework)}} for each in partial
        ]
    if has_waivers:  # §3.27.23: all results of a run have suppressions, or none has
        result["suppressions"] = _suppressions(finding)
    return result


def _suppressions(finding: Finding) -> list[dict[str, Any]]:
    waiver = finding.waiver
    if waiver is None:
        return []
    owner = f" Owner: {visible(waiver.owner)}." if waiver.owner else ""
    until = f" Until {visible(waiver.expires)}." if waiver.expires else ""
    return [
        {
            "kind": "inSource",
            "status": "accepted",
            "justification": f"{_sentence(waiver.reason or 'No reason given')}{owner}{until}",
            "location": _location(waiver.place),
            "properties": {"expires": waiver.expires},
        }
    ]


def _location(place: Place, artifacts: dict[str, int] | None = None, subject: str | None = None) -> dict[str, Any]:
    line, column = place.line or 1, place.column or 1
    artifact = _artifact(place.path)
    if artifacts is not None and place.path in artifacts:
        artifact["index"] = artifacts[place.path]
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": artifact,
            "region": {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + 1},
        }
    }
    if subject is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(subject), "kind": "resource"}]
    return location


def _artifact(path: str) -> dict[str, Any]:
    """A relative reference (RFC 3986); a path that is absolute stays one, as a file URI."""
    if path.startswith("/"):
        return {"uri": "file://" + quote(path.encode("utf-8", "surrogateescape"))}
    uri = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": uri, "uriBaseId": "SRCROOT"}


def _sentence(text: str) -> str:
    """One line of harmless text that ends as a sentence; brackets and braces cannot become links or placeholders."""
    shown = re.sub(r"([\[\]\\])", r"\\\1", visible(text)).replace("{", "{{").replace("}", "}}")
    return shown if shown.endswith((".", "!", "?", "…")) else f"{shown}."
