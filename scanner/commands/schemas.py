"""JSON Schemas for editors, printed by pydantic from the very records that the loader fills."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from scanner.config.model import ConfigFile
from scanner.config.waivers import WaiverFile
from scanner.pack.model import Framework, Objective, Profile, Rule
from scanner.pack.platform import Platform
from scanner.record import record
from scanner.sources.bundle.format import DIGEST
from scanner.sources.bundle.manifest import Manifest
from scanner.sources.exchange import Exchange


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
    "config": ConfigFile,
    "waivers": WaiverFile,
    "bundle": Manifest | Exchange,  # manifest.json, and a line of exchanges.jsonl
}
# filled by the loader, never written in a file
_OURS = ("place", "places")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of file."""
    made = TypeAdapter(SCHEMAS[name]).json_schema()
    made["$defs"] = {key: value for key, value in made.get("$defs", {}).items() if key not in ("Place", "Places")}
    if name == "bundle":
        _as_stored(made["$defs"])  # and open: a later version may add members
    else:
        _close(made)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"jwksgov {name}", **made}


def _as_stored(types: dict[str, Any]) -> None:
    """A line has digests in the place of octets, and the size of the body."""
    digest = {"anyOf": [{"type": "string", "pattern": f"^{DIGEST}$"}, {"type": "null"}], "default": None}
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
