"""Masks template actions that make a file unparsable with text of the same length, so that every position stays true.

Lines that hold only actions (control flow, includes) become blanks; an action inside a value becomes an opaque word; the value
is then cut from the original text. Both branches of a condition stay present. All functions take linear time: a file may
consist of opening marks only.

A mark may be ordinary text: `{{` in one comment and `}}` in a later one must not blank what is between them. So an action that
begins in a comment or in a quoted string ends on the same line, one over several lines looks like an action, and none goes over
the end of a document. `find_actions(text, strict=False)` drops these conditions, for files that cannot be parsed otherwise;
what such an action covers is told by `Masked.hidden`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from scanner.patterns import lazy_pattern
from scanner.record import record

# `{{ … }}`, `{% … %}`, `{# … #}` of Go, Helm and Jinja; `[# …]` and `[/]` of Thymeleaf, on one line; `@name@` of Maven;
# directives of Terraform (`%{ if … ~}`), not log formats (`%{name}`)
_OPENING = lazy_pattern(r"\{\{|\{%|\{#|\[#|\[/|@[A-Za-z_][\w.\[\]-]*@|%\{~? *(?=(?:if|else|endif|for|endfor)\b)")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}", "[#": "]", "[/": "]", "%{": "}"}
# a value that begins with an action parses as a flow mapping, wrongly
_BARE_VALUE = lazy_pattern(r"(?:^|[:\-,\[]\s|[:=])[^\S\n]*(?:\{\{|\{%)|:\s+@[A-Za-z_][\w.\[\]-]*@", re.MULTILINE)
# what decides whether a mark stands in a comment or in a quoted string, of any format
_SIGNS = lazy_pattern(r"\n|\\.|[\"']|(?<!\S)(?:#|//)")
# the beginning of an action whose text may be anything: a comment, or a raw string
_FREE_TEXT = lazy_pattern(r"\{#|\{\{-?\s*+(?:/\*|`)")
# a line as configuration has it, and no expression
_MEMBER_LINE = lazy_pattern(
    r"^[ \t]*+(?:- )?[\w./-]++[ \t]*+(?::(?=\s)|[={][ \t]*+(?:[\"\w\[{]|$))|^[ \t]*+\w++ \"[^\n]*+(?<=\{)$", re.MULTILINE
)
_DOCUMENT_END = lazy_pattern(r"^(?:---|\.\.\.)(?=\s|\Z)", re.MULTILINE)
# a text in an action that may be a document
_LITERAL = lazy_pattern(r"`[^`]*+`?|\"(?:[^\"\\]|\\.?)*+\"?|'(?:[^'\\]|\\.?)*+'?", re.DOTALL)
_LIKE_A_DOCUMENT = lazy_pattern(r"\n|\\n|[\w\"'][ \t]*+(?::|= )")
# the comma that a loop writes between its items, and the end of its condition
_ONLY_A_COMMA = lazy_pattern(r"[ \t]*,[ \t]*\{\{-?[ \t]*end[ \t]*-?\}\}")
_BLOCK_HEADER = lazy_pattern(r"[:\-?]\s+[|>][-+0-9]*[ \t]*\n\Z")
_LONGEST_HEADER = 20
# the indentation of the next line that holds something and begins with no action
_INDENT = lazy_pattern(r"[^\S\n]*\n(?:[^\S\n]*(?:\{\{[^\n]*)?\n)*( *)(?=\S)")
# the beginning of a line whose value an action writes, up to the action; and a member or an item
_NAME = lazy_pattern(r"([ -]*)(?:[\w./\"'-]{1,200}:[ \t]*)?\Z")
_MEMBER = lazy_pattern(r"[\w./\"'-]{1,200}:(?:\s|\Z)|- ")
_LONGEST_NAME = 250


@record(slots=True)
class Action:
    """Where an action begins and ends. `is_beside`: in a comment or a quoted string, where a parser sees text. `is_doubtful`:
    what it covers may be text that a platform loads.
    """

    start: int
    end: int
    is_beside: bool = False
    is_doubtful: bool = False


@record
class Masked:
    """`text` has the length of `original`; `unmask` gives the original text of a span. `hidden` has the offset and the text of
    each part that may be a document of its own: in an action's string, or between two marks that need not be an action's.
    """

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    hidden: tuple[tuple[int, str], ...] = ()

    def unmask(self, start: int, end: int) -> str | None:
        """The original text of a span that a masked action touches; None where nothing in it was masked."""
        first = bisect_right(self.ends, start)
        if first < len(self.starts) and self.starts[first] < end:
            return self.original[start:end]
        return None


def needs_mask(text: str, actions: Sequence[Action]) -> bool:
    """Whether some value begins with one of the actions, so that parsing the text as it is would misread it."""
    outside = {action.start for action in actions if not action.is_beside}
    return any(found[0][-1] == "@" or found.end() - 2 in outside for found in _BARE_VALUE.finditer(text))


def mask(text: str, actions: Sequence[Action], *, word: str = "x") -> Masked | None:
    """`text` with the actions masked, by `word` inside a value; None where there are none."""
    if not actions:
        return None
    spans = [(action.start, action.end) for action in actions]
    pieces: list[str] = []
    inside: list[tuple[int, int]] = []
    at = 0
    for (start, end), is_alone in zip(spans, _find_standalone(text, spans), strict=True):
        kept = _measure_block_indent(text, start, end) if is_alone else None if _continues_below(text, start, end) else 0
        filler = " " if kept is None else word
        pieces += (text[at:start], " " * (kept or 0), _fill_length(text[start + (kept or 0) : end], filler))
        if kept is not None:
            inside.append((start, end))
        at = end
    pieces.append(text[at:])
    hidden = tuple(_list_hidden(text, actions))
    return Masked(text, "".join(pieces), tuple(start for start, _ in inside), tuple(end for _, end in inside), hidden)


def _list_hidden(text: str, actions: Sequence[Action]) -> Iterator[tuple[int, str]]:
    for action in actions:
        written = text[action.start : action.end]
        if action.is_doubtful:
            yield action.start, written
        elif not _is_comment(text, action):
            for literal in _LITERAL.finditer(written):
                if _LIKE_A_DOCUMENT.search(literal[0], 1, len(literal[0]) - 1):
                    yield action.start + literal.start(), literal[0]


def _is_comment(text: str, action: Action) -> bool:
    begin = _FREE_TEXT.match(text, action.start)
    return begin is not None and not begin[0].endswith("`")


def find_actions(text: str, *, strict: bool = True) -> list[Action]:
    """The actions in a text, in order. A closing mark is searched once for all opening marks before it."""
    closes = {mark: _Next(text, mark) for mark in (*_CLOSING.values(), "*/", "\n")}
    lines = _LineState(text)
    found: list[Action] = []
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        start, end = opening.span()
        at = start + 1
        state = lines.at(start)
        doubtful = False
        mark = opening[0] if opening[0][0] == "@" else opening[0][:2]
        if mark in _CLOSING:
            close = _find_close(text, start, mark, closes)
            line_end = closes["\n"].after(end)
            line_end = len(text) if line_end is None else line_end
            if close is None or (mark[0] == "[" and line_end < close):
                continue
            doubtful = _is_doubtful(text, Action(start, close), mark, state, line_end)
            if doubtful and strict:
                continue
            comma = _ONLY_A_COMMA.match(text, close)
            end = comma.end() if comma else close
        found.append(Action(start, end, bool(state), doubtful))
        at = end
    return found


def _find_close(text: str, start: int, mark: str, closes: dict[str, _Next]) -> int | None:
    """The end of the action that begins at `start`. Go's comment may have marks inside."""
    after = start + len(mark)
    begin = _FREE_TEXT.match(text, start)
    if begin is not None and begin[0].endswith("*"):
        comment = closes["*/"].after(begin.end())
        after = after if comment is None else comment
    close = closes[_CLOSING[mark]].after(after)
    return None if close is None else close + len(_CLOSING[mark])


def _is_doubtful(text: str, span: Action, mark: str, state: str, line_end: int) -> bool:
    """Whether the span need not be one action: see the module."""
    is_free = _FREE_TEXT.match(text, span.start) is not None
    if span.end <= line_end and not (is_free and state in ('"', "'")):
        return False
    # an action in which another one begins is none, and is not looked at again and again
    if (state and span.end > line_end) or (text.find(mark, span.start + 2, span.end) >= 0 and not _is_comment(text, span)):
        return True
    if span.end <= line_end:
        # a string of the format may end inside: `"a {#", "b": 1, "c": "#}"`
        return text.find(state, span.start, span.end) >= 0
    begins_line = not text[text.rfind("\n", 0, span.start) + 1 : span.start].strip()
    if _DOCUMENT_END.search(text, span.start, span.end) is not None and not (is_free and begins_line):
        return True
    return not is_free and _MEMBER_LINE.search(_LITERAL.sub('""', text[span.start : span.end])) is not None


class _LineState:
    """Whether a place stands in a comment (`#`), in a string (its quote), or in neither (empty); for places that only move on.
    Each line begins anew: strings over several lines are rare where templates are.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._state = ""

    def at(self, place: int) -> str:
        """The state at a place."""
        for sign in _SIGNS.finditer(self._text, self._at, place):
            self._take(sign)
        self._at = place
        return self._state

    def _take(self, sign: re.Match[str]) -> None:
        char = sign[0]
        if char == "\n":
            self._state = ""
        elif self._state in ('"', "'"):
            self._state = "" if char == self._state else self._state
        elif not self._state and char in ("#", "//"):
            self._state = "#"
        elif not self._state and char in ('"', "'") and _begins_string(self._text, sign.start()):
            self._state = char


def _begins_string(text: str, at: int) -> bool:
    """Whether a quote begins a string: it does not stand inside a word."""
    return at == 0 or text[at - 1] in " \t\r\n[{(,:="


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


def _continues_below(text: str, start: int, end: int) -> bool:
    """Whether an action in the place of a value writes the first members of a mapping, and more follow on the lines below:
    `labels: {{ include … | nindent 4 }}`.
    """
    following = _INDENT.match(text, end)
    if following is None or _MEMBER.match(text, following.end()) is None:
        return False
    line = text.rfind("\n", max(start - _LONGEST_NAME, 0), start) + 1
    name = _NAME.match(text, line, start)
    if name is None:
        return False
    is_item = name.end(1) == start
    return len(following[1]) > (name[1].rfind("-") if is_item else len(name[1]))


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
