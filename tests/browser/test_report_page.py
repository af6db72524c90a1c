"""The report in a real browser: accessible (axe-core), quiet, usable by keyboard, whole without scripts and on paper."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from tests.renderers import estates

SCRIPT = Path(__file__).parent / "look.cjs"
ESTATES: dict[str, Callable[[Path], None]] = {
    "demo": estates.demo,
    "hostile": estates.hostile,
    "clean": estates.clean,
    "network": estates.network,
    "many": lambda folder: estates.large(folder, files=10, rules=10),
}


@cache
def tools() -> tuple[str, str, str]:
    """node, the folder with playwright-core and axe-core, and Chromium; else a skip that says what is missing."""
    node = shutil.which("node")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    modules = os.environ.get("JWKSGOV_BROWSER_TOOLS", "")
    if node is None or chromium is None:
        pytest.skip("browser: node or chromium is not installed; .ci/run installs Debian's chromium")
    if not (Path(modules) / "axe-core").is_dir():
        pytest.skip(
            "browser: JWKSGOV_BROWSER_TOOLS names no node_modules with playwright-core and axe-core; .ci/run installs them"
        )
    return node, modules, chromium


@pytest.fixture(scope="module", params=list(ESTATES))
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the browser met in one estate's report."""
    node, modules, chromium = tools()
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "estate").mkdir()
    ESTATES[request.param](folder / "estate")
    main(["scan", str(folder / "estate"), "-q", "-o", str(folder / "out.html"), "--now", "2026-06-01"])
    look = [node, str(SCRIPT), str(folder / "out.html"), modules, chromium]
    ran = subprocess.run(look, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


class TestAccessibility:
    def test_axe_finds_no_violation_in_light_dark_and_on_a_phone(self, seen: dict[str, Any]) -> None:
        assert seen["violations"] == {"light": [], "dark": [], "phone": []}

    def test_every_text_has_enough_contrast(self, seen: dict[str, Any]) -> None:
        """4.5:1 for every text (WCAG 2.2 §1.4.3), marks and pictures included, which axe leaves undecided."""
        assert seen["contrast"] == {"light": [], "dark": [], "phone": []}

    def test_no_part_of_the_page_runs_out_to_the_side(self, seen: dict[str, Any]) -> None:
        assert seen["overflow"] == {"light": 0, "dark": 0, "phone": 0}

    def test_the_keyboard_reaches_the_text_and_the_groups(self, seen: dict[str, Any]) -> None:
        if "keyboard" not in seen:
            assert "filter" not in seen
            return
        assert seen["keyboard"] == {"first": "Skip to the report", "main": "main", "unfolded": True, "revealed": True}


class TestPolicy:
    def test_nothing_is_requested_and_nothing_is_refused(self, seen: dict[str, Any]) -> None:
        """A breach of the page's own Content Security Policy would be written to the console."""
        assert (seen["requests"], seen["console"]) == ([], [])


class TestFilter:
    def test_hides_what_does_not_fit_and_gives_it_back(self, seen: dict[str, Any]) -> None:
        if "filter" not in seen:
            assert seen["withoutScript"]["filter"] is False
            return
        assert seen["filter"]["none"] == 0
        assert "fail" not in seen["filter"]["states"]
        assert seen["filter"]["again"] == seen["filter"]["all"] > 0


class TestWithoutScript:
    def test_the_report_is_whole_and_shows_no_dead_control(self, seen: dict[str, Any]) -> None:
        assert seen["withoutScript"]["filter"] is False
        assert seen["withoutScript"]["text"] > 2000

    def test_folded_parts_are_printed(self, seen: dict[str, Any]) -> None:
        assert seen["printed"] == 0
