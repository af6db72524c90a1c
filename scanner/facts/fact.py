"""What a fact is, and how one is declared.

A fact answers with a value, with Absent (the document does not say: ordinary data) or with Unknown (the scanner could not find
out, with the reason). Text that CEL would misread (a NUL cuts a string short, a lone surrogate raises) is Unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from scanner.record import record

Plain: TypeAlias = "bool | int | str | float | list[str] | list[int]"


class Absent:
    """The document does not say. This is ordinary data, not a failure to find out."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


@record
class Unknown:
    """The scanner could not find out; the reason goes to the report. It quotes no secret. `cause`: the open expression that the
    answer waits for, empty for any other reason: what several facts wait for is told once.
    """

    because: str
    cause: str = ""


Answer: TypeAlias = "Plain | Absent | Unknown"

# The CEL types a fact may have, by the first name in its return annotation.
TYPES: Final = ("bool", "int", "str", "float", "list[str]", "list[int]")


@record
class Fact:
    """A registered fact: `name` is `<kind>.<what>`, `type` one of TYPES, `spec` the section that defines it.
    `is_known_without_document`: the fact is known even where the document could not be fetched, such as whose document it is.
    """

    name: str
    about: str
    type: str
    spec: str | None
    ask: Callable[..., Answer]
    doc: str
    is_optional: bool
    wants_time: bool
    is_known_without_document: bool = False


def fact(
    name: str, *, spec: str | None = None, is_known_without_document: bool = False
) -> Callable[[Callable[..., Any]], Fact]:
    """Declare a fact: the function's return annotation gives its type (`int | Absent | Unknown`), its docstring its
    page in docs/facts.md. A second parameter `at` (an aware datetime) asks for the moment of judgement.
    """

    def declare(ask: Callable[..., Any]) -> Fact:
        returns = [part.strip() for part in str(ask.__annotations__["return"]).split("|")]
        if returns[0] not in TYPES:
            raise TypeError(f"fact {name}: {returns[0]} is not a type of facts")
        return Fact(
            name=name,
            about=name.split(".", 1)[0],
            type=returns[0],
            spec=spec,
            ask=ask,
            doc=(ask.__doc__ or "").strip(),
            is_optional="Absent" in returns,
            wants_time="at" in ask.__code__.co_varnames[: ask.__code__.co_argcount],
            is_known_without_document=is_known_without_document,
        )

    return declare


def readable(text: str) -> str | Unknown:
    """`text`, or Unknown where CEL would misread it (NUL, lone surrogate)."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return Unknown("unreadable text: it contains a NUL or a lone surrogate")
    return text
