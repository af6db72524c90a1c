"""The text that a template takes from the helpers, values and files of its chart: its own bytes need not have the words by
which a platform's configuration is known.

Names are searched, nothing is parsed: a template that mentions a value or a helper gets the whole of its text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from scanner.patterns import lazy_pattern
from scanner.units.files import UnitFiles
from scanner.units.helm.chart import Chart, Templates
from scanner.units.helm.globbing import is_read_alone, list_matching

_NAMED = lazy_pattern(rb"\b(?:include|template)\s{1,9}[\"`]([^\"`\n]{1,200})[\"`]")
_VALUE = lazy_pattern(rb"\.Values\b(?:\.(\w{1,100}))?")
_FILE = lazy_pattern(rb"\.Files\.\w{1,9}\s{1,9}[\"`]([^\"`\n]{1,200})[\"`]")
_DEFINITION = lazy_pattern(rb"\{\{-?\s{0,9}(?:define|block)\s{1,9}[\"`]([^\"`\n]{1,200})[\"`]")
_MEMBER = lazy_pattern(rb"^[\"']?([\w.-]{1,100})[\"']?:", re.MULTILINE)
_COMMENT = lazy_pattern(rb"^[ \t]*+#[^\n]*+\n?", re.MULTILINE)
# the names of any value, of a loaded file, and of whatever a template may take
_ALL_VALUES, LOADED, ANY = b".", b"<file>", b"<any>"
_MOST_FILES = 20
# of one template, in bytes
_MOST_TEXT = 1024 * 1024


class BorrowedText:
    """The texts of the charts of a tree, cut into named templates and members of values."""

    def __init__(self, chart: Chart, values_files: list[str], templates: Templates, files: UnitFiles) -> None:
        self._files = files
        self._helpers: dict[bytes, bytes] = {}
        self._values: dict[bytes, list[bytes]] = {}
        self._closed: dict[bytes, frozenset[bytes]] = {}
        self._known: dict[tuple[bytes, ...], bytes] = {}
        self._add_chart(chart, templates)
        for path in values_files:
            self._add_values(path)

    def _add_chart(self, chart: Chart, templates: Templates) -> None:
        waiting = [chart]
        while waiting:
            found = waiting.pop()
            self._add_values(os.path.join(found.folder, "values.yaml"))
            for file in templates.list_files(found):
                if b"define" in file.data or b"block" in file.data:
                    self._helpers.update(_cut(file.data, list(_DEFINITION.finditer(file.data))))
            waiting += [each.chart for each in found.dependencies]

    def _add_values(self, path: str) -> None:
        file = self._files.read(path)
        text = _COMMENT.sub(b"", file.data) if file is not None else b""
        for name, part in _cut(text, list(_MEMBER.finditer(text))):
            self._values.setdefault(name, []).append(part)

    def of(self, data: bytes, folder: str) -> bytes:
        """What a template takes from elsewhere, in lower case; `folder` is its chart's."""
        names = sorted(self._close(data))
        found = tuple(names), b"\n".join(self._list_files(data, folder))
        if found[0] not in self._known:
            self._known[found[0]] = b"\n".join(text for name in names for text in self._texts(name))[:_MOST_TEXT].lower()
        return self._known[found[0]] + found[1]

    def names_in(self, data: bytes) -> set[bytes]:
        """What a template may take something from: helpers, members of values (`.x`), files."""
        found = self._close(data)
        if _ALL_VALUES in found:
            found |= {b"." + name for name in self._values}
        return found | {ANY} | ({LOADED} if b".Files" in data else set())

    def _texts(self, name: bytes) -> list[bytes]:
        """The texts of a name: `.x` of a value, else of a helper."""
        if name == _ALL_VALUES:
            return [text for texts in self._values.values() for text in texts]
        return self._values.get(name[1:], []) if name[:1] == b"." else [self._helpers[name]]

    def _close(self, data: bytes) -> set[bytes]:
        """The names that a text mentions, and those that the helpers among them mention."""
        found: set[bytes] = set()
        waiting = list(self._mentions(data))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                if name in self._helpers:
                    if name not in self._closed:
                        self._closed[name] = frozenset(self._mentions(self._helpers[name]))
                    waiting += self._closed[name] - found
        return found

    def _mentions(self, data: bytes) -> Iterator[bytes]:
        yield from (name for name in _NAMED.findall(data) if name in self._helpers)
        yield from {b"." + name for name in _VALUE.findall(data)}

    def _list_files(self, data: bytes, folder: str) -> Iterator[bytes]:
        for name in _FILE.findall(data)[:_MOST_FILES]:
            for path in list_matching(folder, name.decode("utf-8", "replace"), self._files)[:_MOST_FILES]:
                file = self._files.read(os.path.join(folder, *path.split("/")))
                if file is not None and not is_read_alone(path, file.data.decode("utf-8", "replace")):
                    yield file.data[:_MOST_TEXT].lower()


def names_at(text: bytes, lines: Iterable[int], *, is_values: bool) -> set[bytes]:
    """The names of the members of values, or of the named templates, that have the lines of a text."""
    starts = [0, *(found.end() for found in re.finditer(b"\n", text))]
    found = list((_MEMBER if is_values else _DEFINITION).finditer(text))
    names: set[bytes] = set()
    for line in lines:
        at = starts[min(line, len(starts)) - 1]
        above = next((each[1] for each in reversed(found) if each.start() <= at), b"")
        names.add(b"." + above if is_values else above)
    return names


def _cut(text: bytes, found: list[re.Match[bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """Each name with the text from it to the next one."""
    for number, each in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        yield each[1], text[each.start() : end]
