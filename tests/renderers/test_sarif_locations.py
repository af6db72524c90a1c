"""URIs of a SARIF report are URIs, whatever a server called the place of its keys."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.renderers.sarif.locations import artifact, is_in_tree

# RFC 3986 Appendix A, as far as a URL with an authority goes
_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_AUTHORITY = rf"(?:\[[0-9A-Fa-f:.]+\](?::[0-9]*)?|{_PCHAR}*)"
URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*://{_AUTHORITY}(?:/{_PCHAR}*)*(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?")


class TestAWebAddress:
    @pytest.mark.parametrize(
        ("written", "uri"),
        [
            ("https://a.example.com/jwks.json?v=1", "https://a.example.com/jwks.json?v=1"),
            ("https://[2001:db8::1]:8443/keys", "https://[2001:db8::1]:8443/keys"),
            ("https://a.example.com/a%20b", "https://a.example.com/a%20b"),
            ("https://a.example.com/100%", "https://a.example.com/100%25"),
            ("https://a.example.com/a[1]|b?q=[]", "https://a.example.com/a%5B1%5D%7Cb?q=%5B%5D"),
            ("https://a.example.com/x#y#z", "https://a.example.com/x#y%23z"),
            ("https://[::1/x", "https://%5B::1/x"),
            ("spiffe://prod.example.com", "spiffe://prod.example.com"),
        ],
    )
    def test_is_written_as_the_standard_has_it(self, written: str, uri: str) -> None:
        """RFC 3986 §2.1, §3.2.2, §3.5."""
        assert artifact(written) == {"uri": uri}

    @given(st.text(st.characters(), max_size=40))
    def test_is_a_uri_whatever_it_holds(self, rest: str) -> None:
        assert URI.fullmatch(artifact(f"https://{rest}")["uri"])

    def test_is_no_file_of_the_tree(self) -> None:
        assert not is_in_tree("spiffe://prod.example.com")
        assert not is_in_tree("https://a.example.com#jwks_uri=src/app.yaml")
        assert is_in_tree("src/app.yaml")
