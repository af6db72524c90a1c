"""What is undetermined for one reason, told once: a template's expression leaves many rules open."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.findings.model import Finding
from scanner.record import record

# the rule that is about open values themselves: its reason names them all
_ABOUT_VALUES = "value-unresolved"


@record
class OpenCause:
    """Undetermined findings that wait for the same thing. `head` is told for all of them, at the first of their places."""

    head: Finding
    findings: tuple[Finding, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that are open, each once."""
        return tuple(sorted({each.rule for each in self.findings}))

    @property
    def first(self) -> Finding:
        """The one with the first place."""
        return min(self.findings, key=lambda each: each.place.line or 0)

    def say_rules(self, most: int | None = None) -> str:
        """How many rules are open, and which: all of them, or the first few."""
        names = self.rules
        more = f" and {len(names) - most} more" if most is not None and len(names) > most else ""
        return f"{len(names)} rule{'s' * (len(names) > 1)}: {', '.join(names[:most])}{more}"


def open_causes(findings: Iterable[Finding], *, by_subject: bool) -> list[OpenCause]:
    """The undetermined ones among the findings, those of one document and one cause together; with `by_subject` of one subject.
    What a waiver accepts, what a baseline knows and what holds in other variants stays apart.
    """
    found: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        if finding.result == "undetermined":
            subject = finding.subject.id if by_subject else ""
            names = tuple(each.name for each in finding.variants)
            state = finding.waiver is not None, finding.baseline_state, names
            what = ("cause", finding.cause) if finding.cause else ("message", finding.message)
            found.setdefault((finding.place.path, subject, what, state), []).append(finding)
    return [OpenCause(_find_head(each), tuple(each)) for each in found.values()]


def _find_head(findings: list[Finding]) -> Finding:
    return next((each for each in findings if each.rule == _ABOUT_VALUES), findings[0])
