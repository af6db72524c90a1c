"""Spellings of one issuer, and issuers that are not one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scanner.hosts.spelling import is_other_spelling, list_differences, spelling_of

ASKED = "https://login.example.com/tenant"
LABELS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
ISSUERS = st.builds(
    lambda host, path: f"https://{'.'.join(host)}" + "".join(f"/{each}" for each in path),
    st.lists(LABELS, min_size=2, max_size=3),
    st.lists(LABELS, max_size=3),
)


def _encode_first(issuer: str) -> str:
    head, slash, last = issuer.rpartition("/")
    return f"{head}{slash}%{ord(last[0]):02X}{last[1:]}"


def _add_to_host(issuer: str, text: str) -> str:
    host, slash, path = issuer.removeprefix("https://").partition("/")
    return f"https://{host}{text}{slash}{path}"


# what people and servers change without noticing, and the words for it
RESPELLINGS: list[tuple[str, Callable[[str], str]]] = [
    ("a slash at the end", lambda issuer: f"{issuer}/"),
    ("a slash at the end", lambda issuer: f"{issuer}//"),
    ("the scheme", lambda issuer: issuer.replace("https://", "http://")),
    ("the scheme", lambda issuer: issuer.removeprefix("https://")),
    ("upper and lower case", lambda issuer: issuer.replace("https", "HTTPS")),
    ("blanks around it", lambda issuer: f" {issuer}"),
    ("blanks around it", lambda issuer: f"{issuer}\n"),
    ("the port", lambda issuer: _add_to_host(issuer, ":443")),
    ("the port", lambda issuer: _add_to_host(issuer, ":8443")),
    ("a dot at the end of the host", lambda issuer: _add_to_host(issuer, ".")),
]


class TestAnotherSpelling:
    @given(ISSUERS, st.sampled_from(RESPELLINGS))
    def test_names_the_same_issuer_and_says_what_differs(
        self, issuer: str, respelling: tuple[str, Callable[[str], str]]
    ) -> None:
        words, respell = respelling
        other = respell(issuer)
        assert is_other_spelling(issuer, other)
        assert is_other_spelling(other, issuer)
        assert list_differences(issuer, other) == [words] == list_differences(other, issuer)

    @given(ISSUERS, st.lists(st.sampled_from([RESPELLINGS[0], RESPELLINGS[2], RESPELLINGS[5]]), min_size=1, unique_by=id))
    def test_may_differ_in_several_ways(self, issuer: str, chosen: list[tuple[str, Callable[[str], str]]]) -> None:
        other = issuer
        for _, respell in chosen:
            other = respell(other)
        assert set(list_differences(issuer, other)) == {words for words, _ in chosen}

    @pytest.mark.parametrize(
        ("other", "words"),
        [
            ("https://login.example.com/%74enant", ["percent-encoding"]),
            ("https://login.example.com//tenant", ["doubled slashes"]),
            ("https://login.example.com/./tenant", ["dots in the path"]),
            ("https://login.example.com/other/../tenant", ["dots in the path"]),
            ("https://LOGIN.example.com/Tenant/", ["upper and lower case", "a slash at the end"]),
            ("https://login.example.com:/tenant", ["the port"]),
        ],
    )
    def test_is_told_in_words(self, other: str, words: list[str]) -> None:
        """RFC 3986 §6.2.2 and §6.2.3: what normalisation would take for equal, and issuers are not."""
        assert list_differences(ASKED, other) == words

    @given(ISSUERS)
    def test_of_a_path_may_be_percent_encoded(self, issuer: str) -> None:
        assume(issuer.count("/") > 2)
        assert list_differences(issuer, _encode_first(issuer)) == ["percent-encoding"]

    def test_of_a_host_may_be_in_unicode(self) -> None:
        assert list_differences("https://bücher.example", "https://xn--bcher-kva.example") == ["Unicode in the host"]


class TestAnotherIssuer:
    @given(ISSUERS, ISSUERS)
    def test_is_one_with_another_host_or_path(self, one: str, other: str) -> None:
        assert (spelling_of(one) == spelling_of(other)) is (one == other)

    @pytest.mark.parametrize(
        "other",
        [
            "https://login.example.com",
            "https://login.example.com/tenants",
            "https://login.example.com/tenant?x=1",
            "https://login.example.com/tenant#x",
            "https://login.example.com.example.net/tenant",
            "https://login.example.com@example.net/tenant",
            "spiffe://login.example.com/tenant",
        ],
    )
    def test_is_not_taken_for_a_spelling(self, other: str) -> None:
        assert not is_other_spelling(ASKED, other)
        assert list_differences(ASKED, other) == []

    @given(st.text(max_size=20), st.text(max_size=20))
    def test_no_text_is_too_odd(self, one: str, other: str) -> None:
        """Whatever a server sends as its issuer: two texts are equal, spellings of one, or neither."""
        assert bool(list_differences(one, other)) is is_other_spelling(one, other)

    def test_of_great_length_has_no_spelling(self) -> None:
        text = "https://login.example.com/" + "a/" * 5000
        assert not is_other_spelling(text, text + "/")
