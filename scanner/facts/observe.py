"""Asking facts of a subject: values, and the reason for each that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scanner.facts.fact import ABSENT, Fact, Unknown
from scanner.subjects.model import Subject


def observe(subject: Subject, facts: Iterable[Fact], at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of `facts` for `subject`, and for each fact that is Unknown its reason; Absent is in neither. Of a document
    that was not reached only those facts are known that need no document.
    """
    values: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    about, unreached = subject.about, subject.unreached
    for fact in facts:
        if unreached and not fact.is_known_without_document:
            unknown[fact.name] = unreached
            continue
        answer = fact.ask(about, at=at) if fact.wants_time else fact.ask(about)
        if type(answer) is Unknown:
            unknown[fact.name] = answer.because
        elif answer is not ABSENT:
            values[fact.name] = answer
    return values, unknown
