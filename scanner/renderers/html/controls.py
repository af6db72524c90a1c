"""Section 7 and its picture: every control of every framework, also those without results."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.findings.controls import OUTCOMES
from scanner.findings.model import Report
from scanner.findings.policies import ControlEntry, FrameworkEntry, Outcome, RuleEvidence
from scanner.record import record
from scanner.renderers.html.charts import Chart, chart
from scanner.renderers.html.words import count_nouns, prose

# the words of a bar's legend; the caption explains the third one
_SILENT: tuple[Outcome, ...] = ("not_assessed", "not_assessable")
_SHORT = {each: words.removesuffix(" for the part tested") for each, words in OUTCOMES.items()}


@record
class RuleEvidenceLine:
    """A rule with results for a control; `words` say which, and how far they are evidence for the control."""

    rule_id: str
    words: str


@record
class ControlRow:
    """One control. `outcome` names the mark, `words` are the text."""

    id: str
    title: str
    text: str | None
    url: str | None
    note: str | None
    outcome: Outcome
    words: str
    part: str
    evidence: tuple[RuleEvidenceLine, ...]
    others: str | None
    weak: str | None


@record
class FrameworkRows:
    """One framework: the controls with results, and the `silent` ones with the reason for each.

    `tally` is the picture in words; `silence` introduces the silent ones.
    """

    anchor: str
    title: str
    version: str
    url: str
    licence: str
    limits: str | None
    tally: str
    is_open: bool
    rows: tuple[ControlRow, ...]
    silent: tuple[ControlRow, ...]
    silence: str


def frameworks(report: Report) -> tuple[FrameworkRows, ...]:
    """Every framework, in the order of the policies."""
    return tuple(_make_framework(position, framework) for position, framework in enumerate(report.frameworks, start=1))


def outcomes_chart(report: Report) -> Chart:
    """Controls by outcome, a bar for each framework; each fills the width, and the number of controls stands beside it."""
    counts: dict[str, dict[Outcome, int]] = {}
    for framework in report.frameworks:
        for control in framework.controls:
            bar = counts.setdefault(framework.short or framework.title, dict.fromkeys(OUTCOMES, 0))
            bar[control.result.outcome] += 1
    return chart(
        "Controls by outcome",
        "“No failing evidence” is said of the part tested, never of a whole control. Each bar fills the width.",
        {str(outcome): words for outcome, words in _SHORT.items()},
        [(name, list(each.values())) for name, each in counts.items()],
        is_share=True,
    )


def _make_framework(position: int, framework: FrameworkEntry) -> FrameworkRows:
    silent = [control for control in framework.controls if control.result.outcome in _SILENT]
    return FrameworkRows(
        anchor=f"framework-{position}",
        title=framework.title,
        version=framework.version,
        url=framework.url,
        licence=framework.licence,
        limits=prose(framework.limits) if framework.limits else None,
        tally=_tally(framework.controls),
        is_open=not framework.optional,
        rows=tuple(_make_row(control) for control in framework.controls if control.result.outcome not in _SILENT),
        silent=tuple(map(_make_row, silent)),
        silence=_count_outcomes(silent),
    )


def _tally(controls: Sequence[ControlEntry]) -> str:
    return f"{count_nouns(len(controls), 'control')}: {_count_outcomes(controls)}." if controls else "No controls."


def _count_outcomes(controls: Sequence[ControlEntry]) -> str:
    outcomes = [control.result.outcome for control in controls]
    return ", ".join(f"{outcomes.count(each)} {words}" for each, words in OUTCOMES.items() if each in outcomes)


def _make_row(control: ControlEntry) -> ControlRow:
    result = control.result
    weak = [mapping.objective for mapping in control.objectives if mapping.strength == "weak"]
    return ControlRow(
        id=control.id,
        title=control.title,
        text=prose(control.text) if control.text else None,
        url=control.url,
        # without any test, `part` is the note already
        note=prose(control.note) if control.note and control.note != result.part else None,
        outcome=result.outcome,
        words=OUTCOMES[result.outcome] + (", all of it waived" if result.waived else ""),
        part=prose(result.part),
        evidence=tuple(RuleEvidenceLine(each.rule, _words(each)) for each in result.rules if _has_found(each)),
        others=", ".join(f"{each.rule} ({each.strength})" for each in result.rules if not _has_found(each)) or None,
        weak=", ".join(weak) or None,
    )


def _has_found(rule: RuleEvidence) -> bool:
    return bool(rule.answers.failed or rule.answers.undetermined)


def _words(rule: RuleEvidence) -> str:
    counts = rule.answers
    words = (
        (counts.failed, "failed"),
        (counts.waived, "of them waived"),
        (counts.undetermined, "undetermined"),
        (counts.passed, "passed"),
    )
    return f"{rule.strength}: {', '.join(f'{number:,} {word}' for number, word in words if number)}"
