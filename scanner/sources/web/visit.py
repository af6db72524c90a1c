"""What one issuer is asked for, in order: its well-known documents, its keys, and the keys again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.record import changed, record
from scanner.sources.exchange import Exchange, Role, Wanted
from scanner.sources.web.ask import Ask
from scanner.sources.web.destination import destination_of
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.key_urls import jwks_uri_in
from scanner.sources.web.well_known import role_of_document, well_known_urls

# asks for one document
Get = Callable[[Ask], Exchange]


@record
class Repeats:
    """How often keys are asked for, and the port where the same place is asked without TLS."""

    repeat: int
    plain_port: int = 80


def visit(wanted: Wanted, get: Get, repeats: Repeats) -> Iterator[Exchange]:
    """Every exchange with one issuer, as each is done."""
    documents = []
    for role, url in _metadata_urls(wanted):
        documents.append(get(Ask(issuer=wanted.issuer, role=role, url=url)))
        yield documents[-1]
    for number, (role, url) in enumerate(_key_urls(wanted, documents)):
        first = get(Ask(issuer=wanted.issuer, role=role, url=url, number=number))
        yield first
        yield from map(get, _again(first, repeats))


def _metadata_urls(wanted: Wanted) -> tuple[tuple[Role, str], ...]:
    """The well-known documents, and the one that was named by its URL where that is none of those places (RFC 8414 §5 tells of
    servers that build it wrong); none of a JWK Set that somebody trusts by its URL alone.
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
    """Where the keys are: the metadata's `jwks_uri`, OpenID's first; without one where the inventory expects them; a URL that
    the user named itself where it is no issuer.
    """
    found: dict[str, Role] = {}
    asked = {document.url for document in documents}
    if wanted.document_url is not None and wanted.document_url not in asked:
        found[wanted.document_url] = "jwks"
    for document in documents:
        uri = jwks_uri_in(document)
        if uri is not None:
            found.setdefault(uri, "jwks")
    if wanted.jwks_uri is not None and (wanted.kind == "spiffe" or not found):
        found[wanted.jwks_uri] = "spiffe-bundle" if wanted.kind == "spiffe" else "jwks"
    is_guess = wanted.source == "named" and not wanted.is_declared
    if not found and is_guess and not any(document.has_document for document in documents):
        found[wanted.issuer] = "jwks"
    return [(role, url) for url, role in found.items()]


def _again(first: Exchange, repeats: Repeats) -> Iterator[Ask]:
    """The same keys over new connections, as another client, and without TLS; nothing more of a server that did not answer."""
    if repeats.repeat < 2 or first.status is None:
        return
    same = Ask(issuer=first.issuer, role=first.role, url=first.url, number=first.number)
    again = repeats.repeat - 1
    for number in range(again):
        yield changed(same, purpose="again", number=first.number * again + number)
    yield changed(same, purpose="other-client")
    plain = _without_tls(first.url, repeats.plain_port)
    if plain is not None:
        yield changed(same, purpose="plain-http", url=plain)


def _without_tls(text: str, port: int) -> str | None:
    """The same host and path on http; None for what is http already."""
    try:
        url = destination_of(text)
    except BadUrl:
        return None
    return changed(url, scheme="http", port=port).url if url.scheme == "https" else None
