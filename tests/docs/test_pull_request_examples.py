"""Every example for pull requests, hooks and schedules fails on what cannot be assessed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from scanner.files.read import read
from scanner.files.tree import Parsed, to_plain
from tests.cli.commands import jwksgov

ROOT = Path(__file__).parents[2]
OPTION = "--fail-on-undetermined"
# commands shown for something else: a first look, one issuer, an auditor's bundle, a baseline, a framework, formats
ELSEWHERE = {"README.md", "bundles.md", "collecting.md", "configuration.md", "frameworks.md", "waivers-and-baselines.md"}


def blocks(path: Path) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def hook() -> dict[str, Any]:
    parsed = read((ROOT / ".pre-commit-hooks.yaml").read_bytes(), "yaml", templates=False)
    assert isinstance(parsed, Parsed)
    hooks: Any = to_plain(parsed.documents[0])
    return dict(hooks[0])


class TestExamples:
    def test_of_the_documentation_have_the_option(self) -> None:
        """Of each page that shows a scan for a pull request or a schedule."""
        pages = [page for page in (ROOT / "docs").glob("*.md") if page.name not in ELSEWHERE]
        shown = [line for page in pages for block in blocks(page) for line in block.splitlines() if "jwksgov scan" in line]
        assert len(shown) >= 4
        assert [line for line in shown if OPTION not in line] == []

    def test_of_the_readme_show_it_for_the_hook(self) -> None:
        """And that it can be taken out."""
        (block,) = (block for block in blocks(ROOT / "README.md") if "id: jwksgov" in block)
        assert OPTION in block

    @pytest.mark.parametrize("name", ["github-actions.yml", "jwksgov.service", "kubernetes.yaml"])
    def test_for_schedules_have_the_option(self, name: str) -> None:
        """A night in which nothing could be decided is not a good night."""
        assert (ROOT / "examples/schedule" / name).read_text("utf-8").count(OPTION) == 1


class TestTheHook:
    def test_has_the_option_where_a_repository_can_take_it_out(self) -> None:
        """`args: []` in .pre-commit-config.yaml takes the place of these."""
        assert hook()["args"] == [OPTION]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("kind: Service\n", 0),
            ("a: [\n", 0),
            ("kind: RequestAuthentication\nspec: {jwtRules: [{issuer: https://login.example.com}]}\n", 1),
        ],
    )
    def test_refuses_no_ordinary_file(self, tmp_path: Path, text: str, code: int) -> None:
        """As pre-commit calls it."""
        (tmp_path / "a.yaml").write_text(text)
        found = hook()
        words = [*found["entry"].split()[1:], *found["args"], "a.yaml"]
        assert jwksgov(*words, cwd=tmp_path).returncode == code
