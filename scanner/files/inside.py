"""Configuration inside a string of another file: a ConfigMap's value, a heredoc, JSON in an environment variable.

`Insides` reads such a scalar as a file of its own and gives a tree whose every position is the outer file's. Where the decoded
text cannot be aligned (base64, an unknown escape) the position is that of the string.
"""

from __future__ import annotations

from scanner.files.align import Lines, align
from scanner.files.limits import LARGEST_FILE
from scanner.files.read import read_text
from scanner.files.tree import Entry, Fault, Format, HiddenText, InlineWaiver, Mapping, Node, Parsed, Scalar, Sequence, Unparsed


class Insides:
    """The strings of one file, read as files: `Insides(parsed.text)`, then `read` for each scalar of its trees, or of a tree
    that `read` gave. Each scalar is read once; together they may hold `most` characters.
    """

    def __init__(self, text: str, *, most: int = 2 * LARGEST_FILE) -> None:
        self._lines = Lines(text)
        self._done: dict[tuple[int, Format], tuple[Scalar, Parsed | Unparsed]] = {}
        self._left = most

    def read(self, scalar: Scalar, format_: Format) -> Parsed | Unparsed:
        """The scalar's text as trees of `format_` in the outer file's lines and columns, or the reason why not."""
        key = id(scalar), format_
        if key not in self._done:
            self._done[key] = scalar, self._read(scalar, format_)  # the scalar is kept: its id must stay its own
        return self._done[key][1]

    def _read(self, scalar: Scalar, format_: Format) -> Parsed | Unparsed:
        self._left -= len(scalar.text)
        if self._left < 0:
            return Unparsed("the file's strings are too large together", scalar.line, scalar.column)
        read = read_text(scalar.text, format_)
        places = _OuterPlaces(self._lines, scalar)
        if isinstance(read, Unparsed):
            return Unparsed(read.because, *places.of(read.line or 1, read.column or 1))
        return places.move_places(read)

    def base64(self, scalar: Scalar) -> Scalar | None:
        """The text that the scalar encodes as base64 or base64url, at the scalar's own place; None for other text."""
        from scanner.files.base64_text import decode_text

        self._left -= len(scalar.text)
        text = decode_text(scalar.text) if self._left >= 0 else None
        if text is None:
            return None
        return Scalar(text, text, scalar.line, scalar.column, scalar.end_line, is_quoted=True)


class _OuterPlaces:
    """From a place in a string to the place in the file around it."""

    def __init__(self, lines: Lines, scalar: Scalar) -> None:
        self._lines = lines
        self._scalar = scalar
        self._starts = Lines(scalar.text)
        self._offsets = align(lines, scalar)
        self._moved: dict[int, Node] = {}

    def of(self, line: int, column: int) -> tuple[int, int]:
        """The outer line and column of an inner line and column."""
        offset = self._starts.offset(line, column)
        if offset < len(self._offsets):
            return self._lines.place(self._offsets[offset])
        if self._offsets and len(self._offsets) == len(self._scalar.text):  # the end of the text
            end_line, end_column = self._lines.place(self._offsets[-1])
            return end_line, end_column + 1
        return self._scalar.line, self._scalar.column

    def end(self, line: int) -> int:
        """The outer line on which an inner line ends."""
        return max(self.of(line, self._starts.length(line) or 1)[0], self._scalar.line)

    def move_places(self, read: Parsed) -> Parsed:
        """The result of reading, with the outer file's places."""
        return Parsed(
            read.format,
            tuple(self._node(node) for node in read.documents),
            tuple(Fault(fault.kind, fault.message, *self.of(fault.line, fault.column)) for fault in read.faults),
            tuple(self._waiver(waiver) for waiver in read.waivers),
            read.is_masked,
            read.text,
            tuple(HiddenText(each.text, *self.of(each.line, each.column)) for each in read.hidden),
        )

    def _waiver(self, waiver: InlineWaiver) -> InlineWaiver:
        return InlineWaiver(
            waiver.rules,
            waiver.reason,
            waiver.members,
            self.of(waiver.line, 1)[0],
            self.of(waiver.first_line, 1)[0],
            self.end(waiver.last_line),
        )

    def _node(self, node: Node) -> Node:
        """The node with moved places; a node that aliases share stays shared."""
        if id(node) not in self._moved:
            self._moved[id(node)] = self._scalar_moved(node) if isinstance(node, Scalar) else self._collection(node)
        return self._moved[id(node)]

    def _scalar_moved(self, node: Scalar) -> Scalar:
        line, column = self.of(node.line, node.column)
        end_line = self.end(node.end_line)
        return Scalar(node.text, node.value, line, column, end_line, node.is_quoted, node.is_masked, node.is_expression)

    def _collection(self, node: Mapping | Sequence) -> Node:
        line, column = self.of(node.line, node.column)
        end_line = self.end(node.end_line)
        if isinstance(node, Sequence):
            return Sequence(tuple(self._node(item) for item in node.items), line, column, end_line)
        entries = tuple(Entry(self._scalar_moved(entry.key), self._node(entry.value)) for entry in node.entries)
        return Mapping(entries, line, column, end_line)
