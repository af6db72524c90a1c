"""The trust relations: each binding as a relation between a consumer's file and an issuer, with its worst finding."""

from __future__ import annotations

from scanner.findings.model import Finding, Report
from scanner.pack.model import SEVERITIES
from scanner.record import record
from scanner.renderers.html.findings import state
from scanner.subjects.kinds.binding import BindingRow

CLEAN, OPEN = "clean", "undetermined"
RANKS = (*SEVERITIES, OPEN, CLEAN)


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
class TrustedParty:
    """What a consumer trusts, or an issuer seen in this scan. `is_named`: by a URL, not by a local key or a template."""

    name: str
    is_named: bool
    is_seen: bool
    worst: str


@record
class Trust:
    """Every relation, sorted by issuer and consumer, and every issuer."""

    relations: tuple[Relation, ...]
    issuers: tuple[TrustedParty, ...]


def trust(report: Report) -> Trust:
    """The trust relations, from the rows of bindings, the JWK Sets embedded in them, issuers and their documents."""
    worst, failed = _weigh_bindings(report)
    relations = [
        Relation(
            consumer=row.path,
            line=row.line,
            platform=row.platform,
            issuer=row.trusts,
            keys_from=_describe_key_source(row),
            worst=worst.get(row.id, CLEAN),
            failed=failed.get(row.id, 0),
        )
        for row in report.rows("binding")
    ]
    # an issuer's mark comes from its own metadata and keys; the relations have marks of their own
    seen = _weigh_issuers(report)
    names = sorted({*seen, *(relation.issuer for relation in relations)})
    issuers = [TrustedParty(name, "://" in name, name in seen, seen.get(name, CLEAN)) for name in names]
    relations.sort(key=lambda each: (each.issuer, each.consumer, each.line or 0))
    return Trust(tuple(relations), tuple(issuers))


def choose_worse(one: str, other: str) -> str:
    """The more serious of two marks."""
    return min(one, other, key=RANKS.index)


def _describe_key_source(row: BindingRow) -> str:
    if row.inline_keys is not None:
        return "written into the configuration"
    for found in (row.jwks_uri, row.key_file, row.discovery_url):
        if found:
            return str(found)
    return "discovery at the issuer" if row.issuer else "not said"


def _weigh_bindings(report: Report) -> tuple[dict[str, str], dict[str, int]]:
    """The worst finding of each binding and its embedded keys, and the number of fails."""
    binding_of = {row.id: row.binding for row in report.rows("key_set") if row.binding is not None}
    binding_of |= {row.id: binding_of[row.key_set] for row in report.rows("key") if row.key_set in binding_of}
    worst: dict[str, str] = {}
    failed: dict[str, int] = {}
    for finding in report.findings:
        subject = binding_of.get(finding.subject.id, finding.subject.id)
        worst[subject] = choose_worse(worst.get(subject, CLEAN), _find_mark(finding))
        failed[subject] = failed.get(subject, 0) + (state(finding) == "fail")
    return worst, failed


def _find_mark(finding: Finding) -> str:
    answer = state(finding)
    return CLEAN if answer == "waived" else finding.severity if answer == "fail" else OPEN


def _weigh_issuers(report: Report) -> dict[str, str]:
    """Issuer → the worst finding of its documents; of the metadata alone where its JWK Set is unknown."""
    by_path: dict[str, str] = {}
    for finding in report.findings:
        path = finding.location.path
        by_path[path] = choose_worse(by_path.get(path, CLEAN), _find_mark(finding))
    known = [(row.issuer, (row.path,)) for row in report.rows("issuer")]
    known += [(row.issuer, row.documents) for row in report.rows("issuer_keys")]
    seen: dict[str, str] = {}
    for issuer, paths in known:
        for path in paths if issuer else ():
            seen[issuer] = choose_worse(seen.get(issuer, CLEAN), by_path.get(path, CLEAN))
    return seen
