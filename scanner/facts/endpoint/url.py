"""Facts about the URL of an endpoint, and about the network of its host."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.facts.key.members import shorten_names
from scanner.hosts.reach import Reach, is_address, reach_of
from scanner.hosts.urls import WEB_PORTS, parts_of, scheme_of, web_host_of
from scanner.redaction.text import cut
from scanner.subjects.model import Endpoint

# the names in reports of hosts that only a part of a network reaches, or no client at all
_SHOWN: dict[Reach, str] = {"single-label": "private", "template": "private", "unknown": "private"}


@fact("endpoint.url")
def url(endpoint: Endpoint) -> str:
    """The requested URL, without user and password."""
    written = endpoint.fetched.first.url
    head, mark, rest = written.partition("://")
    authority = rest.split("/", 1)[0]
    found = readable(cut(head + mark + rest[authority.rfind("@") + 1 :], 300))
    return found if isinstance(found, str) else "a URL that cannot be shown"


@fact("endpoint.role", spec="RFC 8414 §3; OpenID Connect Discovery 1.0 §4")
def role(endpoint: Endpoint) -> str:
    """The kind of document at the URL: openid-configuration, oauth-authorization-server, jwks or spiffe-bundle."""
    return endpoint.fetched.role


@fact("endpoint.is_key_set", spec="RFC 7517 §5")
def is_key_set(endpoint: Endpoint) -> bool:
    """Whether the document at the URL is to be a JWK Set, rather than metadata."""
    return endpoint.fetched.role in ("jwks", "spiffe-bundle")


@fact("endpoint.is_first_of_origin", spec="RFC 6454 §4")
def is_first_of_origin(endpoint: Endpoint) -> bool:
    """Whether this is the first requested URL of the issuer with its scheme, host and port. Facts about the server are reported
    there.
    """
    return endpoint.fetched.is_first_request_to_origin


@fact("endpoint.is_asked_by_name")
def is_asked_by_name(endpoint: Endpoint) -> bool:
    """Whether the inventory or the command line names the issuer. False where only a scanned configuration led to it."""
    return endpoint.note is not None or endpoint.fetched.wanted.source != "followed"


@fact("endpoint.is_declared")
def is_declared(endpoint: Endpoint) -> bool:
    """Whether the inventory or a consumer's configuration states the issuer. False where the scanner derived it from a URL."""
    return endpoint.fetched.wanted.is_declared


@fact("endpoint.scheme", spec="RFC 3986 §3.1")
def scheme(endpoint: Endpoint) -> str:
    """The scheme of the URL in lower case."""
    found = scheme_of(endpoint.fetched.first.url)
    return found if found in ("http", "https") else "another"


@fact("endpoint.host", spec="RFC 3986 §3.2.2")
def host(endpoint: Endpoint) -> str | Unknown:
    """The host of the URL in lower case, without port."""
    return readable(web_host_of(endpoint.fetched.first.url))


@fact("endpoint.port", spec="RFC 3986 §3.2.3")
def port(endpoint: Endpoint) -> int:
    """The port of the URL; the scheme's default where it names none."""
    return parts_of(endpoint.fetched.first.url).origin.port


@fact("endpoint.has_own_port", spec="RFC 3986 §3.2.3")
def has_own_port(endpoint: Endpoint) -> bool:
    """Whether the URL names another port than the scheme's default."""
    parts = parts_of(endpoint.fetched.first.url)
    return parts.port not in (None, WEB_PORTS.get(parts.scheme))


@fact("endpoint.url_extras", spec="RFC 3986 §3.2.1, §3.5")
def url_extras(endpoint: Endpoint) -> list[str]:
    """Which of `user information` and `fragment` the URL has. Clients drop them, or send them to the wrong place."""
    parts = parts_of(endpoint.fetched.first.url)
    return [name for name, is_there in (("user information", parts.has_user), ("fragment", "#" in parts.target)) if is_there]


@fact("endpoint.query_names", spec="RFC 3986 §3.4")
def query_names(endpoint: Endpoint) -> list[str]:
    """The names of the parameters in the URL's query, in lower case."""
    try:
        found = parse_qsl(urlsplit(endpoint.fetched.first.url).query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []
    return shorten_names(dict.fromkeys(name.lower() for name, _ in found))


@fact("endpoint.reach", spec="RFC 6890 §2.2; RFC 6761 §6")
def reach(endpoint: Endpoint) -> str | Unknown:
    """Which clients can reach the host: `public`; `private`, an address or name of a private network; `cluster`, a Kubernetes
    service; `loopback` and `link-local`, one machine or one network segment. For a public name its addresses decide.
    """
    first = endpoint.fetched.first
    named = _name_reach(web_host_of(first.url))
    if named != "public" or is_address(web_host_of(first.url)):
        return named
    addresses = [each for each in (first.address, *first.resolved) if each is not None]
    if addresses:
        kinds = {_name_reach(each) for each in addresses}
        return "public" if "public" in kinds else min(kinds)
    if first.failure is not None and first.failure.sort == "address-refused":
        return "private"
    if first.is_through_proxy:
        return Unknown("a proxy resolved the name, so that its addresses are not known")
    return Unknown(endpoint.fetched.because or "the addresses of the host are not known")


@fact("endpoint.is_issuer_public", spec="RFC 6890 §2.2")
def is_issuer_public(endpoint: Endpoint) -> bool:
    """Whether the host of the issuer's identifier is public by its name or address."""
    found = web_host_of(endpoint.fetched.wanted.issuer)
    return bool(found) and reach_of(found) == "public"


@fact("endpoint.named_reach", spec="RFC 6890 §2.2; RFC 6761 §6")
def named_reach(endpoint: Endpoint) -> str:
    """Like `endpoint.reach`, by the URL alone."""
    return _name_reach(web_host_of(endpoint.fetched.first.url))


def _name_reach(host: str) -> str:
    found = reach_of(host)
    return _SHOWN.get(found, found)


FACTS: tuple[Fact, ...] = (
    url,
    role,
    is_key_set,
    is_first_of_origin,
    is_asked_by_name,
    is_declared,
    scheme,
    host,
    port,
    has_own_port,
    url_extras,
    query_names,
    reach,
    named_reach,
    is_issuer_public,
)
