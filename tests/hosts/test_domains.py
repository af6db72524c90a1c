"""Whether a host lies under a domain, whatever its spelling."""

from __future__ import annotations

import pytest

from scanner.hosts.domains import NoDomain, is_under


class TestUnder:
    @pytest.mark.parametrize(
        ("host", "domain"),
        [
            ("example.com", "example.com"),
            ("login.example.com", "example.com"),
            ("LOGIN.Example.COM.", "example.com"),
            ("login.example.com", "*.Example.com."),
            ("bücher.example.com", "xn--bcher-kva.example.com"),
            ("10.0.0.1", "10.0.0.1"),
            ("::1", "::1"),
        ],
    )
    def test_counts_labels_and_no_spelling(self, host: str, domain: str) -> None:
        assert is_under(host, domain)

    @pytest.mark.parametrize(
        ("host", "domain"),
        [
            ("evilexample.com", "example.com"),
            ("example.com.evil.org", "example.com"),
            ("evil.org/.example.com", "example.com"),
            ("evil.org .example.com", "example.com"),
            (".example.com", "example.com"),
            ("", "example.com"),
            ("10.0.0.1", "0.0.0.1"),
            ("exаmple.com", "example.com"),
        ],
    )
    def test_is_not_what_only_ends_alike(self, host: str, domain: str) -> None:
        assert not is_under(host, domain)

    @pytest.mark.parametrize("text", ["", ".", "https://example.com", "example..com", "a/b", "example.com:80", "u@example.com"])
    def test_of_what_is_no_domain_is_an_error(self, text: str) -> None:
        """A negated condition would pass for every host otherwise."""
        with pytest.raises(NoDomain):
            is_under("login.example.com", text)
