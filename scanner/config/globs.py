"""Globs on report paths: `exclude`, `paths` and waivers mean the same by one, which is what a line of `.gitignore` means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from scanner.config.gitignore.patterns import in_any_folder, translate
from scanner.config.gitignore.rules import IgnoreRules, as_bytes, strip_end

# a name that no glob means: one that covers it covers everything
_ANY_NAME = "\x01jwksgov\x01"
_SPECIAL = re.compile(r"[*?\[\\]")


class Globs:
    """A list of globs: of those that match a path, or a folder above it, the last decides; `!` takes back what one before it
    covers.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)
        self._rules = IgnoreRules(map(_as_line, self._patterns))
        self._unmatched = list(map(_compile, self._patterns))

    def in_folder(self, name: str) -> Globs:
        """Those for a folder that the user named, whose report paths begin with `name`: without what covers all of it, since it
        was named all the same. What matches is taken note of here, too.
        """
        if not name:
            return self
        covering = {each for each, matches in map(_compile, self._patterns) if matches(name) or matches(f"{name}{_ANY_NAME}")}
        found = Globs(pattern for pattern in self._patterns if pattern not in covering)
        self._unmatched[:] = [each for each in self._unmatched if each[0] not in covering]
        found._unmatched = self._unmatched
        return found

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The globs that no path has matched yet."""
        return tuple(pattern for pattern, _ in self._unmatched)

    def decides(self, path: str) -> bool:
        """Whether a path (a folder's ends in `/`) is covered itself, whatever holds for the folders above it."""
        if self._unmatched:
            self._unmatched[:] = [(pattern, matches) for pattern, matches in self._unmatched if not matches(path)]
        return self._rules.decide(path) is True

    def covers(self, path: str) -> bool:
        """Whether a path is covered, or a folder above it: then nothing below that folder is taken back."""
        ends = (at + 1 for at, sign in enumerate(path) if sign == "/")
        return any(self.decides(path[:end]) for end in ends) or self.decides(path)


def _compile(pattern: str) -> tuple[str, Callable[[str], bool]]:
    return pattern, covers(pattern.removeprefix("!"))


def covers(pattern: str) -> Callable[[str], bool]:
    """Whether a report path is meant by one glob; one that means a folder covers everything below it."""
    line = _as_line(pattern)
    bare = line.removesuffix("/")
    end = r"(?=/)" if bare != line else r"(?=/|\Z)"
    is_path = "/" in bare
    expression = translate(bare.removeprefix("/"), is_path=is_path, end=end) if find_fault(pattern) is None else None
    if expression is None:
        return lambda _: False
    compiled = re.compile(expression if is_path else in_any_folder(expression), re.DOTALL)
    return lambda path: compiled.match(as_bytes(path.lstrip("/"))) is not None


def escape_path(path: str) -> str:
    """The glob that means this very path, and what is below it; an empty path means everything."""
    if not path.strip("/"):
        return "*"
    bare = path.rstrip(" ")
    return "/" + _SPECIAL.sub(r"\\\g<0>", bare) + r"\ " * (len(path) - len(bare))


def plain_path(pattern: str) -> str | None:
    """The one path, of a file or a folder, that a glob without wildcards means; None where it may mean several."""
    path = _without_dot(pattern)
    if _SPECIAL.search(path) or path.startswith(("!", "#")) or "/" not in path.rstrip("/"):
        return None
    return path.strip("/")


def find_fault(pattern: str, *, is_in_list: bool = False) -> str | None:
    """Why a glob can match nothing, in words; None where nothing is wrong with it. `is_in_list`: `!` takes back what a glob
    before it covers.
    """
    if not pattern.strip().strip("/"):
        return "it is empty"
    if any(sign in pattern for sign in "\0\n\r"):
        return "it has a line break"
    if pattern.startswith("#"):
        return "it begins with `#`, as comments do: write `\\#`"
    if pattern.startswith("!") and not is_in_list:
        return (
            "it begins with `!`, which takes back what another covers, and there is no other: write `\\!` for the sign itself"
        )
    if translate(_as_line(pattern).removeprefix("!"), is_path=True) is None:
        return "it ends in a backslash, or a bracket in it is not closed"
    return None


def _as_line(pattern: str) -> str:
    """A glob as a line of `.gitignore`, with one character for each byte."""
    return as_bytes(strip_end(_without_dot(pattern)))


def _without_dot(pattern: str) -> str:
    """Many write `./deploy`; no report path begins like this, and git would match nothing with it."""
    return pattern[1:] if pattern.startswith("./") else pattern
