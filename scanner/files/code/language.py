"""What the shared reader asks of a language, and what all languages have in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING

from scanner.files.code.parts import Choice, Member, Name, Operation, Part, Text
from scanner.files.code.scopes import Program, Scope
from scanner.files.syntax import Source
from scanner.patterns import lazy_pattern

if TYPE_CHECKING:
    from tree_sitter import Node as Code

_ESCAPE = lazy_pattern(r"\\(?:(\r?\n)|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|(.))")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LAST_CHARACTER = 0x10FFFF
_OPERATIONS = frozenset({"+", "-", "*", "/"})


class Language(ABC):
    """A language, for one file."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @abstractmethod
    def part(self, node: Code) -> Part | None:
        """What an expression is; None where only the running program knows."""

    @abstractmethod
    def enter(self, node: Code, scope: Scope, program: Program) -> Scope:
        """Note what a node binds, assigns or calls; the scope of what is in it."""

    def text(self, node: Code) -> str:
        """The text of a node, as it is written."""
        return self.source.text[node.start_byte : node.end_byte]

    def path(self, node: Code) -> tuple[str, ...] | None:
        """`a.b["c"]` as its names; None for any other target."""
        names: list[str] = []
        part = self.part(node)
        while isinstance(part, Member):
            names.append(part.name)
            part = self.part(part.of)
        return (part.name, *reversed(names)) if isinstance(part, Name) else None

    def operation(self, node: Code, kinds: Collection[str], choices: Collection[str]) -> Part | None:
        """Two operands with a mark between, in a node of one of the `kinds`; the marks of `choices` take the first of them that
        is something.
        """
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        mark = node.child_by_field_name("operator")
        if node.type not in kinds or left is None or right is None or mark is None:
            return None
        if mark.type in choices:
            return Choice(left, right)
        return Operation(mark.type, left, right) if mark.type in _OPERATIONS else None

    def class_scope(self, node: Code, scope: Scope, *, is_class: bool = True) -> Scope:
        """The scope of a class, or of a module of Ruby, by its name."""
        name = node.child_by_field_name("name")
        path = (*scope.path, self.text(name)) if scope.path is not None and name is not None else None
        return Scope(scope, path, is_class=is_class)

    def element(self, of: Code | None, index: Code | None) -> Member | None:
        """`of["index"]`, where the index is a text."""
        key = self.part(index) if of is not None and index is not None else None
        name = fixed_text(key)
        return Member(of, name) if of is not None and name is not None else None


def fixed_text(part: Part | None) -> str | None:
    """The text that a part is, where nothing in it is computed."""
    if not isinstance(part, Text) or not all(isinstance(each, str) for each in part.pieces):
        return None
    return "".join(each for each in part.pieces if isinstance(each, str))


def unescape(text: str) -> str:
    """The text that a literal with escapes writes, as Python and JavaScript have them."""
    if "\\" not in text:
        return text

    def character(found: re.Match[str]) -> str:
        joined, *digits, letter = found.groups()
        if joined:
            return ""
        number = next((int(each, 16) for each in digits if each), None)
        if number is not None:
            return chr(number) if number <= _LAST_CHARACTER else ""
        return _SIMPLE.get(letter, letter)

    return _ESCAPE.sub(character, text)


def number_of(text: str) -> int | float | None:
    """A number as all three languages write it; None for others (complex, imaginary, rational)."""
    digits = text.replace("_", "")
    if digits.isdecimal() and len(digits) <= 40:
        return int(digits)
    whole, dot, rest = digits.partition(".")
    is_decimal = dot and (whole + rest).isdecimal() and len(digits) <= 40
    return float(digits) if is_decimal else None
