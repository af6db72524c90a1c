"""The documents of one issuer, in the order of the requests: well-known documents, keys, and both again as other clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.record import changed, record
from scanner.sources.exchange import Exchange, Role, Wanted
from scanner.sources.web.destination import destination_of
from scanner.sources.web.document_request import OTHER_CLIENTS, Client, DocumentRequest
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.key_urls import list_jwks_uris, may_hold_keys
from scanner.sources.web.well_known import other_places, role_of_document, well_known_urls

# fetches one document
FetchDocument = Callable[[DocumentRequest], Exchange]

# the servers say so of the document, and to every client
_MISSING = (404, 410)
# the client whose Accept is unlike ours: servers with content negotiation refuse it alone
_BY_ACCEPT = tuple(each for each in OTHER_CLIENTS if each.accept == "application/json")


@record
class RepeatSettings:
    """How often the keys are requested, and the port for the request without TLS."""

    repeat: int
    plain_port: int = 80


def fetch_documents(wanted: Wanted, fetch: FetchDocument, repeats: RepeatSettings) -> Iterator[Exchange]:
    """Fetch the documents of one issuer; yields each exchange when it is finished."""
    visit = _IssuerVisit(wanted, fetch, repeats)
    yield from visit.fetch_metadata()
    yield from visit.fetch_keys()


class _IssuerVisit:
    """The requests of one visit. `documents`: the answers to requests for metadata."""

    def __init__(self, wanted: Wanted, fetch: FetchDocument, repeats: RepeatSettings) -> None:
        self.wanted = wanted
        self.fetch = fetch
        self.repeats = repeats
        self.documents: list[Exchange] = []
        self.guess: Exchange | None = None

    @property
    def _clients(self) -> tuple[Client, ...]:
        """The other clients to be: one, where only a scanned configuration leads to the issuer."""
        if self.repeats.repeat < 2:
            return ()
        return OTHER_CLIENTS[:1] if self.wanted.source == "followed" else OTHER_CLIENTS

    def fetch_metadata(self) -> Iterator[Exchange]:
        """The well-known documents; where there are none, the URL that the user named, and then the places where servers put
        them by mistake.
        """
        yield from self._fetch_metadata(_metadata_urls(self.wanted))
        if self._has_document() or not self.documents:
            return
        if self._is_guess:
            self.guess = self._fetch("jwks", self.wanted.issuer)
            yield self.guess
        is_key_set = self.guess is not None and may_hold_keys(self.guess)
        # a server that is silent is not asked on
        if not is_key_set and all(each.status is not None for each in self.documents):
            asked = {each.url for each in self.documents}
            yield from self._fetch_metadata((role, url) for role, url in other_places(self.wanted.issuer) if url not in asked)

    def fetch_keys(self) -> Iterator[Exchange]:
        """The keys, and each of them again."""
        for number, (role, url) in enumerate(self._key_urls()):
            if self.guess is not None and url == self.guess.url:
                first = self.guess
            else:
                first = self._fetch(role, url, number)
                yield first
            if first is not self.guess or may_hold_keys(first) or _is_refused(first):
                yield from self._fetch_again(first)

    @property
    def _is_guess(self) -> bool:
        """Whether the URL that the user named may be a JWK Set, rather than an issuer."""
        wanted = self.wanted
        return wanted.source == "named" and not wanted.is_declared and wanted.document_url is None and wanted.jwks_uri is None

    def _has_document(self) -> bool:
        return any(each.has_document for each in self.documents)

    def _fetch(self, role: Role, url: str, number: int = 0) -> Exchange:
        return self.fetch(DocumentRequest(issuer=self.wanted.issuer, role=role, url=url, number=number))

    def _fetch_metadata(self, places: Iterator[tuple[Role, str]] | tuple[tuple[Role, str], ...]) -> Iterator[Exchange]:
        """Fetch metadata. A document that is refused is requested as other clients until one gets it; the first one that comes,
        as one client more.
        """
        for role, url in places:
            had_document = self._has_document()
            first = self._fetch(role, url)
            self.documents.append(first)
            yield first
            if _is_refused(first):
                clients = self._clients
            elif first.has_document and not had_document:
                clients = tuple(each for each in _BY_ACCEPT if each in self._clients)
            else:
                clients = ()
            for other in self._fetch_as(clients, first):
                self.documents.append(other)
                yield other
                if other.has_document:
                    break

    def _key_urls(self) -> list[tuple[Role, str]]:
        """The URLs of the keys: each `jwks_uri` of the metadata, OpenID's first; without metadata the URL of the inventory; a
        URL that the user named and that is not an issuer.
        """
        wanted = self.wanted
        found: dict[str, Role] = {}
        requested = {document.url for document in self.documents}
        if wanted.document_url is not None and wanted.document_url not in requested:
            found[wanted.document_url] = "jwks"
        guess = (self.guess,) if self.guess is not None and not self._has_document() else ()
        for document in (*self.documents, *guess):
            for uri in list_jwks_uris(document):
                found.setdefault(uri, "jwks")
        if wanted.jwks_uri is not None and (wanted.kind == "spiffe" or not found):
            found[wanted.jwks_uri] = "spiffe-bundle" if wanted.kind == "spiffe" else "jwks"
        named: dict[str, Role] = {each.url: "jwks" for each in guess}
        return [(role, url) for url, role in (named | found).items()]

    def _fetch_again(self, first: Exchange) -> Iterator[Exchange]:
        """Request the same keys over new connections, as other clients, and without TLS, if the server answered at all."""
        if self.repeats.repeat < 2 or first.status is None:
            return
        same = DocumentRequest(issuer=first.issuer, role=first.role, url=first.url, number=first.number)
        again = self.repeats.repeat - 1
        for number in range(again):
            yield self.fetch(changed(same, purpose="again", number=first.number * again + number))
        yield from self._fetch_as(self._clients, first)
        plain = _without_tls(first.url, self.repeats.plain_port)
        if plain is not None:
            yield self.fetch(changed(same, purpose="plain-http", url=plain))

    def _fetch_as(self, clients: tuple[Client, ...], first: Exchange) -> Iterator[Exchange]:
        """Request a document as other clients, one after the other. A server that fails or asks for a pause gets no more."""
        for client in clients:
            number = first.number * len(OTHER_CLIENTS) + OTHER_CLIENTS.index(client)
            other = self.fetch(
                DocumentRequest(
                    issuer=first.issuer, role=first.role, url=first.url, purpose="other-client", number=number, client=client
                )
            )
            yield other
            if other.failure is not None:
                return


def _is_refused(first: Exchange) -> bool:
    """Whether another client may get what this one does not."""
    return first.is_refusal and first.status not in _MISSING


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


def _without_tls(text: str, port: int) -> str | None:
    """The same host and path with http; None if the URL is already http."""
    try:
        url = destination_of(text)
    except BadUrl:
        return None
    return changed(url, scheme="http", port=port).url if url.scheme == "https" else None
