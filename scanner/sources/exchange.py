"""What was asked over the network and what came: the unit of collection, of the evidence bundle and of what is judged.

An Exchange is one document that was wanted, with everything that happened on the way to it. It holds no secret: private
values are taken out of bodies and headers before it is made (`removed` says which).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from scanner.record import record

# what the document is to the issuer: OpenID Connect Discovery §4, RFC 8414 §3, RFC 7517 §5, SPIFFE Trust Domain and Bundle §4
Role = Literal["openid-configuration", "oauth-authorization-server", "jwks", "spiffe-bundle"]
ROLES: tuple[Role, ...] = ("openid-configuration", "oauth-authorization-server", "jwks", "spiffe-bundle")

# why it was asked for: `first` is the one that is judged; `again` the same request on a new connection, `other-client` with
# another User-Agent and Accept, `plain-http` the same place without TLS
Purpose = Literal["first", "again", "other-client", "plain-http"]

FailureSort = Literal[
    "bad-url",  # no URL that may be asked
    "address-refused",  # it leads to a private, loopback, link-local or otherwise reserved address
    "dns",  # the name has no address
    "connect",  # nobody answers there
    "tls",  # the handshake fails
    "tls-certificate",  # the certificate does not verify
    "tls-version",  # no version of TLS in common
    "proxy",  # the proxy does not let us through
    "timeout",  # a phase, or the whole, took too long
    "closed",  # the connection ended before the answer did
    "protocol",  # what came is no HTTP
    "too-large",  # headers or body beyond the limit, after decompression
    "encoding",  # the content encoding cannot be decoded
    "redirect",  # too many, in a circle, or to where we do not follow
    "status",  # every attempt was answered with 429 or a server error
]


@record
class Failure:
    """Why there is no answer: the sort, and one sentence in our words that quotes nothing the server said."""

    sort: FailureSort
    because: str


@record
class Hop:
    """A redirect that was met: the URL that answered with `status`, the absolute URL that its Location names (None where it
    names none that can be read), and the address that was connected to.
    """

    url: str
    status: int
    location: str | None = None
    address: str | None = None


@record(kw_only=True)
class Tls:
    """The TLS of the connection that gave the answer, or that failed to (then the certificate was fetched without trusting it).

    `version` and `cipher` as OpenSSL names them (`TLSv1.3`), None where there was no handshake; `certificate` is the leaf in
    DER; `problem` is why it does not verify, in OpenSSL's words; `alpn` the protocol agreed on.
    """

    version: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    certificate: bytes | None = None
    problem: str | None = None


@record(kw_only=True)
class Dns:
    """What the DNS said of the host of a URL, beside its addresses.

    `cnames` are the names that it is an alias of, one after the other; with `is_dangling` the last of them does not exist
    (RFC 1034 §3.6.2). `caa` are the relevant CAA records as text, cut where they are long, and `caa_at` the name that has them,
    the host or one above it (RFC 8659 §3). `is_authenticated`: the resolver marked its answers as validated (RFC 4035 §3.2.3),
    None where it does not validate. `because` is why other things are None.
    """

    cnames: tuple[str, ...] = ()
    is_dangling: bool | None = None
    caa: tuple[str, ...] | None = None
    caa_at: str | None = None
    is_authenticated: bool | None = None
    because: str = ""


@record(kw_only=True)
class Exchange:
    """One document that was asked for.

    `issuer`, `role`, `purpose` and `number` (0, 1, … within the purpose) say what for; `url` is what was asked, `hops` the
    redirects on the way. `started` is RFC 3339 UTC with milliseconds. `headers` are all that came with the last answer, names
    in lower case, in their order. `body` is the content after decoding, private values replaced, and `sha256` the digest of
    those octets; `removed` names the members and headers whose values were taken out; `wire_size` counts the octets of the
    content as it came. `address` is the one really connected to, None through a proxy; `resolved` are all addresses of the
    name. `dns_ms` … `total_ms`: milliseconds of the last attempt, None for a phase that was not reached (or whose connection
    was there). With `is_revalidated` the server said 304 and the body is that of an earlier bundle; `status` is then 304 and
    the headers are merged (RFC 9111 §3.2). An exchange with a `failure` may still have a status, headers and TLS. `dns` is told
    of the first exchange with each host of a visit, where the user wants it.
    """

    issuer: str
    role: Role
    url: str
    started: str
    purpose: Purpose = "first"
    number: int = 0
    attempts: int = 1
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    http_version: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    sha256: str | None = None
    removed: tuple[str, ...] = ()
    wire_size: int | None = None
    address: str | None = None
    resolved: tuple[str, ...] = ()
    is_through_proxy: bool = False
    is_revalidated: bool = False
    tls: Tls | None = None
    dns: Dns | None = None
    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None
    failure: Failure | None = None

    @property
    def final_url(self) -> str:
        """The URL that gave the answer, after redirects."""
        return self.hops[-1].location or self.url if self.hops else self.url

    @property
    def has_document(self) -> bool:
        """Whether the body is the document that was asked for: 200, or 304 with the body at hand."""
        return self.failure is None and self.body is not None and (self.status == 200 or self.is_revalidated)

    def header(self, name: str) -> tuple[str, ...]:
        """The values of a header, by its name in lower case, in order; empty where it was not sent."""
        return tuple(value for each, value in self.headers if each == name)


@record(kw_only=True)
class Wanted:
    """An issuer to visit. `issuer` is its identifier, or the URL that the user named; `jwks_uri` where its keys are expected.

    `source`: from the inventory, from the command line, or met in consumer configuration. `is_declared`: somebody stated the
    identifier (the inventory, a consumer), rather than us working it out of a URL; `document_url` is then that URL.
    """

    issuer: str
    jwks_uri: str | None = None
    kind: str | None = None
    source: Literal["inventory", "named", "followed"] = "inventory"
    is_declared: bool = True
    document_url: str | None = None


@record
class Visit:
    """All documents that were requested from one issuer, in the order of the requests."""

    wanted: Wanted
    exchanges: tuple[Exchange, ...]


# (issuer, role, purpose, number, URL) → the exchange that an interrupted collection already has
FindCollected: TypeAlias = Callable[[str, Role, Purpose, int, str], "Exchange | None"]
# URL → the exchange that an earlier bundle has
FindPrevious: TypeAlias = Callable[[str], "Exchange | None"]
