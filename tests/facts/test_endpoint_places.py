"""Where URLs and redirects lead."""

from __future__ import annotations

from scanner.evidence.model import Fetched
from scanner.facts.endpoint.response import leads_inside, leads_to_http, other_origins
from scanner.facts.endpoint.url import has_own_port, host, port, query_names, reach, url, url_extras
from scanner.facts.fact import Unknown
from scanner.sources.exchange import Exchange, Failure, Hop, Wanted
from scanner.subjects.model import Endpoint

ISSUER = "https://issuer.example.com"


def endpoint(asked: str = f"{ISSUER}/jwks.json", *, leads_to: tuple[str, ...] = (), **exchange: object) -> Endpoint:
    """An endpoint that was asked at this URL and redirected to those."""
    steps = (asked, *leads_to)
    hops = tuple(Hop(old, 302, new) for old, new in zip(steps, leads_to, strict=False))
    first = Exchange(issuer=ISSUER, role="jwks", url=asked, started="2026-06-01T00:00:00Z", hops=hops, **exchange)  # type: ignore[arg-type]
    return Endpoint(Fetched(Wanted(issuer=ISSUER), "jwks", (first,), because="nobody answers there"))


class TestReach:
    def test_with_a_public_name_is_what_its_addresses_are(self) -> None:
        assert reach.ask(endpoint(address="10.0.0.1", resolved=("10.0.0.1",))) == "private"
        assert reach.ask(endpoint(address="203.0.113.7", resolved=("203.0.113.7", "10.0.0.1"))) == "public"

    def test_whose_address_was_refused_is_private(self) -> None:
        assert reach.ask(endpoint(failure=Failure("address-refused", "the address is private"))) == "private"

    def test_that_nobody_resolved_is_not_known(self) -> None:
        assert reach.ask(endpoint(is_through_proxy=True)) == Unknown(
            "a proxy resolved the name, so that its addresses are not known"
        )
        assert reach.ask(endpoint(failure=Failure("dns", "the name has no address"))) == Unknown("nobody answers there")


class TestAUrl:
    def test_is_shown_without_user_and_password(self) -> None:
        """RFC 9110 §4.2.4."""
        written = endpoint("https://me:secret@issuer.example.com/jwks.json?a=b@c")
        assert url.ask(written) == "https://issuer.example.com/jwks.json?a=b@c"
        assert url_extras.ask(written) == ["user information"]

    def test_with_an_at_sign_behind_the_host_has_no_user(self) -> None:
        assert url_extras.ask(endpoint("https://issuer.example.com/@me?x=a@b")) == []

    def test_names_a_port_only_where_it_is_another(self) -> None:
        assert not has_own_port.ask(endpoint("https://issuer.example.com:443/"))
        assert has_own_port.ask(endpoint("https://issuer.example.com:80/"))
        assert port.ask(endpoint("https://issuer.example.com/")) == 443

    def test_that_cannot_be_read_has_no_host_and_no_port(self) -> None:
        assert (host.ask(endpoint("https://[")), port.ask(endpoint("https://a:x/"))) == ("", 443)

    def test_has_parameters_by_their_decoded_names(self) -> None:
        assert query_names.ask(endpoint("https://issuer.example.com/?%53ig=1&P=2&p=3&empty")) == ["sig", "p", "empty"]


class TestRedirects:
    def test_within_an_origin_lead_to_no_other(self) -> None:
        """RFC 6454 §4: the same scheme, host and port."""
        assert other_origins.ask(endpoint(leads_to=(f"{ISSUER}/keys", "https://ISSUER.example.com:443/k"))) == []

    def test_from_http_to_https_lead_to_no_other_place(self) -> None:
        assert other_origins.ask(endpoint("http://issuer.example.com/k", leads_to=(f"{ISSUER}/k",))) == []

    def test_to_other_hosts_and_ports_are_named_once(self) -> None:
        hops = ("https://keys.example.net/a", "https://keys.example.net/b", "https://issuer.example.com:8443/")
        assert other_origins.ask(endpoint(leads_to=hops)) == ["keys.example.net", "issuer.example.com"]

    def test_lead_to_http_only_from_https(self) -> None:
        assert leads_to_http.ask(endpoint(leads_to=("http://issuer.example.com/k",)))
        assert not leads_to_http.ask(endpoint("http://issuer.example.com/a", leads_to=("http://issuer.example.com/b",)))

    def test_lead_inside_only_from_outside(self) -> None:
        assert leads_inside.ask(endpoint(leads_to=("https://keys.example.net/", "http://169.254.169.254/")))
        assert not leads_inside.ask(endpoint("https://idp.corp/k", leads_to=("https://10.0.0.1/k",)))
        assert not leads_inside.ask(endpoint(leads_to=("file:///etc/passwd",)))
