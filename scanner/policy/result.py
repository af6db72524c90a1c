"""What judging one rule on one subject gives."""

from __future__ import annotations

from typing import Literal

from scanner.errors import Place
from scanner.record import record
from scanner.subjects.model import SubjectRef

Answer = Literal["pass", "fail", "undetermined"]


@record(slots=True)
class Result:
    """One rule, one subject, one answer. `message`: the rule's sentence for a fail, the reason for an undetermined,
    empty for a pass. `place`: the member at fault where the rule names one, else the subject's own.
    """

    rule: str
    subject: SubjectRef
    answer: Answer
    message: str
    place: Place
