"""Metadata against what it was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.facts.issuer.requested import describe_difference

ASKED = "https://login.example.com/tenant"


class TestADifference:
    @pytest.mark.parametrize(
        ("found", "words"),
        [
            (ASKED, ""),
            (f"{ASKED}/", "a slash at the end"),
            (f"{ASKED}//", "from character 33 on it has `//` instead of ``"),
            ("https://login.example.com/Tenant", "upper and lower case"),
            ("https://login.example.com/tenan", "from character 32 on it has `` instead of `t`"),
            (
                "http://login.example.com/tenant",
                "from character 5 on it has `://login.example.com/tenant` instead of `s://login.example.com/tenant`",
            ),
        ],
    )
    def test_is_told_in_words(self, found: str, words: str) -> None:
        """RFC 8414 §3.3: identical as text; one slash at the end is dropped when the well-known URL is built."""
        assert describe_difference(ASKED, found) == words

    def test_of_one_slash_counts_either_way(self) -> None:
        assert describe_difference(f"{ASKED}/", ASKED) == "a slash at the end"
        assert describe_difference(f"{ASKED}/", f"{ASKED}//") != "a slash at the end"  # only one is dropped

    def test_is_shown_in_part_where_it_is_long(self) -> None:
        assert describe_difference("a", "b" * 5000) == f"from character 1 on it has `{'b' * 40}…` instead of `a`"

    @given(st.text(max_size=12), st.text(max_size=12))
    def test_is_empty_for_the_same_text_alone(self, asked: str, found: str) -> None:
        assert (describe_difference(asked, found) == "") is (asked == found)
