"""What is checked of a stored report beyond the types of its members: what names something names something that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from scanner.findings.answers import LETTERS
from scanner.findings.model import KindResults, Report
from scanner.patterns import lazy_pattern
from scanner.subjects.kinds import kind_names

# the path of a member, and what should stand there
Fault: TypeAlias = tuple[tuple[str | int, ...], str]
_DIGEST = lazy_pattern(r"[0-9a-f]{64}|")  # a redacted report withholds digests
_CLOCK = lazy_pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_PATTERN = lazy_pattern(f"[{''.join(LETTERS.values())}]*")


def find_faults(report: Report) -> Iterator[Fault]:
    """Everything that is wrong, in no particular order."""
    yield from _named_rules(report)
    yield from _named_controls(report)
    yield from _kinds(report)
    yield from _digests(report)
    if not _CLOCK.fullmatch(report.run.clock):
        yield ("run", "clock"), "a time such as 2026-08-22T00:00:00Z"
    for kind, results in report.results.items():
        yield from _results(kind, results)


def _named_rules(report: Report) -> Iterator[Fault]:
    """Findings and controls name rules."""
    known = {rule.id for rule in report.rules}
    named: list[tuple[tuple[str | int, ...], str]] = []
    named += [(("findings", number), each.rule) for number, each in enumerate(report.findings)]
    for number, finding in enumerate(report.findings):
        named += [(("findings", number, "folded", position), inner.rule) for position, inner in enumerate(finding.folded)]
    for number, framework in enumerate(report.frameworks):
        for position, control in enumerate(framework.controls):
            path = ("frameworks", number, "controls", position, "result", "rules")
            named += [((*path, place), each.rule) for place, each in enumerate(control.result.rules)]
    for at, rule in named:
        if rule not in known:
            yield (*at, "rule"), "the id of one of `rules`"


def _named_controls(report: Report) -> Iterator[Fault]:
    """Rules name controls."""
    known = {(framework.id, control.id) for framework in report.frameworks for control in framework.controls}
    for number, rule in enumerate(report.rules):
        for position, control in enumerate(rule.controls):
            if (control.framework, control.control) not in known:
                yield ("rules", number, "controls", position), "a control of one of `frameworks`"


def _kinds(report: Report) -> Iterator[Fault]:
    known = kind_names()
    named: list[tuple[str, int, str]] = [("findings", n, each.subject.kind) for n, each in enumerate(report.findings)]
    named += [("absent", n, each.subject.kind) for n, each in enumerate(report.absent)]
    for member, number, kind in named:
        if kind not in known:
            yield (member, number, "subject", "kind"), f"one of {', '.join(known)}"


def _digests(report: Report) -> Iterator[Fault]:
    found: list[tuple[tuple[str | int, ...], str]] = [(("pack", "digest"), report.pack_digest)]
    found += [(("run", "bundles", number, "sha256"), each.sha256) for number, each in enumerate(report.run.bundles)]
    found += [(("evidence", number, "sha256"), each.sha256) for number, each in enumerate(report.evidence)]
    for path, digest in found:
        if not _DIGEST.fullmatch(digest):
            yield path, "a SHA-256"


def _results(kind: str, results: KindResults) -> Iterator[Fault]:
    is_pattern = all(len(each) == len(results.rules) and _PATTERN.fullmatch(each) for each in results.patterns)
    if not is_pattern or len(results.counts) != len(results.patterns):
        yield ("results", kind, "patterns"), "one letter for each rule, and one count for each pattern"
    if any(not 0 <= number < len(results.patterns) for number in results.subjects):
        yield ("results", kind, "subjects"), "numbers of `patterns`"
