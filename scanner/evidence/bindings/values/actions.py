"""Actions of templates whose result the template itself tells: `{{ "x" }}`, `{{ printf "jwt%s" "Rules" }}`, `{{ 'a' ~ 'b' }}`,
`{{ .Values.kind | default "x" }}` with a value that is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scanner.patterns import lazy_pattern

_TOKEN = lazy_pattern(
    r"\s*+(?:(?P<text>\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|`[^`]*+`)"
    r"|(?P<name>[.$][\w.$-]*+)|(?P<word>\w++)|(?P<mark>[()|~+,]))",
    re.DOTALL,
)
_VERB = lazy_pattern(r"%(?:[sv]|q|%)")
# functions of one text that give another one, by their names in Go's and Jinja's libraries
_STEPS: dict[str, Callable[[str], str]] = {
    "quote": str, "squote": str, "trim": str.strip, "toString": str, "toYaml": str, "string": str, "trimSpace": str.strip,
    "lower": str.lower, "upper": str.upper, "title": str.title, "html": str, "print": str, "tpl": str, "safe": str, "e": str,
}  # fmt: skip
_LONGEST = 2000
_DEEPEST = 8

Lookup = Callable[[str], "str | None"]


def evaluate_action(inside: str, lookup: Lookup) -> str | None:
    """The text that an action gives, without its marks; None where the template alone does not tell it. `lookup` knows values
    by their names, as `.Values.a`.
    """
    if len(inside) > _LONGEST:
        return None
    tokens = list(_list_tokens(inside.strip().strip("-").strip()))
    if not tokens or any(kind == "" for kind, _ in tokens):
        return None
    reader = _Expression(tokens, lookup)
    found = reader.pipeline(0)
    return found if reader.at == len(tokens) else None


def _list_tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            yield "", ""
            return
        yield found.lastgroup or "", found[0].strip()
        at = found.end()


class _Expression:
    """Reads the tokens of one action from left to right."""

    def __init__(self, tokens: list[tuple[str, str]], lookup: Lookup) -> None:
        self.tokens = tokens
        self.lookup = lookup
        self.at = 0

    def peek(self) -> tuple[str, str]:
        """The next token; two empty texts at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def take(self, mark: str) -> bool:
        """Whether the next token is that mark, which is then read."""
        is_next = self.peek() == ("mark", mark)
        self.at += is_next
        return is_next

    def pipeline(self, depth: int) -> str | None:
        """Commands between `|`, each with the result of the one before as its last argument."""
        found = self.command(None, depth)
        while self.take("|"):
            found = self.command([found], depth)
        return found

    def command(self, piped: list[str | None] | None, depth: int) -> str | None:
        """A function with its arguments, or a value, or values joined by `~`."""
        kind, word = self.peek()
        if kind == "word":
            self.at += 1
            return _call(word, [*self.list_values(depth), *(piped or [])])
        if piped is not None:
            return None
        parts = [self.value(depth)]
        while self.take("~") or self.take("+"):
            parts.append(self.value(depth))
        return _join(parts)

    def list_values(self, depth: int) -> list[str | None]:
        """The arguments of a function, in Go's form or in Jinja's."""
        found: list[str | None] = []
        while self.peek()[0] in ("text", "name", "word") or self.peek() == ("mark", "("):
            found += self._list_in_brackets(depth) if self.peek()[1] == "(" else [self.value(depth)]
        return found

    def _list_in_brackets(self, depth: int) -> list[str | None]:
        self.at += 1
        found = [self.pipeline(depth + 1) if depth < _DEEPEST else None]
        while self.take(","):
            found.append(self.pipeline(depth + 1))
        return found if self.take(")") else [None]

    def value(self, depth: int) -> str | None:
        """A literal, a name that is known, or an expression in brackets."""
        kind, word = self.peek()
        if (kind, word) == ("mark", "("):
            return _join(self._list_in_brackets(depth))
        self.at += 1
        if kind == "text":
            return word[1:-1] if word[0] == "`" else word[1:-1].replace('\\"', '"').replace("\\n", "\n")
        return self.lookup(word.removeprefix("$")) if kind == "name" else None


def _join(parts: list[str | None]) -> str | None:
    return None if None in parts else "".join(part for part in parts if part is not None)


def _call(function: str, arguments: list[str | None]) -> str | None:
    if function == "default" and arguments:
        # Go's order: the default, then the value; a value that nobody knows is left out
        return next((each for each in reversed(arguments) if each), None)
    known = [each for each in arguments if each is not None]
    if not known or len(known) != len(arguments):
        return None
    if function == "printf":
        return _print(known[0], known[1:])
    if function in ("print", "cat") or (function in _STEPS and len(known) == 1):
        return _STEPS.get(function, str)("".join(known))
    if function == "replace" and len(known) == 3:
        return known[2].replace(known[0], known[1])
    return None


def _print(pattern: str, values: list[str]) -> str | None:
    waiting = iter(values)
    try:
        made = _VERB.sub(lambda found: "%" if found[0] == "%%" else next(waiting), pattern)
    except (StopIteration, RuntimeError):
        return None
    return made if "%" not in pattern.replace("%%", "").replace("%s", "").replace("%v", "").replace("%q", "") else None
