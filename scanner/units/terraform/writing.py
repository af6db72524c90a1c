"""Known values written as HCL, each with the place where it is used and those that it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.files.hcl_functions import is_open, text_of
from scanner.files.hcl_scope import Part, Place, Trace
from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import changed, record
from scanner.units.made import Piece
from scanner.units.terraform.places import FilePlaces

_MARK = lazy_pattern(r"(?<![$%])([$%])\{")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_DEEPEST = 40
# ends a text of several lines
_MARKER = "JWKSGOV_END_OF_TEXT"
_LINE_END = "\n"


@record(slots=True)
class Use:
    """An expression that is replaced by its value: its place and end, and its text. `is_structured`: the value is more than a
    text or a list of texts.
    """

    start: Place
    end: Place
    written: str
    is_structured: bool = False

    def holds(self, place: Place) -> bool:
        """Whether a value is written in the expression itself."""
        return self.start <= place < self.end


def is_structured(value: Node) -> bool:
    """Whether a value is a document or a part of one: a mapping, or a text of several lines."""
    if isinstance(value, Scalar):
        return isinstance(value.value, str) and "\n" in value.value.strip()
    return isinstance(value, Mapping) or any(map(is_structured, value.items))


def quote(text: str) -> str:
    """The inside of a quoted string that means the text."""
    return mark_plain(text).translate(_ESCAPES)


def mark_plain(text: str) -> str:
    """The text with its `${` as one that is no template."""
    return _MARK.sub(r"\1\1{", text) if "{" in text else text


class ValueWriter:
    """Writes the values of one module. `is_home`: whether the structured values of a file are told where they are written, not
    where they are used.
    """

    def __init__(self, places: FilePlaces, trace: Trace, is_home: Callable[[str], bool]) -> None:
        self._places = places
        self._trace = trace
        self._is_home_file = is_home

    def write(self, value: Node, use: Use, used: tuple[Place, ...]) -> Iterator[Piece]:
        """The pieces of a value. `used`: the places of what decided it."""
        use = changed(use, is_structured=is_structured(value))
        parts = self._trace.parts_of(value) if use.is_structured and isinstance(value, Scalar) else ()
        if parts and not any(_MARKER in part.text for part in parts):
            yield from self._write_heredoc(parts, use)
        elif isinstance(value, Scalar):
            yield from self._write_scalar(value, use, used)
        else:
            yield from self._write_node(value, use, 0)

    def _is_home(self, use: Use, place: Place) -> bool:
        """Whether a part of a value is told at its own place."""
        if use.holds(place):
            return use.start != place
        return use.is_structured and self._is_home_file(self._places.path_of(place[0]))

    def piece(self, text: str, use: Use, places: tuple[Place, ...]) -> Piece:
        """Text that stands where the expression is, and comes from these places."""
        at = self._places.origin(use.start)
        origins = [self._places.origin(place) for place in dict.fromkeys(places) if not use.holds(place)]
        return Piece(text, at, origins=tuple(each for each in dict.fromkeys(origins) if each != at), written=use.written)

    def _write_node(self, node: Node, use: Use, depth: int) -> Iterator[Piece]:
        if isinstance(node, Scalar):
            yield from self._write_scalar(node, use, ())
        elif depth > _DEEPEST:
            yield self.piece(use.written, use, ())
        elif isinstance(node, Sequence):
            yield self._mark("[", use)
            for item in node.items:
                yield from self._write_node(item, use, depth + 1)
                yield self._mark(", ", use)
            yield self._mark("]", use)
        else:
            yield from self._write_mapping(node, use, depth)

    def _write_mapping(self, node: Mapping, use: Use, depth: int) -> Iterator[Piece]:
        yield self._mark("{ ", use)
        for entry in node.entries:
            yield from self._write_key(entry.key, use)
            yield self._mark(" = ", use)
            yield from self._write_node(entry.value, use, depth + 1)
            yield self._mark(", ", use)
        yield self._mark("}", use)

    def _write_key(self, key: Scalar, use: Use) -> Iterator[Piece]:
        if is_open(key):
            yield self.piece(f"({key.text})", use, ())
        else:
            text = text_of(key)
            yield self._own(f'"{quote(key.text if text is None else text)}"', key, use, ())

    def _write_scalar(self, node: Scalar, use: Use, used: tuple[Place, ...]) -> Iterator[Piece]:
        parts = self._trace.parts_of(node)
        if is_open(node):
            yield self._own(node.text, node, use, used)
        elif not isinstance(node.value, str):
            text = (
                "null" if node.value is None else str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
            )
            yield self._own(text, node, use, used)
        elif parts and "\n" in node.value:
            yield self._mark('"', use)
            for line in _list_lines(parts):
                text = "".join(map(_write_part, line))
                places = tuple(place for part in line for place in (part.place, *part.places))
                yield from self._write_line(line) if self._is_home(use, line[0].place) else [self.piece(text, use, places)]
            yield self._mark('"', use)
        else:
            text = "".join(map(_write_part, parts)) if parts else quote(node.value)
            places = tuple(place for part in parts for place in part.places)
            yield self._own(f'"{text}"', node, use, (*places, *used))

    def _own(self, text: str, node: Scalar, use: Use, places: tuple[Place, ...]) -> Piece:
        """A scalar: at its own place where that is in the expression."""
        place = node.line, node.column
        if self._is_home(use, place):
            return self._at_home(text, place, (*places, *self._trace.places_of(node)), "")
        return self.piece(text, use, (place, *places, *self._trace.places_of(node)))

    def _write_heredoc(self, parts: tuple[Part, ...], use: Use) -> Iterator[Piece]:
        """A text of several lines: what is literal in it is a copy of its lines."""
        yield self._mark(f"<<{_MARKER}\n", use)
        for part in parts:
            text = part.text if part.is_open else mark_plain(part.text)
            if not self._is_home(use, part.place):
                yield self.piece(text, use, (part.place, *part.places))
            elif part.written or text != part.text:
                yield self._at_home(text, part.place, part.places, part.written)
            else:
                yield Piece(text, self._places.origin(part.place), is_copy=True)
        yield Piece(f"{'' if parts[-1].text.endswith(_LINE_END) else _LINE_END}{_MARKER}\n")

    def _write_line(self, line: list[Part]) -> Iterator[Piece]:
        """The parts of a line of a text, each where it is written."""
        for part in line:
            yield self._at_home(_write_part(part), part.place, part.places, part.written)

    def _at_home(self, text: str, place: Place, places: tuple[Place, ...], written: str) -> Piece:
        at = self._places.origin(place)
        origins = dict.fromkeys(self._places.origin(each) for each in places if each != place)
        return Piece(text, at, origins=tuple(each for each in origins if each != at), written=written)

    def _mark(self, text: str, use: Use) -> Piece:
        return Piece(text, self._places.origin(use.start))


def _write_part(part: Part) -> str:
    return part.text if part.is_open else quote(part.text)


def _list_lines(parts: tuple[Part, ...]) -> Iterator[list[Part]]:
    """The parts line by line."""
    line: list[Part] = []
    for part in parts:
        line.append(part)
        if part.text.endswith("\n"):
            yield line
            line = []
    if line:
        yield line
