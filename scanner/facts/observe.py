"""Observing a subject: the values of its facts, and the reason for each unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scanner.facts.fact import ABSENT, Fact, Unknown
from scanner.subjects.model import Subject


def observe(subject: Subject, facts: Iterable[Fact], at: datetime) -> tuple[dict[str, Any], dict[str, Unknown]]:
    """The values of `facts` for `subject`, and each fact that is Unknown, with its reason; an Absent fact is in neither. For a
    document that was not fetched only the facts that need no document are known.
    """
    values: dict[str, Any] = {}
    unknown: dict[str, Unknown] = {}
    about, unreached = subject.about, subject.unreached
    for fact in facts:
        if unreached and not fact.is_known_without_document:
            unknown[fact.name] = Unknown(unreached)
            continue
        answer = fact.ask(about, at=at) if fact.wants_time else fact.ask(about)
        if type(answer) is Unknown:
            unknown[fact.name] = answer
        elif answer is not ABSENT:
            values[fact.name] = answer
    return values, unknown
