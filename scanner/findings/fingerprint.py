"""The identity of a finding, by which two runs recognise it.

`jwksFinding/v1` is the rule and the subject's id, which contains the path. `jwksFinding/v2` is the rule and the subject's
identity: a key's thumbprint, a binding's platform and issuer, the kind and issuer of a fetched document. It stays when lines
move, documents move and files are renamed. Subjects with the same identity get a number, `…:2`, in the order of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.digest import sha256_hex
from scanner.findings.model import Finding
from scanner.policy.result import Result
from scanner.record import changed
from scanner.subjects.kinds import identify
from scanner.subjects.model import Subject


def by_path(result: Result) -> str:
    """`jwksFinding/v1`: the rule and the subject's id, the one that it has in all variants of its unit."""
    return _digest(result.rule, result.subject.home_id or result.subject.id)


def by_identity(rule: str, subject: Subject) -> str:
    """`jwksFinding/v2` without its number."""
    return _digest(rule, subject.ref.kind, *identify(subject))


def number_twins(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with their number behind `jwksFinding/v2`, whether they had one or not."""
    counts: dict[str, int] = {}
    for finding in findings:
        base = strip_number(finding.stable_fingerprint)
        counts[base] = counts.get(base, 0) + 1
        yield changed(finding, stable_fingerprint=f"{base}:{counts[base]}")


def strip_number(fingerprint: str) -> str:
    """The part of `jwksFinding/v2` that twins share."""
    return fingerprint.partition(":")[0]


def _digest(*parts: str) -> str:
    return sha256_hex("\0".join(parts).encode("utf-8", "surrogatepass"))
