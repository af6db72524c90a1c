"""The result of judging: one of four answers for every rule about a subject, with details only for a fail or undetermined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scanner.errors import Place
from scanner.record import record
from scanner.subjects.model import ShownValue, Subject, SubjectRef

if TYPE_CHECKING:
    from scanner.units.made import Variant

Answer = Literal["fail", "undetermined"]

# the answers of a judgement, one byte for each rule
NOT_APPLICABLE, PASS, FAIL, UNDETERMINED = 0, 1, 2, 3


@record(slots=True)
class Result:
    """One rule that fails on one subject or is undetermined. `message`: the rule's message for a fail, the reason for an
    undetermined. `place`: the member at fault where the rule names one, else the subject's own. `shown`: its value, where that
    comes from another place; `variants`: those of the subject's unit in which it is so. `cause`: of an undetermined result the
    open expression that it waits for, see Unknown.
    """

    rule: str
    subject: SubjectRef
    answer: Answer
    message: str
    place: Place
    shown: ShownValue | None = None
    variants: tuple[Variant, ...] = ()
    cause: str = ""


@record(slots=True)
class Judgement:
    """Every answer about one subject: `answers` has a byte for each rule about its kind, in the order of the rules' ids;
    `results` are those that fail or are undetermined.
    """

    subject: Subject
    answers: bytes
    results: tuple[Result, ...] = ()
