"""One URL leads to one host, whatever other clients make of its spelling."""

from __future__ import annotations

import pytest

from scanner.sources.web.destination import destination_of, resolve_redirect
from scanner.sources.web.hosts import BadUrl, canonical_host


class TestCanonicalHost:
    @pytest.mark.parametrize(
        ("written", "canonical"),
        [
            ("Login.Example.COM", "login.example.com"),
            ("login.example.com.", "login.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("login。example", "login.example"),
            ("my_host.example", "my_host.example"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:DB8:0::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
        ],
    )
    def test_hosts_have_one_spelling(self, written: str, canonical: str) -> None:
        assert canonical_host(written) == canonical

    @pytest.mark.parametrize(
        "written",
        [
            "",
            ".",
            "a..b",
            "-a.example",
            "a-.example",
            "a" * 64 + ".example",
            "a." * 130 + "b",
            "a b",
            "a,b",
            "[::1",
            "::g",
            "x\ud800",
        ],
    )
    def test_what_is_no_host_is_refused(self, written: str) -> None:
        with pytest.raises(BadUrl):
            canonical_host(written)


class TestDestination:
    def test_a_url_is_rebuilt_from_its_parts(self) -> None:
        found = destination_of("HTTPS://Login.Example.com.:443/a b?c=ü#part".replace(" ", "%20"))
        assert found.url == "https://login.example.com/a%20b?c=%C3%BC"

    def test_another_port_stays(self) -> None:
        found = destination_of("https://[2001:db8::1]:8443?x")
        assert (found.host, found.port, found.target, found.authority) == ("2001:db8::1", 8443, "/?x", "[2001:db8::1]:8443")

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "ftp://example.com/",
            "example.com",
            "//example.com/",
            "https:example.com",
            "https:/example.com",
            "https://",
            "https://:443/",
            "https://example.com:0/",
            "https://example.com:65536/",
            "https://example.com:443:443/",
            "https://exa\tmple.com/",
            "https://example.com/\r\nHost: other",
            " https://example.com/",
            "https://example.com/\ud800",
            "https://example.com/" + "a" * 9000,
            "",
        ],
    )
    def test_what_is_no_url_of_the_web_is_refused(self, url: str) -> None:
        with pytest.raises(BadUrl):
            destination_of(url)


class TestRedirected:
    @pytest.mark.parametrize(
        ("location", "url"),
        [
            ("/keys", "https://a.example/keys"),
            ("keys", "https://a.example/b/keys"),
            ("?x=1", "https://a.example/b/c?x=1"),
            ("//b.example/keys", "https://b.example/keys"),
            ("http://b.example", "http://b.example/"),
        ],
    )
    def test_a_location_is_read_from_where_it_was_sent(self, location: str, url: str) -> None:
        """RFC 3986 §5.2."""
        assert resolve_redirect(destination_of("https://a.example/b/c"), location).url == url

    @pytest.mark.parametrize(
        "location", ["ht\ntps://b.example/", "\\\\b.example\\", "file:///etc/passwd", "//[::1", "javascript:x"]
    )
    def test_a_location_that_cannot_be_read_is_refused(self, location: str) -> None:
        with pytest.raises(BadUrl):
            resolve_redirect(destination_of("https://a.example/b/c"), location)
