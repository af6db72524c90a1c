"""The published schema describes what is written, and nothing that the reader refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scanner.record import changed
from scanner.sources.bundle.lines import line_of
from scanner.sources.bundle.manifest import new_manifest
from scanner.sources.exchange import Wanted
from tests.sources.bundle.bundles import asked, exchange, exchanges, failure, write

SCHEMA = Path(__file__).parents[3] / "schemas" / "bundle.schema.json"


def errors(document: object) -> list[str]:
    schema = json.loads(SCHEMA.read_text())
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]


class TestSchema:
    def test_a_complete_bundle_fits(self, tmp_path: Path) -> None:
        folder = Path(write(tmp_path / "bundle", [*exchanges(2), failure(2)]))
        assert errors(json.loads((folder / "manifest.json").read_bytes())) == []
        for line in (folder / "exchanges.jsonl").read_text().splitlines():
            assert errors(json.loads(line)) == []

    def test_so_do_all_forms_of_a_manifest(self) -> None:
        wanted = Wanted(issuer="a", jwks_uri="b", kind="spiffe", source="followed", is_declared=False, document_url="c")
        manifest = new_manifest(asked(wanted=(wanted,), config_path=None, config_sha256=None))
        for each in (manifest, changed(manifest, state="interrupted", resumed=("2026-11-02T00:00:00Z",))):
            assert errors(json.loads(each.to_bytes())) == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"role": "keys"},
            {"sha256": "no digest"},
            {"size": None},
            {"headers": [["name"]]},
            {"failure": {"sort": "whim", "because": ""}},
        ],
    )
    def test_a_line_of_another_shape_does_not(self, wrong: dict[str, Any]) -> None:
        members = json.loads(line_of(exchange()))
        assert errors(members) == []
        assert errors({name: value for name, value in (members | wrong).items() if value is not None}) != []
