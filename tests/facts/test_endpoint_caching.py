"""Reading Cache-Control, Expires and Age, and for how long an answer may be used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.facts.http.cache_control import freshness_lifetime, read_cache_control, stale_seconds
from scanner.facts.http.fields import LONGEST, date_seconds

NOW = 1_780_272_000.0  # Mon, 01 Jun 2026 00:00:00 GMT
DATE = "Mon, 01 Jun 2026 00:00:00 GMT"
IN_ONE_HOUR = "Mon, 01 Jun 2026 01:00:00 GMT"


def lifetime(*, is_shared: bool = False, **headers: str) -> int | None:
    """The freshness lifetime of an answer with these headers."""
    written = {name.replace("_", "-"): [value] for name, value in headers.items()}
    return freshness_lifetime(written, received=NOW, is_shared=is_shared)


class TestDirectives:
    def test_are_named_in_any_letter_case(self) -> None:
        """RFC 9111 §5.2: directives are compared without regard to case."""
        assert read_cache_control(["Public, MAX-Age=60"]).directives == {"public": None, "max-age": "60"}

    def test_of_several_lines_are_one_list(self) -> None:
        """RFC 9110 §5.3: lines of one field are joined with a comma."""
        assert read_cache_control(["public", "max-age=60"]) == read_cache_control(["public, max-age=60"])

    def test_may_have_quoted_arguments_with_commas_and_escapes(self) -> None:
        """RFC 9111 §5.2: a recipient takes an argument as a token and as a quoted string."""
        control = read_cache_control([r'no-cache="Set-Cookie, \"X\"", max-age="60"'])
        assert control.directives == {"no-cache": 'Set-Cookie, "X"', "max-age": "60"}
        assert (control.repeated, control.malformed) == ((), 0)

    def test_that_stand_twice_count_once_and_are_told(self) -> None:
        """RFC 9111 §4.2.1: of several values the first one is used, or the answer is taken for stale."""
        control = read_cache_control(["max-age=60, max-age=86400"])
        assert (control.seconds("max-age"), control.repeated) == (60, ("max-age",))

    def test_may_be_left_out_between_commas(self) -> None:
        """RFC 9110 §5.6.1: empty items of a list are ignored."""
        assert read_cache_control([" , max-age=60,, "]).directives == {"max-age": "60"}

    @pytest.mark.parametrize("text", ["max-age=60; public", "Cache-Control: public", "max-age = 60", "=60", 'max-age="60'])
    def test_that_are_none_are_counted(self, text: str) -> None:
        assert read_cache_control([text]).malformed == 1


class TestFreshnessLifetime:
    def test_is_max_age(self) -> None:
        assert lifetime(cache_control="public, max-age=300") == 300

    def test_max_age_wins_over_expires(self) -> None:
        """With both present, `max-age` decides (RFC 9111 §5.3)."""
        assert lifetime(cache_control="max-age=60", expires=IN_ONE_HOUR, date=DATE) == 60

    def test_counts_expires_from_the_date_of_the_answer(self) -> None:
        """RFC 9111 §4.2.1: Expires minus Date; where there is no Date, the time of arrival takes its place."""
        assert lifetime(expires=IN_ONE_HOUR, date="Mon, 01 Jun 2026 00:30:00 GMT") == 1800
        assert lifetime(expires=IN_ONE_HOUR) == 3600

    @pytest.mark.parametrize("expires", ["0", "-1", "soon", "Mon, 01 Jun 2020 00:00:00 GMT"])
    def test_of_an_expires_in_the_past_or_of_no_date_is_none(self, expires: str) -> None:
        """RFC 9111 §5.3: what is no date stands for a time in the past."""
        assert lifetime(expires=expires, date=DATE) == 0

    def test_is_left_to_the_cache_where_nothing_is_stated(self) -> None:
        """RFC 9111 §4.2.2: then a cache may guess."""
        assert lifetime(cache_control="public", etag='"1"') is None

    def test_of_a_shared_cache_is_s_maxage(self) -> None:
        """RFC 9111 §5.2.2.10: for a shared cache it overrides max-age; a private one ignores it."""
        assert lifetime(cache_control="max-age=60, s-maxage=600", is_shared=True) == 600
        assert lifetime(cache_control="max-age=60, s-maxage=600") == 60

    @pytest.mark.parametrize("text", ["no-store, max-age=60", "no-cache, max-age=60"])
    def test_is_nothing_where_asking_again_is_demanded(self, text: str) -> None:
        """RFC 9111 §4.2.1: of directives that conflict, the most restrictive one counts."""
        assert lifetime(cache_control=text) == 0

    def test_stays_where_no_cache_is_about_single_fields(self) -> None:
        """RFC 9111 §5.2.2.4: with field names, only those are not to be used again."""
        assert lifetime(cache_control='no-cache="Set-Cookie", max-age=60') == 60

    @pytest.mark.parametrize("number", ["-1", "1.5", "", "sixty"])
    def test_of_a_number_that_is_none_is_nothing(self, number: str) -> None:
        """RFC 9111 §4.2.1: an answer with invalid freshness is to be taken for stale."""
        assert lifetime(cache_control=f"max-age={number}" if number else "max-age") == 0

    def test_is_bounded(self) -> None:
        """RFC 9111 §1.2.2: a number that is too great counts as 2^31."""
        assert lifetime(cache_control=f"max-age={'9' * 5000}") == LONGEST


class TestStaleSeconds:
    def test_are_the_longer_of_both_windows(self) -> None:
        """RFC 5861 §3, §4: both begin when the answer becomes stale, so that they do not add up."""
        assert stale_seconds(read_cache_control(["max-age=15, stale-while-revalidate=15, stale-if-error=86400"])) == 86_400

    def test_are_none_where_stale_answers_are_forbidden(self) -> None:
        """RFC 9111 §5.2.2.2: must-revalidate leaves no room for them."""
        assert stale_seconds(read_cache_control(["must-revalidate, stale-if-error=86400"])) == 0


class TestAnyText:
    @given(st.lists(st.text(max_size=60), max_size=4), st.text(max_size=40), st.text(max_size=40))
    def test_gives_a_lifetime_or_none(self, lines: list[str], expires: str, date: str) -> None:
        headers = {"cache-control": lines, "expires": [expires], "date": [date]}
        for is_shared in (False, True):
            found = freshness_lifetime(headers, received=NOW, is_shared=is_shared)
            assert found is not None
            assert found >= 0
        assert stale_seconds(read_cache_control(lines)) >= 0

    @given(st.lists(st.sampled_from(["max-age", "=", ",", '"', "\\", "60", " ", ";", "no-cache", "\x00"]), max_size=12))
    def test_made_of_the_signs_of_directives_is_read(self, parts: list[str]) -> None:
        control = read_cache_control(["".join(parts)])
        assert all(name == name.lower() for name in control.directives)

    @given(st.text(max_size=60))
    def test_is_a_date_or_none(self, text: str) -> None:
        assert date_seconds(text) is None or isinstance(date_seconds(text), float)

    def test_of_many_quotes_is_read_in_one_pass(self) -> None:
        """A regular expression that goes back for each quote would take minutes."""
        for text in ('"' * 60_000, '"a,' * 20_000, "\\" * 60_000, '"\\' * 30_000):
            assert read_cache_control([text]).malformed >= 1
