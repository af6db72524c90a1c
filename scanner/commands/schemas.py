"""JSON Schemas for editors, printed by pydantic from the very records that the loader fills."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from scanner.config.model import ConfigFile
from scanner.config.waivers import WaiverFile
from scanner.findings.document import LISTS, OBJECTS, RESULTS, row_types
from scanner.findings.model import SCHEMA as REPORT
from scanner.pack.advisory import Advisory
from scanner.pack.issuers import PublicIssuer
from scanner.pack.model import Framework, Objective, Profile, Rule
from scanner.pack.platform import Platform
from scanner.record import record
from scanner.sources.bundle.format import DIGEST
from scanner.sources.bundle.manifest import Manifest
from scanner.sources.exchange import Exchange
from scanner.subjects.kinds import kind_names


@record(kw_only=True)
class Objectives:
    """policies/objectives.yaml: the list of control objectives."""

    objectives: list[Objective]


SCHEMAS: dict[str, Any] = {
    "rule": Rule,
    "objectives": Objectives,
    "framework": Framework,
    "profile": Profile,
    "platform": Platform,
    "advisory": Advisory,
    "config": ConfigFile,
    "waivers": WaiverFile,
    "issuer": PublicIssuer,
    "bundle": Manifest | Exchange,  # manifest.json, and a line of exchanges.jsonl
    "report": None,  # made of the types of its members, see scanner/findings/document.py
}
_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
# filled by the loader, never written in a file
_OURS = ("place", "places")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of file."""
    if name == "report":
        return _DIALECT | {"title": "jwksgov report"} | _report()
    made = TypeAdapter(SCHEMAS[name]).json_schema()
    made["$defs"] = {key: value for key, value in made.get("$defs", {}).items() if key not in ("Place", "Places")}
    if name == "bundle":
        _as_stored(made["$defs"])  # and open: a later version may add members
    else:
        _close(made)
    if name == "rule":
        made["properties"]["about"]["enum"] = list(kind_names())
    return _DIALECT | {"title": f"jwksgov {name}"} | made


def _report() -> dict[str, Any]:
    """A report has every member, and is open: a later version may add some."""
    tables = row_types()
    types = [*OBJECTS.values(), *LISTS.values(), *tables.values(), RESULTS]
    inputs = [(type_, "serialization", TypeAdapter(type_)) for type_ in types]
    found, defined = TypeAdapter.json_schemas(inputs)  # type: ignore[arg-type]
    made = {type_: found[type_, "serialization"] for type_ in types}
    for each in defined["$defs"].values():
        each["required"] = list(each.get("properties", ()))
    properties: dict[str, Any] = {"schema": {"const": REPORT}}
    properties |= {name: made[type_] for name, type_ in OBJECTS.items()}
    properties |= {name: {"type": "array", "items": made[type_]} for name, type_ in LISTS.items()}
    rows = {table: {"type": "array", "items": made[type_]} for table, type_ in tables.items()}
    properties["subjects"] = {"type": "object", "properties": rows, "description": "The rows of each kind of subject."}
    properties["results"] = {
        "type": "object",
        "additionalProperties": made[RESULTS],
        "description": "Every answer, by kind of subject.",
    }
    return {"type": "object", "properties": properties, "required": list(properties), "$defs": defined["$defs"]}


def _as_stored(types: dict[str, Any]) -> None:
    """A line has digests in the place of octets, and the size of the body."""
    digest = {"anyOf": [{"type": "string", "pattern": f"^{DIGEST.pattern}$"}, {"type": "null"}], "default": None}
    line = types["Exchange"]
    del line["properties"]["body"]
    line["properties"] |= {"sha256": digest, "size": {"type": "integer", "minimum": 0}}
    line["dependentRequired"] = {"sha256": ["size"], "size": ["sha256"]}
    line["description"] += "\nThe body is in objects/ under its `sha256` and has `size` octets; so is the certificate of `tls`."
    types["Tls"]["properties"]["certificate"] = digest


def _close(node: object) -> None:
    """No member beyond those named, and none of ours; the loader refuses the same."""
    if isinstance(node, list):
        for item in node:
            _close(item)
    if not isinstance(node, dict):
        return
    properties = node.get("properties")
    if isinstance(properties, dict):
        for ours in _OURS:
            properties.pop(ours, None)
        node["additionalProperties"] = False
    for value in node.values():
        _close(value)
