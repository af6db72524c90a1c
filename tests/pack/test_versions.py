"""Versions and the spans that people write for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.pack.versions import VersionSpan, read_version, span_between, span_of, span_of_constraint

NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(tuple)


class TestReading:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("v1.36.3", (1, 36, 3)),
            ("1.36.3-alpine", (1, 36, 3)),
            ("3.16", (3, 16)),
            ("2.4.20.2", (2, 4, 20, 2)),
            ("10.4+build.7", (10, 4)),
            ("latest", None),
            ("main", None),
            ("sha-0f1e2d3", None),
            ("RELEASE.2024-01-01", None),
            ("", None),
        ],
    )
    def test_the_numbers_count_and_a_name_is_no_version(self, text: str, numbers: tuple[int, ...] | None) -> None:
        assert read_version(text) == numbers


class TestSpans:
    @pytest.mark.parametrize(
        ("since", "until", "inside", "outside"),
        [
            ("2.4.16", "2.4.20.2", ["2.4.16", "2.4.19.4", "2.4.20.2"], ["2.4.15", "2.4.20.3", "2.4.21", "3"]),
            ("3.16", None, ["3.16.0", "4.1"], ["3.15.9", "3.1"]),
            (None, "3.15", ["3.15.9", "0.1"], ["3.16", "4"]),
        ],
    )
    def test_the_last_version_covers_its_patch_releases(
        self, since: str | None, until: str | None, inside: list[str], outside: list[str]
    ) -> None:
        """A fact that holds until 3.15 holds for 3.15.9."""
        span = span_between(since, until)
        assert all(span.holds(span_of(numbers)) for each in inside if (numbers := read_version(each)))
        assert not any(span.meets(span_of(numbers)) for each in outside if (numbers := read_version(each)))

    @given(NUMBERS, NUMBERS)
    def test_what_one_span_holds_meets_it(self, one: tuple[int, ...], other: tuple[int, ...]) -> None:
        first, second = span_of(one), span_of((*one, *other))
        assert first.holds(second)
        assert first.meets(second)
        assert second.meets(first)

    @given(NUMBERS)
    def test_zeros_at_the_end_make_no_other_version(self, numbers: tuple[int, ...]) -> None:
        written = ".".join(map(str, numbers))
        assert span_between(f"{written}.0", None) == span_between(written, None)


class TestConstraints:
    @pytest.mark.parametrize(
        ("text", "low", "below"),
        [
            ("^5.2.0", (5, 2), (6,)),
            ("^0.3.1", (0, 3, 1), (0, 4)),
            ("^0.0.3", (0, 0, 3), (0, 0, 4)),
            ("~1.2.3", (1, 2, 3), (1, 3)),
            ("~> 2.1", (2, 1), (3,)),
            ("~> 2.1.4", (2, 1, 4), (2, 2)),
            ("~=1.4", (1, 4), (2,)),
            (">= 1.2, < 2.0", (1, 2), (2,)),
            ("==1.9.10", (1, 9, 10), (1, 9, 11)),
            ("11.0.3", (11, 0, 3), (11, 0, 4)),
            ("1.x", (1,), (2,)),
            (">4", (5,), None),
            ("<=2.12.1", (), (2, 12, 2)),
            ("^1.0.0 || ^3.0.0", (1,), (4,)),
        ],
    )
    def test_gives_what_it_allows(self, text: str, low: tuple[int, ...], below: tuple[int, ...] | None) -> None:
        assert span_of_constraint(text) == VersionSpan(low, below)

    @pytest.mark.parametrize("text", ["*", "latest", "", "workspace:^", "file:../x"])
    def test_a_word_allows_nothing_that_is_known(self, text: str) -> None:
        assert span_of_constraint(text) is None
