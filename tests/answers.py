"""Every answer of a run, passes included, one by one: for tests that ask what a rule says of one subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from scanner.config.model import Config, IssuerEntry
from scanner.findings.sinks import ALONE, Surroundings
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Part, Pipeline
from scanner.policy.result import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, Judgement
from scanner.policy.select import RuleSet
from scanner.record import record
from scanner.sources.exchange import Visit
from scanner.subjects.model import Subject, SubjectRef

_WORDS: dict[int, Literal["pass", "fail", "undetermined"]] = {PASS: "pass", FAIL: "fail", UNDETERMINED: "undetermined"}


@record
class Answered:
    """What one rule says of one subject; a pass has no message."""

    rule: str
    subject: SubjectRef
    answer: Literal["pass", "fail", "undetermined"]
    message: str


class AnswersPart(Part):
    """A part that keeps the answers themselves."""

    def __init__(self, empty: Part, rules: RuleSet) -> None:
        super().__init__(empty.joins, empty.findings)
        self._rules = rules
        self.answered: list[Answered] = []

    def merge(self, other: Part) -> None:
        """Add the answers of another part: each fetched document has one of its own."""
        super().merge(other)
        assert isinstance(other, AnswersPart)
        self.answered += other.answered

    def take(self, judgement: Judgement, around: Surroundings = ALONE) -> None:
        """Keep every answer, and hand it to the sinks as any part does."""
        super().take(judgement, around)
        ref = judgement.subject.ref
        messages = {result.rule: result.message for result in judgement.results}
        for rule, answer in zip(self._rules.ids_about(ref.kind), judgement.answers, strict=True):
            if answer != NOT_APPLICABLE:
                self.answered.append(Answered(rule, ref, _WORDS[answer], messages.get(rule, "")))


class AnswersPipeline(Pipeline):
    """A pipeline whose parts keep the answers themselves."""

    def part(self) -> AnswersPart:
        """A part that has found nothing yet."""
        return AnswersPart(super().part(), self.rules)


def answers_about(subjects: Iterable[Subject], rules: RuleSet, *, at: datetime) -> tuple[list[Answered], dict[str, str]]:
    """The answers about subjects that are at hand, and the rules that read a value without a guard."""
    pipeline = AnswersPipeline(shipped_pack(examples=False), rules, at=at)
    part = pipeline.part()
    for subject in subjects:
        pipeline.take(subject, part)
    return part.answered, pipeline.faults()


def answers_about_visit(
    visit: Visit, rules: RuleSet, *, at: datetime, notes: Sequence[IssuerEntry] = ()
) -> tuple[list[Answered], dict[str, str]]:
    """The answers about everything that a visit brought, and the rules that read a value without a guard."""
    pipeline = AnswersPipeline(shipped_pack(examples=False), rules, at=at, config=Config(issuers=tuple(notes)))
    part = pipeline.part()
    pipeline.visit([visit], part)
    pipeline.join(part)
    return part.answered, pipeline.faults()
