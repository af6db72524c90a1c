"""Reading the values of the other headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.facts.http.fields import LONGEST, date_seconds, delta_seconds, hsts_seconds, list_items, media_type

AT = 784_111_777.0


class TestDates:
    @pytest.mark.parametrize(
        "text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
    )
    def test_are_read_in_each_of_the_three_forms(self, text: str) -> None:
        """RFC 9110 §5.6.7: the preferred form, and the two obsolete ones."""
        assert date_seconds(text) == AT

    @pytest.mark.parametrize("text", ["", "0", "-1", "never", "06 Nov", "Sun, 99 Nov 1994 08:49:37 GMT"])
    def test_of_other_text_are_none(self, text: str) -> None:
        assert date_seconds(text) is None


class TestSeconds:
    def test_are_digits_alone(self) -> None:
        """RFC 9111 §1.2.2: a non-negative integer."""
        assert [delta_seconds(each) for each in ("0", "060", "1e3", "+1", "-1", "1.0", "", "٣")] == [0, 60, *[None] * 6]

    def test_are_bounded(self) -> None:
        assert delta_seconds("9" * 20) == LONGEST
        assert delta_seconds("0" * 6000 + "7") == 7


class TestMediaTypes:
    def test_lose_letter_case_and_parameters(self) -> None:
        """RFC 9110 §8.3.1: type, subtype and parameter names are compared without regard to case."""
        assert media_type('Application/JWK-Set+JSON ; charset="utf-8"') == "application/jwk-set+json"

    @pytest.mark.parametrize("text", ["", "json", "Content-Type: application/json", "application/", "a/b/c", "a/b c"])
    def test_of_other_text_are_none(self, text: str) -> None:
        assert media_type(text) is None


class TestStrictTransportSecurity:
    def test_has_its_age_as_number_or_in_quotes(self) -> None:
        """RFC 6797 §6.2 shows both."""
        assert hsts_seconds("max-age=31536000") == 31_536_000
        assert hsts_seconds('includeSubDomains ; MAX-AGE="31536000"') == 31_536_000

    @pytest.mark.parametrize("text", ["", "includeSubDomains", "max-age", "max-age=x", "max-age=1; max-age=2"])
    def test_without_one_age_is_to_be_ignored(self, text: str) -> None:
        """RFC 6797 §6.1: the directive is required, and no directive stands twice."""
        assert hsts_seconds(text) is None


class TestLists:
    def test_have_no_empty_items_and_keep_quoted_commas(self) -> None:
        """RFC 9110 §5.6.1."""
        assert list(list_items(' a ,, "b,c" ,d="e,f"')) == ["a", '"b,c"', 'd="e,f"']


class TestAnyText:
    @given(st.text(max_size=80))
    def test_gives_a_value_or_none(self, text: str) -> None:
        for read in (media_type, hsts_seconds, delta_seconds):
            read(text)
        assert all(item.strip(" \t") == item and item for item in list_items(text))
