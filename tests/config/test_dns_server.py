"""How a DNS server is written."""

from __future__ import annotations

import pytest

from scanner.config.dns_server import dns_server_of


class TestAServer:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("9.9.9.9", ("9.9.9.9", 53)),
            ("127.0.0.1:5353", ("127.0.0.1", 5353)),
            ("2001:DB8::53", ("2001:db8::53", 53)),
            ("[2001:db8::53]", ("2001:db8::53", 53)),
            ("[::1]:5353", ("::1", 5353)),
        ],
    )
    def test_is_an_address_with_or_without_port(self, written: str, meant: tuple[str, int]) -> None:
        assert dns_server_of(written) == meant

    @pytest.mark.parametrize(
        "written",
        ["", ":53", "dns.example.com", "9.9.9.9:", "9.9.9.9:0", "9.9.9.9:65536", "9.9.9.9:5x", "9.9.9.9:٥٣", "9.9.9.9:000053",
         "[9.9.9.9", "[::1]x:53", "127.1", "0x7f.1", "fe80::1%eth0", "https://9.9.9.9", "9.9.9.9 ", "9.9.9.9\n"],
    )  # fmt: skip
    def test_is_nothing_else(self, written: str) -> None:
        assert dns_server_of(written) is None
