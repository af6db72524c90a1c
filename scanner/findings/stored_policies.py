"""The policies as a stored report tells them: rules as they were asked, frameworks with their controls."""

from __future__ import annotations

from typing import Any, Literal, get_args

from scanner.files.json_rows import Row
from scanner.pack.control_index import ControlIndex
from scanner.pack.model import SEVERITIES, Alias, Control, Framework, Mapping, Objective, Rule, Status, Strength
from scanner.policy.select import EffectiveRule
from scanner.subjects.model import KINDS

_STATUSES: tuple[Status, ...] = get_args(Status)
_STRENGTHS: tuple[Strength, ...] = get_args(Strength)
_SLIPS: tuple[Literal["notation", "superseded", "misattributed"], ...] = ("notation", "superseded", "misattributed")
_WEB = r"(https?://[!-~]*)?"


def effective_rule(row: Row, control_index: ControlIndex) -> EffectiveRule:
    """A rule as the run asked it. Its examples and the words about its parameters stay with the policies."""
    severity = row.one_of("severity", SEVERITIES)
    rule = Rule(
        id=row.words("id"),
        title=row.words("title"),
        severity=row.one_of_or_none("default_severity", SEVERITIES) or severity,
        objective=row.words("objective"),
        about=row.one_of("about", KINDS),
        since=row.words("since"),
        rationale=row.words("rationale"),
        remedy=row.words("remedy"),
        require=row.words("require", ""),
        message=row.words("message", ""),
        examples=[],
        codes=row.words_listed("codes"),
        references=row.words_listed("references"),
        when=row.words_or_none("when"),
        status=row.one_of("status", _STATUSES),
        replaced_by=row.words_or_none("replaced_by"),
    )
    return EffectiveRule(rule, severity, _params(row), row.flag("preview"), control_index)


def _params(row: Row) -> dict[str, Any]:
    """Parameters are texts, numbers, yes or no, and lists of them."""
    params = row.row("params")
    for name, value in params.members.items():
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            params.words_listed(name)
        elif isinstance(value, str):
            params.words(name)
        elif isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, list | dict) for each in value)):
            raise params.wrong(name, "a parameter's value")
    return params.members


def objective(row: Row) -> Objective:
    """A control objective."""
    return Objective(
        id=row.words("id"), topic=row.words("topic"), title=row.words("title"), description=row.words("description")
    )


def framework(row: Row) -> Framework:
    """A framework with its controls and the references that mean them."""
    return Framework(
        id=row.words("id"),
        title=row.words("title"),
        version=row.words("version"),
        url=row.matching("url", _WEB, "a web address"),
        licence=row.words("licence"),
        controls=[_control(each) for each in row.rows("controls")],
        short=row.words("short", ""),
        limits=row.words("limits", ""),
        optional=row.flag("optional", False),
        aliases=[_alias(each) for each in row.rows("aliases")],
    )


def _control(row: Row) -> Control:
    return Control(
        id=row.words("id"),
        title=row.words("title"),
        text=row.words_or_none("text"),
        url=row.matching("url", _WEB, "a web address") if row.members.get("url") is not None else None,
        note=row.words_or_none("note"),
        assessable=row.flag("assessable", True),
        references=row.words_listed("references"),
        objectives=[
            Mapping(objective=each.words("objective"), strength=each.one_of("strength", _STRENGTHS), why=each.words("why"))
            for each in row.rows("objectives")
        ],
    )


def _alias(row: Row) -> Alias:
    return Alias(
        written=row.words("written"), means=row.words_listed("means"), kind=row.one_of("kind", _SLIPS), note=row.words("note")
    )
