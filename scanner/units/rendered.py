"""A unit that an installed program renders: what it writes takes the place of what we make ourselves.

The places are those of our own texts, where both say the same thing at the same point of the same manifest; else that of the
nearest such point around it, or of the file that the manifest comes from.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from scanner.files.align import Lines, align
from scanner.files.read import read_text
from scanner.files.tree import Mapping, Node, Parsed, Scalar
from scanner.files.tree import Sequence as List
from scanner.files.yaml_reader import split_documents
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.document import Document
from scanner.sources.rendering import NotRendered, Rendering
from scanner.units.asked import Asked
from scanner.units.files import UnitFiles
from scanner.units.made import FoundPlace, Made, MadeText, OpenPart, Origin, Piece
from scanner.units.unit import Unit

Render = Callable[[Rendering, str], "str | NotRendered"]

# Helm's comment before each manifest, with the chart's name first
_SOURCE = lazy_pattern(r"^# Source: [^/\n]{1,300}/([^\n]{1,1000})$", 8)
# kustomize adds a hash to the name of what it generates
_HASH = lazy_pattern(r"-[24-9bcdfghkmt]{10}\Z")
_HASHED = ("ConfigMap", "Secret")
_NAME = "manifests.yaml"


@runtime_checkable
class Renderable(Unit, Protocol):
    """A unit that a program can render."""

    def renderings(self) -> tuple[Asked, ...]:
        """What is to be rendered, for each variant and the base."""


class RenderedUnit:
    """A unit as a program renders it. Where the program does not: as we make it, and that is told."""

    def __init__(self, unit: Renderable, render: Render, files: UnitFiles) -> None:
        self._unit = unit
        self._render = render
        self._files = files
        self._asked = unit.renderings()
        self._rendered: list[str | NotRendered] | None = None
        self._made: dict[object, tuple[Made, ...]] = {}
        self.name = unit.name
        self.variants = unit.variants
        self.left_out_variants = unit.left_out_variants
        self.is_base_deployed = unit.is_base_deployed
        self.replaces = unit.replaces

    def make(self, document: Document) -> tuple[Made, ...]:
        """The rendered texts in which something of the document may stand."""
        own = self._unit.make(document)
        key: object = (document.path, own) if self._is_by_file() else tuple(map(id, own))
        if key not in self._made:
            self._made[key] = tuple(self._make(document, own))
        return self._made[key]

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """Why something is not rendered; where all is, nothing is open."""
        reasons = {each.because for each in self._texts() if isinstance(each, NotRendered)}
        parts = (OpenPart(each, Origin(document.path, 1, 1)) for each in sorted(reasons))
        return (*self._unit.open_parts(document), *parts) if reasons else ()

    def _is_by_file(self) -> bool:
        """Whether each manifest is of one file, as those of a chart."""
        return any(each.rendering.program == "helm" for each in self._asked)

    def _texts(self) -> list[str | NotRendered]:
        if self._rendered is None:
            self._rendered = []
            costly: NotRendered | None = None
            for each in self._asked:
                text = costly or self._render(each.rendering, self._files.root)
                self._rendered.append(text)
                if isinstance(text, NotRendered) and text.is_costly:
                    costly = text
        return self._rendered

    def _make(self, document: Document, own: tuple[Made, ...]) -> Iterator[Made]:
        for asked, text in zip(self._asked, self._texts(), strict=True):
            ours = [each for each in own if each.variant == asked.variant]
            if isinstance(text, NotRendered):
                yield from ours
                continue
            source = _file_in_chart(document, asked.rendering.folder) if asked.rendering.program == "helm" else None
            part = _only_of(text, source) if source is not None else text
            if part.strip():
                yield Made(place_text(part, ours, Origin(document.path, 1, 1)), "yaml", _NAME, asked.variant)


def _file_in_chart(document: Document, chart: str) -> str:
    return os.path.relpath(os.path.realpath(document.origin or ""), chart).replace(os.sep, "/")


def _only_of(text: str, source: str) -> str:
    """The manifests of a rendered chart that come from one file."""
    chosen = []
    for _, _, part in split_documents(text):
        found = _SOURCE.search(part)
        if found is not None and found[1].strip() == source:
            chosen.append(part if part.endswith("\n") else f"{part}\n")
    return "".join(chosen)


def place_text(text: str, own: Sequence[Made], fallback: Origin) -> MadeText:
    """A rendered text with the places that our own texts of the same thing have."""
    parsed = read_text(text, "yaml")
    if not isinstance(parsed, Parsed):
        return MadeText([Piece(text, fallback)])
    placing = _Placing(text, fallback)
    ours = [tree for made in own for tree in _OwnTree.of(made)]
    for node in parsed.documents:
        placing.take(node, _choose(node, ours))
    return MadeText(placing.pieces())


@record
class _OwnTree:
    """A manifest of a text of ours, and the lines of that text."""

    node: Node
    made: Made
    lines: Lines

    @staticmethod
    def of(made: Made) -> Iterator[_OwnTree]:
        parsed = read_text(made.text.text, made.format)
        lines = Lines(made.text.text)
        if isinstance(parsed, Parsed):
            yield from (_OwnTree(node, made, lines) for node in parsed.documents)


def _choose(node: Node, ours: list[_OwnTree]) -> _OwnTree | None:
    """Our manifest of the same kind and name; where a name is not resolved, the next one of the kind."""
    kind, name = _identity(node)
    same = [each for each in ours if _identity(each.node)[0] == kind]
    found = next((each for each in same if _identity(each.node)[1] == name), None)
    if found is None:
        found = next((each for each in same if "{{" in _identity(each.node)[1]), None)
    if found is not None:
        ours.remove(found)
    return found


def _identity(node: Node) -> tuple[str, str]:
    kind = node.get("kind") if isinstance(node, Mapping) else None
    meta = node.get("metadata") if isinstance(node, Mapping) else None
    name = meta.get("name") if isinstance(meta, Mapping) else None
    kind_text = kind.text if isinstance(kind, Scalar) else ""
    name_text = name.text if isinstance(name, Scalar) else ""
    return kind_text, _HASH.sub("", name_text) if kind_text in _HASHED else name_text


class _Placing:
    """Collects the places of a rendered text, each from a point of it on."""

    def __init__(self, text: str, fallback: Origin) -> None:
        self._text = text
        self._lines = Lines(text)
        self._fallback = FoundPlace(fallback)
        self._places: dict[int, FoundPlace] = {}
        # how many characters stand in the file as they do here
        self._copied: dict[int, int] = {}
        self._own: _OwnTree | None = None

    def take(self, node: Node, own: _OwnTree | None) -> None:
        """Place a manifest by ours."""
        self._own = own
        near = self._find(own.node) if own is not None else None
        self._walk(node, own.node if own is not None else None, near or self._fallback)

    def pieces(self) -> Iterator[Piece]:
        """The text, cut where places begin."""
        starts = sorted(self._places)
        yield Piece(self._text[: starts[0]] if starts else self._text, None if starts else self._fallback.at)
        for start, end in zip(starts, [*starts[1:], len(self._text)], strict=True):
            place, middle = self._places[start], start + self._copied.get(start, 0)
            yield Piece(self._text[start:middle], place.at, is_copy=True, origins=place.origins, written=place.written)
            yield Piece(self._text[middle:end], place.at, origins=place.origins, written=place.written)

    def _walk(self, node: Node, own: Node | None, near: FoundPlace) -> None:
        place = (self._find(own) if own is not None else None) or near
        self._places.setdefault(self._lines.offset(node.line, node.column), place)
        if isinstance(node, Scalar):
            self._place_lines(node, own, place)
        elif isinstance(node, List):
            for number, item in enumerate(node.items):
                self._walk(item, _item(own, item, number), place)
        else:
            for entry in node.entries:
                mine = own.entry(entry.key.text) if isinstance(own, Mapping) else None
                self._walk(entry.key, mine.key if mine is not None else None, place)
                self._walk(entry.value, mine.value if mine is not None else None, place)

    def _find(self, own: Node) -> FoundPlace | None:
        assert self._own is not None
        length = len(own.text) if isinstance(own, Scalar) else 1
        return self._own.made.text.find(own.line, own.column, length)

    def _place_lines(self, node: Scalar, own: Node | None, place: FoundPlace) -> None:
        """Place each line of a text of several lines."""
        if "\n" not in node.text:
            return
        ours = self._lines_of(own) if isinstance(own, Scalar) and self._own is not None else {}
        offsets, start = align(self._lines, node), 0
        for number, line in enumerate(node.text.split("\n")):
            if start < len(offsets):
                same = ours.get((number, line))
                self._places[offsets[start]] = same or ours.get((-1, _setting_of(line))) or place
                if same is not None and not same.written:
                    self._copied[offsets[start]] = len(line)
            start += len(line) + 1

    def _lines_of(self, own: Scalar) -> dict[tuple[int, str], FoundPlace]:
        """The places of the lines of a text of ours: by number and text, and by what they set."""
        assert self._own is not None
        found: dict[tuple[int, str], FoundPlace] = {}
        offsets, start = align(self._own.lines, own), 0
        for number, line in enumerate(own.text.split("\n")):
            if start < len(offsets):
                at = self._own.made.text.find(*self._own.lines.place(offsets[start]), len(line))
                if at is not None:
                    found[number, line] = found[-1, _setting_of(line)] = at
            start += len(line) + 1
        return found


def _setting_of(line: str) -> str:
    """What a line of a configuration sets, as far as it stands on the line."""
    return line.partition("=")[0].partition(": ")[0].rstrip(":")


def _item(own: Node | None, item: Node, number: int) -> Node | None:
    """Our item of a list: of the same name, else at the same position."""
    if not isinstance(own, List):
        return None
    if isinstance(item, Mapping) and isinstance(name := item.get("name"), Scalar):
        for each in own.items:
            if isinstance(each, Mapping) and isinstance(mine := each.get("name"), Scalar) and mine.text == name.text:
                return each
    return own.items[number] if number < len(own.items) else None
