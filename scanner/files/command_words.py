"""The words of a command line with their places, as a shell splits and unquotes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record

_BLANK = lazy_pattern(r"(?:\s|\\\r?\n|(?<!\S)#[^\n]*)*+")
_WORD = lazy_pattern(r"""(?:"[^"\\]*(?:\\.[^"\\]*)*"|'[^']*'|\\.|[^\s"'\\]+|["'\\])+""", re.DOTALL)
_PIECE = lazy_pattern(r"""\"([^"\\]*(?:\\.[^"\\]*)*)"|'([^']*)'|\\(.)|([^"'\\]+)|(.)""", re.DOTALL)
_ESCAPE = lazy_pattern(r"\\([\"\\$`])")


@record
class Word:
    """A word without its quotes, and where it begins and ends."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Every word. A backslash at the end of a line joins the next; comments are left out."""
    at = 0
    while at < len(text):
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        found = _WORD.match(text, at)
        if found is None:
            return
        yield Word(unquote(found[0]), at, found.end())
        at = found.end()


def unquote(written: str) -> str:
    """A word without its quotes, as a shell passes it on; variables stay as written."""
    if not any(mark in written for mark in "\"'\\"):
        return written
    return "".join(
        _ESCAPE.sub(r"\1", double) if double else single or escaped.strip("\n") or plain or other
        for double, single, escaped, plain, other in _PIECE.findall(written)
    )
