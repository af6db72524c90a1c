"""The documents of one issuer, in the order of the requests: well-known documents, keys, and the keys again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.record import changed, record
from scanner.sources.exchange import Exchange, Role, Wanted
from scanner.sources.web.destination import destination_of
from scanner.sources.web.document_request import DocumentRequest
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.key_urls import read_jwks_uri
from scanner.sources.web.well_known import role_of_document, well_known_urls

# fetches one document
FetchDocument = Callable[[DocumentRequest], Exchange]


@record
class RepeatSettings:
    """How often the keys are requested, and the port for the request without TLS."""

    repeat: int
    plain_port: int = 80


def fetch_documents(wanted: Wanted, fetch: FetchDocument, repeats: RepeatSettings) -> Iterator[Exchange]:
    """Fetch the documents of one issuer; yields each exchange when it is finished."""
    documents = []
    for role, url in _metadata_urls(wanted):
        documents.append(fetch(DocumentRequest(issuer=wanted.issuer, role=role, url=url)))
        yield documents[-1]
    for number, (role, url) in enumerate(_key_urls(wanted, documents)):
        first = fetch(DocumentRequest(issuer=wanted.issuer, role=role, url=url, number=number))
        yield first
        yield from map(fetch, _repeat_requests(first, repeats))


def _metadata_urls(wanted: Wanted) -> tuple[tuple[Role, str], ...]:
    """The well-known documents, and the document that the user named if its URL is a different one (RFC 8414 §5 mentions
    servers that build it wrongly). A JWK Set that is trusted by its URL alone has no metadata.
    """
    if wanted.issuer == wanted.jwks_uri:
        return ()
    found = well_known_urls(wanted.issuer)
    named = wanted.document_url
    if named is None or any(url == named for _, url in found):
        return found
    role = role_of_document(named)
    return (*found, (role, named)) if role is not None else found


def _key_urls(wanted: Wanted, documents: list[Exchange]) -> list[tuple[Role, str]]:
    """The URLs of the keys: each `jwks_uri` of the metadata, OpenID's first; without metadata the URL of the inventory; a URL
    that the user named and that is not an issuer.
    """
    found: dict[str, Role] = {}
    requested = {document.url for document in documents}
    if wanted.document_url is not None and wanted.document_url not in requested:
        found[wanted.document_url] = "jwks"
    for document in documents:
        uri = read_jwks_uri(document)
        if uri is not None:
            found.setdefault(uri, "jwks")
    if wanted.jwks_uri is not None and (wanted.kind == "spiffe" or not found):
        found[wanted.jwks_uri] = "spiffe-bundle" if wanted.kind == "spiffe" else "jwks"
    is_guess = wanted.source == "named" and not wanted.is_declared
    if not found and is_guess and not any(document.has_document for document in documents):
        found[wanted.issuer] = "jwks"
    return [(role, url) for url, role in found.items()]


def _repeat_requests(first: Exchange, repeats: RepeatSettings) -> Iterator[DocumentRequest]:
    """Request the same keys over new connections, as another client, and without TLS, if the server answered at all."""
    if repeats.repeat < 2 or first.status is None:
        return
    same = DocumentRequest(issuer=first.issuer, role=first.role, url=first.url, number=first.number)
    again = repeats.repeat - 1
    for number in range(again):
        yield changed(same, purpose="again", number=first.number * again + number)
    yield changed(same, purpose="other-client")
    plain = _without_tls(first.url, repeats.plain_port)
    if plain is not None:
        yield changed(same, purpose="plain-http", url=plain)


def _without_tls(text: str, port: int) -> str | None:
    """The same host and path with http; None if the URL is already http."""
    try:
        url = destination_of(text)
    except BadUrl:
        return None
    return changed(url, scheme="http", port=port).url if url.scheme == "https" else None
