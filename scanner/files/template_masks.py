"""Templates that make a file unparsable are masked by text of the same length, so that every position stays true.

Lines that hold only control actions become blanks; an action inside a value becomes an opaque word; the value is then cut
from the original text. Both branches of a condition stay present.
"""

from __future__ import annotations

import re

from scanner.record import record

# `{{ … }}`, `{% … %}`, `{# … #}` of Go, Helm and Jinja; `[# …]` and `[/]` of Thymeleaf; `@name@` of Maven
_ACTION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\[#[^\]\n]*\]|\[/[^\]\n]*\]|@[A-Za-z_][\w.\[\]-]*@", re.DOTALL)
_CONTROL = re.compile(
    r"\{\{-?\s*(?:if|else|end|range|with|define|block|template|include|toYaml|tpl|\$\w+\s*:?=|/\*|fail|break|continue)\b.*?\}\}"
    r"|\{\{-?\s*(?:/\*|\$\w+\s*:?=).*?\}\}|\{%.*?%\}|\{#.*?#\}|\[#[^\]\n]*\]|\[/[^\]\n]*\]",
    re.DOTALL,
)
# a value that begins with an action parses as a flow mapping, wrongly
_BARE_VALUE = re.compile(r"(?:^|[:\-,\[]\s|[:=]\s*)\s*(?:\{\{|\{%)|:\s+@[A-Za-z_][\w.\[\]-]*@", re.MULTILINE)
_WORD = "x"


@record
class Masked:
    """`text` has the length of `original`; `unmask` gives back what a span really says. `is_needed`: some value begins with
    a template action, so that parsing the original would misread it.
    """

    original: str
    text: str
    spans: tuple[tuple[int, int], ...]
    is_needed: bool

    def unmask(self, start: int, end: int) -> str | None:
        """The original text of a span that a masked action touches; None where nothing in it was masked."""
        if any(start < span_end and span_start < end for span_start, span_end in self.spans):
            return self.original[start:end]
        return None


def mask(text: str) -> Masked | None:
    """`text` with its actions masked; None where it has none."""
    if _ACTION.search(text) is None:
        return None
    blanked = _blank_control_lines(text)
    spans = tuple((found.start(), found.end()) for found in _ACTION.finditer(blanked))
    is_needed = _BARE_VALUE.search(text) is not None
    return Masked(text, _ACTION.sub(lambda found: _same_length(found[0], _WORD), blanked), spans, is_needed)


def _blank_control_lines(text: str) -> str:
    """Lines with nothing but actions become blanks: control flow, and includes that stand alone."""
    blank = _CONTROL.sub(lambda found: _same_length(found[0], " ") if _stands_alone(text, found) else found[0], text)

    def lone(found: re.Match[str]) -> str:
        return _same_length(found[0], " ") if _stands_alone(blank, found) else found[0]

    return _ACTION.sub(lone, blank)


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """Whether the lines that the action stands on hold nothing but actions."""
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    rest = text[start : found.start()] + text[found.end() : end if end >= 0 else len(text)]
    return not _ACTION.sub("", rest).strip()


def _same_length(text: str, filler: str) -> str:
    """`filler` for every character but line ends. An action over several lines leaves its first line filled only, since a
    plain scalar must not go on below.
    """
    first, *others = text.split("\n")
    return "\n".join([filler * len(first), *(" " * len(line) for line in others)])
