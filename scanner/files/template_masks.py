"""Masks template actions that make a file unparsable with text of the same length, so that every position stays true.

Lines that hold only actions (control flow, includes) become blanks; an action inside a value becomes an opaque word; the value
is then cut from the original text. Both branches of a condition stay present. All functions take linear time: a file may
consist of opening marks only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from scanner.patterns import lazy_pattern
from scanner.record import record

# `{{ … }}`, `{% … %}`, `{# … #}` of Go, Helm and Jinja; `[# …]` and `[/]` of Thymeleaf, on one line; `@name@` of Maven;
# directives of Terraform (`%{ if … ~}`), not log formats (`%{name}`)
_OPENING = lazy_pattern(r"\{\{|\{%|\{#|\[#|\[/|@[A-Za-z_][\w.\[\]-]*@|%\{~? *(?=(?:if|else|endif|for|endfor)\b)")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}", "[#": "]", "[/": "]", "%{": "}"}
# a value that begins with an action parses as a flow mapping, wrongly
_BARE_VALUE = lazy_pattern(r"(?:^|[:\-,\[]\s|[:=])[^\S\n]*(?:\{\{|\{%)|:\s+@[A-Za-z_][\w.\[\]-]*@", re.MULTILINE)
# the comma that a loop writes between its items, and the end of its condition
_ONLY_A_COMMA = lazy_pattern(r"[ \t]*,[ \t]*\{\{-?[ \t]*end[ \t]*-?\}\}")
_BLOCK_HEADER = lazy_pattern(r"[:\-?]\s+[|>][-+0-9]*[ \t]*\n\Z")
_LONGEST_HEADER = 20
# the indentation of the next line that holds something and begins with no action
_INDENT = lazy_pattern(r"[^\S\n]*\n(?:[^\S\n]*(?:\{\{[^\n]*)?\n)*( *)(?=\S)")


@record
class Masked:
    """`text` has the length of `original`; `unmask` gives the original text of a span."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def unmask(self, start: int, end: int) -> str | None:
        """The original text of a span that a masked action touches; None where nothing in it was masked."""
        first = bisect_right(self.ends, start)
        if first < len(self.starts) and self.starts[first] < end:
            return self.original[start:end]
        return None


def needs_mask(text: str) -> bool:
    """Whether some value begins with a template action, so that parsing the text as it is would misread it."""
    return _BARE_VALUE.search(text) is not None


def mask(text: str, *, word: str = "x") -> Masked | None:
    """`text` with its actions masked, by `word` inside a value; None for text without actions."""
    spans = list(_find_actions(text))
    if not spans:
        return None
    pieces: list[str] = []
    inside: list[tuple[int, int]] = []
    at = 0
    for (start, end), is_alone in zip(spans, _find_standalone(text, spans), strict=True):
        kept = _measure_block_indent(text, start, end) if is_alone else 0
        filler = " " if kept is None else word
        pieces += (text[at:start], " " * (kept or 0), _fill_length(text[start + (kept or 0) : end], filler))
        if kept is not None:
            inside.append((start, end))
        at = end
    pieces.append(text[at:])
    return Masked(text, "".join(pieces), tuple(start for start, _ in inside), tuple(end for _, end in inside))


def _find_actions(text: str) -> Iterator[tuple[int, int]]:
    """Where each action begins and ends, in order. A closing mark is searched once for all opening marks before it."""
    closes = {mark: _Next(text, mark) for mark in (*_CLOSING.values(), "\n")}
    at = 0
    while (found := _OPENING.search(text, at)) is not None:
        mark = found[0] if found[0][0] == "@" else found[0][:2]
        end = found.end()
        if mark in _CLOSING:
            close = closes[_CLOSING[mark]].after(end)
            if close is None or (mark[0] == "[" and (closes["\n"].after(end) or len(text)) < close):
                at = found.start() + 1
                continue
            end = close + len(_CLOSING[mark])
            comma = _ONLY_A_COMMA.match(text, end)
            end = comma.end() if comma else end
        yield found.start(), end
        at = end


class _Next:
    """The next occurrence of a mark, for places that only move on."""

    def __init__(self, text: str, mark: str) -> None:
        self.text = text
        self.mark = mark
        self.found = text.find(mark)

    def after(self, at: int) -> int | None:
        """Where the mark stands at or after `at`."""
        if 0 <= self.found < at:
            self.found = self.text.find(self.mark, at)
        return self.found if self.found >= 0 else None


def _find_standalone(text: str, spans: list[tuple[int, int]]) -> Iterator[bool]:
    """For each action, whether its lines have only actions and blanks."""
    edges = [0, *(end for span in spans for end in span), len(text)]
    # the text outside actions: every other part between two edges
    outside = [(start, end) for start, end in list(pairwise(edges))[::2] if text[start:end].strip()]
    lines = [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]
    said: set[int] = set()
    for start, end in outside:
        stretch = text[start:end]
        first = start + len(stretch) - len(stretch.lstrip())
        for line in range(bisect_right(lines, first), bisect_right(lines, start + len(stretch.rstrip()) - 1) + 1):
            begin, stop = max(lines[line - 1], start), min(lines[line], end)
            if text[begin:stop].strip():
                said.add(line)
    for start, end in spans:
        yield bisect_right(lines, start) not in said and bisect_right(lines, end - 1) not in said


def _measure_block_indent(text: str, start: int, end: int) -> int | None:
    """How many blanks an action that opens a block scalar keeps before its word. Only blanks would be longer than the first
    line's indentation, which YAML refuses (§8.1.1.1). None where the action opens no block or is short enough.
    """
    line = text.rfind("\n", 0, start) + 1
    if _BLOCK_HEADER.search(text, max(line - _LONGEST_HEADER, 0), line) is None:
        return None
    following = _INDENT.match(text, end)
    width = text[start:end].find("\n") if "\n" in text[start:end] else end - start
    if following is None or len(following[1]) >= start - line + width:
        return None
    return max(len(following[1]) - (start - line), 0)


def _fill_length(text: str, filler: str) -> str:
    """`filler` for every character but line ends. Of an action over several lines only the first is filled, since a plain
    scalar must not continue below.
    """
    first, *others = text.split("\n")
    return "\n".join([filler * len(first), *(" " * len(line) for line in others)])
