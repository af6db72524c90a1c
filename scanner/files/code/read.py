"""A file of source code as a tree; the grammar of its language, and its limits."""

from __future__ import annotations

from scanner.files.code.reader import read_code
from scanner.files.limits import Refused
from scanner.files.syntax import Source
from scanner.files.tree import Node

# a Ruby text with more percent signs may be literals within literals, for which the grammar's time grows with their square
_MOST_PERCENTS = 2_000


def read_python(text: str) -> Node:
    """A file of Python as one mapping."""
    from scanner.files.code.python import Python

    return read_code(Python(Source(text, "python", None)))


def read_javascript(text: str) -> Node:
    """A file of JavaScript or TypeScript as one mapping: with JSX, and where that has faults, without."""
    from scanner.files.code.javascript import JavaScript

    source = Source(text, "tsx", None)
    if source.root.has_error:
        other = Source(text, "typescript", None)
        source = source if other.root.has_error else other
    return read_code(JavaScript(source))


def read_ruby(text: str) -> Node:
    """A file of Ruby as one mapping."""
    from scanner.files.code.ruby import Ruby

    if text.count("%") > _MOST_PERCENTS:
        raise Refused("it has too many percent signs")
    return read_code(Ruby(Source(text, "ruby", None)))
