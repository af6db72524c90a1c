"""Who trusts whom: each binding as a relation between a consumer's file and an issuer, with the worst that was found on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from scanner.findings.model import Report
from scanner.pack.model import SEVERITIES
from scanner.record import record
from scanner.renderers.html.findings import state
from scanner.subjects.model import SubjectRef

CLEAN, OPEN = "clean", "undetermined"
RANKS = (*SEVERITIES, OPEN, CLEAN)
_SOURCES = ("issuer_resolved", "jwks_uri_resolved", "discovery_url", "key_file")


@record
class Relation:
    """A consumer's file trusts an issuer. `worst` is a severity, `undetermined` or `clean`; waived fails do not count."""

    consumer: str
    line: int | None
    platform: str
    issuer: str
    keys_from: str
    worst: str
    failed: int


@record
class Issuer:
    """What a consumer trusts, or an issuer seen in this scan. `is_named`: by a URL, not by a key at hand or a template."""

    name: str
    is_named: bool
    is_seen: bool
    worst: str


@record
class Trust:
    """Every relation, sorted by issuer and consumer, and every issuer."""

    relations: tuple[Relation, ...]
    issuers: tuple[Issuer, ...]


def trust(report: Report) -> Trust:
    """Read from the report's rows: bindings, issuer metadata, and what was found on them. A row of an earlier version may lack
    members.
    """
    worst, failed = _worst_by_subject(report)
    relations = [
        Relation(
            consumer=row["path"],
            line=row.get("line"),
            platform=row.get("platform") or "platform not said",
            issuer=_issuer_of(row),
            keys_from=_keys_from(row),
            worst=worst.get(row["id"], CLEAN),
            failed=failed.get(row["id"], 0),
        )
        for row in report.subjects.get("bindings", [])
    ]
    # an issuer's mark is that of its own metadata and keys; the trust in it has marks of its own
    seen = _seen(report)
    names = sorted({*seen, *(relation.issuer for relation in relations)})
    issuers = [Issuer(name, "://" in name, name in seen, seen.get(name, CLEAN)) for name in names]
    relations.sort(key=lambda each: (each.issuer, each.consumer, each.line or 0))
    return Trust(tuple(relations), tuple(issuers))


def worse(one: str, other: str) -> str:
    """The more serious of two marks."""
    return min(one, other, key=RANKS.index)


def _issuer_of(row: Mapping[str, Any]) -> str:
    for name in _SOURCES:
        if row.get(name):
            return str(row[name])
    if row.get("inline_keys"):
        return "keys written into the configuration"
    return "not resolved: a template" if row.get("issuer") or row.get("jwks_uri") else "no issuer named"


def _keys_from(row: Mapping[str, Any]) -> str:
    for name, words in (
        ("inline_keys", "written into the configuration"),
        ("jwks_uri", str(row.get("jwks_uri"))),
        ("key_file", str(row.get("key_file"))),
        ("discovery_url", str(row.get("discovery_url"))),
    ):
        if row.get(name):
            return words
    return "discovery at the issuer" if row.get("issuer") else "not said"


def _worst_by_subject(report: Report) -> tuple[dict[str, str], dict[str, int]]:
    worst: dict[str, str] = {}
    failed: dict[str, int] = {}
    for finding in report.findings:
        answer = state(finding)
        if answer != "waived":
            subject = _owner(finding.subject)
            worst[subject] = worse(worst.get(subject, CLEAN), finding.rule.severity if answer == "fail" else OPEN)
            failed[subject] = failed.get(subject, 0) + (answer == "fail")
    return worst, failed


def _owner(subject: SubjectRef) -> str:
    """A key written into a binding weighs on that binding: their ids say so (subjects/document_subjects.py)."""
    if subject.kind == "key_set":
        return subject.id.replace("#key_set:", "#binding:", 1)
    if subject.kind == "key":
        return subject.id.replace("#key:", "#binding:", 1).rpartition("/")[0]
    return subject.id


def _seen(report: Report) -> dict[str, str]:
    """Issuer → the worst of its metadata, and of its folder where it is the only issuer there."""
    rows = [row for row in report.subjects.get("issuers", []) if row.get("issuer")]
    folders = Counter(_folder(row["path"]) for row in rows)
    by_path: dict[str, str] = {}
    for finding in report.findings:
        answer = state(finding)
        mark = CLEAN if answer == "waived" else finding.rule.severity if answer == "fail" else OPEN
        for near in (finding.place.path, _folder(finding.place.path)):
            by_path[near] = worse(by_path.get(near, CLEAN), mark)
    seen: dict[str, str] = {}
    for row in rows:
        folder = _folder(row["path"])
        mark = by_path.get(folder if folders[folder] == 1 else row["path"], CLEAN)
        seen[row["issuer"]] = worse(seen.get(row["issuer"], CLEAN), mark)
    return seen


def _folder(path: str) -> str:
    # the slash keeps a folder apart from a file of the same name
    return f"{path.rpartition('/')[0]}/"
