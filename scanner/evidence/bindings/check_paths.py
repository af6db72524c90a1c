"""Checks every path and filter of a platform file: an invalid one is an error with its line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.errors import PolicyError
from scanner.evidence.bindings.paths.selectors import BadPath, compile_path, exact
from scanner.evidence.bindings.paths.walk import Names
from scanner.evidence.bindings.plan import as_settings, is_below_settings, parts_of, spelling_of
from scanner.pack.locate import ValuePath, locate
from scanner.pack.platform import Behaviour, FieldSpec, NodeJoin, Platform, Read
from scanner.record import record


@record
class _Path:
    """A path to compile: the text written at `way`, with `before` in front of it or with quotes around it."""

    way: ValuePath
    written: str
    compiled: str
    before: int = 0


def check_paths(platform: Platform) -> None:
    """PolicyError for the first invalid path or filter, at the first invalid character."""
    for number, read in enumerate(platform.reads):
        spelling = spelling_of(read)
        for path in _list_paths(platform, read, ("reads", number)):
            # filters on the document compare names exactly, also where the read has relaxed names
            _check(platform, path, exact if path.compiled.startswith("$[") else spelling)


def _check(platform: Platform, path: _Path, spelling: Names) -> None:
    try:
        compile_path(path.compiled, spelling)
    except BadPath as bad:
        raise PolicyError(
            what=f"platform `{platform.id}`: {bad}",
            where=locate(platform.place, path.way, offset=_locate_offset(path, bad.offset)),
            remedy=bad.remedy,
        ) from None


def _locate_offset(path: _Path, offset: int) -> int:
    """The offset in the written path for an offset in the compiled path."""
    quotes = path.compiled[:offset].count("'") - path.written[:offset].count("'")
    return min(max(offset - path.before - max(quotes, 0), 0), max(len(path.written) - 1, 0))


def _list_paths(platform: Platform, read: Read, way: ValuePath) -> Iterator[_Path]:
    if read.at is not None:
        yield _Path((*way, "at"), read.at, read.at)
    yield from (_Path((*way, "where", index), each, f"$[{each}]", 2) for index, each in enumerate(read.where))
    yield from _list_filters(read.unless, (*way, "unless"))
    for name, specs in read.fields.items():
        for step, spec in _each(specs):
            yield from _of_field(spec, read, (*way, "fields", name, *step))
    for name, join in read.join.items():
        yield from _of_join(join, (*way, "join", name))
    for index, unused in enumerate(read.unused_settings):
        at: ValuePath = (*way, "unused_settings", index)
        setting = as_settings(unused.setting) if read.settings is not None else unused.setting
        yield _Path((*at, "setting"), unused.setting, setting)
        yield from _list_filters(unused.when, (*at, "when"))
    yield from _of_behaviours(read.behaviour, (*way, "behaviour"))
    yield from _of_behaviours(platform.behaviour, ("behaviour",))


def _list_filters(filters: Sequence[str], way: ValuePath) -> Iterator[_Path]:
    yield from (_Path((*way, index), each, f"[{each}]", 1) for index, each in enumerate(filters))


def _each(specs: str | FieldSpec | list[FieldSpec]) -> Iterator[tuple[ValuePath, str | FieldSpec]]:
    if isinstance(specs, list):
        yield from (((index,), each) for index, each in enumerate(specs))
    else:
        yield (), specs


def _of_field(spec: str | FieldSpec, read: Read, way: ValuePath) -> Iterator[_Path]:
    if isinstance(spec, str):
        yield _Path(way, spec, as_settings(spec) if read.settings is not None else spec)
        return
    is_flat = is_below_settings(spec, read)
    yield _Path((*way, "path"), spec.path, as_settings(spec.path) if is_flat else spec.path)
    yield from _list_filters(spec.when, (*way, "when"))
    # the place of a part is that of the whole format
    yield from (_Path((*way, "format"), "", as_settings(each) if is_flat else each) for each in parts_of(spec))


def _of_join(join: NodeJoin, way: ValuePath) -> Iterator[_Path]:
    if join.at is not None:
        yield _Path((*way, "at"), join.at, join.at)
    if join.refers is not None:
        yield _Path((*way, "refers"), join.refers, join.refers)
    if join.same is not None:
        yield _Path((*way, "same", "theirs"), join.same.theirs, join.same.theirs)
        yield _Path((*way, "same", "mine"), join.same.mine, join.same.mine)


def _of_behaviours(behaviours: Mapping[str, Behaviour | list[Behaviour]], way: ValuePath) -> Iterator[_Path]:
    for name, behaviour in behaviours.items():
        if isinstance(behaviour, Behaviour):
            yield from _list_filters(behaviour.when, (*way, name, "when"))
            continue
        for index, each in enumerate(behaviour):
            yield from _list_filters(each.when, (*way, name, index, "when"))
