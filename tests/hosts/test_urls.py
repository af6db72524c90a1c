"""The parts of a URL, templates included."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.hosts.urls import Origin, host_of, origin_of, parts_of, scheme_of, web_host_of

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
AUTHORITY = st.one_of(
    st.lists(LABEL, min_size=1, max_size=4).map(".".join),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
)


class TestHost:
    @pytest.mark.parametrize(
        ("url", "host"),
        [
            ("https://Login.Example.com/keys", "login.example.com"),
            ("https://login.example.com.:8443", "login.example.com"),
            ("https://login.example.com?x=/", "login.example.com"),
            ("https://login.example.com#/", "login.example.com"),
            ("https://user:secret@login.example.com/", "login.example.com"),
            ("https://[2001:DB8::1]:8443/", "2001:db8::1"),
            ("https://[fe80::1%eth0]/", "fe80::1%eth0"),
            ("http://localhost:${port}/jwks", "localhost"),
            ("http://my_service:{{ .Values.port }}/jwks", "my_service"),
            ("http://{{ .Values.host }}/jwks", "{{ .values.host }}"),
            ("${ISSUER:-http://localhost:8080}/jwks", "localhost"),
            ("https://[", ""),
            ("https://[nothing]/", ""),
            ("https:///jwks", ""),
            ("login.example.com", ""),
            ("", ""),
        ],
    )
    def test_is_what_stands_between_user_and_port(self, url: str, host: str) -> None:
        assert host_of(url) == host

    @given(AUTHORITY, st.sampled_from(["", ":443", ":8443"]), st.sampled_from(["", "/", "/a/b?c=d#e", "?a@b", "#a:b"]))
    def test_of_an_ordinary_url_is_what_the_standard_library_says(self, authority: str, port: str, rest: str) -> None:
        url = f"https://{authority}{port}{rest}"
        assert (host_of(url), parts_of(url).port) == (urlsplit(url).hostname, urlsplit(url).port)

    @given(st.text(max_size=60))
    def test_of_any_text_is_some_text(self, text: str) -> None:
        assert isinstance(parts_of(text).origin, Origin)

    def test_of_a_url_outside_of_the_web_is_asked_for_separately(self) -> None:
        assert host_of("spiffe://trust.example.com/a") == "trust.example.com"
        assert [web_host_of(each) for each in ("spiffe://trust.example.com", "ftp://a", "a.example.com", 7)] == ["", "", "", ""]
        assert web_host_of("HTTPS://A.example.com") == "a.example.com"


class TestOrigin:
    def test_has_the_port_of_the_scheme_where_none_is_written(self) -> None:
        """RFC 6454 §4."""
        assert (
            origin_of("https://a.example.com/x")
            == origin_of("HTTPS://A.example.com:443")
            == Origin("https", "a.example.com", 443)
        )
        assert origin_of("http://a.example.com") == Origin("http", "a.example.com", 80)

    @pytest.mark.parametrize("port", ["", "65536", "x", "1_0", "٣", "-1"])
    def test_ignores_a_port_that_cannot_be(self, port: str) -> None:
        parts = parts_of(f"https://a.example.com:{port}/")
        assert (parts.port, parts.origin.port, parts.written_port) == (None, 443, port)

    def test_keeps_no_user_information(self) -> None:
        parts = parts_of("https://user:secret@a.example.com/x#y")
        assert (parts.has_user, parts.authority, parts.target) == (True, "a.example.com", "/x#y")
        assert "secret" not in repr(parts)


class TestScheme:
    @pytest.mark.parametrize(
        ("url", "scheme"), [("HTTP://a", "http"), ("{{ .Scheme }}://a", ""), ("a.example.com", ""), ("://a", "")]
    )
    def test_is_known_where_it_is_written(self, url: str, scheme: str) -> None:
        assert scheme_of(url) == scheme
