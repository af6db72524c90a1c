"""The policies in a report: the checked rules, and the frameworks with the outcome of each control.

A run makes them at first use: the text of a hook needs only the few rules with findings.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal, Protocol

from scanner.findings.asked_rule import AnswerCounts, AskedRule
from scanner.pack.controls import Kind
from scanner.pack.model import Strength
from scanner.record import record

Outcome = Literal["fail", "undetermined", "no_failing_evidence", "not_assessed", "not_assessable"]


@record
class ObjectiveEntry:
    """A control objective: rules serve it and frameworks require it."""

    id: str
    topic: str
    title: str
    description: str


@record
class MappingEntry:
    """How far an objective is evidence for a control, and why. Weak ones do not count."""

    objective: str
    strength: Strength
    why: str


@record
class RuleEvidence:
    """The contribution of one rule with answers to a control: through which objective, and how strong."""

    rule: str
    objective: str
    strength: Strength
    answers: AnswerCounts


@record
class ControlResult:
    """One control's outcome. `part`: one sentence about the tested and untested parts, or why there was no test. `waived`: the
    outcome is a fail and every failing finding is waived. The findings behind it are those of `rules`.
    """

    outcome: Outcome
    waived: bool
    part: str
    answers: AnswerCounts
    rules: tuple[RuleEvidence, ...]


@record
class ControlEntry:
    """A control of a framework with its result in this run."""

    id: str
    title: str
    text: str | None
    url: str | None
    note: str | None
    assessable: bool
    references: tuple[str, ...]
    objectives: tuple[MappingEntry, ...]
    result: ControlResult


@record
class AliasEntry:
    """Another spelling of a reference: what it means here, and the kind of the difference."""

    written: str
    means: tuple[str, ...]
    kind: Literal["notation", "superseded", "misattributed"]
    note: str


@record(kw_only=True)
class FrameworkEntry:
    """A framework. `limits`: the part of the standard that no scan can test."""

    id: str
    short: str
    title: str
    version: str
    url: str
    licence: str
    limits: str
    optional: bool
    controls: tuple[ControlEntry, ...]
    aliases: tuple[AliasEntry, ...]


@record
class ReferenceEntry:
    """A citation that needs a note. `of`: the rule or the `framework:control` that cites; `means`: full names of controls.
    `off_topic`: the citing rule or control serves no objective of these controls.
    """

    of: str
    written: str
    kind: Kind
    means: tuple[str, ...]
    note: str
    off_topic: bool

    @property
    def is_doubtful(self) -> bool:
        """Whether `--strict-references` refuses it."""
        return self.kind in ("superseded", "misattributed")


class Policies(Protocol):
    """The policies of a report. `are_ours`: all of them came with jwksgov, and none from a file of the user."""

    are_ours: bool

    @property
    def rules(self) -> tuple[AskedRule, ...]:
        """The checked rules, by id."""

    @property
    def objectives(self) -> tuple[ObjectiveEntry, ...]:
        """The control objectives."""

    @property
    def frameworks(self) -> tuple[FrameworkEntry, ...]:
        """The frameworks."""

    @property
    def references(self) -> tuple[ReferenceEntry, ...]:
        """The citations that need a note."""

    def rule(self, name: str) -> AskedRule:
        """One rule; KeyError for an unknown id."""


@record
class StoredPolicies:
    """The policies of a report that was read back or changed, all in memory."""

    rules: tuple[AskedRule, ...]
    objectives: tuple[ObjectiveEntry, ...]
    frameworks: tuple[FrameworkEntry, ...]
    references: tuple[ReferenceEntry, ...]

    are_ours = False

    @cached_property
    def _by_id(self) -> dict[str, AskedRule]:
        return {rule.id: rule for rule in self.rules}

    def rule(self, name: str) -> AskedRule:
        """One rule; KeyError for an unknown id."""
        return self._by_id[name]
