"""Reads what kustomize lays over manifests, with the platforms' own reads of those manifests.

A binding that a patch makes is judged by what the patch sets. What it leaves as it is stays open: the manifest is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.evidence.bindings.one_binding import TRUSTED_PLACES
from scanner.evidence.bindings.paths.overlays import (
    Patch,
    drafts_of,
    find_generated,
    find_patches,
    find_replaced,
    texts_in,
    with_inline,
    with_members,
)
from scanner.evidence.model import Binding, OpenPlace, Spot
from scanner.files.tree import Mapping, Parsed
from scanner.patterns import lazy_pattern
from scanner.record import changed, record

if TYPE_CHECKING:
    from scanner.evidence.bindings.reader import BindingsReader, PlatformReaders, Shared

# a patch that names no kind may be of each that a platform reads
_MOST_OF_ANY_KIND = 200
_KINDS = lazy_pattern(r"\[kind=([\w|]++)\]((?:\[[^\]]*+\])*+)")
_CONDITION = lazy_pattern(r"\[(\w++)=([\w./|*-]++)\]")


@record
class _Manifest:
    """A kind of manifest that a read is for, and other members by which the read knows it."""

    kinds: tuple[str, ...]
    members: dict[str, str]


class OverlayReader:
    """Reads the overlays of one file."""

    def __init__(self, platforms: PlatformReaders, readers: Sequence[BindingsReader], parsed: Parsed, shared: Shared) -> None:
        self._platforms = platforms
        self._readers = readers
        self._parsed = with_inline(parsed)
        self._shared = shared
        self._of_any_kind = 0

    def bindings(self) -> Iterator[Binding]:
        """The bindings of patches and generators. Places of trusted keys that nobody here can read are noted as open."""
        for patch in find_patches(self._parsed):
            found = list(self._read_patch(patch))
            yield from found
            if not found:
                self._note_open(patch)
        for tree in find_generated(self._parsed):
            yield from self._platforms.read_strings(self._as_document(tree), self._shared)
        for path in find_replaced(self._parsed):
            because = "a replacement of kustomize fills in a place of trusted keys, and its value is not followed"
            self._shared.open_places.append(OpenPlace(because, Spot(path.line, path.column)))

    def _read_patch(self, patch: Patch) -> Iterator[Binding]:
        if patch.kind is None and any(change.may_trust() for change in patch.changes):
            self._of_any_kind += 1
        may_be_any = self._of_any_kind <= _MOST_OF_ANY_KIND and any(change.may_trust() for change in patch.changes)
        for tree, made in drafts_of(patch):
            self._shared.partial, self._shared.takes_any_field = made, patch.kind is not None
            try:
                yield from self._read_draft(patch, tree, may_be_any=may_be_any)
            finally:
                self._shared.partial = frozenset()

    def _read_draft(self, patch: Patch, tree: Mapping, *, may_be_any: bool) -> Iterator[Binding]:
        lower = texts_in(tree).lower().encode("utf-8", "replace")
        if patch.kind is not None:
            named = with_members(tree, {"kind": patch.kind, **({"apiVersion": patch.version} if patch.version else {})})
            yield from self._platforms.read_made(self._as_document(named), lower + patch.kind.lower().encode(), self._shared)
        else:
            yield from self._platforms.read_made(self._as_document(tree), lower, self._shared)
            if not may_be_any:
                return
        for reader in self._readers:
            found = list(self._read_as(reader, patch, tree))
            yield from found
            if found and patch.kind is None:
                return  # one platform that can read it is enough

    def _read_as(self, reader: BindingsReader, patch: Patch, tree: Mapping) -> Iterator[Binding]:
        """The bindings of a draft as a manifest of each kind that the read is for."""
        if "yaml" not in reader.read.formats or reader.read.inside:
            return
        for manifest in manifests_of(reader.read.at or ""):
            if patch.kind is not None and patch.kind not in manifest.kinds:
                continue
            members = {"kind": patch.kind or manifest.kinds[0], **manifest.members}
            if patch.version:
                members["apiVersion"] = patch.version
            found = list(reader.bindings(self._as_document(with_members(tree, members)), self._shared))
            if patch.kind is None:
                # of a manifest of any kind, what is left out of the patch says nothing
                found = [each for each in found if any(each.settings[name].spot is not None for name in TRUSTED_PLACES)]
            yield from found
            if found:
                return

    def _is_read(self, kind: str) -> bool:
        """Whether a platform reads manifests of the kind."""
        return any(kind in each.kinds for reader in self._readers for each in manifests_of(reader.read.at or ""))

    def _as_document(self, tree: Mapping) -> Parsed:
        return changed(self._parsed, format="yaml", documents=(tree,), waivers=(), faults=())

    def _note_open(self, patch: Patch) -> None:
        change = next((each for each in patch.changes if each.may_trust()), None)
        if change is None and patch.kind is not None:
            # a URL in a manifest that a platform reads; annotations are for others
            urls = (each for each in patch.changes if each.sets_url() and each.path[:1] != ("metadata",))
            change = next((each for each in urls if self._is_read(patch.kind)), None)
        if change is not None:
            because = "a patch changes a place of trusted keys in a manifest that is elsewhere"
            self._shared.open_places.append(OpenPlace(because, Spot(change.at.line, change.at.column)))


def manifests_of(path: str) -> Iterator[_Manifest]:
    """The kinds of manifest that a path of a read asks for, and the other members that it asks of them."""
    for kinds, conditions in _KINDS.findall(path):
        members = {name: text.partition("|")[0].replace("*", "v1") for name, text in _CONDITION.findall(conditions)}
        yield _Manifest(tuple(kinds.split("|")), members)
