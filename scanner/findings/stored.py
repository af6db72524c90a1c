"""Reads a stored JSON report back into a Report, equal to the one that was written.

The file is not trusted: it may come from anywhere. It is read row by row, with any size. Every member is checked against the
type that also wrote it; members of later versions are ignored. May import pydantic: no scan needs this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from scanner.errors import Place, UsageError
from scanner.files.json_stream import BadJson, read_members
from scanner.findings.document import LISTS, OBJECTS, OPENED, RESULTS, row_types
from scanner.findings.model import SCHEMA, KindResults, Report
from scanner.findings.policies import StoredPolicies
from scanner.findings.stored_checks import find_faults
from scanner.patterns import lazy_pattern
from scanner.subjects.kinds import kind_names

_REMEDY = "Give a report that `jwksgov scan -o report.json` wrote, unchanged; scan again where it was damaged."
# texts of policies are shown unchanged, so they must not contain what a terminal or a browser obeys: control
# characters except tab and line feed, bidirectional overrides, lone surrogates
_OBEYED = lazy_pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_TRUSTED = frozenset({"tool", "rules", "objectives", "frameworks", "references"})
# members with words of jwksgov among members with words of scanned files
_WORDS: Mapping[object, frozenset[str]] = {
    "run": frozenset({"profile", "started", "version"}),
    "absent": frozenset({"rule"}),
    "notices": frozenset({"kind"}),
    "evidence": frozenset({"kinds"}),
}
_WEB = lazy_pattern(r"(https?://[!-~]*)?")
# the largest whole number that every reader of JSON keeps (RFC 8259 §6)
_MOST = 2**53
# what should stand in the place of a fault, by the library's name for it
_WANTED = {
    "missing": "there",
    "dataclass_type": "an object",
    "dict_type": "an object",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "greater_than_equal": "a whole number from {ge}",
    "less_than_equal": "a whole number up to {le}",
    "literal_error": "one of {expected}",
}
# scalars are taken as they are, never converted
_SCALARS = frozenset({"str", "int", "bool", "float"})


def read_report(path: str) -> Report:
    """The report in the file `path`; UsageError with the member at fault for any other file."""
    try:
        with open(path, "rb") as file:
            return _Stored(path).report(read_members(file, OPENED))
    except OSError as error:
        raise UsageError(
            what=f"cannot read the report: {error.strerror}", where=Place(path), remedy="Name a readable JSON report."
        ) from None
    except BadJson as error:
        raise _broken(path, f"a jwksgov report cannot be read as JSON: {error.because}") from None


def _broken(path: str, what: str) -> UsageError:
    return UsageError(what=what, where=Place(path), remedy=_REMEDY)


class _Stored:
    """The state while one document is read."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._objects: dict[str, Any] = {}
        self._lists: dict[str, list[Any]] = {name: [] for name in LISTS}
        self._types = row_types()
        self._kinds = kind_names()
        self._subjects: dict[str, list[Any]] = {table: [] for table in self._types}
        self._results: dict[str, KindResults] = {}

    def report(self, members: Iterator[tuple[tuple[str | int, ...], Any]]) -> Report:
        """The report with the members that were read."""
        schema = None
        for path, value in members:
            if path == ("schema",):
                schema = value
                if schema != SCHEMA:
                    break
            self._take(path, value)
        if schema != SCHEMA:
            self._refuse(("schema",), f"`{SCHEMA}`; a report of another version is made again by a scan")
        for name in OBJECTS:
            if name not in self._objects:
                self._refuse((name,), "an object")
        made = self._made()
        for at, wanted in find_faults(made):
            self._refuse(at, wanted)
        return made

    def _take(self, path: tuple[str | int, ...], value: Any) -> None:
        match path:
            case (str(name),) if name in OBJECTS:
                self._objects[name] = self._checked(OBJECTS[name], path, value)
            case (str(name), int()) if name in LISTS:
                self._lists[name].append(self._checked(LISTS[name], path, value))
            case ("subjects", str(table), int()) if table in self._types:
                self._subjects[table].append(self._checked(self._types[table], path, value))
            case ("results", str(kind)) if kind in self._kinds:
                self._results[kind] = self._checked(RESULTS, path, value)
            case (str(name),) if name in LISTS:
                self._refuse(path, "a list")
            case (str(name), int()) if name in OBJECTS:
                self._refuse((name,), "an object")
            case _:  # of a later version
                return

    def _checked(self, type_: Any, path: tuple[str | int, ...], value: Any) -> Any:
        try:
            made = _validator(type_).validate_python(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            self._refuse((*path, *first["loc"]), _wanted(first))
        if path[0] in _TRUSTED or not _WORDS.get(path[0], frozenset()).isdisjoint(value):
            self._check_words(path, value, _WORDS.get(path[0]))
        return made

    def _check_words(self, path: tuple[str | int, ...], value: Any, names: frozenset[str] | None) -> None:
        """Check that texts of policies have no control characters, and that addresses are web addresses. `names`: only members
        with these names.
        """
        if isinstance(value, str):
            if names is not None and names.isdisjoint(map(str, path)):
                return
            if _OBEYED.search(value):
                self._refuse(path, "a text without control characters")
            if path[-1] == "url" and not _WEB.fullmatch(value):
                self._refuse(path, "a web address")
        elif isinstance(value, dict):
            for name, inner in value.items():
                self._check_words((*path, name), inner, names)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                self._check_words((*path, number), inner, names)

    def _refuse(self, path: tuple[str | int, ...], wanted: str) -> NoReturn:
        shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
        raise _broken(self._path, f"not a jwksgov report: `{shown}` should be {wanted}")

    def _made(self) -> Report:
        lists = {name: tuple(found) for name, found in self._lists.items()}
        policies = StoredPolicies(lists["rules"], lists["objectives"], lists["frameworks"], lists["references"])
        return Report(
            version=self._objects["tool"].version,
            run=self._objects["run"],
            pack_digest=self._objects["pack"].digest,
            policies=policies,
            evidence=lists["evidence"],
            subjects={table: tuple(rows) for table, rows in self._subjects.items()},
            results=self._results,
            findings=lists["findings"],
            notices=lists["notices"],
            summary=self._objects["summary"],
            absent=lists["absent"],
        )


def _wanted(error: Any) -> str:
    """What should stand there, in the words of JSON."""
    template = _WANTED.get(error["type"])
    return template.format_map(error.get("ctx", {})) if template else str(error["msg"]).removeprefix("Input should be ")


@cache
def _validator(type_: Any) -> SchemaValidator:
    schema = TypeAdapter(type_).core_schema
    _make_strict(schema)
    return SchemaValidator(schema)


def _make_strict(schema: Any) -> None:
    """Scalars are taken as they are; of a record's own numbers lines and columns begin at 1, all others at 0."""
    if isinstance(schema, dict):
        if schema.get("type") in _SCALARS:
            schema["strict"] = True
        if schema.get("type") == "dataclass-field":
            _bound(schema["schema"], 1 if schema["name"] in ("line", "column") else 0)
        for inner in schema.values():
            _make_strict(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            _make_strict(inner)


def _bound(schema: Any, least: int) -> None:
    while schema["type"] in ("default", "nullable"):
        schema = schema["schema"]
    if schema["type"] == "int":
        schema |= {"ge": least, "le": _MOST}
