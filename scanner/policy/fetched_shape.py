"""The shape of a rule's example `fetched`, checked with its file: a misspelt member is an error with its place.

The values themselves are read from plain data (fetched_examples.py), where null and a missing member differ.
"""

from __future__ import annotations

from typing import Any, Literal

from scanner.config.model import IssuerEntry
from scanner.errors import PolicyError
from scanner.files.tree import Entry, Mapping, Node, Scalar
from scanner.pack.structure import structure
from scanner.record import defaults_of, field, record
from scanner.sources.exchange import FailureSort, Role


@record(kw_only=True)
class FetchedHop:
    """A redirect."""

    status: int
    url: str | None = None
    location: str | None = None


@record(kw_only=True)
class FetchedTls:
    """The connection; `certificate` is the name of a sample with `x5c`."""

    version: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    certificate: str | None = None
    problem: str | None = None


@record(kw_only=True)
class FetchedDns:
    """The DNS records of the host."""

    cnames: list[str] = field(default_factory=list)
    is_dangling: bool | None = None
    caa: list[str] | None = None
    caa_at: str | None = None
    is_authenticated: bool | None = None
    because: str = ""


@record(kw_only=True)
class FetchedFailure:
    """The failure of a request without an answer."""

    sort: FailureSort
    because: str


@record(kw_only=True)
class FetchedDocument:
    """A document as it came; in `again`, `other_client` and `plain_http` only the differences."""

    role: Role | None = None
    url: str | None = None
    started: str | None = None
    status: int | None = None
    headers: dict[str, str] | list[list[str]] | None = None
    jwks: Any = None
    metadata: Any = None
    body: str | None = None
    hops: list[FetchedHop] = field(default_factory=list)
    tls: FetchedTls | None = None
    dns: FetchedDns | None = None
    failure: FetchedFailure | None = None
    address: str | None = None
    resolved: list[str] = field(default_factory=list)
    attempts: int | None = None
    wire_size: int | None = None
    total_ms: float | None = None
    first_byte_ms: float | None = None
    is_through_proxy: bool = False
    is_revalidated: bool = False
    removed: list[str] = field(default_factory=list)
    again: FetchedDocument | list[FetchedDocument] | None = None
    client: str | None = None
    other_client: FetchedDocument | list[FetchedDocument] | None = None
    plain_http: FetchedDocument | None = None


@record(kw_only=True)
class FetchedVisit:
    """Several documents of one issuer. A single document may have its members here, without `documents`."""

    issuer: str | None = None
    source: Literal["inventory", "named", "followed"] = "inventory"
    is_declared: bool = True
    jwks_uri: str | None = None
    kind: str | None = None
    document_url: str | None = None
    also_stated: list[str] = field(default_factory=list)
    note: Any = None
    documents: list[FetchedDocument] | None = None


def check_fetched(node: Node, path: str) -> None:
    """PolicyError for the first member of `fetched` that is misspelt or of the wrong type."""
    if not isinstance(node, Mapping):
        structure(node, FetchedVisit, path, PolicyError)
        return
    of_visit = frozenset(defaults_of(FetchedVisit))
    visit = [entry for entry in node.entries if entry.key.text in of_visit]
    structure(_find_part(node, visit), FetchedVisit, path, PolicyError)
    document = [entry for entry in node.entries if entry not in visit]
    # beside `documents` there is no other document
    structure(
        _find_part(node, document), FetchedVisit if node.get("documents") and document else FetchedDocument, path, PolicyError
    )
    note = node.get("note")
    if isinstance(note, Mapping):
        issuer = Entry(Scalar("issuer", "issuer", 1, 1, 1), Scalar("example", "example", 1, 1, 1))
        structure(_find_part(note, [issuer, *note.entries]), IssuerEntry, path, PolicyError)


def _find_part(node: Mapping, entries: list[Entry]) -> Mapping:
    return Mapping(tuple(entries), node.line, node.column, node.end_line)
