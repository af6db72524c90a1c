"""The services of a compose file as settings: their variables by name, with `extends`, and with everything filled in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from scanner.files.align import Lines, align
from scanner.files.limits import Refused
from scanner.files.read import read
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence, Unparsed
from scanner.record import changed, record
from scanner.units.compose.environment import Environment
from scanner.units.compose.interpolation import Interpolation
from scanner.units.files import UnitFiles
from scanner.units.layers import LayerFile, LayerSetting, flatten, is_index, lay, lines_of
from scanner.units.made import OpenPart, Origin

Parts = tuple[str, ...]

# lists of names with values
_PAIRS = ("environment", "labels", "annotations")
# these replace those below them; any other list is added to the one below
_REPLACED: tuple[Parts, ...] = (("command",), ("entrypoint",), ("healthcheck", "test"))
_DEEPEST = 16
# values of all variants of a unit together
_MOST_VALUES = 50_000


@record(slots=True)
class ComposeFile:
    """A parsed compose file: its real path, its report path and text, its members, and its services by their names. `resets`:
    whether it has a tag that takes values away.
    """

    real: str
    file: LayerFile
    root: Mapping
    services: dict[str, Node]
    resets: bool


@record(slots=True)
class EnvFileName:
    """The name of an env file of a service: its real path, and where it is written."""

    real: str
    at: Origin
    is_required: bool
    is_raw: bool


@record(slots=True)
class Service:
    """A service: its settings, named from the service on, its env files, the last of which counts most, and the names whose
    values below it in other files do not count (`!reset`, `!override`).
    """

    settings: tuple[LayerSetting, ...]
    env_files: tuple[EnvFileName, ...] = ()
    reset: frozenset[Parts] = frozenset()


class ComposeReader:
    """Reads the compose files of one unit, each once. `parts`: what could not be read; `paths`: the files that were."""

    def __init__(self, files: UnitFiles) -> None:
        self.files = files
        self.interpolation = Interpolation()
        self.parts: list[OpenPart] = []
        self.paths: dict[str, str] = {}
        self._known: dict[str, ComposeFile | None] = {}
        self._size = 0

    def load(self, path: str) -> ComposeFile | None:
        """A compose file; None where there is none, where it is no compose file, or a template."""
        real = os.path.realpath(path)
        if real not in self._known:
            self._known[real] = self._load(real)
        return self._known[real]

    def _load(self, real: str) -> ComposeFile | None:
        found = self.files.read(real)
        if found is None:
            return None
        parsed = read(found.data, "yaml")
        if isinstance(parsed, Unparsed):
            because = f"it is left out of its compose project: {parsed.because}"
            self.parts.append(OpenPart(because, Origin(found.path, parsed.line or 1, parsed.column or 1)))
            return None
        root = next((node for node in parsed.documents if isinstance(node, Mapping)), None)
        if root is None or parsed.is_masked or len(parsed.documents) > 1:
            return None
        self.paths[real] = found.path
        services = root.get("services")
        by_name = {entry.key.text: entry.value for entry in services.entries} if isinstance(services, Mapping) else {}
        resets = "!reset" in parsed.text or "!override" in parsed.text
        return ComposeFile(real, LayerFile(found.path, parsed.text), root, by_name, resets)

    def count(self, number: int, line: int) -> None:
        """Count values. Refused where they are too many."""
        self._size += number
        if self._size > _MOST_VALUES:
            raise Refused("with its variants, its compose project has too many values", line)

    def settings(self, node: Mapping, file: LayerFile, environment: Environment) -> Iterator[LayerSetting]:
        """The settings below a node, filled. Refused where they are too many."""
        for setting in flatten(node, file, _take_name):
            self.count(1, setting.key.line)
            yield self._fill(setting, environment)

    def service(
        self, source: ComposeFile, name: str, environment: Environment, seen: tuple[tuple[str, str], ...] = ()
    ) -> Service | None:
        """A service of a file with what it extends; None where the file has none of that name."""
        node = source.services.get(name)
        if not isinstance(node, Mapping):
            return None
        own = self._read_service(node, source, environment)
        extended = node.entry("extends")
        if extended is None:
            return own
        seen = *seen, (source.real, name)
        base = self._read_extended(extended, source, environment, seen)
        return _extend(base, own) if base is not None else own

    def _read_extended(
        self, extended: Entry, source: ComposeFile, environment: Environment, seen: tuple[tuple[str, str], ...]
    ) -> Service | None:
        where = extended.value
        name = where if isinstance(where, Scalar) else where.get("service") if isinstance(where, Mapping) else None
        path = where.get("file") if isinstance(where, Mapping) else None
        at = Origin(source.file.path, extended.key.line, extended.key.column)
        if not isinstance(name, Scalar):
            return None
        if isinstance(path, Scalar):
            written = self.interpolation.fill(path.text, environment.lookup).text
            loaded = self.load(os.path.join(os.path.dirname(source.real), written))
            if loaded is None:
                self.parts.append(OpenPart("the file that it extends is not there, or cannot be read", at))
                return None
            source = loaded
        if (source.real, name.text) in seen or len(seen) > _DEEPEST:
            self.parts.append(OpenPart("it extends itself, or too many others", at))
            return None
        found = self.service(source, name.text, environment, seen)
        if found is None:
            self.parts.append(OpenPart("there is no service of the name that it extends", at))
        return found

    def _read_service(self, node: Mapping, source: ComposeFile, environment: Environment) -> Service:
        """A service as its file has it."""
        lines = lines_of(source.file.text)
        entries = tuple(
            Entry(entry.key, _read_pairs(entry.value, lines) if entry.key.text in _PAIRS else entry.value)
            for entry in node.entries
            if entry.key.text not in ("extends", "env_file")
        )
        settings = self.settings(changed(node, entries=entries), source.file, environment)
        env_files = self._list_env_files(node.get("env_file"), source, environment)
        return Service(tuple(settings), tuple(env_files), _find_reset(node, lines) if source.resets else frozenset())

    def _list_env_files(self, node: Node | None, source: ComposeFile, environment: Environment) -> Iterator[EnvFileName]:
        items = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
        for item in items:
            path = item.get("path") if isinstance(item, Mapping) else item
            if not isinstance(path, Scalar) or not path.text.strip():
                continue
            written = self.interpolation.fill(path.text, environment.lookup).text
            at = Origin(source.file.path, path.line, path.column)
            real = os.path.realpath(os.path.join(os.path.dirname(source.real), written))
            is_required = not (isinstance(item, Mapping) and _says(item.get("required"), "false"))
            yield EnvFileName(real, at, is_required, isinstance(item, Mapping) and _says(item.get("format"), "raw"))

    def _fill(self, setting: LayerSetting, environment: Environment) -> LayerSetting:
        """The setting with its variables. A variable without a value is that of the project, of the same name."""
        value = setting.value
        if not isinstance(value, Scalar):
            return setting
        if len(setting.parts) == 2 and setting.parts[0] == "environment" and value.value is None:
            name = setting.parts[1]
            known = environment.lookup(name)
            if known is None or not known.text:
                return changed(setting, filled=f"${{{name}}}")
            return changed(setting, filled=known.text, origins=known.origins)
        filled = self.interpolation.fill(value.text, environment.lookup)
        return setting if filled.text == value.text else changed(setting, filled=filled.text, origins=filled.origins)


def lay_services(layers: Iterable[Service]) -> Service:
    """A service that several files of a project have, the last of which counts most; what it replaces is not told."""
    merged: Service | None = None
    for layer in layers:
        merged = layer if merged is None else _extend(merged, layer)
    return merged or Service(())


def below(base: Service, own: Service) -> tuple[tuple[LayerSetting, ...], tuple[LayerSetting, ...]]:
    """The settings of a service and those that another file lays over them: what is reset is taken away, items of a list come
    after those of the list below.
    """
    gone = own.reset | {name for name in _REPLACED if any(each.parts[: len(name)] == name for each in own.settings)}
    kept = tuple(
        setting
        for setting in base.settings
        if not gone or not any(setting.parts[:number] in gone for number in range(1, len(setting.parts) + 1))
    )
    return kept, tuple(_append_lists(kept, own.settings))


def _extend(base: Service, own: Service) -> Service:
    laid = lay(below(base, own), replaces_lists=False)
    env_files = own.env_files if ("env_file",) in own.reset else (*base.env_files, *own.env_files)
    return Service(tuple(each.top for each in laid), env_files, own.reset)


def _append_lists(base: tuple[LayerSetting, ...], own: tuple[LayerSetting, ...]) -> Iterator[LayerSetting]:
    lengths: dict[Parts, int] = {}
    for setting in base:
        for number, part in enumerate(setting.parts):
            if is_index(part):
                name = setting.parts[:number]
                lengths[name] = max(lengths.get(name, 0), int(part[1:-1]) + 1)
    for setting in own:
        at = next((number for number, part in enumerate(setting.parts) if is_index(part)), None)
        length = lengths.get(setting.parts[:at], 0) if at is not None else 0
        if at is None or not length:
            yield setting
        else:
            moved = f"[{int(setting.parts[at][1:-1]) + length}]"
            yield changed(setting, parts=(*setting.parts[:at], moved, *setting.parts[at + 1 :]))


def _read_pairs(node: Node, lines: Lines) -> Node:
    """A list of `NAME=value` as a mapping, each value with its own place; a name alone has none."""
    if not isinstance(node, Sequence):
        return node
    entries = [_read_pair(item, lines) for item in node.items if isinstance(item, Scalar)]
    return Mapping(tuple(entries), node.line, node.column, node.end_line)


def _read_pair(item: Scalar, lines: Lines) -> Entry:
    name, mark, text = item.text.partition("=")
    key = Scalar(name, name, item.line, item.column, item.line)
    if not mark:
        return Entry(key, Scalar("", None, item.line, item.column, item.end_line))
    line, column = item.line, item.column + len(name) + 1
    if item.is_quoted:
        offsets = align(lines, item)
        line, column = lines.place(offsets[len(name) + 1]) if len(name) + 1 < len(offsets) else (line, item.column)
    return Entry(key, Scalar(text, text, line, column, item.end_line, is_quoted=True))


def _find_reset(node: Mapping, lines: Lines) -> frozenset[Parts]:
    """The names whose value has the tag `!reset` or `!override`. A reader of YAML takes them for values."""
    found: set[Parts] = set()
    waiting: list[tuple[Parts, Node]] = [((), node)]
    while waiting:
        parts, current = waiting.pop()
        if lines.text.startswith(("!reset", "!override"), lines.offset(current.line, current.column)):
            found.add(parts)
        elif isinstance(current, Mapping) and len(parts) < _DEEPEST:
            waiting += [((*parts, entry.key.text), entry.value) for entry in current.entries]
    return frozenset(found)


def _take_name(name: str) -> tuple[str, ...]:
    """A name as one part, whatever is in it."""
    return (name,)


def _says(node: Node | None, word: str) -> bool:
    return isinstance(node, Scalar) and node.text.strip().lower() == word
