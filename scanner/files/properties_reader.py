"""Java `.properties`: a flat mapping of dotted keys for each document; nesting is left to the selectors. `#---` and `!---`
separate documents, as Spring Boot reads them. `java.util.Properties` has an XML form too (`<entry key="a.b">c</entry>`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

_ENTRY = lazy_pattern(r"((?:\\.|[^\\:=\s])*)[ \t\f]*[:=]?[ \t\f]*(.*)", re.DOTALL)
_ESCAPE = lazy_pattern(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SIMPLE = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def read_properties(text: str) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The documents of a properties file; repeated keys are kept, the last one wins for its readers."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _read_xml_form(text)
    documents: list[list[Entry]] = [[]]
    faults: list[Fault] = []
    seen: set[str] = set()
    last_line = 1
    for count, (line, end_line, content, column) in enumerate(_join_lines(text)):
        last_line = end_line
        if count > MOST_NODES:
            raise Refused("it has too many values", line)
        if content[:1] in "#!":
            if content[1:].strip() == "---":
                documents.append([])
                seen = set()
            continue
        found = _ENTRY.match(content)
        if found is None:
            continue
        key = _unescape(found[1])
        if key in seen:
            name = f"`{key[:80]}`" if key.isprintable() else "a key"
            faults.append(Fault("duplicate-member", f"{name} stands twice", line, column))
        seen.add(key)
        written = found[2].rstrip("\r\n")
        value = _unescape(written)
        start = column + found.start(2)
        documents[-1].append(Entry(Scalar(key, key, line, column, line), Scalar(value, value, line, start, end_line)))
    return tuple(
        Mapping(tuple(entries), entries[0].key.line, 1, entries[-1].value.end_line) for entries in documents if entries
    ) or (Mapping((), 1, 1, last_line),), tuple(faults)


def _read_xml_form(text: str) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The entries of `<properties>`; nothing for other XML."""
    from scanner.files.xml_reader import read_xml

    node, faults = read_xml(text)
    top = node.get("properties") if isinstance(node, Mapping) else None
    listed = top.get("entry") if isinstance(top, Mapping) else None
    items = listed.items if isinstance(listed, Sequence) else () if listed is None else (listed,)
    entries = tuple(entry for item in items if (entry := _read_xml_entry(item)) is not None)
    return (Mapping(entries, node.line, node.column, node.end_line),), faults


def _read_xml_entry(item: Node) -> Entry | None:
    key = item.get("@key") if isinstance(item, Mapping) else None
    value = item.get("#text") if isinstance(item, Mapping) else None
    if not isinstance(key, Scalar):
        return None
    return Entry(key, value or Scalar("", "", key.line, key.column, key.end_line))


def _join_lines(text: str) -> Iterator[tuple[int, int, str, int]]:
    """(line, last line, content, column of its first character); a backslash at the end joins the next line."""
    lines = re.split(r"\r\n|\n|\r", text)
    number = 0
    while number < len(lines):
        first = number
        stripped = lines[number].lstrip(" \t\f")
        column = len(lines[number]) - len(stripped) + 1
        content = stripped
        if content and content[0] not in "#!":
            parts = [content]
            while _continues(parts[-1]) and number + 1 < len(lines):
                number += 1
                parts[-1] = parts[-1][:-1]
                parts.append(lines[number].lstrip(" \t\f"))
            content = "".join(parts)
        number += 1
        if content:
            yield first + 1, number, content, column


def _continues(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _SIMPLE.get(found[2], found[2]), text)
