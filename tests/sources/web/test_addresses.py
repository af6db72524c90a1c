"""Private, loopback, link-local and otherwise reserved addresses are not dialled unless the configuration allows it by name."""

from __future__ import annotations

import pytest

from scanner.sources.web.addresses import allowed_hosts, host_refusal, refusal

NOBODY: frozenset[str] = frozenset()


class TestRefusal:
    @pytest.mark.parametrize(
        "address", ["192.0.1.1", "8.8.4.4", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1"]
    )
    def test_public_addresses_are_dialled(self, address: str) -> None:
        assert refusal(address, "login.example.com", NOBODY) is None

    @pytest.mark.parametrize(
        "address", ["127.0.0.1", "10.1.2.3", "100.64.0.1", "::1", "fd12::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
    )
    def test_a_host_that_is_allowed_may_lead_to_private_addresses(self, address: str) -> None:
        allowed = allowed_hosts(["Login.Test."])
        assert refusal(address, "login.test", allowed) is None
        assert refusal(address, "other.test", allowed) is not None
        assert refusal(address, "login.test.example", allowed) is not None

    @pytest.mark.parametrize(
        "address",
        [
            "169.254.169.254",
            "100.100.100.200",
            "168.63.129.16",
            "fd00:ec2::254",
            "fe80::1",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
            "192.0.2.1",
            "64:ff9b::a9fe:a9fe",
            "::ffff:169.254.169.254",
        ],
    )
    def test_metadata_and_link_local_addresses_are_allowed_only_by_themselves(self, address: str) -> None:
        """A name that is allowed must not become a way to a cloud's credentials."""
        assert refusal(address, "login.test", allowed_hosts(["login.test"])) is not None
        assert refusal(address, "login.test", allowed_hosts([address])) is not None
        host = next(iter(allowed_hosts([address])))
        assert refusal(address, host, allowed_hosts([address])) is None

    def test_a_sentence_says_what_kind_of_address_it_is(self) -> None:
        assert refusal("10.0.0.1", "login.test", NOBODY) == "the address is private, and `allow_private` does not name the host"
        assert refusal("::ffff:127.0.0.1", "login.test", NOBODY) == (
            "the address contains an IPv4 address that is loopback, and `allow_private` does not name the host"
        )


class TestHostRefusal:
    @pytest.mark.parametrize("host", ["localhost", "db.localhost", "metadata.google.internal", "127.0.0.1", "::1"])
    def test_names_that_are_known_to_lead_inside_are_refused_before_any_resolver_is_asked(self, host: str) -> None:
        assert host_refusal(host, NOBODY) is not None
        assert host_refusal(host, allowed_hosts([host])) is None

    def test_other_names_are_for_the_resolver(self) -> None:
        assert host_refusal("login.example.com", NOBODY) is None
