"""From a document to its evidence. Most files have none; one search of their bytes is enough to skip them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scanner.evidence.bindings.reader import FoundBindings, PlatformReaders
from scanner.evidence.bindings.signs import ATTACHED, NOTHING, Look
from scanner.evidence.model import Binding, Evidence, IssuerMetadata, JwkSet, OpenPlace, Spot
from scanner.evidence.respelling import Respelled, add_spelling, spell_out, texts_of
from scanner.evidence.versions.seen import FindLater
from scanner.files.encodings import as_utf8
from scanner.files.formats import format_of, formats_of, is_code, is_lock_file, is_other_code
from scanner.files.limits import LARGEST_CODE, LARGEST_FILE, MOST_DOCUMENTS
from scanner.files.read import TOO_LARGE, find_waivers
from scanner.files.read import read as parse
from scanner.files.tree import Format, InlineWaiver, Mapping, Parsed, Unparsed
from scanner.pack.advisory import NO_ADVISORIES, Advisories
from scanner.pack.platform import Platform, Platforms
from scanner.record import changed, record
from scanner.sources.document import Document

if TYPE_CHECKING:
    from scanner.evidence.bindings.unit_reader import UnitReader
    from scanner.evidence.versions.seen import FindVersion
    from scanner.units.files import Listings
    from scanner.units.rendered import Render

_OF_SHELLS = frozenset({"json", "yaml", "toml"})
_SIGNS_OF_ODD_NAMES = (b"\\", b"!", b"&#")
_NAME_WORDS = (
    "jwks", "openid-configuration", "oauth-authorization-server", "oauth-protected-resource", "oidc.json", "jwt-vc-issuer",
    "openid-credential-issuer",
)  # fmt: skip


@record
class FileContent:
    """The result of reading one file: its evidence, or None where there is nothing relevant, its bytes as far as they are read,
    and its location.
    """

    evidence: Evidence | None
    data: bytes
    origin: str | None = None


class DocumentReader:
    """Reads documents with one set of platforms. `render`: see Units. `advisories`: the known faults of consumers."""

    def __init__(
        self,
        platforms: Platforms | Iterable[Platform],
        render: Render | None = None,
        advisories: Advisories = NO_ADVISORIES,
    ) -> None:
        known = platforms if isinstance(platforms, Platforms) else Platforms({each.id: each for each in platforms})
        self._platforms = known
        self._readers = PlatformReaders(known)
        self._render = render
        self._advisories = advisories
        self._units: UnitReader | None = None
        # what is known of the folders of a run already
        self.listings: Listings | None = None

    def read(self, document: Document) -> Evidence | None:
        """The document's evidence; None where there is nothing relevant. Evidence with `unparsed` where the document cannot be
        parsed but seems relevant.
        """
        name = _base_name(document.path)
        found = self._read(document, name)
        if found is not None and found.bindings:
            if any(each.is_generic for each in found.bindings):
                from scanner.evidence.bindings.generic import mark_samples  # few files have such bindings

                found = changed(found, bindings=mark_samples(found.bindings, document.path))
            found = self.add_known_faults(found)
        return self._add_faults_of_packages(document, found, name) if is_lock_file(name) else found

    def add_known_faults(self, evidence: Evidence) -> Evidence:
        """The evidence with the known faults of its consumers."""
        if not self._advisories or all(each.version is None for each in evidence.bindings):
            return evidence
        from scanner.evidence.versions.known_faults import find_faults_of_bindings  # of few consumers a version is known

        return changed(evidence, known_faults=tuple(find_faults_of_bindings(evidence.bindings, self._advisories)))

    def _add_faults_of_packages(self, document: Document, found: Evidence | None, name: str) -> Evidence | None:
        """The evidence of a lock file with the known faults of its packages."""
        if not self._advisories:
            return found
        from scanner.evidence.versions.known_faults import find_faults_of_packages

        faults = tuple(find_faults_of_packages(name, as_utf8(document.data), self._advisories))
        if not faults:
            return found
        made = found or Evidence(document.path, document.sha256(), len(document.data), is_named=document.is_named)
        return changed(made, known_faults=(*made.known_faults, *faults))

    def _read(self, document: Document, name: str) -> Evidence | None:
        if is_code(name):
            return self._read_code(document, name)
        plain = as_utf8(document.data)
        if len(document.data) > LARGEST_FILE and document.origin is not None:
            return self._read_large(document, formats_of(document.path, plain), name)
        look = self._readers.look(plain, name)
        borrowed = b""
        if not look.may_bind and _may_borrow(document):
            borrowed, look = self._borrow(document, plain, look)
        tells = look.tells(name)
        respelled = spell_out(plain, look, tells=tells) if tells or look is not NOTHING else None
        if respelled is None and not tells and not _is_named_for_keys(name):
            return None  # as most files
        lower = b"%b\n%b" % (plain.lower(), borrowed) if borrowed else plain.lower()
        formats = formats_of(document.path, plain)
        if respelled is not None:
            lower = self._add_other_spelling(document, formats, lower, respelled)
            look = self._readers.look(lower, name)
        if borrowed and respelled is None:
            found = self._read_rendered(document, plain.lower()) if formats else None
        else:
            found = self._read_trust(document, name, formats, lower, look) if formats else None
        if "helm" in look.groups and document.origin is not None:
            found = self._add_loaded_by_helm(document, found)
        if "named" in look.groups and document.origin is not None:
            from scanner.evidence.named_files import find_unread_by_name  # few files name others

            found = _add_places(document, found, tuple(find_unread_by_name(document, self.read)))
        if "private" not in look.groups:
            return found
        return _add_private_keys(document, plain, next(iter(formats), None), found)

    def _read_code(self, document: Document, name: str) -> Evidence | None:
        """The evidence of source code: bindings of the reads for its language, and nothing else. A test has none, nor has what
        a program made.
        """
        if len(document.data) > LARGEST_CODE or is_other_code(document.path):
            return None
        look = self._readers.look(document.data, name)
        found = self._read_settings_of_code(document, name, look)
        # what somebody names is searched for private keys, too
        is_searched = document.is_named and "private" in look.groups
        return _add_private_keys(document, as_utf8(document.data), None, found) if is_searched else found

    def _read_settings_of_code(self, document: Document, name: str, look: Look) -> Evidence | None:
        format_ = format_of(document.path, document.data)
        if format_ is None or not self._readers.is_for_some_read(look, format_, name):
            return None  # as nearly all code
        parsed = parse(document.data, format_)
        if isinstance(parsed, Unparsed):
            return self._make_unparsed(document, parsed, may_publish=False)
        lower = document.data.lower()
        found = self._readers.bindings_of_code(parsed, look, document.path, self._versions_around(document))
        return _make_evidence(document, lower, parsed.waivers, self._add_version_files(document, found))

    def _borrow(self, document: Document, plain: bytes, look: Look) -> tuple[bytes, Look]:
        """What a template takes from other files, where only both together tell a platform, and the signs of both."""
        borrowed = self._unit_reader().borrowed(document)
        both = b"%b\n%b" % (plain, borrowed)
        if borrowed and self._readers.look(both, _base_name(document.path)).may_bind:
            return borrowed, changed(look, may_bind=True, has_keywords=True)
        return b"", look

    def _add_loaded_by_helm(self, document: Document, found: Evidence | None) -> Evidence | None:
        from scanner.evidence.named_files import find_unread_by_helm  # few templates load files

        rendered = found.bindings if found is not None else ()
        return _add_places(document, found, tuple(find_unread_by_helm(document, self.read, rendered)))

    def _read_large(self, document: Document, formats: tuple[Format, ...], name: str) -> Evidence | None:
        """That a file is not assessed, where it may hold something; it is searched to its end, and not parsed."""
        from scanner.evidence.large_files import LargeFile

        file = LargeFile(document.origin or "")
        found = None
        if formats:
            is_named_so = formats[0] == "json" and _is_named_for_keys(name)
            may_publish = formats[0] == "json" and (is_named_so or file.may_hold_keys())
            if may_publish or any(self._readers.may_bind_in(file, format_, name) for format_ in formats):
                found = self._make_unparsed(document, Unparsed(TOO_LARGE), may_publish=may_publish)
        return _add_private_keys(document, as_utf8(document.data), None, found)

    def _add_other_spelling(self, document: Document, formats: tuple[Format, ...], lower: bytes, respelled: Respelled) -> bytes:
        """The text to search: what the bytes say, and what they may mean."""
        lower = add_spelling(lower, respelled)
        if not respelled.needs_tree:
            return lower
        for parsed in (parse(document.data, format_) for format_ in formats):
            if isinstance(parsed, Parsed):
                return b"%b\n%b" % (lower, texts_of(parsed))
        return lower

    def _read_trust(
        self, document: Document, name: str, formats: tuple[Format, ...], lower: bytes, look: Look
    ) -> Evidence | None:
        """The evidence about trusted or published keys in the document with that base name."""
        is_for_keys = "published" in look.groups or _is_named_for_keys(name)
        may_publish = formats[0] == "json" and is_for_keys and not _is_of_server(document)
        may_bind = look.may_bind or look.may_have_overlays(lower, name) or look.may_be_computed(lower, name)
        may_bind = may_bind or look.may_be_attached(lower)
        # keys in another shell than a JWK Set; what tests are made of is trusted by nobody
        may_wrap = (
            b"kty" in lower and formats[0] in _OF_SHELLS and not (is_other_code(document.path) or _is_of_server(document))
        )
        if not may_bind and not may_publish and not may_wrap:
            return None
        parsed = parse(document.data, formats[0])
        found = FoundBindings()
        # metadata is JSON, whatever else a file without an ending may be
        is_metadata = may_publish and isinstance(parsed, Parsed) and _is_metadata(parsed)
        if may_bind and len(formats) > 1 and not is_metadata:
            parsed, found = self._try_formats(document, formats, lower, look, parsed)
        elif may_bind and isinstance(parsed, Parsed):
            found = self._bindings(document, parsed, lower, look)
        if isinstance(parsed, Unparsed) and may_bind and _may_borrow(document) and self._unit_reader().makes(document):
            # nobody loads a template as it is written
            text = document.data.decode("utf-8", "replace")
            parsed = Parsed(formats[0], (), waivers=find_waivers(text, ()), text=text)
            found = self._add_version_files(document, self._add_unit(document, FoundBindings()))
        if isinstance(parsed, Unparsed):
            # an expression might have given the words that a platform's configuration has
            if not may_publish and not any(self._readers.may_bind_in_text(lower, format_, name) for format_ in formats):
                return None
            return self._make_unparsed(document, parsed, may_publish=may_publish)
        jwk_sets, metadata = _published(parsed, document) if may_publish else ((), ())
        if may_wrap and not (jwk_sets or metadata or found.bindings):
            jwk_sets = tuple(_list_wrapped(parsed))
        open_places = (*found.open_places, *self._unread_parts(parsed, name))
        return _make_evidence(document, lower, parsed.waivers, changed(found, open_places=open_places), jwk_sets, metadata)

    def _read_rendered(self, document: Document, lower: bytes) -> Evidence | None:
        """The evidence of a template that tells nothing by itself: of what its unit makes of it."""
        waivers = find_waivers(document.data.decode("utf-8", "replace"), ())
        found = self._add_version_files(document, self._add_unit(document, FoundBindings()))
        return _make_evidence(document, lower, waivers, found)

    def _try_formats(
        self, document: Document, formats: tuple[Format, ...], lower: bytes, look: Look, likeliest: Parsed | Unparsed
    ) -> tuple[Parsed | Unparsed, FoundBindings]:
        """The first of its formats that gives a binding, of those that its words are for; else the likeliest, whose strings
        are read as well.
        """
        for format_ in self._readers.choose_formats(formats, lower, look, _base_name(document.path)) or formats[:1]:
            parsed = likeliest if format_ == formats[0] else parse(document.data, format_)
            found = self._bindings(document, parsed, lower, look) if isinstance(parsed, Parsed) else FoundBindings()
            if found != FoundBindings():
                return parsed, found
        return likeliest, FoundBindings()

    def _unread_parts(self, parsed: Parsed, name: str) -> tuple[OpenPlace, ...]:
        """The parts of a file that could not be parsed and have the signs of some platform's configuration."""
        if not any(fault.end_line for fault in parsed.faults):
            return ()  # as in nearly all files
        from scanner.evidence.unread_parts import list_unread_parts

        return tuple(list_unread_parts(parsed, self._readers.may_bind_in_text, name))

    def _bindings(self, document: Document, parsed: Parsed, lower: bytes, look: Look) -> FoundBindings:
        found = FoundBindings()
        if not self._unit_reader().is_replaced(document):
            found = self._readers.bindings(parsed, lower, document.path, look, self._versions_around(document))
            found = _add_attached(parsed, lower, found)
        found = self._add_version_files(document, self._add_unit(document, found))
        if found.bindings and (any(sign in document.data for sign in _SIGNS_OF_ODD_NAMES) or not document.data.isascii()):
            from scanner.evidence.odd_names import mark_odd_names  # most files cannot have any

            found = changed(found, bindings=tuple(mark_odd_names(parsed, found.bindings)))
        if not document.path.rsplit("/", 1)[-1].lower().startswith("kustomization"):
            return found
        from scanner.evidence.named_files import find_unread  # few files are a kustomization

        return changed(found, open_places=(*found.open_places, *find_unread(document, parsed, self.read)))

    def _add_unit(self, document: Document, alone: FoundBindings) -> FoundBindings:
        """What the document tells as a part of its unit, and what only the file alone says."""
        return self._unit_reader().add(document, alone)

    def _unit_reader(self) -> UnitReader:
        if self._units is None:
            from scanner.evidence.bindings.unit_reader import UnitReader

            self._units = UnitReader(
                self._read_made,
                self._may_tell,
                self._readers.may_bind_in_text,
                self._has_signs,
                self._render,
                self._known_folders(),
                self._platforms,
            )
        return self._units

    def _may_tell(self, text: bytes, name: str) -> bool:
        """Whether a text that a template gives may have a binding."""
        look = self._readers.look(text, name)
        lower = text.lower()
        may_bind = look.may_bind or look.may_have_overlays(lower, name) or look.may_be_computed(lower, name)
        return may_bind or look.may_be_attached(lower) or spell_out(text, look, tells=look.tells(name)) is not None

    def _has_signs(self, text: bytes) -> bool:
        return self._readers.look(text) is not NOTHING

    def _versions_around(self, document: Document) -> FindVersion:
        """Finds the versions of platforms that the document or the files around it name; nothing is read before one is asked
        for.
        """

        def make_search() -> FindVersion:
            from scanner.evidence.versions.search import VersionSearch, around_document  # few platforms have versions

            return VersionSearch(self._platforms, lambda: around_document(document, self._known_folders())).find

        return FindLater(make_search)

    def _add_version_files(self, document: Document, found: FoundBindings) -> FoundBindings:
        """What was found, with the files that name versions of its consumers as evidence beside it."""
        paths = {each.version.path for each in found.bindings if each.version is not None} - {"", document.path, *found.beside}
        if not paths or document.origin is None:
            return found
        from scanner.units.files import UnitFiles

        beside = UnitFiles(document, self._known_folders()).by_path(sorted(paths))
        return changed(found, beside={**found.beside, **beside})

    def _known_folders(self) -> Listings:
        if self.listings is None:
            from scanner.units.files import Listings

            self.listings = Listings()
        return self.listings

    def _read_made(self, parsed: Parsed, lower: bytes, name: str, find_version: FindVersion) -> FoundBindings:
        """The bindings of a text that a unit makes."""
        found = _add_attached(parsed, lower, self._readers.bindings(parsed, lower, name, None, find_version))
        return changed(found, open_places=(*found.open_places, *self._unread_parts(parsed, name.lower())))

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
            is_named=document.is_named,
        )


def _add_attached(parsed: Parsed, lower: bytes, found: FoundBindings) -> FoundBindings:
    """What is found, with what the policies of a text say together."""
    if b"policy" not in lower or parsed.format not in ("yaml", "json"):
        return found
    if found.bindings and b"authorizationpolicy" in lower:
        from scanner.evidence.attached.istio import add_requirements  # few manifests have such policies

        found = changed(found, bindings=add_requirements(parsed, found.bindings))
    if (b"targetref" in lower or b"targetselector" in lower) and any(sign in lower for sign in ATTACHED):
        from scanner.evidence.attached.overrides import find_overrides

        found = changed(found, overrides=find_overrides(parsed))
    return found


def _make_evidence(
    document: Document,
    lower: bytes,
    waivers: tuple[InlineWaiver, ...],
    found: FoundBindings,
    jwk_sets: tuple[JwkSet, ...] = (),
    metadata: tuple[IssuerMetadata, ...] = (),
) -> Evidence | None:
    """The evidence of a document that was read; None where there is none."""
    if not (jwk_sets or metadata or found.bindings or found.overrides or found.left_out or found.open_places):
        return None
    return Evidence(
        path=document.path,
        sha256=document.sha256(),
        size=len(document.data),
        jwk_sets=jwk_sets,
        metadata=metadata,
        bindings=found.bindings,
        waivers=waivers,
        has_secrets=_has_secrets(jwk_sets, found.bindings) or b"private key" in lower,
        left_out=found.left_out,
        open_places=found.open_places,
        base_bindings=found.base_bindings,
        variant_names=found.variant_names,
        has_guests=found.has_guests,
        beside=found.beside,
        overrides=found.overrides,
    )


def _add_places(document: Document, found: Evidence | None, places: tuple[OpenPlace, ...]) -> Evidence | None:
    """The evidence with those places that were not read."""
    if not places:
        return found
    if found is not None:
        return changed(found, open_places=(*found.open_places, *places))
    return Evidence(document.path, document.sha256(), len(document.data), open_places=places)


def _add_private_keys(document: Document, plain: bytes, format_: Format | None, found: Evidence | None) -> Evidence | None:
    from scanner.evidence.keys.private_keys import private_keys  # few files have such a sign

    # names without quotes are in no JSON, and what was found already has the comments that waive
    needs_tree = format_ is not None and (format_ != "json" or found is None)
    parsed = parse(document.data, format_) if needs_tree and format_ is not None else None
    known = parsed if isinstance(parsed, Parsed) else None
    in_sets = sum(len(each.keys) for each in found.jwk_sets) if found is not None else 0
    keys, left_out = private_keys(plain.decode("utf-8", "replace"), known.documents if known else (), in_sets=in_sets)
    if found is not None and found.jwk_sets:
        from scanner.evidence.keys.private_keys import leave_to_sets

        keys = leave_to_sets(keys, found.jwk_sets)
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


def _is_of_server(document: Document) -> bool:
    """Whether the bytes are what a server sent, in an evidence bundle inside the tree: its keys and metadata are judged where
    the bundle is named. It may still be configuration that somebody loads from there.
    """
    return document.is_object and document.path.rsplit("/", 1)[-1] == document.sha256()


def _may_borrow(document: Document) -> bool:
    """Whether a document is a template by its place and its marks (what it renders comes from other files as well), or settings
    of .NET by its name (others are laid over them).
    """
    if document.origin is None:
        return False
    is_template = b"{{" in document.data and "templates/" in document.path
    return is_template or ("appsettings" in document.path and document.path.endswith(".json"))


def _base_name(path: str) -> str:
    return path[path.rfind("/") + 1 :].lower()


def _is_named_for_keys(name: str) -> bool:
    """Whether a file's lower-case base name says that it is a JWK Set or metadata."""
    for word in _NAME_WORDS:  # noqa: SIM110 - asked of every file; a generator takes twice as long
        if word in name:
            return True
    return False


def _published(parsed: Parsed, document: Document) -> tuple[tuple[JwkSet, ...], tuple[IssuerMetadata, ...]]:
    # not for a hook on configuration
    from scanner.evidence.issuers.metadata import read_metadata
    from scanner.evidence.keys.jwk_set import read_jwk_set, sets_in_metadata

    node = parsed.documents[0]
    metadata = read_metadata(node, faults=parsed.faults, path=document.path)
    if metadata is not None:
        return sets_in_metadata(node), (metadata,)
    jwk_set = read_jwk_set(node, faults=parsed.faults, path=document.path, size=len(document.data))
    return ((jwk_set,), ()) if jwk_set is not None else ((), ())


def _is_metadata(parsed: Parsed) -> bool:
    """Whether the document is issuer metadata by its members alone: no settings of a client, in which a binding may stand."""
    from scanner.evidence.issuers.members import is_metadata

    node = parsed.documents[0]
    return isinstance(node, Mapping) and is_metadata(node)


def _list_wrapped(parsed: Parsed) -> Iterator[JwkSet]:
    """The keys that stand in the documents of a file in another shell than a JWK Set."""
    from scanner.evidence.keys.jwk_set import read_jwk_set  # few files have any

    for node in parsed.documents[:MOST_DOCUMENTS]:
        found = read_jwk_set(node, is_published=False, is_searched=True)
        if found is not None:
            yield found


def _has_secrets(jwk_sets: tuple[JwkSet, ...], bindings: tuple[Binding, ...]) -> bool:
    return any(jwk_set.has_secrets for jwk_set in jwk_sets) or any(binding.has_symmetric_secret for binding in bindings)
