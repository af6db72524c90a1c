"""A whole run: tool, policies, taxonomies, invocation, artifacts and results."""

from __future__ import annotations

from typing import Any

from scanner.findings.model import EvidenceRow, Notice, Report
from scanner.redaction.text import REMOVED
from scanner.redaction.urls import HIDDEN
from scanner.renderers.completeness import say_incomplete
from scanner.renderers.sarif.locations import artifact, location, sentence
from scanner.renderers.sarif.names import HOME, guid
from scanner.renderers.sarif.policies import Taxa, config_digest, descriptor, policy, taxonomy
from scanner.renderers.sarif.results import Results

_EXIT_CODES = {
    0: "Nothing failed at or above the chosen severity, and everything required could be assessed.",
    1: "Something failed at or above the chosen severity.",
    2: "Usage, a policy or the configuration is wrong.",
    3: "A named target is missing or unreadable, or something required could not be assessed.",
}
_NOT_ALL = "Nothing failed at or above the chosen severity, but not everything could be assessed."
# kinds of notices about the scanned documents; the others are about the setup of the run
_EXECUTION = ("unreadable", "unparsed", "unreached", "nothing-reached", "interrupted", "malformed-waiver")


def run_of(report: Report) -> dict[str, Any]:
    """The SARIF run of a report."""
    taxa = Taxa(report)
    artifacts = list(_list_artifacts(report))
    indexes = {path: index for index, (path, _) in enumerate(artifacts)}
    run_guid = _run_guid(report)
    arguments = arguments_of(report)
    summary = report.summary
    return {
        "tool": {
            "driver": driver(report)
            | {
                "supportedTaxonomies": [taxa.component(framework.id) for framework in taxa.frameworks],
                "rules": [descriptor(rule, taxa) for rule in report.rules],
            }
        },
        "policies": [policy(report)],
        "taxonomies": [taxonomy(framework) for framework in taxa.frameworks],
        "invocations": [invocation(report, indexes) | {"arguments": arguments}],
        "originalUriBaseIds": ROOTS,
        "artifacts": [row for _, row in artifacts],
        "results": Results(report, taxa, indexes, run_guid).all(),
        "automationDetails": automation(report) | {"guid": run_guid},
        "columnKind": "unicodeCodePoints",
        # §3.14.28: present only where something was redacted
        **({"redactionTokens": tokens} if (tokens := _find_tokens(arguments)) else {}),
        "properties": {
            "profile": report.run.profile,
            "rulesNotAsked": [each.id for each in report.run.not_asked],
            "pass": summary.passed,
            "undetermined": summary.undetermined,
            "notApplicable": summary.not_applicable,
            "issuersAsked": summary.issuers_asked,
            "issuersNotReached": summary.issuers_unreached,
            "documentsNotAssessed": summary.unparsed,
        },
    }


ROOTS = {"SRCROOT": {"description": {"text": "The root of the repository, or the folder, that was scanned."}}}


def driver(report: Report) -> dict[str, Any]:
    """The tool, without its rules."""
    return {
        "name": "jwksgov",
        "guid": guid("driver"),
        "semanticVersion": report.version,
        "informationUri": HOME,
        "organization": "jwksgov",
    }


def automation(report: Report) -> dict[str, Any]:
    """The id of the run (§3.17.3): the text before the last slash names the series of runs; a later run replaces an earlier
    one.
    """
    return {"id": f"jwks-governance/{report.run.clock}"}


def invocation(report: Report, artifacts: dict[str, int]) -> dict[str, Any]:
    """One invocation. The clock of the judgement is its start and end, so that bytes stay stable. Machine, account, environment
    and folder are left out, since they are about people and not about keys.
    """
    return {
        "executionSuccessful": report.exit_code in (0, 1, 3),
        "exitCode": report.exit_code,
        "exitCodeDescription": _describe_exit(report),
        "startTimeUtc": report.run.clock,
        "endTimeUtc": report.run.clock,
        "toolExecutionNotifications": [notification(each, artifacts) for each in report.notices if each.kind in _EXECUTION],
        "toolConfigurationNotifications": [
            notification(each, artifacts) for each in report.notices if each.kind not in _EXECUTION
        ],
    }


def _describe_exit(report: Report) -> str:
    incomplete = say_incomplete(report)
    if report.exit_code == 0 and incomplete:
        return f"{_NOT_ALL[:-1]}: {incomplete}."
    return _EXIT_CODES.get(report.exit_code, "A fault of jwksgov itself.")


def notification(notice: Notice, artifacts: dict[str, int]) -> dict[str, Any]:
    """A notice about the run (§3.58)."""
    where = {"locations": [location(notice.place, artifacts)]} if notice.place else {}
    return {
        "descriptor": {"id": notice.kind},
        "level": "warning",
        "message": {"text": sentence(notice.message)},
        **where,
    }


def arguments_of(report: Report) -> list[str]:
    """The arguments that repeat the judgement: with the defaults, without the choice of outputs."""
    run = report.run
    config = ["--config", run.config.path] if run.config is not None else ["--isolated"]
    policies = [part for folder in run.policies for part in ("--policies", folder)]
    given = ["scan", "--profile", run.profile, "--fail-on", run.fail_on or "none", *config, *policies, "--now", run.clock]
    return [*given, "--", *run.scope]


def _find_tokens(arguments: list[str]) -> list[str]:
    return [token for token in (HIDDEN, REMOVED) if any(token in each for each in arguments)]


def _list_artifacts(report: Report) -> list[tuple[str, dict[str, Any]]]:
    run = report.run
    rows = [(row.path, _list_evidence(row)) for row in report.evidence]
    seen = {row.path for row in report.evidence}
    if run.config is not None and run.config.path not in seen:
        rows.append((run.config.path, _make_file(run.config.path, run.config.sha256, "userSpecifiedConfiguration")))
        seen.add(run.config.path)
    if run.baseline is not None and run.baseline.path not in seen:
        rows.append((run.baseline.path, _make_file(run.baseline.path, run.baseline.sha256, "referencedOnCommandLine")))
    return rows


def _list_evidence(row: EvidenceRow) -> dict[str, Any]:
    is_jwks = "jwk-set" in row.kinds and row.path.lower().endswith((".json", ".jwks"))
    return {
        **_make_file(row.path, row.sha256, "analysisTarget"),
        "length": row.size,
        **({"mimeType": "application/jwk-set+json"} if is_jwks else {}),
    }


def _make_file(path: str, digest: str | None, role: str) -> dict[str, Any]:
    hashes = {"hashes": {"sha-256": digest}} if digest else {}
    return {"location": artifact(path), "roles": [role], **hashes}


def _run_guid(report: Report) -> str:
    evidence = [f"{row.path} {row.sha256}" for row in report.evidence]
    return guid("run", report.version, report.pack_digest, config_digest(report) or "", *arguments_of(report), *evidence)
