"""A rule as a run asked it, with how often it gave each answer."""

from __future__ import annotations

from typing import TypeAlias

from scanner.pack.control_index import ControlRef
from scanner.pack.model import Severity, Status
from scanner.record import record

# a parameter of a rule, as a profile or the configuration may set it
ParamValue: TypeAlias = bool | int | float | str | list[str] | list[int]


@record
class AnswerCounts:
    """Answers about subjects. `waived` counts fails that a waiver covers; they are among `failed`."""

    passed: int = 0
    failed: int = 0
    undetermined: int = 0
    not_applicable: int = 0
    waived: int = 0


@record(kw_only=True)
class AskedRule:
    """A rule as the run checked it: severity and parameters after profile and configuration. `default_severity` is that of the
    policies. A `preview` rule is reported and never fails the run. `controls` leaves out weak mappings.
    """

    id: str
    codes: tuple[str, ...]
    title: str
    severity: Severity
    default_severity: Severity
    about: str
    objective: str
    status: Status
    preview: bool
    since: str
    params: dict[str, ParamValue]
    rationale: str
    remedy: str
    references: tuple[str, ...]
    replaced_by: str | None
    when: str | None
    require: str
    message: str
    controls: tuple[ControlRef, ...]
    answers: AnswerCounts
