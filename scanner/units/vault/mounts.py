"""The JWT mounts that several files configure together, as one JSON text with the place of each value."""

from __future__ import annotations

import json
from collections.abc import Iterator

from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed
from scanner.record import field, record
from scanner.units.made import MadeText, Origin, Piece
from scanner.units.vault.commands import Given

_KEYS = frozenset({"oidc_discovery_url", "jwks_url", "jwks_pairs", "jwt_validation_pubkeys"})
# beside a key set's URL, which other programs have as well
_SURE = frozenset({"bound_issuer", "default_role", "jwt_supported_algs", "jwks_ca_pem"})
_ROLE = frozenset({"bound_audiences", "bound_claims", "bound_subject"})
# values that are lists, written with commas
_LISTS = frozenset({"bound_audiences", "jwt_supported_algs", "jwt_validation_pubkeys"})


@record
class Part:
    """What one place gives to a configuration or a role: members by name, or a JSON text with several."""

    members: tuple[tuple[str, Given], ...] = ()
    json: Given | None = None


@record
class Mount:
    """The parts of a mount's configuration, and those of its roles by name."""

    path: str
    config: list[Part] = field(default_factory=list)
    roles: dict[str, list[Part]] = field(default_factory=dict)

    def is_for_tokens(self) -> bool:
        """Whether it is a mount for JWTs, as far as its parts say."""
        config = names_of(self.config)
        return bool(_KEYS & config) or any(is_role(names_of(parts)) for parts in self.roles.values())


def names_of(parts: list[Part]) -> frozenset[str]:
    """The names of all members of the parts."""
    return frozenset(name for part in parts for name in _list_names(part))


def is_config(names: frozenset[str]) -> bool:
    """Whether members alone tell that they configure a mount for JWTs."""
    return "oidc_discovery_url" in names or bool(_KEYS & names and _SURE & names)


def is_role(names: frozenset[str]) -> bool:
    """Whether members tell that they are those of a role for JWTs."""
    return "user_claim" in names or bool(_ROLE & names)


def read_names(text: str) -> frozenset[str]:
    """The names of a JSON text's members; none where it is not one object."""
    parsed = read(text.encode("utf-8", "surrogatepass"), "json")
    node = parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
    return frozenset(node.names()) if isinstance(node, Mapping) else frozenset()


def write_mounts(mounts: list[Mount]) -> MadeText:
    """The text of all mounts."""
    return MadeText(_write_all(mounts))


def _list_names(part: Part) -> Iterator[str]:
    yield from (name for name, _ in part.members)
    if part.json is not None:
        yield from read_names(part.json.text)


def _write_all(mounts: list[Mount]) -> Iterator[Piece]:
    yield Piece('{"vault_jwt_mounts": [')
    for number, mount in enumerate(mounts):
        yield Piece(",\n{" if number else "\n{")
        yield Piece(f'"path": {json.dumps(mount.path)}')
        if mount.config:
            yield Piece(',\n "config": ')
            yield from _write_object(mount.config)
        if mount.roles:
            yield Piece(',\n "roles": [')
            for index, parts in enumerate(mount.roles.values()):
                yield Piece(",\n  " if index else "\n  ")
                yield from _write_object(parts)
            yield Piece("]")
        yield Piece("}")
    yield Piece("]}\n")


def _write_object(parts: list[Part]) -> Iterator[Piece]:
    """One object with the members of all parts; of one name the last counts."""
    yield Piece("{")
    is_first = True
    for part in parts:
        for pieces in _list_members(part):
            if not is_first:
                yield Piece(", ")
            yield from pieces
            is_first = False
    yield Piece("}")


def _list_members(part: Part) -> Iterator[list[Piece]]:
    if part.json is not None and read_names(part.json.text):
        yield [_copy_inside(part.json), Piece("\n")]
    for name, given in part.members:
        yield [Piece(f"{json.dumps(name)}: "), *_write_value(name, given)]


def _copy_inside(given: Given) -> Piece:
    """The members of an object as they are written, without its brackets."""
    start, end = given.text.index("{") + 1, given.text.rindex("}")
    return Piece(given.text[start:end], _move(given.at, given.text[:start]), not given.written, given.origins)


def _write_value(name: str, given: Given) -> Iterator[Piece]:
    text = given.text.strip()
    if text[:1] in ("{", "[") and isinstance(read(text.encode("utf-8", "surrogatepass"), "json"), Parsed):
        yield Piece(given.text, given.at, not given.written, given.origins, given.written)
    elif name in _LISTS and "BEGIN" not in text:
        yield Piece("[")
        yield from _write_items(given)
        yield Piece("]")
    else:
        yield from _write_text(given)


def _write_items(given: Given) -> Iterator[Piece]:
    """The items of a list with commas, each at its own place."""
    at = given.at
    for number, part in enumerate(given.text.split(",")):
        if number:
            yield Piece(", ")
        written = given.written if given.written and "," not in given.text else ""
        yield from _write_text(Given(part, at, written, given.origins))
        at = _move(at, f"{part},")


def _write_text(given: Given) -> Iterator[Piece]:
    text = json.dumps(given.text, ensure_ascii=False)[1:-1]
    yield Piece('"')
    yield Piece(text, given.at, text == given.text and not given.written, given.origins, given.written)
    yield Piece('"')


def _move(at: Origin, text: str) -> Origin:
    """The place after a text that begins at a place."""
    lines = text.count("\n")
    column = len(text) - text.rfind("\n") if lines else at.column + len(text)
    return Origin(at.path, at.line + lines, column, at.role)
