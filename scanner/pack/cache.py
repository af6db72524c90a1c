"""The stored form of a pack: what `.pyc` files are to modules, one file is to `policies/`.

Parsing some hundreds of YAML files costs more than everything else a hook does. So the building of the wheel, and in a source
checkout the first run after a change, write the parsed pack beside the code (`scanner/_data/pack.bin`): plain values in
Python's own `marshal` format, trusted as far as the modules beside it and no further. A user's own policies are always read
from their YAML. Conditions are stored as text and compiled by CEL when they are needed. May import: the models of this room.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from scanner import __version__
from scanner.errors import Place
from scanner.pack import advisory, control_index, issuers, model, platform
from scanner.pack.advisory import Advisories
from scanner.pack.control_index import ControlIndex
from scanner.pack.issuers import PublicIssuers
from scanner.pack.model import Places
from scanner.pack.pack import Pack
from scanner.pack.platform import Platforms
from scanner.record import defaults_of, is_record

Item = TypeVar("Item")

# marshal's format that every supported Python reads
_MARSHAL = 4
# a record is stored as a tuple: its class's place in this list, then its fields
_CLASSES: tuple[type[Any], ...] = tuple(
    dict.fromkeys(
        each
        for module in (model, platform, issuers, control_index, advisory)
        for _, each in sorted(vars(module).items())
        if isinstance(each, type) and is_record(each)
    )
)
_PLACED = (Place, Places)
# a list, a mapping that holds records somewhere
_LIST, _MAPPING = -1, -2


def read_stored(file: str, signature: tuple[Any, ...], folder: str) -> Pack | None:
    """The pack that `file` holds, where it is there, whole and of these very policies; `folder` is where they are now."""
    stored = read_plain(file)
    return _pack(stored, folder) if stored.get("signature") == signature else None


def write_stored(file: str, pack: Pack, signature: tuple[Any, ...], folder: str) -> None:
    """Store for the next run; a place that cannot be written costs only time."""
    write_plain(file, stored_form(pack, signature, folder))


def read_plain(file: str) -> dict[str, Any]:
    """The members of a stored file; none where it is not there, not whole or of another version of jwksgov."""
    try:
        with open(file, "rb") as opened:
            stored = marshal.loads(opened.read())  # noqa: S302  (beside our own modules, and trusted like them)
        return stored if stored["version"] == __version__ else {}
    except (OSError, ValueError, EOFError, TypeError, KeyError):
        return {}


def make_plain(members: Mapping[str, Any]) -> bytes:
    """The members as the bytes of a stored file."""
    return marshal.dumps({"version": __version__, **members}, _MARSHAL)


def write_plain(file: str, form: bytes) -> None:
    """Write a stored file; a place that cannot be written costs only time."""
    from scanner.files.write import make_folders, replace_file, write_all  # the next run only reads

    try:
        make_folders(os.path.dirname(file))
        with replace_file(file) as descriptor:
            write_all(descriptor, form)
    except OSError:
        return


def stored_form(pack: Pack, signature: tuple[Any, ...], folder: str) -> bytes:
    """`pack`, read from `folder`, as the bytes that are stored; an empty signature is one that needs no comparison."""
    writer = _Writer(folder)
    plain = writer.plain
    return make_plain(
        {
            "signature": signature,
            "digest": pack.digest,
            "heads": {name: plain(head) for name, head in pack.heads.items()},
            "objectives": {name: plain(objective) for name, objective in pack.objectives.items()},
            "profiles": {name: plain(profile) for name, profile in pack.profiles.items()},
            # opened one by one, at first use
            "rules": {name: writer.packed(rule) for name, rule in pack.rules.items()},
            "platforms": {name: writer.packed(each) for name, each in pack.platforms.items()},
            "advisories": {name: writer.packed(each) for name, each in pack.advisories.items()},
            "products": dict(pack.advisories.products),
            "issuers": {name: writer.packed(each) for name, each in pack.issuers.items()},
            "hosts": plain(pack.issuers.index),
            # there are hundreds, and every run needs all: their fields are enough
            "signs": {name: [_fields_of(each) for each in signs] for name, signs in pack.platforms.signs.items()},
            # opened together, where a template or an expression is read
            "places": marshal.dumps(
                {name: [_fields_of(each) for each in places] for name, places in pack.platforms.places.items()}, _MARSHAL
            ),
            "serving": {name: writer.packed(pack.control_index.serving(name)) for name in pack.objectives},
            "frameworks": {name: writer.packed(each) for name, each in pack.frameworks.items()},
        }
    )


def _pack(stored: dict[str, Any], folder: str) -> Pack:
    frameworks: Opened[model.Framework] = Opened(stored["frameworks"], folder)
    signs = {name: [platform.Signs(*fields) for fields in listed] for name, listed in stored["signs"].items()}
    objectives = {name: _made(objective, folder) for name, objective in stored["objectives"].items()}
    return Pack(
        rules=Opened(stored["rules"], folder),
        heads={name: _made(head, folder) for name, head in stored["heads"].items()},
        objectives=objectives,
        profiles={name: _made(profile, folder) for name, profile in stored["profiles"].items()},
        platforms=Platforms(Opened(stored["platforms"], folder), signs, lambda: _open_places(stored["places"])),
        issuers=PublicIssuers(Opened(stored["issuers"], folder), _made(stored["hosts"], folder)),
        frameworks=frameworks,
        advisories=Advisories(Opened(stored["advisories"], folder), stored["products"]),
        control_index=ControlIndex(frameworks, objectives.values(), Opened(stored["serving"], folder)),
        digest=stored["digest"],
    )


class Opened(Mapping[str, Item]):
    """Stored items by id, each opened when it is first asked for."""

    def __init__(self, stored: Mapping[str, bytes], folder: str) -> None:
        self._stored = stored
        self._folder = folder
        self._opened: dict[str, Item] = {}

    def __getitem__(self, name: str) -> Item:
        if name not in self._opened:
            self._opened[name] = _made(marshal.loads(self._stored[name]), self._folder)  # noqa: S302  (part of the same file)
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


class _Writer:
    """Makes records plain. Places are kept relative to the folder of the policies."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def packed(self, value: Any) -> bytes:
        """A value that is opened by itself."""
        return marshal.dumps(self.plain(value), _MARSHAL)

    def plain(self, value: Any) -> Any:
        """A record as a tuple, and what it holds likewise; lists and mappings as they are, or, where records are somewhere
        inside, as a tuple that says so: most hold none and need not be looked through.
        """
        kind = type(value)
        if is_record(kind):
            fields = [self.plain(getattr(value, name)) for name in defaults_of(kind)]
            if kind in _PLACED:
                fields[0] = fields[0].removeprefix(f"{self._folder}/")
            return (_CLASSES.index(kind), *fields)
        if isinstance(value, list | tuple):
            items = [self.plain(item) for item in value]
            return (_LIST, items) if any(type(item) is tuple for item in items) else items
        if isinstance(value, Mapping):
            members = {name: self.plain(item) for name, item in value.items()}
            return (_MAPPING, members) if any(type(item) is tuple for item in members.values()) else members
        return sys.intern(value) if isinstance(value, str) else value


def _fields_of(each: platform.Signs | platform.ReadPlace) -> list[Any]:
    return [getattr(each, name) for name in defaults_of(type(each))]


def _open_places(stored: bytes) -> dict[str, list[platform.ReadPlace]]:
    places = marshal.loads(stored)  # noqa: S302  (part of the same file)
    return {name: [platform.ReadPlace(*fields) for fields in listed] for name, listed in places.items()}


def _made(value: Any, folder: str) -> Any:
    """What was made plain, as it was."""
    if type(value) is not tuple:
        return value
    sort: int = value[0]
    if sort == _LIST:
        return [_made(item, folder) for item in value[1]]
    if sort == _MAPPING:
        return {name: _made(item, folder) for name, item in value[1].items()}
    made_of = _CLASSES[sort]
    made: Any = object.__new__(made_of)
    values = [_made(item, folder) if type(item) is tuple else item for item in value[1:]]
    if hasattr(made, "__dict__"):
        made.__dict__.update(zip(made_of.__fields__, values, strict=True))
    else:  # a record with slots
        for name, item in zip(made_of.__fields__, values, strict=True):
            setattr(made, name, item)
    if made_of in _PLACED and made.path:
        made.path = f"{folder}/{made.path}"
    return made
