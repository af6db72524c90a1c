"""Settings of several files laid over each other, and the text that a platform would see if they were one file.

Pure: no files, no platform. What the layers are, and in which order, is for the kind of unit to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from scanner.files.align import Lines, align
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import changed, record
from scanner.units.made import MadeText, Origin, Piece

# a name in one form for all its spellings
Names = Callable[[str], str]
# parts of a name; what is deeper stays a dotted name
_MOST_PARTS = 32
# a dotted name: an index or a quoted part is one part, whatever is in it
_PART = lazy_pattern(r"\[[^\[\]]*+\]|\"[^\"]*+\"|[^.\[\"]++|[\[\"]")
_INDEX = lazy_pattern(r"\[[0-9]{1,6}\]")
# as YAML and JSON read it alike without quotes
_PLAIN = lazy_pattern(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
# characters that a double-quoted text of YAML may not have, or takes for a line end; lone surrogates cannot be written at all
_UNPRINTABLE = lazy_pattern("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")


@record(slots=True)
class LayerFile:
    """The file of a layer: its report path, and its text, in which the lines of long values are looked up."""

    path: str
    text: str = ""


@lru_cache(maxsize=8)
def lines_of(text: str) -> Lines:
    """The lines of a file's text; a file has many values."""
    return Lines(text)


@record(slots=True)
class LayerSetting:
    """One setting as a layer has it: the parts of its name as written (`[0]` for an item of a list), its key and its value, a
    scalar or an empty list or mapping. `filled`: what a reference in the value comes to, None where there is none;
    `origins`: the places that it comes from.
    """

    parts: tuple[str, ...]
    key: Scalar
    value: Node
    file: LayerFile
    filled: str | None = None
    origins: tuple[Origin, ...] = ()

    @property
    def text(self) -> str:
        """The text of its value, filled in; empty for an empty list or mapping."""
        if self.filled is not None:
            return self.filled
        return self.value.text if isinstance(self.value, Scalar) else ""

    def place(self, node: Node, *, base: bool = False) -> Origin:
        """The place of its key or value."""
        return Origin(self.file.path, node.line, node.column, "base" if base else "value")


@record(slots=True)
class LaidSetting:
    """A setting that counts, and those of lower layers that it replaces, the nearest first."""

    top: LayerSetting
    below: tuple[LayerSetting, ...] = ()

    def origins(self, *, of_key: bool = False) -> tuple[Origin, ...]:
        """The further places of its value or key: where references lead, then what it replaces."""
        bases = (each.place(each.key if of_key else each.value, base=True) for each in self.below)
        return tuple(dict.fromkeys((*(() if of_key else self.top.origins), *bases)))


def is_index(part: str) -> bool:
    """Whether a part of a name is an item of a list."""
    return _INDEX.fullmatch(part) is not None


def split_name(name: str) -> tuple[str, ...]:
    """The parts of a dotted name: `a.b[0].c` has four."""
    if "[" not in name and '"' not in name:
        return tuple(name.split("."))
    return tuple(_PART.findall(name))


def flatten(node: Node, file: LayerFile, split: Callable[[str], tuple[str, ...]] = split_name) -> Iterator[LayerSetting]:
    """Every setting of a document, in order; nests and lists are names. Refused where there are too many."""
    waiting: list[tuple[tuple[str, ...], Scalar | None, Node]] = [((), None, node)]
    count = 0
    while waiting:
        parts, key, value = waiting.pop()
        count += 1
        if count > MOST_NODES:  # what aliases share is repeated here
            raise Refused("it has too many values", value.line)
        if isinstance(value, Mapping) and value.entries:
            waiting += [(_join(parts, split(entry.key.text)), entry.key, entry.value) for entry in reversed(value.entries)]
        elif isinstance(value, Sequence) and value.items and key is not None:
            waiting += [(_join(parts, (f"[{number}]",)), key, item) for number, item in reversed(list(enumerate(value.items)))]
        elif key is not None:
            yield LayerSetting(parts, key, value, file)


def _join(parts: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    joined = (*parts, *more)
    return joined if len(joined) <= _MOST_PARTS else (*joined[: _MOST_PARTS - 1], ".".join(joined[_MOST_PARTS - 1 :]))


def lay(layers: Iterable[Iterable[LayerSetting]], same: Names = str, *, replaces_lists: bool = True) -> tuple[LaidSetting, ...]:
    """The settings that count when each layer is laid over those before it. Names count as `same` writes them; of equal ones
    in one layer, the last. `replaces_lists`: a list replaces the whole list of a lower layer, not item by item.
    """
    laid: dict[tuple[str, ...], LaidSetting] = {}
    lists: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}  # the names below each list
    for layer in layers:
        own: dict[tuple[str, ...], LayerSetting] = {}
        for setting in layer:
            name = tuple(map(same, setting.parts))
            own.pop(name, None)
            own[name] = setting
        tops = {top for name in own if (top := _list_of(name)) is not None} if replaces_lists else set()
        replaced = {top: _take_away(laid, [top, *lists.pop(top, ())]) for top in tops | (own.keys() & lists.keys())}
        for name, setting in own.items():
            top = _list_of(name)
            gone = replaced.get(top or name, {})
            below = laid.pop(name, None) or gone.get(name) or next(iter(gone.values()), None)
            laid[name] = LaidSetting(setting, (below.top, *below.below) if below is not None else ())
            if top is not None and replaces_lists:
                lists.setdefault(top, {})[name] = None
    return tuple(laid.values())


def _list_of(name: tuple[str, ...]) -> tuple[str, ...] | None:
    """The name of the outermost list that a setting is in."""
    return next((name[:number] for number, part in enumerate(name) if number and is_index(part)), None)


def _take_away(
    laid: dict[tuple[str, ...], LaidSetting], names: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], LaidSetting]:
    """What stood under these names, for the values that replace it: of the same name, else the first."""
    return {name: laid.pop(name) for name in names if name in laid}


class _Branch:
    """A part of a name: the setting that it is, and the parts below it. `first`: the first setting in it."""

    __slots__ = ("below", "first", "leaf", "name")

    def __init__(self, name: str, first: LaidSetting) -> None:
        self.name = name
        self.first = first
        self.leaf: LaidSetting | None = None
        self.below: dict[str, _Branch] = {}

    def is_list(self) -> bool:
        return bool(self.below) and all(map(is_index, self.below))

    def items(self) -> list[_Branch]:
        return [self.below[name] for name in sorted(self.below, key=lambda each: int(each[1:-1]))]


def _grow(laid: Iterable[LaidSetting], same: Names) -> _Branch | None:
    """The settings as a tree of the parts of their names."""
    top: _Branch | None = None
    for setting in laid:
        top = branch = top or _Branch("", setting)
        for part in setting.top.parts:
            name = same(part)
            if name not in branch.below:
                branch.below[name] = _Branch(part, setting)
            branch = branch.below[name]
        branch.leaf = setting
    return top


def write(laid: Iterable[LaidSetting], same: Names = str) -> MadeText:
    """The settings as one nested document, which is YAML and JSON alike. Each key and value has the place in its own file."""
    return MadeText(list_pieces(laid, same))


def list_pieces(laid: Iterable[LaidSetting], same: Names = str) -> Iterator[Piece]:
    """The pieces of that document, for a text of several."""
    top = _grow(laid, same)
    yield from _write_branch(top) if top is not None else [Piece("{}\n")]


def _write_branch(branch: _Branch) -> Iterator[Piece]:
    if branch.is_list():
        yield Piece("[", _place_of(branch), origins=branch.first.origins())
        for number, item in enumerate(branch.items()):
            yield Piece(", " if number else "")
            yield from _write_branch(item) if item.below else _write_value(item.leaf or item.first)
        yield Piece("]")
        return
    yield Piece("{", _place_of(branch))
    for number, (name, below) in enumerate(_members(branch)):
        yield Piece(",\n" if number else "\n")
        yield from _write_key(name, below)
        yield from _write_branch(below) if below.below else _write_value(below.leaf or below.first)
    yield Piece("\n}")


def _members(branch: _Branch, above: str = "") -> Iterator[tuple[str, _Branch]]:
    """The members of a mapping. Below a name that has a value of its own, they keep their dotted names."""
    for each in branch.below.values():
        name = f"{above}{each.name}"
        if each.leaf is not None and each.below:
            alone = _Branch(each.name, each.leaf)
            alone.leaf = each.leaf
            yield name, alone
            yield from _members(each, f"{name}.")
        else:
            yield name, each


def _place_of(branch: _Branch) -> Origin:
    """The place of the list or mapping: the value of its first setting, or its key."""
    top = branch.first.top
    return top.place(top.value if branch.is_list() else top.key)


def _write_key(name: str, branch: _Branch) -> Iterator[Piece]:
    is_leaf = branch.leaf is not None or branch.is_list()
    origins = branch.first.origins(of_key=True) if is_leaf else ()
    yield Piece(_quote(name), branch.first.top.place(branch.first.top.key), origins=origins)
    yield Piece(": ")


def _write_value(laid: LaidSetting) -> Iterator[Piece]:
    setting, value = laid.top, laid.top.value
    at, origins = setting.place(value), laid.origins()
    if not isinstance(value, Scalar):
        yield Piece("[]" if isinstance(value, Sequence) else "{}", at, origins=origins)
    elif "\n" in setting.text and setting.text.count("\n") == value.text.count("\n"):
        yield from _write_lines(setting, value, origins)
    elif setting.filled is not None:
        yield Piece(_quote(setting.filled), at, origins=origins, written=value.text)
    else:
        yield Piece(_write_scalar(value), at, origins=origins)


def _write_lines(setting: LayerSetting, value: Scalar, origins: tuple[Origin, ...]) -> Iterator[Piece]:
    """A text of several lines, each with its own place in the file, and with what is filled in."""
    lines = lines_of(setting.file.text)
    offsets, start = align(lines, value), 0
    yield Piece('"')
    for line, said in zip(value.text.split("\n"), setting.text.split("\n"), strict=True):
        at = setting.place(value)
        if start < len(offsets):
            at = Origin(setting.file.path, *lines.place(offsets[start]))
        end = "\n" if start + len(line) < len(value.text) else ""
        yield Piece(_quote(said + end)[1:-1], at, origins=origins, written="" if said == line else line + end)
        start += len(line) + 1
    yield Piece('"')


def _write_scalar(value: Scalar) -> str:
    if not value.is_quoted and not isinstance(value.value, str):
        if _PLAIN.fullmatch(value.text):
            return value.text
        if not isinstance(value.value, float):
            return json.dumps(value.value)
    if value.is_masked and "'" not in value.text and "\n" not in value.text:
        return f"'{value.text}'"  # an action of a template stays as it is written
    return _quote(value.text)


def _quote(text: str) -> str:
    quoted = json.dumps(_SURROGATE.sub("\ufffd", text), ensure_ascii=False)
    return _UNPRINTABLE.sub(_escape, quoted)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def build(laid: Iterable[LaidSetting], same: Names = str) -> Mapping | None:
    """The settings as one nested tree with the places of their values, for layers of one file; None where there are none."""
    top = _grow(laid, same)
    node = _build_branch(top) if top is not None else None
    return node if isinstance(node, Mapping) else None


def _build_branch(branch: _Branch) -> Node:
    at = branch.first.top.key
    if branch.is_list():
        items = tuple(_build_value(item) for item in branch.items())
        return Sequence(items, at.line, at.column, max(item.end_line for item in items))
    entries = tuple(
        Entry(changed(below.first.top.key, text=name, value=name), _build_value(below)) for name, below in _members(branch)
    )
    return Mapping(entries, at.line, at.column, max(entry.value.end_line for entry in entries))


def _build_value(branch: _Branch) -> Node:
    return _build_branch(branch) if branch.below else (branch.leaf or branch.first).top.value
