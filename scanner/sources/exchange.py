"""Requests over the network and their results: the unit of collection, of the evidence bundle and of judgement.

An Exchange is one requested document with everything that happened during the request. It contains no secret: private values
in bodies and headers are redacted before it is made (`removed` lists them).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from scanner.record import record

# what the document is to the issuer: OpenID Connect Discovery §4, RFC 8414 §3, RFC 7517 §5, SPIFFE Trust Domain and Bundle §4
Role = Literal["openid-configuration", "oauth-authorization-server", "jwks", "spiffe-bundle"]
ROLES: tuple[Role, ...] = ("openid-configuration", "oauth-authorization-server", "jwks", "spiffe-bundle")

# why it was requested: rules judge `first`; `again` is the same request on a new connection, `other-client` with another
# User-Agent and Accept, `plain-http` the same URL without TLS
Purpose = Literal["first", "again", "other-client", "plain-http"]

FailureSort = Literal[
    "bad-url",  # not a URL that may be requested
    "address-refused",  # the host has a private, loopback, link-local or otherwise reserved address
    "dns",  # the name has no address
    "connect",  # nothing accepts connections there
    "tls",  # the handshake fails
    "tls-certificate",  # the certificate does not verify
    "tls-version",  # no version of TLS in common
    "proxy",  # the proxy refuses the connection
    "timeout",  # a step, or the whole, took too long
    "closed",  # the connection ended before the response was complete
    "protocol",  # the response is not HTTP
    "too-large",  # headers or body beyond the limit, after decompression
    "encoding",  # the content encoding cannot be decoded
    "redirect",  # too many, in a loop, or to a URL that is not followed
    "status",  # every attempt was answered with 429 or a server error
]


@record
class Failure:
    """Why there is no document: the sort, and a sentence of our own that quotes nothing the server sent."""

    sort: FailureSort
    because: str


@record
class Hop:
    """A redirect: the URL that answered with `status`, the absolute URL in its Location (None if that is invalid), and the
    address of the connection.
    """

    url: str
    status: int
    location: str | None = None
    address: str | None = None


@record(kw_only=True)
class Tls:
    """The TLS of the connection, also if the handshake failed (then the certificate was fetched without trusting it).

    `version` and `cipher` as OpenSSL names them (`TLSv1.3`), None if there was no handshake; `certificate` is the leaf in DER;
    `problem` is OpenSSL's reason why it does not verify; `alpn` the negotiated protocol.
    """

    version: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    certificate: bytes | None = None
    problem: str | None = None


@record(kw_only=True)
class Dns:
    """The DNS records of the host of a URL, beside its addresses.

    `cnames` are its aliases, one after the other; with `is_dangling` the last of them does not exist (RFC 1034 §3.6.2). `caa`
    are the relevant CAA records as text, shortened if they are long, and `caa_at` the name that has them: the host or a parent
    (RFC 8659 §3). `is_authenticated`: the resolver marked its answers as validated (RFC 4035 §3.2.3); None if it does not
    validate. `because` is why other values are None.
    """

    cnames: tuple[str, ...] = ()
    is_dangling: bool | None = None
    caa: tuple[str, ...] | None = None
    caa_at: str | None = None
    is_authenticated: bool | None = None
    because: str = ""


@record(kw_only=True)
class Exchange:
    """One requested document.

    `issuer`, `role`, `purpose` and `number` (0, 1, … within the purpose) identify the request; `url` is the requested URL,
    `hops` the redirects. `started` is RFC 3339 UTC with milliseconds. `headers` are all headers of the last response, names in
    lower case, in their order. `body` is the content after decoding, private values replaced, and `sha256` the digest of these
    bytes; `removed` names the members and headers whose values were redacted; `wire_size` is the size in bytes of the content
    as it was sent. `address` is the address of the connection, None through a proxy; `resolved` are all addresses of the
    name. `dns_ms` … `total_ms`: milliseconds of the last attempt, None for a step that was not reached (or if the connection
    existed already). With `is_revalidated` the server answered 304 and the body is that of an earlier bundle; `status` is then
    304 and the headers are merged (RFC 9111 §3.2). An exchange with a `failure` may still have a status, headers and TLS.
    `dns` is filled in, if the user requests it, for the first exchange with each host of a visit. `client` is what another
    client said of itself, in words; empty where it is not known.
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
    client: str = ""
    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None
    failure: Failure | None = None

    @property
    def final_url(self) -> str:
        """The URL that gave the response, after redirects."""
        return self.hops[-1].location or self.url if self.hops else self.url

    @property
    def has_document(self) -> bool:
        """Whether the body is the requested document: status 200, or 304 with the earlier body."""
        return self.failure is None and self.body is not None and (self.status == 200 or self.is_revalidated)

    @property
    def is_refusal(self) -> bool:
        """Whether the server refuses this request, and not every one for a while: a client error (RFC 9110 §15.5) other than
        408, 425 and 429.
        """
        return self.failure is None and 400 <= (self.status or 0) < 500 and self.status not in (408, 425, 429)

    def header(self, name: str) -> tuple[str, ...]:
        """The values of a header, by its name in lower case, in order; empty if it was not sent."""
        return tuple(value for each, value in self.headers if each == name)


@record(kw_only=True)
class Wanted:
    """An issuer to visit. `issuer` is its identifier, or the URL that the user named; `jwks_uri` where its keys are expected.

    `source`: from the inventory, from the command line, or found in consumer configuration. `is_declared`: the inventory or a
    consumer states the identifier. Otherwise it was derived from a URL, which is then `document_url`. `also_stated`: other
    spellings that consumers state, whose documents are at the same URLs.
    """

    issuer: str
    jwks_uri: str | None = None
    kind: str | None = None
    source: Literal["inventory", "named", "followed"] = "inventory"
    is_declared: bool = True
    document_url: str | None = None
    also_stated: tuple[str, ...] = ()


@record
class Visit:
    """All documents that were requested from one issuer, in the order of the requests."""

    wanted: Wanted
    exchanges: tuple[Exchange, ...]


# (issuer, role, purpose, number, URL) → the exchange that an interrupted collection already has
FindCollected: TypeAlias = Callable[[str, Role, Purpose, int, str], "Exchange | None"]
# URL → the exchange that an earlier bundle has
FindPrevious: TypeAlias = Callable[[str], "Exchange | None"]
