"""What kustomize loads, a scan sees, or calls open."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.evidence.kustomize_spellings import URL, trees
from tests.forms.form import scan_tree

TREES = list(trees())


@pytest.mark.parametrize("tree", [pytest.param(tree, id=name) for name, tree in TREES[::3]])
def test_an_overlay_is_seen_or_its_place_is_open(tree: Mapping[str, str], tmp_path: Path) -> None:
    code = scan_tree(tree, tmp_path)
    assert code in (1, 3) or URL not in _build(tmp_path)


def test_kustomize_loads_what_is_generated(tmp_path: Path) -> None:
    """Otherwise the test above says nothing."""
    for number, (_, tree) in enumerate(TREES[::12]):
        folder = tmp_path / str(number)
        scan_tree(tree, folder)
        assert URL in _build(folder)


def _build(folder: Path) -> str:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("loader: kubectl is not installed (.ci/run installs it)")
    return subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True, check=False).stdout
