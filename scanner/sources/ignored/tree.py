"""The `.gitignore` files that hold in each folder of a scanned tree."""

from __future__ import annotations

import os
from typing import TypeAlias

from scanner.config.gitignore.rules import IgnoreRules, read_rules
from scanner.record import record

LARGEST = 1024 * 1024
# how many characters may be compared while one tree is listed: a tree of 100,000 files with 150 rules needs a tenth of it
MOST_WORK = 20_000_000_000
# what compiling a character of a rule costs in such comparisons
_COMPILING = 10_000

Chain: TypeAlias = "tuple[RulesOfFolder, ...]"


@record
class RulesOfFolder:
    """The rules of a folder, which ends in a separator."""

    folder: str
    rules: IgnoreRules


class IgnoredFiles:
    """Says which paths are ignored, as long as that is not too much work. After that none is: all files are read."""

    def __init__(self, most_work: int = MOST_WORK) -> None:
        self._left = most_work
        self._faults: list[tuple[str, str]] = []

    def extend(self, chain: Chain, folder: str) -> Chain:
        """The rules that hold in a folder with a `.gitignore`: those of the folders above, and its own."""
        data = _read(os.path.join(folder, ".gitignore"))
        if len(data) > LARGEST:
            self._faults.append((folder, f"it is larger than {LARGEST // 1024 // 1024} MiB: its rules do not apply"))
        if not 0 < len(data) <= LARGEST or self._left < 0:
            return chain
        rules = read_rules(data.decode("latin-1"))
        self._spend(_COMPILING * rules.size, folder)
        return (*chain, RulesOfFolder(folder.rstrip(os.sep) + os.sep, rules))

    def is_ignored(self, chain: Chain, path: str) -> bool:
        """Whether `path` (absolute; a folder ends in `/`) is ignored; the deepest file that says something decides."""
        for above in reversed(chain):
            below = path[len(above.folder) :].replace(os.sep, "/")
            if not self._spend(above.rules.work(below), above.folder):
                return False
            found = above.rules.decide(below)
            if found is not None:
                return found
        return False

    def faults(self) -> list[tuple[str, str]]:
        """The files whose rules do not apply, and why, that were not yet given: each with its folder."""
        found, self._faults = self._faults, []
        return found

    def _spend(self, work: int, folder: str) -> bool:
        """Whether that much work is still allowed."""
        was_allowed = self._left >= 0
        self._left -= work
        if was_allowed and self._left < 0:
            self._faults.append((folder, "its rules need too much work: from here on no `.gitignore` applies"))
        return self._left >= 0


def _read(path: str) -> bytes:
    """A file of rules, and one byte more than is accepted; nothing where it is none. As git, it follows no link."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(path, flags), "rb") as file:
            return file.read(LARGEST + 1)
    except OSError:
        return b""
