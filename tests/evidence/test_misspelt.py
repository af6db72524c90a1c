"""Near misses: a letter or two beside a known setting, and nothing else."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.misspelt import find_misspelt
from scanner.evidence.bindings.paths.selectors import exact, relaxed
from scanner.files.read import read
from scanner.files.tree import Node, Parsed

KNOWN = ("issuer-uri", "jwk-set-uri", "audiences", "EXPECT_CLAIMS")


def tree(text: str) -> Node:
    parsed = read(text.encode(), "yaml")
    assert isinstance(parsed, Parsed)
    return parsed.documents[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("issuer-url", "issuer-uri"),
        ("isuser-uri", "issuer-uri"),
        ("jwk-set-url", "jwk-set-uri"),
        ("jwks-set-uri", "jwk-set-uri"),
        ("audience", "audiences"),
        ("EXPECTED_CLAIMS", "EXPECT_CLAIMS"),
        ("Issuer-Uri", "issuer-uri"),
    ],
)
def test_a_near_miss_is_one(written: str, meant: str) -> None:
    (found,) = find_misspelt(tree(f"{written}: x"), {name: name for name in KNOWN}, exact)
    assert (found.written, found.meant, found.spot.line, found.spot.column) == (written, meant, 1, 1)


@pytest.mark.parametrize("written", ["issuer-uri", "issuer", "public-key-location", "set-uri", "uri", "audiences"])
def test_what_is_known_short_or_far_is_none(written: str) -> None:
    assert find_misspelt(tree(f"{written}: x"), {name: name for name in KNOWN}, exact) == ()


def test_another_spelling_of_a_relaxed_name_is_none() -> None:
    assert find_misspelt(tree("issuerUri: x"), {relaxed(name): name for name in KNOWN}, relaxed) == ()


def test_a_platform_that_lists_no_settings_is_not_asked() -> None:
    assert find_misspelt(tree("issuer-url: x"), {}, exact) == ()
