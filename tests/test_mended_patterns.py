"""Patterns that were made linear mean what they meant, on texts made from the parts that matter to them."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from scanner.evidence.bindings import embedded
from scanner.evidence.bindings.related_nodes import _is_named
from scanner.evidence.bindings.values import values
from scanner.facts.key import kid
from scanner.files import align, base64_text, inline_waivers
from scanner.policy import cel
from scanner.renderers import markdown_text

_SPACES = (" ", "  ", "\t", "\n", "\r\n", "\u2028", "")
# the pattern as it was, the pattern as it is, the method, and the parts of texts
_MENDED: dict[str, tuple[str, int, re.Pattern[str], str, tuple[str, ...]]] = {
    "block": (r"\w+(?:\s+\"[^\"\n]*\")*\s*\{\s*$", re.M, embedded._BLOCK, "match", ("a", "ab", '"x"', '"', "{", "}", *_SPACES)),
    "quoted": (
        r"^\s*[\w.-]+\s*=\s*(?:\"|\[\s*$)",
        re.M,
        embedded._QUOTED,
        "search",
        ("a", "a.b", "=", '"', "[", "]", "\n", *_SPACES),
    ),
    "member": (
        r"^\s*(?:- )?[\w./'\"-]+\s*:(?:\s|$)",
        re.M,
        embedded._MEMBER,
        "search",
        ("a", "-", "- ", "'", ":", "\n", "/", *_SPACES),
    ),
    "setting": (r"^\s*(?:export\s+)?[\w.-]+\s*=", re.M, embedded._SETTING, "match", ("export", "a", ".", "=", " ", "\t", "-")),
    "term": (
        r"\[\s*(?:%[^\n]*\s*)*\{\s*[a-z']\w*'?\s*,",
        0,
        embedded._TERM,
        "match",
        ("[", "% a\n", "{", "{a", "{a,", "'", ",", "[ {", *_SPACES),
    ),
    "opening": (
        r'(?:[!&]\S*[ \t]+)*(?:\\*(?:"""|\'\'\'|["\'])|[|>][-+0-9]*[^\n]*\n|<<[-~]?[ \t]*["\']?\w+["\']?[^\n]*\n)',
        0,
        align._OPENING,
        "match",
        ("!a", "&a", " ", "\\", '"', "'", '"""', "|", ">", "-", "2", "\n", "<<", "~", "EOF", "a"),
    ),
    "base64": (
        r"[A-Za-z0-9+/_\-\s]+={0,2}\s*",
        0,
        base64_text._ALPHABET,
        "fullmatch",
        ("aQ", "+", "_", "=", "==", "!", *_SPACES),
    ),
    "waiver": (
        r"(?:#++|//|/\*|!|;++|%++|<!--)\s*+jwksgov:\s*ignore\[([^\]]*)\]([^\n]*)",
        0,
        inline_waivers._WAIVER,
        "search",
        (
            "#",
            "##",
            "//",
            "/*",
            "!",
            ";",
            "%",
            "<!--",
            " jwksgov: ",
            "jwksgov:",
            "ignore[a]",
            "ignore[a, b]",
            "]",
            " b; c=d",
            " ",
        ),
    ),
    "address": (
        r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}",
        0,
        kid._DISCLOSURES["an e-mail address"],
        "search",
        ("a", "b.c", "@", ".", "-", " ", "de"),
    ),
    "duration": (
        r"(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)",
        0,
        values._GO,
        "findall",
        ("1", "23", ".", "ms", "s", "m", "h", "d", " "),
    ),
    "reference": (
        r"[0-9a-f]{7,}|.+-\d.*|www",
        re.I,
        markdown_text._REFERENCE,
        "fullmatch",
        ("a", "-", "1", "-2", "\n", "www", "abcdef0"),
    ),
    "chain": (r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", 0, cel._CHAIN, "findall", ("a", "b1", ".", " ", "(", "_")),
}


def _shown(found: Any) -> object:
    return (found.span(), found.groups()) if isinstance(found, re.Match) else found


class TestMended:
    @pytest.mark.parametrize("name", _MENDED)
    def test_mean_what_they_meant(self, name: str) -> None:
        """The same answer, and where places are used, the same places."""
        before, flags, now, way, parts = _MENDED[name]
        old, chance, hits = re.compile(before, flags), random.Random(name), 0
        for _ in range(20_000):
            text = "".join(chance.choices(parts, k=chance.randint(1, 9)))
            was, is_ = getattr(old, way)(text), getattr(now, way)(text)
            hits += bool(was)
            # of these only the answer is used: their blanks may reach over lines
            same = bool(was) == bool(is_) if name in ("quoted", "member", "term") else _shown(was) == _shown(is_)
            assert same, text
        assert hits > 50

    def test_addresses_are_named_as_a_pattern_would_find_them(self) -> None:
        """Whole words with dots."""
        chance = random.Random(1)
        for _ in range(20_000):
            address = "".join(chance.choices(("a", "b", ".", "-", "a.b"), k=chance.randint(1, 3)))
            text = "".join(chance.choices(("a", "b", ".", "-", "a.b", " ", "${", "}", "_"), k=chance.randint(1, 9)))
            expected = re.search(rf"(?<![\w.-]){re.escape(address)}(?![\w-])", text) is not None
            assert _is_named(address, text) == expected, (address, text)
