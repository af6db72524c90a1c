"""From a document to its evidence. Most files have none; one search of their bytes is enough to skip them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scanner.evidence.bindings.reader import FoundBindings, PlatformReaders
from scanner.evidence.bindings.values.placeholders import Lookup, nothing
from scanner.evidence.model import Binding, Evidence, IssuerMetadata, JwkSet, Spot
from scanner.files.formats import formats_of
from scanner.files.read import read as parse
from scanner.files.tree import Format, Parsed, Unparsed
from scanner.pack.platform import Platform, Platforms
from scanner.record import changed, record
from scanner.sources.document import Document

if TYPE_CHECKING:
    from scanner.evidence.bindings.values.neighbours import Neighbours

# what the bytes of a JWK Set or of issuer metadata must contain
_KEY_WORDS = (b"kty", b"jwks_uri", b"_endpoint", b"-----begin", b"authorization_servers")
_NAME_WORDS = ("jwks", "openid-configuration", "oauth-authorization-server", "oauth-protected-resource", "oidc.json")


@record
class FileContent:
    """The result of reading one file: its evidence, or None where there is nothing relevant, and its bytes."""

    evidence: Evidence | None
    data: bytes


class DocumentReader:
    """Reads documents with one set of platforms."""

    def __init__(self, platforms: Platforms | Iterable[Platform]) -> None:
        self._readers = PlatformReaders(platforms)
        self._neighbours: Neighbours | None = None

    def read(self, document: Document) -> Evidence | None:
        """The document's evidence; None where there is nothing relevant. Evidence with `unparsed` where the document cannot be
        parsed but seems relevant.
        """
        lower = document.data.lower()
        name = document.path.rsplit("/", 1)[-1].lower()
        may_bind, may_hold_private = self._readers.look(lower, name)
        may_bind = may_bind or self._readers.may_be_computed(lower, name)
        formats = formats_of(document.path, document.data)
        found = self._read_trust(document, formats, lower, may_bind=may_bind) if formats else None
        # the keys of a JWK Set are read there, secrets included
        if not may_hold_private or (found is not None and found.jwk_sets):
            return found
        return _add_private_keys(document, next(iter(formats), None), found)

    def _read_trust(self, document: Document, formats: tuple[Format, ...], lower: bytes, *, may_bind: bool) -> Evidence | None:
        """The evidence about trusted or published keys in the document."""
        may_publish = formats[0] == "json" and _may_publish(document.path, lower)
        if not may_bind and not may_publish:
            return None
        parsed = _parse(document, formats[0])
        found = FoundBindings()
        if may_bind and len(formats) > 1:
            parsed, found = self._try_formats(document, formats, lower, parsed)
        elif may_bind and isinstance(parsed, Parsed):
            found = self._bindings(document, parsed, lower)
        if isinstance(parsed, Unparsed):
            # an expression might have given the words that a platform's configuration has
            if not may_publish and not self._readers.is_candidate(lower, document.path.rsplit("/", 1)[-1].lower()):
                return None
            return self._make_unparsed(document, parsed, may_publish=may_publish)
        jwk_sets, metadata = _published(parsed, document) if may_publish else ((), ())
        if not (jwk_sets or metadata or found.bindings or found.left_out or found.open_places):
            return None
        return Evidence(
            path=document.path,
            sha256=document.sha256(),
            size=len(document.data),
            jwk_sets=jwk_sets,
            metadata=metadata,
            bindings=found.bindings,
            waivers=parsed.waivers,
            has_secrets=_has_secrets(jwk_sets, found.bindings) or b"private key" in lower,
            left_out=found.left_out,
            open_places=found.open_places,
        )

    def _try_formats(
        self, document: Document, formats: tuple[Format, ...], lower: bytes, likeliest: Parsed | Unparsed
    ) -> tuple[Parsed | Unparsed, FoundBindings]:
        """The first format that gives a binding, of those that the document may have and its words are for; else the likeliest."""
        name = document.path.rsplit("/", 1)[-1].lower()
        for format_ in self._readers.choose_formats(formats, lower, name):
            parsed = likeliest if format_ == formats[0] else _parse(document, format_)
            found = self._bindings(document, parsed, lower) if isinstance(parsed, Parsed) else FoundBindings()
            if found != FoundBindings():
                return parsed, found
        return likeliest, FoundBindings()

    def _bindings(self, document: Document, parsed: Parsed, lower: bytes) -> FoundBindings:
        return self._readers.bindings(parsed, lower, document.path, self._find_neighbours(document, parsed.format))

    def _find_neighbours(self, document: Document, format_: Format) -> Lookup:
        """The definitions in the files beside the document, for formats that use such files."""
        name = document.path.rsplit("/", 1)[-1].lower()
        may_ask = format_ == "hcl" or b".Values" in document.data or "compose" in name
        if document.origin is None or not may_ask:
            return nothing
        from scanner.evidence.bindings.values.neighbours import Neighbours

        self._neighbours = self._neighbours or Neighbours()
        return self._neighbours.lookup(document, format_)

    def _make_unparsed(self, document: Document, unparsed: Unparsed, *, may_publish: bool) -> Evidence:
        spot = Spot(unparsed.line, unparsed.column or 1) if unparsed.line is not None else None
        jwk_set = None
        if may_publish and spot is not None:  # without a place the file is too large; its text was not read
            from scanner.evidence.keys.jwk_set import make_unreadable_set

            jwk_set = make_unreadable_set(document.path, spot)
        return Evidence(
            path=document.path,
            sha256=document.sha256(),
            size=len(document.data),
            jwk_sets=(jwk_set,) if jwk_set is not None else (),
            unparsed=unparsed.because,
            unparsed_spot=spot,
            has_secrets=True,  # its content was not checked
        )


def _parse(document: Document, format_: Format) -> Parsed | Unparsed:
    if format_ != "hcl" or document.origin is None:
        return parse(document.data, format_)
    from scanner.sources.siblings import Siblings

    return parse(document.data, format_, files=Siblings(document).read)


def _add_private_keys(document: Document, format_: Format | None, found: Evidence | None) -> Evidence | None:
    from scanner.evidence.keys.private_keys import private_keys  # few files have such a sign

    parsed = parse(document.data, format_) if format_ is not None else None
    known = parsed if isinstance(parsed, Parsed) else None
    keys, left_out = private_keys(document.data.decode("utf-8", "replace"), known.documents if known else ())
    if not keys and not left_out:
        return found
    if found is not None:
        return changed(found, private_keys=keys, has_secrets=True, left_out=(*found.left_out, *left_out))
    return Evidence(
        path=document.path,
        sha256=document.sha256(),
        size=len(document.data),
        private_keys=keys,
        waivers=known.waivers if known else (),
        has_secrets=True,
        left_out=left_out,
    )


def _may_publish(path: str, lower: bytes) -> bool:
    name = path.rsplit("/", 1)[-1].lower()
    return any(word in lower for word in _KEY_WORDS) or any(word in name for word in _NAME_WORDS)


def _published(parsed: Parsed, document: Document) -> tuple[tuple[JwkSet, ...], tuple[IssuerMetadata, ...]]:
    if len(parsed.documents) != 1:
        return (), ()
    # not for a hook on configuration
    from scanner.evidence.issuers.metadata import read_metadata
    from scanner.evidence.keys.jwk_set import read_jwk_set, sets_in_metadata

    node = parsed.documents[0]
    metadata = read_metadata(node, faults=parsed.faults, path=document.path)
    if metadata is not None:
        return sets_in_metadata(node), (metadata,)
    jwk_set = read_jwk_set(node, faults=parsed.faults, path=document.path, size=len(document.data))
    return ((jwk_set,), ()) if jwk_set is not None else ((), ())


def _has_secrets(jwk_sets: tuple[JwkSet, ...], bindings: tuple[Binding, ...]) -> bool:
    return any(jwk_set.has_secrets for jwk_set in jwk_sets) or any(binding.has_symmetric_secret for binding in bindings)
