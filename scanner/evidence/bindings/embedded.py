"""Documents inside strings: configuration in a ConfigMap, a heredoc, an environment variable, a block scalar.

As with files, keywords decide which strings to read. The name of the string and its first words decide its format. Prose is not
read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from scanner.evidence.bindings.paths.pair_lists import as_mapping
from scanner.files.formats import formats_of, may_hold
from scanner.files.tree import Format, Mapping, Node, Parsed, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import record

if TYPE_CHECKING:
    from scanner.files.inside import Insides

_SHORTEST = 20
_DEEPEST = 2
# prose for readers
_PROSE = frozenset(
    {"description", "summary", "message", "notes", "run", "script", "title", "help", "comment", "documentation", "pattern"}
)
_SECTION = lazy_pattern(r"\[[\w .\"'-]+\]\s*$", re.MULTILINE)
_BLOCK = lazy_pattern(r"\w++(?:\s++\"[^\"\n]*+\")*+\s*+\{\s*$", re.MULTILINE)
_TERM = lazy_pattern(r"\[\s*+(?:%[^\n]*+\s*+)*+\{\s*+[a-z']\w*+'?\s*+,")
# a quoted value, or a list over several lines: no properties file has them
_QUOTED = lazy_pattern(r"^[^\S\n]*+[\w.-]++\s*+=\s*+(?:\"|\[[^\S\n]*+$)", re.MULTILINE)
_FLAG = lazy_pattern(r"(?:^|\s)(?:--[a-z][\w.-]+[= ]|-D[A-Za-z][\w.-]+=)")
_MEMBER = lazy_pattern(r"^[^\S\n]*+(?:- )?[\w./'\"-]++\s*+:(?:\s|$)", re.MULTILINE)
_SETTING = lazy_pattern(r"^[^\S\n]*+(?:export\s++)?[\w.-]++\s*+=", re.MULTILINE)


@record
class Child:
    """A string read as a document: the string, its content in one of the formats that it may have, its name, and the lower-case
    bytes of name and string.
    """

    string: Scalar
    parsed: Parsed
    name: str
    lower: bytes


def children(
    parsed: Parsed,
    is_candidate: Callable[[bytes], bool],
    choose: Callable[[tuple[Format, ...], bytes], tuple[Format, ...]] = lambda formats, _: formats[:1],
) -> Iterator[Child]:
    """The documents in the strings of a file, and those in their strings, in order. `choose`: of the formats that a string may
    have, those that the signs in it are for. A string that can be read in several comes several times, the likeliest first.
    """
    insides: Insides | None = None
    waiting = [(parsed, 1)]
    for outer, depth in waiting:  # it grows meanwhile
        for name, scalar in _list_strings(outer):
            # the name identifies what a short text alone does not (`JWT_SECRET: {"type": "HS256", …}`)
            lower = f"{name}\n{scalar.text}".lower().encode("utf-8", "surrogatepass")
            formats = choose(_guess_formats(name, scalar.text), lower) if is_candidate(lower) else ()
            if not formats:
                continue
            if insides is None:  # most files have no such string
                from scanner.files.inside import Insides

                insides = Insides(parsed.text)
            readings = (insides.read(scalar, format_) for format_ in formats)
            for number, inner in enumerate(reading for reading in readings if isinstance(reading, Parsed)):
                yield Child(scalar, inner, name, lower)
                if number == 0 and depth < _DEEPEST:
                    waiting.append((inner, depth + 1))


def _list_strings(parsed: Parsed) -> Iterator[tuple[str, Scalar]]:
    """Every text that may contain a document, with its name; a text that aliases share comes once."""
    seen: set[int] = set()
    waiting: list[tuple[str, Node]] = [("", node) for node in reversed(parsed.documents)]
    while waiting:
        name, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            waiting += [(entry.key.text, entry.value) for entry in reversed(node.entries)]
        elif isinstance(node, Sequence):
            pairs = as_mapping(node)
            # the texts of a list that means a mapping are its pairs, by their names
            waiting += [(name, item) for item in reversed(node.items) if pairs is None or not isinstance(item, Scalar)]
            waiting += [(entry.key.text, entry.value) for entry in reversed(pairs.entries)] if pairs else []
        elif _may_be_one(name, node):
            yield name, node


def _may_be_one(name: str, node: Scalar) -> bool:
    text = node.text
    if len(text) < _SHORTEST or node.is_expression or name.lower() in _PROSE:
        return False
    if "\n" in text or text.lstrip()[:1] in ("{", "[", "<") or " --" in text or "LoginModule" in text:
        return True
    return text.startswith(("-D", "--")) or " -D" in text  # JAVA_TOOL_OPTIONS


def _guess_formats(name: str, text: str) -> tuple[Format, ...]:
    """The formats by the name, else by the look of the text; none where neither shows one."""
    if "." in name and may_hold(name):
        said = formats_of(name, text.encode("utf-8", "surrogatepass"))
        if said:
            return said
    look = _guess_by_look(text)
    if look is None or "\n" not in text:
        return () if look is None else (look,)
    return (look, *(each for each in formats_of("", text.encode("utf-8", "surrogatepass")) if each != look))


def _guess_by_look(text: str) -> Format | None:
    start = text.lstrip()
    if "LoginModule" in start[:400]:
        return "jaas"
    if start.startswith("<"):
        return "xml"
    if _SECTION.match(start):
        return "ini"
    if _TERM.match(start):
        return "erlang"
    if start[:1] in ("{", "[") and start[:2] != "{{":
        return "json"
    return _guess_by_lines(start)


def _guess_by_lines(start: str) -> Format | None:
    first = next((line for line in start.splitlines() if line.strip() and line.lstrip()[:1] not in "#/;"), "")
    for pattern, format_ in _LOOKS:
        if pattern.match(first):
            return "ini" if format_ == "properties" and _QUOTED.search(start) else format_
    return "flags" if _FLAG.search(start) else "yaml" if _MEMBER.search(start) else None


_LOOKS: tuple[tuple[re.Pattern[str], Format], ...] = ((_BLOCK, "hcl"), (_MEMBER, "yaml"), (_SETTING, "properties"))
