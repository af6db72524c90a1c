"""JAAS configuration: `org.example.LoginModule required issuer="…" jwks="…";`, one mapping for each login module.

Kafka writes such a string into properties, environment variables and custom resources. `#command` is the module's class.
"""

from __future__ import annotations

import re

from scanner.files.align import Lines
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

_MODULE = lazy_pattern(r"LoginModule[\s\\]+(?:required|requisite|sufficient|optional)\b", re.IGNORECASE)
_LONGEST_CLASS = 200
# quotes that a shell or an env file had to escape (`issuer=\"https://…\"`) are quotes
_OPTION = lazy_pattern(
    r'(?<![\w.\-])([\w.\-]++)[ \t]*+=[ \t]*+(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s;"\\][^\s;"]*)|\\"([^"\\]*+)\\"|([^\s;"]+))|;',
    re.DOTALL,
)
_ESCAPE = lazy_pattern(r"\\(.)", re.DOTALL)
# a comment; strings are skipped, and a URL without quotes has no blank before its slashes. What does not end is taken whole,
# so that the rest is not searched again for its end
_COMMENT = lazy_pattern(
    r'(?P<kept>"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z))|/\*.*?(?:\*/|(?P<open>\Z))|(?:^|(?<=\s))//[^\n]*+',
    re.DOTALL | re.MULTILINE,
)


def read_jaas(text: str) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The login modules of a text; Refused where there is none."""
    lines = Lines(text)
    text = _blank_comments(text)
    found: list[Node] = []
    count = 0
    at = 0
    while (module := _MODULE.search(text, at)) is not None:
        start, end = _find_class(text, module.start())
        name = _make_scalar(lines, text[start:end], start, end)
        entries = [Entry(_make_scalar(lines, "#command", start, end), name)]
        at = module.end()
        while (option := _OPTION.search(text, at)) is not None and option[1]:
            count += 1
            if count > MOST_NODES:
                raise Refused("it has too many values", name.line)
            at = option.end()
            group = next(each for each in (2, 3, 4, 5) if option[each] is not None)
            is_quoted = group in (2, 4)
            said = _ESCAPE.sub(r"\1", option[group]) if group == 2 else option[group]
            start = option.start(group) - is_quoted
            key = _make_scalar(lines, option[1], option.start(1), option.end(1))
            entries.append(Entry(key, _make_scalar(lines, said, start, option.end(group), is_quoted=is_quoted)))
        at = option.end() if option else len(text)
        found.append(Mapping(tuple(entries), name.line, name.column, entries[-1].value.end_line))
    if not found:
        raise Refused("not JAAS: there is no login module")
    return tuple(found), ()


def _blank_comments(text: str) -> str:
    """The text with blanks for its comments."""
    if "//" not in text and "/*" not in text:
        return text
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]) if found.lastgroup is None else found[0], text)


def _find_class(text: str, at: int) -> tuple[int, int]:
    """Where the class name around `LoginModule` at `at` begins and ends."""
    start, first = at, max(at - _LONGEST_CLASS, 0)
    while start > first and (text[start - 1].isalnum() or text[start - 1] in "_.$"):
        start -= 1
    return start, at + len("LoginModule")


def _make_scalar(lines: Lines, text: str, start: int, end: int, *, is_quoted: bool = False) -> Scalar:
    line, column = lines.place(start)
    return Scalar(text, text, line, column, lines.place(max(end - 1, start))[0], is_quoted)
