"""`.gitignore` of a scanned tree means what git says it means, and costs no more than its length."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from scanner.config.gitignore.rules import IgnoreRules, read_rules
from scanner.sources.document import Unreadable
from scanner.sources.ignored.tree import LARGEST, IgnoredFiles
from scanner.sources.targets import files_of
from tests.linear.growth import Growth, repeated

_PARTS = (
    "a", "b", "ab", "*", "**", "***", "?", "/", "**/", "/**", "a*b", "[ab]", "[!a]", "[^]a]", "[a-", "[z-a]", "[!", "[", "]",
    "^", "-", "[[:alpha:]]", "[[:nothing:]]", "[a\\]]", "\\a", "\\*", "\\ ", "\\/", "\\", "!", "#", " ", "\r", "\u00e9",
)  # fmt: skip
_NAMES = ("a", "b", "ab", "ba", "aab", "#a", "!b", "a b", "b ", "a]", "-", "*", "\u00e9")


def _make_tree(folder: Path, chance: random.Random) -> dict[str, bool]:
    """Files and folders with such names; whether each is a folder."""
    for _ in range(30):
        path = folder.joinpath(*(chance.choice(_NAMES) for _ in range(chance.randint(1, 4))))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=True)
        except OSError:  # a file is where a folder should be
            continue
    return {path.relative_to(folder).as_posix(): path.is_dir() for path in sorted(folder.rglob("*"))}


def _ignored_by_git(folder: Path, paths: list[str]) -> set[str]:
    asked = "\0".join(paths).encode()
    command = ["git", "-C", str(folder), "check-ignore", "--no-index", "-z", "--stdin"]
    done = subprocess.run(command, input=asked, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.decode().split("\0")) - {""}


def _ignored_by_us(rules: IgnoreRules, tree: dict[str, bool]) -> set[str]:
    """A scan does not enter an ignored folder."""
    found: set[str] = set()
    for path, is_folder in tree.items():  # folders before what is in them
        if os.path.dirname(path) in found or rules.decide(f"{path}/" if is_folder else path):
            found.add(path)
    return found


class TestRules:
    @pytest.mark.parametrize("seed", range(4))
    def test_mean_what_git_says(self, seed: int, tmp_path: Path) -> None:
        """Any rules, on any names."""
        chance = random.Random(seed)
        tree = _make_tree(tmp_path, chance)
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
        for _ in range(60):
            lines = ["".join(chance.choices(_PARTS, k=chance.randint(1, 6))) for _ in range(chance.choice([1, 1, 1, 4]))]
            text = "\n".join(lines).encode()
            (tmp_path / ".gitignore").write_bytes(text)
            assert _ignored_by_us(read_rules(text.decode("latin-1")), tree) == _ignored_by_git(tmp_path, list(tree)), lines

    @pytest.mark.parametrize("rule", ["*a*a*a*a*ab", "**/a*/**/a*/**/b", "/**/**/**/b", "*[ab]*[ab]*[ab]c", "a/**/a/**/a/**/b"])
    def test_are_linear_in_the_path(self, rule: str) -> None:
        """Of many stars, each once made the work as many times greater as the name was long."""
        for unit in ("a", "a/", "ab", "b/a", "/"):
            assert Growth(IgnoreRules([rule]).decide).fault(repeated(unit)) is None

    def test_are_linear_in_the_rule(self) -> None:
        """As many stars as one likes."""
        for unit in ("*a", "**/a/", "*[ab]", "?*"):
            growth = Growth(lambda text: read_rules(text).decide("a" * 60))
            assert growth.fault(repeated(unit, share=16, end="b")) is None


class TestTooManyRules:
    def test_are_said_and_ignore_nothing(self, tmp_path: Path) -> None:
        """A file that names too much is not applied in part: a later line could have taken an earlier one back."""
        (tmp_path / "a.yaml").touch()
        (tmp_path / ".gitignore").write_text("*.yaml\n" + "#" * LARGEST)
        found = list(files_of([str(tmp_path)]))
        assert [file.path for file in found if not isinstance(file, Unreadable)] == ["a.yaml"]
        assert [(file.path, file.because) for file in found if isinstance(file, Unreadable)] == [
            (".gitignore", "it is larger than 1 MiB: its rules do not apply")
        ]

    def test_stop_when_they_are_too_much_work(self, tmp_path: Path) -> None:
        """Counted in characters, so that every machine stops at the same file, and said once."""
        (tmp_path / ".gitignore").write_text("*a*b\n")
        ignored = IgnoredFiles(most_work=100_000)
        rules = ignored.extend((), str(tmp_path))
        asked = [ignored.is_ignored(rules, str(tmp_path / "a.b")) for _ in range(2_000)]
        assert (asked[0], asked[-1]) == (True, False)
        assert asked == sorted(asked, reverse=True)
        assert [because for _, because in ignored.faults()] == [
            "its rules need too much work: from here on no `.gitignore` applies"
        ]
        assert ignored.faults() == []

    def test_do_not_follow_links_and_wait_for_no_pipe(self, tmp_path: Path) -> None:
        """As git; a pipe without a writer would block for ever."""
        (tmp_path / "rules.txt").write_text("*.yaml\n")
        (tmp_path / "linked").mkdir()
        (tmp_path / "piped").mkdir()
        (tmp_path / "linked" / "a.yaml").touch()
        (tmp_path / "piped" / "a.yaml").touch()
        os.symlink(tmp_path / "rules.txt", tmp_path / "linked" / ".gitignore")
        os.mkfifo(tmp_path / "piped" / ".gitignore")
        assert [file.path for file in files_of([str(tmp_path)])] == ["linked/a.yaml", "piped/a.yaml"]
