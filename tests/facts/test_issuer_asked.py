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
            (f"{ASKED}//", "a slash at the end"),
            ("https://login.example.com/Tenant", "upper and lower case"),
            ("https://login.example.com/tenan", "from character 32 on it has `` instead of `t`"),
            ("http://login.example.com:8080/tenant", "the scheme and the port"),
        ],
    )
    def test_is_told_in_words(self, found: str, words: str) -> None:
        """RFC 8414 §3.3: identical as text."""
        assert describe_difference(ASKED, found) == words

    def test_of_one_slash_counts_either_way(self) -> None:
        assert describe_difference(f"{ASKED}/", ASKED) == "a slash at the end"

    def test_is_shown_in_part_where_it_is_long(self) -> None:
        assert describe_difference("a", "b" * 5000) == f"from character 1 on it has `{'b' * 40}…` instead of `a`"

    @given(st.text(max_size=12), st.text(max_size=12))
    def test_is_empty_for_the_same_text_alone(self, asked: str, found: str) -> None:
        assert (describe_difference(asked, found) == "") is (asked == found)
