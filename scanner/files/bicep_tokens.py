"""The tokens of a Bicep text, the ends of its brackets and expressions, and the statements in it.

A string is one token, whatever is in it. The published grammar for tree-sitter cannot read a fifth of the files of Azure's own
module registry (`a!`, `a.?b`, `...a`, imports), so the tokens are ours; of an expression no more than its end is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record

_TOKEN = lazy_pattern(
    r"(?P<blank>[ \t\r\f\ufeff]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|#[^\n]*+)|(?P<line>\n)|(?P<word>[A-Za-z_]\w*+)"
    r"|(?P<number>\d++)|(?P<open>[{\[(])|(?P<close>[}\])])|(?P<quote>\$*+'''|')"
    r"|(?P<mark>\.\.\.|\?\?|[=!<>]=|=>|&&|\|\||[\s\S])"
)
_OF_STRINGS = lazy_pattern(r"\\[\s\S]|\$\{|['{}\n]")
_OPENED = {"}": "{", "]": "[", ")": "("}
# an expression goes on behind one of these, and on the next line before one
_JOINS = frozenset({"?", "??", ":", "&&", "||", "==", "!=", ".", "+", "*", "/", "%", "<", ">", "<=", ">=", "=>", "="})
_STATEMENTS = frozenset(
    {
        "param", "var", "resource", "module", "output", "type", "func", "metadata", "targetScope", "import", "using",
        "extension", "provider", "assert", "test", "extends",
    }
)  # fmt: skip


@record(slots=True)
class Token:
    """One token: its kind, which is a group of the pattern, or `string` or `text` (of several lines); its offsets; and of an
    opening bracket the number of the closing one, -1 where there is none.
    """

    kind: str
    start: int
    end: int
    close: int = -1


class BicepTokens:
    """The tokens of a text between two offsets, without blanks and comments."""

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text
        self.all: list[Token] = []
        # the numbers of the tokens that begin a statement
        self.statements: list[int] = []
        self._read(start, len(text) if end is None else end)

    def word(self, number: int) -> str:
        """What the token is; nothing behind the last one, and of a string."""
        if number >= len(self.all) or self.all[number].kind in ("string", "text"):
            return ""
        return self.text[self.all[number].start : self.all[number].end]

    def kind(self, number: int) -> str:
        """The kind of a token; nothing behind the last one."""
        return self.all[number].kind if number < len(self.all) else ""

    def skip_lines(self, number: int) -> int:
        """The next token that is no end of a line."""
        while self.kind(number) == "line":
            number += 1
        return number

    def behind(self, number: int) -> int:
        """The token behind this one, or behind all that it encloses."""
        close = self.all[number].close
        return (number if close < 0 else close) + 1

    def end_of_expression(self, number: int) -> int:
        """The token behind an expression: a comma, a bracket that was opened before, or the end of a line."""
        while (kind := self.kind(number)) not in ("", "close") and self.word(number) != ",":
            if kind == "line":
                after = self.skip_lines(number)
                if self.word(after) not in _JOINS and self.word(number - 1) not in _JOINS:
                    break
                number = after
            else:
                number = self.behind(number)
        return number

    def _read(self, start: int, end: int) -> None:
        opened: list[int] = []
        begins_line = True
        for token in self._list_tokens(start, end):
            number = len(self.all)
            word = self.text[token.start : token.end] if token.kind in ("word", "mark") else ""
            is_first = begins_line and (word in _STATEMENTS or word == "@")
            # one at the left edge ends whatever has no end before it
            if is_first and (not opened or token.start == 0 or self.text[token.start - 1] == "\n"):
                opened.clear()
                self.statements.append(number)
            begins_line = token.kind == "line"
            self.all.append(token)
            if token.kind == "open":
                opened.append(number)
            elif token.kind == "close":
                self._close(opened, number)

    def _close(self, opened: list[int], number: int) -> None:
        if opened and self.word(opened[-1]) == _OPENED[self.word(number)]:
            at = opened.pop()
            begun = self.all[at]
            self.all[at] = Token(begun.kind, begun.start, begun.end, number)

    def _list_tokens(self, start: int, end: int) -> Iterator[Token]:
        at = start
        while at < end and (found := _TOKEN.match(self.text, at, end)) is not None:
            kind = found.lastgroup or ""
            at = found.end()
            if kind == "quote":
                kind = "text" if found[0].endswith("'''") else "string"
                at = self._end_of_text(at, end) if kind == "text" else end_of_string(self.text, at, end)
            if kind != "blank":
                yield Token(kind, found.start(), at)

    def _end_of_text(self, at: int, end: int) -> int:
        """The offset behind a text of several lines; of more than three quotes the last three end it."""
        found = self.text.find("'''", at, end)
        if found < 0:
            return end
        found += 3
        while found < end and self.text[found] == "'":
            found += 1
        return found


def end_of_string(text: str, at: int, end: int, inside: str = "'") -> int:
    """The offset behind a string, in whose `${…}` may be others; without an end it ends with its line. With `inside="{"` the
    offset behind an interpolation.
    """
    opened = [inside]
    for found in _OF_STRINGS.finditer(text, at, end):
        mark = found[0]
        if opened[-1] == "'":
            if mark == "\n":
                return found.start()
            if mark == "${":
                opened.append("{")
            elif mark == "'":
                opened.pop()
        elif mark == "'":
            opened.append("'")
        elif mark in ("{", "${"):
            opened.append("{")
        elif mark == "}":
            opened.pop()
        if not opened:
            return found.end()
    return end
