"""Section 7 and its picture: every control of every framework, also those that nothing was said about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.findings.controls import OUTCOMES, ControlResult, Outcome, RuleEvidence
from scanner.findings.model import Report
from scanner.pack.model import Framework
from scanner.record import record
from scanner.renderers.html.charts import Chart, chart
from scanner.renderers.html.words import counted, prose

# the words of a bar's legend; the caption says what the third one stands for
_SILENT: tuple[Outcome, ...] = ("not_assessed", "not_assessable")
_SHORT = {each: words.removesuffix(" for the part tested") for each, words in OUTCOMES.items()}


@record
class Evidence:
    """A rule that was asked for a control and found something; `words` say what, and how far it bears on the control."""

    rule_id: str
    words: str


@record
class ControlRow:
    """One control. `outcome` names the mark, `words` are what the reader reads."""

    id: str
    title: str
    text: str | None
    url: str | None
    note: str | None
    outcome: Outcome
    words: str
    part: str
    evidence: tuple[Evidence, ...]
    others: str | None
    weak: str | None


@record
class FrameworkRows:
    """One framework: the controls that something was found out about, and the `silent` ones with the reason for each.

    `tally` says in words what the picture shows; `silence` introduces the silent ones.
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


def frameworks(report: Report, results: Sequence[ControlResult]) -> tuple[FrameworkRows, ...]:
    """Every framework, in the order of the policies."""
    return tuple(_framework(position, rows) for position, rows in enumerate(_by_framework(report, results), start=1))


def outcomes_chart(results: Sequence[ControlResult]) -> Chart:
    """Controls by outcome, a bar for each framework; each fills the width, and the number of controls stands beside it."""
    counts: dict[str, dict[Outcome, int]] = {}
    for result in results:
        counts.setdefault(result.framework.short or result.framework.title, dict.fromkeys(OUTCOMES, 0))[result.outcome] += 1
    return chart(
        "Controls by outcome",
        "“No failing evidence” is said of the part tested, never of a whole control. Each bar fills the width.",
        {str(outcome): words for outcome, words in _SHORT.items()},
        [(name, list(each.values())) for name, each in counts.items()],
        is_share=True,
    )


def _by_framework(report: Report, results: Sequence[ControlResult]) -> Iterator[tuple[Framework, list[ControlResult]]]:
    for framework in report.frameworks:
        yield framework, [result for result in results if result.framework.id == framework.id]


def _framework(position: int, framework_rows: tuple[Framework, list[ControlResult]]) -> FrameworkRows:
    framework, results = framework_rows
    return FrameworkRows(
        anchor=f"framework-{position}",
        title=framework.title,
        version=framework.version,
        url=framework.url,
        licence=framework.licence,
        limits=prose(framework.limits) if framework.limits else None,
        tally=_tally(results),
        is_open=not framework.optional,
        rows=tuple(_row(result) for result in results if result.outcome not in _SILENT),
        silent=tuple(_row(result) for result in results if result.outcome in _SILENT),
        silence=_counted_outcomes([result for result in results if result.outcome in _SILENT]),
    )


def _tally(results: list[ControlResult]) -> str:
    return f"{counted(len(results), 'control')}: {_counted_outcomes(results)}." if results else "No controls."


def _counted_outcomes(results: list[ControlResult]) -> str:
    outcomes = [result.outcome for result in results]
    return ", ".join(f"{outcomes.count(each)} {words}" for each, words in OUTCOMES.items() if each in outcomes)


def _row(result: ControlResult) -> ControlRow:
    control = result.control
    weak = [mapping.objective for mapping in control.objectives if mapping.strength == "weak"]
    return ControlRow(
        id=control.id,
        title=control.title,
        text=prose(control.text) if control.text else None,
        url=control.url,
        # where nothing ran, `part` is the note already
        note=prose(control.note) if control.note and control.note != result.part else None,
        outcome=result.outcome,
        words=OUTCOMES[result.outcome] + (", all of it waived" if result.is_waived else ""),
        part=prose(result.part),
        evidence=tuple(Evidence(each.rule, _words(each)) for each in result.rules if _has_found(each)),
        others=", ".join(f"{each.rule} ({each.strength})" for each in result.rules if not _has_found(each)) or None,
        weak=", ".join(weak) or None,
    )


def _has_found(rule: RuleEvidence) -> bool:
    return bool(rule.counts.failed or rule.counts.undetermined)


def _words(rule: RuleEvidence) -> str:
    counts = rule.counts
    words = (
        (counts.failed, "failed"),
        (counts.waived, "of them waived"),
        (counts.undetermined, "undetermined"),
        (counts.passed, "passed"),
    )
    return f"{rule.strength}: {', '.join(f'{number:,} {word}' for number, word in words if number)}"
