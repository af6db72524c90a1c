"""Writes the resources of a build as one text. A document that nothing changed is a copy of its file; of a changed one, each
scalar is a piece with its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from scanner.files.yaml_reader import resolve
from scanner.patterns import lazy_pattern
from scanner.record import changed
from scanner.units.kustomize.budget import MOST_PIECES, MOST_TEXT, TooMuch
from scanner.units.kustomize.placed import Items, Leaf, Map, Placed
from scanner.units.kustomize.resource import Resource, Written
from scanner.units.made import MadeText, Origin, Piece

# a plain scalar of YAML, for sure
_PLAIN = lazy_pattern(r"[A-Za-z0-9_./$(][\w./@+=,;~$()-]*+(?::[\w./@+=,;~$()-]++)*+")
_LIKE_BOOLEANS = frozenset({"y", "n", "yes", "no", "on", "off", "null", "true", "false"})
# what a block scalar cannot hold, or a reader would change
_NO_BLOCK = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_STEP = 2


def make_text(resources: Iterable[Resource]) -> MadeText:
    """The text of the resources; TooMuch where it is too large."""
    pieces: list[Piece] = []
    length = 0
    for each in resources:
        for piece in _document(each):
            pieces.append(piece)
            length += len(piece.text)
            if length > MOST_TEXT or len(pieces) > MOST_PIECES:
                raise TooMuch("what its kustomization makes of it is too large")
    return MadeText(pieces)


def _document(resource: Resource) -> Iterator[Piece]:
    yield Piece("---\n")
    written = resource.written
    if written is not None and written.node is resource.node:
        yield from _copy(written)
    else:
        yield from _members(resource.node, 0)


def _copy(written: Written) -> Iterator[Piece]:
    text, line = written.text, written.before + 1
    if text.startswith("---"):
        # the mark stands already; what follows it on its line is the document's
        text = f"   {text[3:]}"
    yield Piece(text, Origin(written.path, line, 1), is_copy=True)
    if not text.endswith("\n"):
        yield Piece("\n")


def _members(node: Map, indent: int, *, is_first_inline: bool = False) -> Iterator[Piece]:
    if not node.members:
        yield Piece("{}\n", node.at)
    for number, each in enumerate(node.members):
        yield Piece(" " * (0 if is_first_inline and number == 0 else indent))
        yield _key(each.key)
        yield Piece(":")
        yield from _value(each.value, indent)


def _value(node: Placed, indent: int) -> Iterator[Piece]:
    """A value after `name:`."""
    if isinstance(node, Leaf):
        yield Piece(" ")
        yield from _scalar(node, indent + _STEP)
    elif isinstance(node, Map):
        yield Piece("\n" if node.members else " ")
        yield from _members(node, indent + _STEP)
    elif not node.items:
        yield Piece(" ")
        yield Piece("[]\n", node.at, origins=node.origins)
    else:
        yield Piece("\n")
        yield from _items(node, indent)


def _items(node: Items, indent: int, *, is_first_inline: bool = False) -> Iterator[Piece]:
    for number, each in enumerate(node.items):
        yield Piece(" " * (0 if is_first_inline and number == 0 else indent))
        yield Piece("- ", node.at, origins=node.origins) if number == 0 else Piece("- ")
        if isinstance(each, Leaf):
            yield from _scalar(each, indent + _STEP)
        elif isinstance(each, Map):
            yield from _members(each, indent + _STEP, is_first_inline=True)
        elif each.items:
            yield from _items(each, indent + _STEP, is_first_inline=True)
        else:
            yield Piece("[]\n", each.at, origins=each.origins)


def _key(key: Leaf) -> Piece:
    text = key.text if _is_plain(key.text) else json.dumps(key.text, ensure_ascii=False)
    return Piece(text, key.at(), origins=key.origins())


def _scalar(leaf: Leaf, indent: int) -> Iterator[Piece]:
    scalar, text = leaf.scalar, leaf.text
    if not isinstance(scalar.value, str):
        yield Piece(text or "null", leaf.at(), origins=leaf.origins())
    elif _is_plain(text):
        yield Piece(text, leaf.at(), is_copy=not scalar.is_quoted, origins=leaf.origins())
    elif "\n" in text and not scalar.is_masked and not _NO_BLOCK.search(text):
        yield from _block(leaf, indent)
        return
    else:
        yield Piece(_quote(text), leaf.at(), origins=leaf.origins())
    yield Piece("\n")


def _quote(text: str) -> str:
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    # DEL and what follows it are no printable characters of YAML, and JSON leaves them as they are
    return json.dumps(text, ensure_ascii=bool(_NO_BLOCK.search(text)))


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or not text.isascii() or text.lower() in _LIKE_BOOLEANS:
        return False
    return isinstance(resolve(text), str)


def _block(leaf: Leaf, indent: int) -> Iterator[Piece]:
    """A text of several lines, each with its place."""
    text = leaf.text
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomp = "-" if ends == 0 else "" if ends == 1 and body else "+"
    mark = str(_STEP) if text[:1] in (" ", "\n", "\t") else ""
    yield Piece(f"|{mark}{chomp}\n", leaf.at(), origins=leaf.origins())
    lines = text.split("\n")
    if ends:
        lines.pop()
    for line, at, is_copy, origins in _places(leaf, lines):
        if line:
            yield Piece(" " * indent)
            yield Piece(line, at, is_copy=is_copy, origins=origins)
        yield Piece("\n")


def _places(leaf: Leaf, lines: list[str]) -> Iterator[tuple[str, Origin, bool, tuple[Origin, ...]]]:
    """Each line of a text with its place, whether it stands there as it is, and the places of lines that it replaces."""
    starts = _starts(leaf)
    below = _lines_below(leaf.lower) if leaf.lower is not None else {}
    origins, at = leaf.origins(), 0
    for line in lines:
        place, is_copy = leaf.at(), False
        if at in starts:
            offset = starts[at]
            place = leaf.source.place(*leaf.source.lines.place(offset))
            is_copy = leaf.source.lines.text.startswith(line, offset)
        yield line, place, is_copy, below.get(_line_name(line), origins)
        at += len(line) + 1


def _starts(leaf: Leaf) -> dict[int, int]:
    """The offset in its file of each line of a text, by the offset in the text."""
    offsets, text = leaf.offsets(), leaf.text
    found, at = {}, 0
    while 0 <= at < len(offsets):
        found[at] = offsets[at]
        at = text.find("\n", at) + 1 or -1
    return found


def _lines_below(lower: Leaf) -> dict[str, tuple[Origin, ...]]:
    """The places of the lines of a text that is replaced, by what they set; lines that say the same are left out."""
    found: dict[str, tuple[Origin, ...]] = {}
    again: set[str] = set()
    lines = lower.text.split("\n")
    for line, place, _, origins in _places(lower, lines) if len(lines) > 1 else ():
        name = _line_name(line)
        again.update({name} & found.keys())
        found[name] = (changed(place, role="base"), *origins)
    return {name: places for name, places in found.items() if name not in again}


def _line_name(line: str) -> str:
    """What a line of a configuration sets, as far as it stands on the line."""
    return line.partition("=")[0].partition(": ")[0].rstrip(":")
