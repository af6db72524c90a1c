"""What an expression is, in any language: the parts that the shared reader (`reader`) puts together."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scanner.files.tree import Value
from scanner.record import record

if TYPE_CHECKING:
    from tree_sitter import Node as Code


@record
class Literal:
    """A number, a switch or nothing."""

    value: Value


@record
class Text:
    """A text: its own pieces, and the expressions in it."""

    pieces: tuple[str | Code, ...]


@record
class Items:
    """A list. An item that is another list's items has a mark (`True`)."""

    items: tuple[tuple[Code, bool], ...]


@record
class Members:
    """A mapping. A name is a text, or code that gives it; None stands for all members of another mapping."""

    members: tuple[tuple[str | Code | None, Code], ...]


@record
class Name:
    """A name of the code itself."""

    name: str


@record
class Member:
    """A member of something: `a.b`, `a["b"]`."""

    of: Code
    name: str


class Super:
    """The constructor of the class above."""


@record
class Argument:
    """An argument of a call, with its name if it has one; `is_more`: it stands for several."""

    code: Code
    name: str | None = None
    is_more: bool = False


@record
class Call:
    """A call. `otherwise`: what it gives where it finds nothing (a block of Ruby)."""

    callee: Name | Member | Super | None
    arguments: tuple[Argument, ...]
    otherwise: Code | None = None


@record
class Choice:
    """The first of two that is something."""

    first: Code
    second: Code


@record
class Operation:
    """Two operands and what is done with them: `+`, `-`, `*`, `/`."""

    mark: str
    left: Code
    right: Code


@record
class Inner:
    """Something around another expression that changes nothing: brackets, `await`, a type."""

    code: Code


Part: TypeAlias = Literal | Text | Items | Members | Name | Member | Call | Choice | Operation | Inner
