"""Recognises files of jwksgov itself: reports, baselines, bundles' manifests, configuration, waivers and policies.

They repeat what was found elsewhere, or hold examples that must fail, so they are no evidence. One word that says so is not
enough, or anybody could hide a binding behind it: a file is ours only if it is ours from end to end, with members that we write
and no others. It is asked of files that look relevant alone.
"""

from __future__ import annotations

import os
import stat
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from types import UnionType
from typing import Any, BinaryIO, Literal, Union

from scanner.errors import ScannerError
from scanner.evidence.read_document import FileContent
from scanner.record import defaults_of, is_record

_BEGINNING = 2048  # octets in which our JSON says what it is
_JSON_SIGNS = (b'"jwksgov', b'"$schema"')
_YAML_SIGNS = (b"\nid:", b"\nwaivers:", b"\nobjectives:")
Path: typing.TypeAlias = "tuple[str | int, ...]"


def is_own_file(found: FileContent) -> bool:
    """Whether the file is one that jwksgov wrote or that was written for it."""
    evidence, data = found.evidence, found.data
    if evidence is None or evidence.fetched is not None:
        return False
    beginning = data[:_BEGINNING]
    if beginning.lstrip()[:1] == b"{":
        return any(sign in beginning for sign in _JSON_SIGNS) and _is_own_json(found)
    name = evidence.path.rsplit("/", 1)[-1]
    if name == ".jwksgov.yaml" or any(sign in data or data.startswith(sign[1:]) for sign in _YAML_SIGNS):
        return _is_own_yaml(name, data, evidence.path)
    return False


def _is_own_yaml(name: str, data: bytes, path: str) -> bool:
    from scanner.config.model import NAME, ConfigFile
    from scanner.config.waivers import WaiverFile
    from scanner.files.tree import Mapping, Sequence
    from scanner.pack.issuers import PublicIssuer
    from scanner.pack.model import Framework, Objective, Profile, Rule
    from scanner.pack.platform import Platform
    from scanner.pack.structure import own_documents, structure

    try:
        documents = own_documents(data, path, ScannerError, unread="", repeated="")
    except ScannerError:
        return False
    node = documents[0] if len(documents) == 1 else None
    if not isinstance(node, Mapping):
        return False
    listed = node.get("objectives") if [*node.names()] == ["objectives"] else None
    if isinstance(listed, Sequence):
        return all(_fits_structure(structure, item, Objective, path) for item in listed.items)
    kinds: tuple[type[Any], ...] = (Rule, Platform, Profile, Framework, PublicIssuer, WaiverFile)
    return any(_fits_structure(structure, node, kind, path) for kind in ((*kinds, ConfigFile) if name == NAME else kinds))


def _fits_structure(structure: Callable[..., object], node: object, kind: type[Any], path: str) -> bool:
    try:
        structure(node, kind, path, ScannerError)
    except ScannerError:
        return False
    return True


def _is_own_json(found: FileContent) -> bool:
    from scanner.files.json_stream import BadJson, read_members

    try:
        with _open(found) as file:
            return _fits_document(read_members(file, frozenset({"subjects", "results"})))
    except (BadJson, OSError):
        return False


@contextmanager
def _open(found: FileContent) -> Iterator[BinaryIO]:
    """All bytes of the file: a report may be larger than what is read of other files."""
    from scanner.files.limits import LARGEST_FILE

    if len(found.data) <= LARGEST_FILE or found.origin is None:
        yield BytesIO(found.data)
        return
    opened = os.open(found.origin, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(opened, "rb") as file:
        yield file if stat.S_ISREG(os.fstat(opened).st_mode) else BytesIO()


def _fits_document(members: Iterator[tuple[Path, Any]]) -> bool:
    """Whether the members are those of one of our documents, whose mark comes first."""
    first = next(members, None)
    if first is None:
        return False
    match first:
        case (("schema",), str(schema)):
            shape = _shapes().get(schema)
        case (("format",), "jwksgov-bundle/v1"):
            shape = _shapes()["jwksgov-bundle/v1"]
        case (("$schema",), str()):
            shape = _shapes()["sarif"]
        case _:
            shape = None
    return shape is not None and all(shape(path, value) for path, value in members)


@cache
def _shapes() -> dict[str, Callable[[Path, Any], bool]]:
    from scanner.findings.baseline import SCHEMA as BASELINE
    from scanner.findings.model import SCHEMA as REPORT

    return {REPORT: _fits_report, BASELINE: _fits_baseline, "jwksgov-bundle/v1": _fits_manifest, "sarif": _fits_sarif}


def _fits_report(path: Path, value: Any) -> bool:
    from scanner.findings.document import LISTS, OBJECTS, RESULTS, row_types

    match path:
        case (str(name),) if name in OBJECTS:
            return fits(value, OBJECTS[name])
        case (str(name), int()) if name in LISTS:
            return fits(value, LISTS[name])
        case ("subjects", str(table), int()) if table in row_types():
            return fits(value, row_types()[table])
        case ("results", str()):
            return fits(value, RESULTS)
        case (str(name), *_) if name in LISTS or name in ("subjects", "results"):
            return not value
    return False


def _fits_baseline(path: Path, value: Any) -> bool:
    from scanner.findings.document import Tool
    from scanner.findings.model import Finding

    match path:
        case ("tool",):
            return fits(value, Tool)
        case ("run",):
            return fits(value, dict[str, str]) and value.keys() <= {"clock", "profile"}
        case ("findings", int()):
            return fits(value, Finding)
        case ("findings",):
            return not value
    return False


def _fits_manifest(path: Path, value: Any) -> bool:
    from scanner.sources.bundle.manifest import Manifest

    name, *place = path
    wanted = _types(Manifest).get(str(name))
    if name == "settings" and isinstance(value, dict):
        return not any(isinstance(each, dict) for each in value.values())
    if wanted is None or not place:
        return wanted is not None and fits(value, wanted)
    return fits([value], wanted)


def _fits_sarif(path: Path, value: Any) -> bool:
    """SARIF has no place for what a platform would load; whose it is, each run says."""
    match path:
        case ("version",):
            return isinstance(value, str)
        case ("runs", int()):
            match value:
                case {"tool": {"driver": {"name": "jwksgov"}}}:
                    return True
    return False


def fits(value: Any, wanted: Any) -> bool:
    """Whether a value of JSON has the members and types of a record, and no other members."""
    if is_record(wanted):
        types = _types(wanted)
        return isinstance(value, dict) and all(name in types and fits(inner, types[name]) for name, inner in value.items())
    origin, parts = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (Union, UnionType):
        return any(fits(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin in (tuple, list):
        return isinstance(value, list) and all(fits(item, parts[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(inner, parts[1]) for inner in value.values())
    if wanted in (Any, None, type(None)):
        return wanted is Any or value is None
    return isinstance(value, float | int if wanted is float else wanted)


@cache
def _types(kind: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {name: hints[name] for name in defaults_of(kind)}
