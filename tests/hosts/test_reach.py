"""Who can reach a host: one answer for what is configured, published and fetched."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence.bindings.reader import binding_from_settings
from scanner.evidence.model import Fetched, IssuerMetadata, Spot
from scanner.facts import binding as binding_facts
from scanner.facts.endpoint.url import named_reach, reach
from scanner.facts.issuer.endpoints import are_keys_out_of_reach
from scanner.hosts.reach import is_metadata_service, reach_of
from scanner.pack.model import BindingExample
from scanner.sources.exchange import Exchange, Wanted
from scanner.sources.web.addresses import host_refusal
from scanner.subjects.model import Endpoint, Issuer
from tests.hosts.registries import CARRIERS, DOCUMENTATION, IPV4, IPV6

ISSUER = "https://issuer.example.com"
BLOCKS = {**IPV4, **IPV6}


def inside(block: str) -> st.SearchStrategy[str]:
    """Any address of the block."""
    network = ipaddress.ip_network(block)
    return st.integers(0, network.num_addresses - 1).map(lambda offset: str(network[offset]))


def edges(block: str) -> list[str]:
    """The first and the last address of the block."""
    network = ipaddress.ip_network(block)
    return [str(network[0]), str(network[-1])]


def url_of(host: str) -> str:
    """An http URL at the host."""
    return f"http://{f'[{host}]' if ':' in host else host}/jwks"


def are_public(host: str) -> set[bool]:
    """The answers of everybody who asks whether a host is public: configuration, metadata, what was fetched."""
    url = url_of(host)
    first = Exchange(issuer=ISSUER, role="jwks", url=url, started="2026-06-01T00:00:00Z")
    endpoint = Endpoint(Fetched(Wanted(issuer=ISSUER), "jwks", (first,)))
    metadata = IssuerMetadata("openid-provider", {"issuer": ISSUER, "jwks_uri": url}, Spot(1, 1), {})
    return {
        reach_of(host) == "public",
        binding_facts.jwks_uri_host_scope.ask(binding_from_settings(BindingExample(jwks_uri=url))) == "public",
        named_reach.ask(endpoint) == "public",
        not are_keys_out_of_reach.ask(Issuer(metadata)),
    }


class TestSpecialPurposeBlocks:
    @given(st.sampled_from(sorted(BLOCKS)).flatmap(lambda block: st.tuples(st.just(block), inside(block))))
    def test_have_one_answer_for_all_who_ask(self, found: tuple[str, str]) -> None:
        """RFC 6890 §2.2: `Globally Reachable`."""
        block, address = found
        assert are_public(address) == {BLOCKS[block]}

    @pytest.mark.parametrize("block", sorted(BLOCKS))
    def test_are_known_from_end_to_end(self, block: str) -> None:
        assert [are_public(address) for address in edges(block)] == [{BLOCKS[block]}] * 2

    @pytest.mark.parametrize("block", sorted(block for block, is_reachable in BLOCKS.items() if not is_reachable))
    def test_that_are_not_reachable_are_not_dialled(self, block: str) -> None:
        assert all(host_refusal(address, frozenset()) for address in edges(block))

    @pytest.mark.parametrize("block", sorted(set(IPV4) - {"240.0.0.0/4"}))
    def test_end_where_the_registry_says(self, block: str) -> None:
        """The address behind the block belongs to no special one."""
        network = ipaddress.ip_network(block)
        beyond = str(network[-1] + 1)
        if not any(ipaddress.ip_address(beyond) in ipaddress.ip_network(each) for each in IPV4):
            assert are_public(beyond) == {True}

    @given(st.sampled_from(CARRIERS), st.sampled_from(sorted(IPV4)).flatmap(lambda block: inside(block)))
    def test_count_inside_of_an_ipv6_address(self, carrier: str, address: str) -> None:
        carried = str(ipaddress.ip_network(carrier)[int(ipaddress.ip_address(address))])
        assert are_public(carried) == are_public(address)

    @pytest.mark.parametrize("block", DOCUMENTATION)
    def test_of_documentation_stand_for_public_ones(self, block: str) -> None:
        assert [are_public(address) for address in edges(block)] == [{True}] * 2


class TestNames:
    @pytest.mark.parametrize(
        ("host", "kind"),
        [
            ("login.example.com", "public"),
            ("xn--e1afmkfd.xn--p1ai", "public"),
            ("a.LOCALHOST.", "loopback"),
            ("localhost.example.com", "public"),
            ("keycloak", "single-label"),
            ("keycloak.idp.svc", "cluster"),
            ("keycloak.idp.svc.cluster.local", "cluster"),
            ("files.test-infra", "cluster"),
            ("test-files.my-test-infra", "cluster"),
            ("a.b.test-infra", "public"),
            ("a.test-", "public"),
            ("sso.home.arpa", "private"),
            ("printer.local", "private"),
            ("vault.corp.internal", "private"),
            ("router.lan", "private"),
            ("idp.test", "private"),
            ("idp.invalid", "private"),
            ("metadata.google.internal", "link-local"),
            ("{{ .values.host }}", "template"),
            ("${host}", "template"),
            ("<tenant>.example.com", "template"),
            ("", "unknown"),
        ],
    )
    def test_say_who_reaches_them(self, host: str, kind: str) -> None:
        """RFC 6761, RFC 6762 appendix G, RFC 8375."""
        assert reach_of(host) == kind

    @pytest.mark.parametrize("host", ["sso.home.arpa", "a.local", "a.internal", "a.localhost", "a.test", "keycloak", "a.svc"])
    def test_of_private_networks_are_public_to_nobody(self, host: str) -> None:
        assert are_public(host) == {False}


class TestSpellings:
    """WHATWG URL §3.5: what browsers read as an IPv4 address."""

    @pytest.mark.parametrize(
        ("host", "kind"),
        [
            ("2130706433", "loopback"),
            ("0x7f000001", "loopback"),
            ("0x7F.1", "loopback"),
            ("0177.0.0.1", "loopback"),
            ("127.1", "loopback"),
            ("127.0.0.1.", "loopback"),
            ("10.1", "private"),
            ("012.0.0.1", "private"),
            ("0x0a.0.0.1", "private"),
            ("192.168.257", "private"),
            ("1.2.3", "public"),
            ("1.2.3.4.5", "unknown"),
            ("256.0.0.1", "unknown"),
            ("1.2.3.256", "unknown"),
            ("08.0.0.1", "unknown"),
            ("example.0xg", "public"),
            ("a.1", "unknown"),
            ("1_0.0.0.1", "unknown"),
            ("+1.0.0.1", "unknown"),
            ("0b1.0.0.1", "unknown"),
            ("1..1", "unknown"),
            ("9" * 5000, "unknown"),
            ("fe80::1%eth0", "link-local"),
            ("::ffff:10.0.0.1", "private"),
            ("::g", "unknown"),
        ],
    )
    def test_of_an_address_are_that_address(self, host: str, kind: str) -> None:
        assert reach_of(host) == kind

    @given(st.text(max_size=40))
    def test_of_any_text_have_an_answer(self, host: str) -> None:
        assert reach_of(host) in {
            "public", "cluster", "private", "single-label", "link-local", "loopback", "template", "unknown",
        }  # fmt: skip

    @given(st.ip_addresses(v=4))
    def test_with_one_number_or_four_are_the_same_address(self, address: ipaddress.IPv4Address) -> None:
        number = int(address)
        octal = ".".join(f"0{byte:o}" for byte in address.packed)
        assert {reach_of(str(number)), reach_of(hex(number)), reach_of(octal)} == {reach_of(str(address))}


class TestMetadataServices:
    @pytest.mark.parametrize(
        "host",
        [
            "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "169.254.170.2",
            "100.100.100.200", "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
            "metadata.google.internal", "Metadata.Google.Internal.", "metadata", "instance-data",
        ],
    )  # fmt: skip
    def test_are_told_by_name_and_by_address_in_any_spelling(self, host: str) -> None:
        assert is_metadata_service(host)

    @pytest.mark.parametrize("host", ["", "169.254.10.1", "10.0.0.1", "metadata.example.com", "fd00::1", "::g", "1.2.3.4.5"])
    def test_are_not_told_of_other_hosts(self, host: str) -> None:
        assert not is_metadata_service(host)


class TestTheFacts:
    def test_about_configuration_do_not_guess_what_is_no_host(self) -> None:
        found = binding_facts.jwks_uri_host_scope.ask(binding_from_settings(BindingExample(jwks_uri="http://1.2.3.4.5/jwks")))
        assert getattr(found, "because", None) == "the host is not a valid name or address"

    def test_about_endpoints_say_private_for_a_single_label(self) -> None:
        first = Exchange(issuer=ISSUER, role="jwks", url="http://keycloak/jwks", started="2026-06-01T00:00:00Z")
        assert reach.ask(Endpoint(Fetched(Wanted(issuer=ISSUER), "jwks", (first,)))) == "private"
