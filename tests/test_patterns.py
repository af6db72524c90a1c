"""Every regular expression of the code works in time linear in its text, whatever the text.

The patterns are found by walking the code (tests/linear/find_patterns.py) and the texts are made from the patterns
(tests/linear/hostile_texts.py): neither is a list to keep.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import pytest

from scanner.config.globs import Globs, covers
from scanner.evidence.bindings.paths.flat_settings import variable_pattern
from scanner.pack.shipped import shipped_pack
from tests.linear.find_patterns import Found, all_patterns, calls_without_a_literal
from tests.linear.growth import Growth, repeated
from tests.linear.hostile_texts import Pump, hostile_texts

_FOUND = all_patterns()
# the most telling ones come first; `make nightly` tries all
_SOME = 400

# what each kind of fault looks like, and how such a pattern is used
_SLOW = {
    "two repeats of one character (exponential)": (r"(?:[A-Z][a-z-]+: [^\n]*\s+)*[A-Z]{16}", "search"),
    "a repeat in a repeat (exponential)": (r"\[\s*(?:%[^\n]*\s*)*\{", "match"),
    "a repeat of alternatives that overlap (exponential)": (r"(?:\w|\w\w)*;", "match"),
    "two repeats side by side": (r"[\w\s]+\s*;", "match"),
    "two repeats with something optional between": (r"\s*(?:x)?\s*;", "match"),
    "a run before the telling word": (r'\\*"kty\\*"\s*:', "finditer"),
    "a run of any character before the telling one": (r"\w+@\w+", "search"),
    "a beginning in every place, without an end": (r"ignore\[[^\]]*\]", "search"),
    "a comment that does not end": (r"/\*.*?\*/", "sub"),
    "a string that does not end": (r'"(?:\\.|[^"\\])*"', "sub"),
    "blanks before the end": (r"[ \t]+$", "search"),
    "lines before a name": (r"(?m)^\s*\w+=", "search"),
    "a reference to what was read": (r"(a+)b?\1;", "match"),
    "a lazy repeat that two marks may end": (r".*?-\d.*;", "match"),
}


def _work(pattern: re.Pattern[Any], way: str) -> Callable[[str], object]:
    """What the code does with a text, all results read."""
    call = getattr(pattern, way)
    if way in ("sub", "subn"):
        call = (
            (lambda text: pattern.sub(b"", text))
            if isinstance(pattern.pattern, bytes)
            else (lambda text: pattern.sub("", text))
        )
    elif way == "finditer":
        call = lambda text: [None for _ in pattern.finditer(text)]  # noqa: E731
    if isinstance(pattern.pattern, bytes):
        return lambda text: call(text.encode("utf-8", "replace"))
    return call  # type: ignore[no-any-return]


def _faults(found: Found, texts: Iterable[Pump]) -> Iterator[str]:
    compiled = re.compile(found.pattern, found.flags)
    texts = list(texts)
    for way in sorted(found.ways):
        growth = Growth(_work(compiled, way))
        yield from islice((f"{way}: {fault}" for pump in texts if (fault := growth.fault(pump))), 1)


class TestPatterns:
    @pytest.mark.parametrize("found", _FOUND, ids=[found.where for found in _FOUND])
    def test_are_linear(self, found: Found) -> None:
        """On the most telling texts that the pattern itself suggests."""
        assert list(_faults(found, islice(hostile_texts(found.pattern, found.flags), _SOME))) == []

    @pytest.mark.nightly
    @pytest.mark.parametrize("found", _FOUND, ids=[found.where for found in _FOUND])
    def test_are_linear_on_all_texts(self, found: Found) -> None:
        """On every text that the pattern suggests."""
        assert list(_faults(found, hostile_texts(found.pattern, found.flags))) == []

    def test_are_all_found(self) -> None:
        """Two places make patterns while they run: one is tested below, `.gitignore` in tests/sources/test_ignored.py."""
        assert len(_FOUND) > 200
        assert {where.split(":")[0] for where in calls_without_a_literal()} == {
            "evidence/bindings/paths/flat_settings.py",
            "config/gitignore/rules.py",
            "config/globs.py",
        }

    def test_of_environment_variables_are_linear(self) -> None:
        """Platforms give the prefixes."""
        reads = [read for platform in shipped_pack(examples=True).platforms.values() for read in platform.reads]
        prefixes = {read.settings for read in reads if read.environment and read.settings}
        assert prefixes
        for prefix in prefixes:
            found = Found(prefix, variable_pattern(prefix).pattern, 0, frozenset({"fullmatch"}))
            assert list(_faults(found, islice(hostile_texts(found.pattern, 0), _SOME))) == []


class TestGlobs:
    @pytest.mark.parametrize(
        "glob", ["*a*a*a*a*ab", "**/**/**/**/**/b", "*[ab]*[ab]*[ab]*[ab]*c", "?*?*?*?*?*b", "*" * 60 + "b"]
    )
    def test_of_a_tree_are_linear(self, glob: str) -> None:
        """`exclude`, `paths` and waivers of a configuration in the scanned tree (many stars were exponential elsewhere)."""
        for work in (covers(glob), Globs([glob]).decides, lambda path: fnmatch.fnmatchcase(path, glob)):
            for unit in ("a", "a/", "ab", "/", "b"):
                assert Growth(work).fault(repeated(unit)) is None


class TestThisTest:
    """A test of patterns that finds nothing would look the same as one that tests nothing."""

    @pytest.mark.parametrize(("pattern", "way"), _SLOW.values(), ids=_SLOW)
    def test_refuses_what_is_not_linear(self, pattern: str, way: str) -> None:
        """Each kind of fault that was ever found, and some more."""
        assert list(_faults(Found("", pattern, 0, frozenset({way})), islice(hostile_texts(pattern, 0), _SOME)))

    @pytest.mark.parametrize(
        "pattern", [r"\w++@", r"(?<!\\)\\++u", r"[ \t]*+\S", r'"(?:\\.|[^"\\])*+(?:"|\\?\Z)', r"(?>.*?-\d).*+"]
    )
    def test_accepts_what_is_linear(self, pattern: str) -> None:
        """The ways in which such patterns are mended."""
        assert list(_faults(Found("", pattern, re.DOTALL, frozenset({"match"})), hostile_texts(pattern, re.DOTALL))) == []
