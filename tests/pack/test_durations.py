"""How long a behaviour lasts: seconds, until a restart, by hand, for ever, or unknown."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.pack.durations import (
    BY_HAND,
    FOR_EVER,
    UNKNOWN,
    UNTIL_RESTART,
    Duration,
    duration_of,
    duration_past_age,
    longest,
    wrong_duration,
)

SECONDS = st.integers(0, 10**6).map(lambda count: Duration("seconds", count))
DURATIONS = st.one_of(SECONDS, st.sampled_from((UNTIL_RESTART, BY_HAND, FOR_EVER, UNKNOWN)))


class TestReading:
    @pytest.mark.parametrize(
        ("value", "duration"),
        [
            (0, Duration("seconds", 0)),
            (0.5, Duration("seconds", 0.5)),
            ("infinite", FOR_EVER),
            ("until-restart", UNTIL_RESTART),
            ("manual", BY_HAND),
            ("static", BY_HAND),
            ("http-max-age", UNKNOWN),
            (None, UNKNOWN),
            (True, UNKNOWN),
            (-1, UNKNOWN),
            (float("inf"), UNKNOWN),
            (float("nan"), UNKNOWN),
            ("{{ .Values.ttl }}", UNKNOWN),
            ([300], UNKNOWN),
        ],
    )
    def test_takes_seconds_and_words(self, value: object, duration: Duration) -> None:
        assert duration_of(value) == duration

    @pytest.mark.parametrize(
        ("word", "duration"),
        [
            ("stale-forever", FOR_EVER),
            ("fail-closed", Duration("seconds", 0)),
            ("fail-closed-after-ttl", Duration("seconds", 0)),
            ("stale-for", UNKNOWN),
            (None, UNKNOWN),
        ],
    )
    def test_takes_what_happens_while_the_endpoint_is_down(self, word: object, duration: Duration) -> None:
        assert duration_past_age(word) == duration

    @pytest.mark.parametrize("value", [300, "infinite", "until-restart", "manual"])
    def test_gives_back_what_is_written(self, value: object) -> None:
        assert duration_of(value).written == value


class TestAWrongValue:
    def test_is_answered_with_the_nearest_word(self) -> None:
        assert (wrong_duration("infinit") or "").startswith(
            "Did you mean `infinite`? Write seconds as a number from 0 on, or one of "
        )

    @pytest.mark.parametrize("value", ["", "soon", True, [], None, -1, float("inf"), float("nan")])
    def test_is_refused(self, value: object) -> None:
        assert wrong_duration(value) is not None


class TestTheLongest:
    def test_of_seconds_is_the_largest_number(self) -> None:
        assert longest([Duration("seconds", 5), Duration("seconds", 60), Duration("seconds", 7)]) == Duration("seconds", 60)

    def test_follows_what_can_outlast_what(self) -> None:
        """An edit by hand outlasts restarts, and restarts come later than any number of seconds."""
        ordered = [Duration("seconds", 10**9), UNTIL_RESTART, BY_HAND, FOR_EVER]
        for shorter, longer in itertools.combinations(ordered, 2):
            assert longest([shorter, longer]) == longest([longer, shorter]) == longer

    def test_with_an_unknown_one_is_unknown_unless_another_never_ends(self) -> None:
        for other in (Duration("seconds", 10**9), UNTIL_RESTART, BY_HAND):
            assert longest([other, UNKNOWN]) == UNKNOWN
        assert longest([UNKNOWN, FOR_EVER]) == FOR_EVER

    def test_of_none_is_unknown(self) -> None:
        assert longest([]) == UNKNOWN

    @given(st.lists(DURATIONS, min_size=1, max_size=6))
    def test_does_not_depend_on_the_order(self, durations: list[Duration]) -> None:
        assert longest(durations) == longest(reversed(durations))


class TestTheSum:
    def test_of_seconds_is_seconds(self) -> None:
        assert Duration("seconds", 5) + Duration("seconds", 60) == Duration("seconds", 65)

    def test_with_an_unknown_part_is_unknown_unless_the_other_never_ends(self) -> None:
        assert Duration("seconds", 5) + UNKNOWN == UNKNOWN
        assert UNKNOWN + FOR_EVER == FOR_EVER
        assert UNTIL_RESTART + Duration("seconds", 5) == UNTIL_RESTART

    @given(DURATIONS, DURATIONS, DURATIONS)
    def test_is_commutative_and_associative(self, a: Duration, b: Duration, c: Duration) -> None:
        assert a + b == b + a
        assert (a + b) + c == a + (b + c)

    @given(DURATIONS, DURATIONS)
    def test_is_no_shorter_than_its_parts(self, a: Duration, b: Duration) -> None:
        assert longest([a + b, a, b]) == a + b


class TestSeconds:
    def test_are_rounded_up(self) -> None:
        assert Duration("seconds", 0.5).whole_seconds == 1

    def test_are_those_of_an_end_in_time_alone(self) -> None:
        assert [each.whole_seconds for each in (UNTIL_RESTART, BY_HAND, FOR_EVER, UNKNOWN)] == [None] * 4
