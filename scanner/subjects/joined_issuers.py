"""Joins JWK Sets with the metadata of their issuers.

For fetched documents the metadata's jwks_uri decides, and in a mirror of a site, which has the set where that URL says.
Elsewhere a set in a file belongs to metadata when both are the only ones in their folder, or have the same name up to the
ending (`x.oidc.json`, `x.jwks.json`). In every other case the relation is unknown, and rules that need both are undetermined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from scanner.redaction.text import cut
from scanner.subjects.mirror import find_mirrored_files
from scanner.subjects.model import IssuerKeys, PublishedMetadata, PublishedSet, Subject, SubjectRef

Found = TypeVar("Found", PublishedSet, PublishedMetadata)


def join(metadata: Sequence[PublishedMetadata], sets: Sequence[PublishedSet]) -> Iterator[Subject]:
    """One subject for each metadata document."""
    documents_in = _group_by_folder([each for each in metadata if not each.visit])
    described_in = {each.path for each in metadata}
    beside = [each for each in sets if each.path not in described_in]  # those are keys inside metadata
    sets_in = _group_by_folder([each for each in beside if not each.visit])
    sets_called = _group_by_stem([each for each in sets if not each.visit])
    set_at = {each.path: each for each in beside if not each.visit}
    visited = _group_by_visit(metadata)
    # a URL is fetched and judged once for all issuers that name it: an alias' set may have come with another issuer
    sets_by_url = {each.path: each for each in beside if each.visit}
    for each in metadata:
        if each.visit:
            other = next((found for found in visited[each.visit] if found is not each), None)
            key_set, because = _find_fetched_set(each, sets_by_url)
        else:
            folder = each.path.rpartition("/")[0]
            other = _find_other(each, documents_in[folder])
            is_alone = len(documents_in[folder]) == (1 if other is None else 2)
            key_set, because = _find_mirrored_set(each, set_at), ""
            if key_set is None:
                key_set, because = _find_key_set(each, sets_called, sets_in.get(folder, []), is_alone=is_alone)
        about = IssuerKeys(each, key_set, because, other)
        label = each.text("issuer") or each.kind
        ref = SubjectRef("issuer_keys", f"{each.path}#issuer_keys:{cut(label, 100)}", each.place)
        yield Subject(ref, about, each.places)


def _find_mirrored_set(metadata: PublishedMetadata, set_at: Mapping[str, PublishedSet]) -> PublishedSet | None:
    """The set that a mirror has at the place of jwks_uri."""
    places = find_mirrored_files(metadata.path, metadata.text("jwks_uri") or "", metadata.text("issuer") or "")
    return next((set_at[place] for place in places if place in set_at), None)


def _find_key_set(
    metadata: PublishedMetadata,
    called: Mapping[str, list[PublishedSet]],
    beside: Sequence[PublishedSet],
    *,
    is_alone: bool,
) -> tuple[PublishedSet | None, str]:
    alike = called.get(_find_stem(metadata.path) or "", [])
    if len(alike) == 1:
        return alike[0], ""
    if not beside:
        return None, "the issuer's JWK Set is not among the documents"
    if len(beside) > 1 or not is_alone:
        return None, "several documents of the folder may belong together"
    return beside[0], ""


def _find_fetched_set(metadata: PublishedMetadata, sets: Mapping[str, PublishedSet]) -> tuple[PublishedSet | None, str]:
    """The set that came from the metadata's jwks_uri."""
    found = sets.get(metadata.text("jwks_uri") or "")
    return found, "" if found is not None else "the issuer's JWK Set did not come, or is not a JWK Set"


def _find_other(metadata: PublishedMetadata, documents: Sequence[PublishedMetadata]) -> PublishedMetadata | None:
    """The second well-known document of the issuer: the only other one of the folder, under the other name."""
    if len(documents) != 2:
        return None
    names = [each.path.rpartition("/")[2].lower() for each in documents]
    has_both = [any(word in name for name in names) for word in ("openid-configuration", "oauth-authorization-server")]
    return next(each for each in documents if each is not metadata) if all(has_both) else None


def _group_by_folder(found: Sequence[Found]) -> dict[str, list[Found]]:
    folders: dict[str, list[Found]] = {}
    for each in found:
        folders.setdefault(each.path.rpartition("/")[0], []).append(each)
    return folders


def _group_by_visit(found: Sequence[PublishedMetadata]) -> dict[str, list[PublishedMetadata]]:
    visits: dict[str, list[PublishedMetadata]] = {}
    for each in found:
        if each.visit:
            visits.setdefault(each.visit, []).append(each)
    return visits


def _group_by_stem(sets: Sequence[PublishedSet]) -> dict[str, list[PublishedSet]]:
    stems: dict[str, list[PublishedSet]] = {}
    for each in sets:
        if stem := _find_stem(each.path):
            stems.setdefault(stem, []).append(each)
    return stems


def _find_stem(path: str) -> str | None:
    """`a/x` of `a/x.oidc.json`; None where there is no second ending."""
    folder, _, name = path.rpartition("/")
    parts = name.rsplit(".", 2)
    return f"{folder}/{parts[0]}" if len(parts) == 3 and parts[0] else None
