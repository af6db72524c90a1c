"""Programs that render: what they are given, and what ends them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.sources.programs import Programs, find_programs
from scanner.sources.rendering import NotRendered, Rendering

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="linux-only: the programs here are shell scripts")


def _program(folder: Path, script: str) -> tuple[str, ...]:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return (str(path),)


def _tree(folder: Path) -> Path:
    chart = folder / "tree" / "chart"
    chart.mkdir(parents=True)
    (chart / "Chart.yaml").write_text("name: a\n")
    (chart.parent / "beside.yaml").write_text("not: copied\n")
    return chart


def _render(folder: Path, script: str, *, remote: bool = False, seconds: float = 20) -> str | NotRendered:
    chart = _tree(folder)
    programs = Programs(_program(folder, script), (), (), seconds)
    return programs.render(Rendering("helm", str(chart), (), (str(chart),), remote), str(chart.parent))


class TestWhatAProgramIsGiven:
    def test_it_sees_a_copy_of_the_files_of_the_unit(self, tmp_path: Path) -> None:
        """Neither the tree itself nor what is beside the unit."""
        seen = _render(tmp_path, 'echo "$2"; cd "$2" && /bin/ls -R ../..')
        assert isinstance(seen, str)
        assert str(tmp_path) not in seen.splitlines()[0]
        assert "Chart.yaml" in seen
        assert "beside.yaml" not in seen

    def test_links_that_lead_out_are_not_copied(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("token")
        chart = _tree(tmp_path)
        (chart / "link.yaml").symlink_to(tmp_path / "secret")
        (chart / "folder").symlink_to(tmp_path)
        programs = Programs(_program(tmp_path, 'cd "$2" && /bin/ls -R .'), (), ())
        seen = programs.render(Rendering("helm", str(chart), (), (str(chart),)), str(chart.parent))
        assert isinstance(seen, str)
        assert "link.yaml" not in seen
        assert "secret" not in seen

    def test_its_environment_says_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("API_TOKEN", "private-value")
        seen = _render(tmp_path, "/usr/bin/env")
        assert isinstance(seen, str)
        assert "private-value" not in seen
        assert f"HOME={os.environ.get('HOME')}\n" not in seen

    def test_it_has_no_network_where_the_system_can_take_it_away(self, tmp_path: Path) -> None:
        chart = _tree(tmp_path)
        found = _isolation()
        programs = Programs(_program(tmp_path, "/bin/cat /proc/net/dev"), (), found)
        seen = programs.render(Rendering("helm", str(chart), (), (str(chart),)), str(chart.parent))
        assert isinstance(seen, str)
        devices = [line.partition(":")[0].strip() for line in seen.splitlines() if ":" in line]
        assert devices == ["lo"]

    def test_without_that_it_is_not_started_for_what_names_something_remote(self, tmp_path: Path) -> None:
        found = _render(tmp_path, "echo started", remote=True)
        assert isinstance(found, NotRendered)
        assert "remote" in found.because


def _isolation() -> tuple[str, ...]:
    try:
        found = find_programs().without_network
    except UsageError:
        found = ()
    if not found:
        pytest.skip("linux-only: no network can be taken away here")
    return found


class TestWhatEndsAProgram:
    def test_time(self, tmp_path: Path) -> None:
        found = _render(tmp_path, "exec /bin/sleep 60", seconds=0.2)
        assert found == NotRendered("helm takes too long, or writes too much", is_costly=True)

    def test_size(self, tmp_path: Path) -> None:
        found = _render(tmp_path, "exec /usr/bin/yes")
        assert found == NotRendered("helm takes too long, or writes too much", is_costly=True)

    def test_a_fault_is_told_without_its_words(self, tmp_path: Path) -> None:
        found = _render(tmp_path, "echo private >&2; exit 3")
        assert found == NotRendered("helm does not render it (exit code 3)")

    def test_a_program_that_cannot_be_started(self, tmp_path: Path) -> None:
        chart = _tree(tmp_path)
        found = Programs((str(tmp_path / "none"),), (), ()).render(Rendering("helm", str(chart)), str(chart.parent))
        assert found == NotRendered("helm cannot be started")


class TestFindingPrograms:
    def test_without_any_the_remedy_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(UsageError, match="neither helm nor kustomize"):
            find_programs()

    def test_a_relative_folder_of_the_path_is_not_asked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A scanned tree must not bring its own program."""
        (tmp_path / "helm").write_text("#!/bin/sh\n")
        (tmp_path / "helm").chmod(0o755)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", f".{os.pathsep}")
        with pytest.raises(UsageError):
            find_programs()
