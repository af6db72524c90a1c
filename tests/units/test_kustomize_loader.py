"""What kustomize builds, our own build gives: the same objects."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scanner.files.tree import to_plain
from scanner.files.yaml_reader import read_yaml
from scanner.sources.document import Document
from scanner.units.kinds import Units
from tests.units.kustomize_overlays import overlay

_HASH = re.compile(r"-[24-9bcdfghkmt]{10}$")


@pytest.mark.parametrize("seed", range(40))
def test_a_build_gives_the_objects_of_kustomize(seed: int, tmp_path: Path) -> None:
    for name, text in overlay(seed).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    theirs = _build(tmp_path / "over")
    if theirs is None:
        return  # kustomize refuses it, as a patch of an item that another patch removed
    assert _plain(_make(tmp_path / "over")) == _plain(theirs)


def test_kustomize_builds_most_of_them(tmp_path: Path) -> None:
    """Otherwise the test above says nothing."""
    built = 0
    for seed in range(12):
        for name, text in overlay(seed).items():
            path = tmp_path / str(seed) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        built += _build(tmp_path / str(seed) / "over") is not None
    assert built >= 8


def _build(folder: Path) -> str | None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("loader: kubectl is not installed (.ci/run installs it)")
    done = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def _make(folder: Path) -> str:
    path = folder / "kustomization.yaml"
    document = Document("over/kustomization.yaml", path.read_bytes(), origin=str(path), root=os.path.realpath(folder.parent))
    found = Units().find(document)
    assert found is not None
    (made,) = found.unit.make(document)
    return made.text.text


def _plain(text: str) -> list[Any]:
    found = [to_plain(each) for each in read_yaml(text)[0]]
    return sorted((_settle(each) for each in found), key=lambda each: (each["kind"], each["metadata"]["name"]))


def _settle(each: Any) -> Any:
    """The object without what tells nothing: the hash of a generated name, and base64."""
    if isinstance(each, list):
        return [_settle(item) for item in each]
    if not isinstance(each, dict):
        return _HASH.sub("", each) if isinstance(each, str) else each
    if each.get("kind") == "Secret" and "data" in each:
        each["stringData"] = {name: base64.b64decode(value).decode() for name, value in each.pop("data").items()}
    each.pop("type", None)
    return {name: _settle(value) for name, value in each.items()}
