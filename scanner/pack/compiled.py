"""Our own policies, parsed once: what `.pyc` files are to modules, one file is to `policies/`.

Parsing some hundreds of YAML files costs more than everything else a hook does. So the building of the wheel, and in a source
checkout the first run after a change, write the parsed pack beside the code (`scanner/_data/pack.bin`): plain values in
Python's own `marshal` format, trusted as far as the modules beside it and no further. A user's own policies are always read
from their YAML. Conditions are stored as text and compiled by CEL when they are needed. Examples are left out: a scan needs
none. May import: models and loader of this room.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from scanner import __version__
from scanner.errors import Place
from scanner.pack import catalogue, model, platform
from scanner.pack.catalogue import Catalogue
from scanner.pack.model import Pack, Places
from scanner.pack.platform import Platforms
from scanner.record import defaults_of, is_record

Item = TypeVar("Item")

_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_FILE = os.path.join(_HOME, "_data", "pack.bin")
_INSTALLED = os.path.join(_HOME, "_data", "policies")
# marshal's format that every supported Python reads
_MARSHAL = 4
# a record is stored as a tuple: its class's place in this list, then its fields
_CLASSES: tuple[type[Any], ...] = tuple(
    dict.fromkeys(
        each
        for module in (model, platform, catalogue)
        for _, each in sorted(vars(module).items())
        if isinstance(each, type) and is_record(each)
    )
)
_PLACED = (Place, Places)
# a list, a mapping that holds records somewhere
_LIST, _MAPPING = -1, -2


@cache
def shipped_path() -> str:
    """Where our own policies are, with `/`: inside the installed package, or at the top of a source checkout."""
    found = _INSTALLED if os.path.isdir(_INSTALLED) else os.path.join(os.path.dirname(_HOME), "policies")
    return found.replace(os.sep, "/")


def shipped_pack() -> Pack:
    """Our own policies without their examples, from the stored form where that is current."""
    signature = _signature()
    stored = _stored(signature)
    if stored is not None:
        return _pack(stored)
    from pathlib import Path

    from scanner.pack.load import load_pack

    pack = load_pack([Path(shipped_path())], examples=False)
    if signature:
        _write(_FILE, stored_form(pack, signature))
    return pack


def stored_form(pack: Pack, signature: tuple[Any, ...]) -> bytes:
    """`pack` as the bytes that are stored; an empty signature is one that needs no comparison."""
    return marshal.dumps(
        {
            "version": __version__,
            "signature": signature,
            "digest": pack.digest,
            "rules": {name: _plain(rule) for name, rule in pack.rules.items()},
            "objectives": {name: _plain(objective) for name, objective in pack.objectives.items()},
            "profiles": {name: _plain(profile) for name, profile in pack.profiles.items()},
            # opened one by one, when somebody asks
            "platforms": {name: marshal.dumps(_plain(each), _MARSHAL) for name, each in pack.platforms.items()},
            "signs": {name: _plain(signs) for name, signs in pack.platforms.signs.items()},
            "serving": {name: marshal.dumps(_plain(pack.catalogue.serving(name)), _MARSHAL) for name in pack.objectives},
            "frameworks": {name: marshal.dumps(_plain(each), _MARSHAL) for name, each in pack.frameworks.items()},
        },
        _MARSHAL,
    )


def _stored(signature: tuple[Any, ...]) -> dict[str, Any] | None:
    """The stored values where they are there, whole and of these very files."""
    try:
        with open(_FILE, "rb") as file:
            stored = marshal.loads(file.read())  # noqa: S302  (beside our own modules, and trusted like them)
        is_current = stored["version"] == __version__ and stored["signature"] == signature
    except (OSError, ValueError, EOFError, TypeError, KeyError):
        return None
    return stored if is_current else None


def _signature() -> tuple[Any, ...]:
    """Name, size and time of every file that the stored form is made from; empty in an installed package, whose files only
    the installer changes.
    """
    if os.path.isdir(_INSTALLED):
        return ()
    return tuple(sorted([*_stamps(shipped_path()), *_stamps(os.path.dirname(os.path.abspath(__file__)))]))


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(("_", ".")) and entry.name != "samples":
                    yield from _stamps(entry.path)
            elif entry.name.endswith((".yaml", ".yml", ".py")):
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns


def _write(path: str, data: bytes) -> None:
    """Store for the next run; a place that cannot be written costs only time."""
    partial = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(partial, "wb") as file:
            file.write(data)
        os.replace(partial, path)
    except OSError:
        return


def _pack(stored: dict[str, Any]) -> Pack:
    frameworks: Opened[model.Framework] = Opened(stored["frameworks"])
    signs = {name: _made(each) for name, each in stored["signs"].items()}
    objectives = {name: _made(objective) for name, objective in stored["objectives"].items()}
    return Pack(
        rules={name: _made(rule) for name, rule in stored["rules"].items()},
        objectives=objectives,
        profiles={name: _made(profile) for name, profile in stored["profiles"].items()},
        platforms=Platforms(Opened(stored["platforms"]), signs),
        frameworks=frameworks,
        catalogue=Catalogue(frameworks, objectives.values(), Opened(stored["serving"])),
        digest=stored["digest"],
    )


class Opened(Mapping[str, Item]):
    """Stored items by id, each opened when it is first asked for."""

    def __init__(self, stored: Mapping[str, bytes]) -> None:
        self._stored = stored
        self._opened: dict[str, Item] = {}

    def __getitem__(self, name: str) -> Item:
        if name not in self._opened:
            self._opened[name] = _made(marshal.loads(self._stored[name]))  # noqa: S302  (part of the same file)
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


def _plain(value: Any) -> Any:
    """A record as a tuple, and what it holds likewise; lists and mappings as they are, or, where records are somewhere inside,
    as a tuple that says so: most hold none and need not be looked through. Places are kept relative to the folder of the
    policies.
    """
    kind = type(value)
    if is_record(kind):
        fields = [_plain(getattr(value, name)) for name in defaults_of(kind)]
        if kind in _PLACED:
            fields[0] = fields[0].removeprefix(f"{shipped_path()}/")
        return (_CLASSES.index(kind), *fields)
    if isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        return (_LIST, items) if any(type(item) is tuple for item in items) else items
    if isinstance(value, Mapping):
        members = {name: _plain(item) for name, item in value.items()}
        return (_MAPPING, members) if any(type(item) is tuple for item in members.values()) else members
    return sys.intern(value) if isinstance(value, str) else value


def _made(value: Any) -> Any:
    """What `_plain` made plain, as it was."""
    if type(value) is not tuple:
        return value
    sort: int = value[0]
    if sort == _LIST:
        return [_made(item) for item in value[1]]
    if sort == _MAPPING:
        return {name: _made(item) for name, item in value[1].items()}
    made_of = _CLASSES[sort]
    made: Any = object.__new__(made_of)
    values = [_made(item) if type(item) is tuple else item for item in value[1:]]
    if hasattr(made, "__dict__"):
        made.__dict__.update(zip(made_of.__fields__, values, strict=True))
    else:  # a record with slots
        for name, item in zip(made_of.__fields__, values, strict=True):
            setattr(made, name, item)
    if made_of in _PLACED and made.path:
        made.path = f"{shipped_path()}/{made.path}"
    return made
