"""A key set: a JWK Set document, or the keys that a consumer's configuration embeds."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.keys.test_paths import is_in_tests
from scanner.evidence.model import Evidence, JwkSet, Spot
from scanner.record import changed, record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds.key import place_of_use
from scanner.subjects.model import Subject


@record(slots=True)
class KeySetRow:
    """`size`: how many keys it has. `binding`: the id of the binding that embeds it, null for a document of its own."""

    id: str
    path: str
    line: int | None
    column: int | None
    form: str
    size: int
    is_published: bool
    binding: str | None


Row = KeySetRow


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """Each set with its keys; for a document that was not fetched, the set that it would have been."""
    if because := evidence.unreached.get("key_set"):
        missing = JwkSet(form="unreached", keys=(), spot=Spot(1, 1))
        yield changed(ids.subject("key_set", "unreached", missing, None, {}), unreached=because)
    for jwk_set in evidence.jwk_sets:
        yield from set_and_keys(jwk_set, ids, "")


def set_and_keys(jwk_set: JwkSet, ids: SubjectIds, embedded_in: str, *, binding: str = "") -> Iterator[Subject]:
    """The set, then its keys. `embedded_in`: the label of the binding that embeds it, `binding` that binding's id."""
    made = ids.subject("key_set", embedded_in or jwk_set.form, jwk_set, jwk_set.spot, _list_places(jwk_set), owner=binding)
    yield made
    judged = jwk_set.keys[: ids.keys_left]
    ids.keys_left -= len(judged)
    is_test = bool(judged) and not ids.visit and is_in_tests(ids.path)
    for each in judged:
        key = changed(each, is_in_tests=True) if is_test else each
        label = f"{embedded_in}/{key.label}" if embedded_in else key.label
        yield ids.subject("key", label, key, key.spot, key.spots, owner=made.ref.id)


def _list_places(jwk_set: JwkSet) -> dict[str, Spot]:
    """The places of its keys by their labels, of its members, and of the document's faults by their kinds. The first of several
    of a kind counts.
    """
    spots = {key.label: key.spot for key in reversed(jwk_set.keys)} | dict(jwk_set.document.spots)
    spots |= {fault.kind: Spot(fault.line, fault.column) for fault in reversed(jwk_set.faults)}
    imprecise = jwk_set.document.imprecise
    return spots if imprecise is None else spots | {"imprecise-number": imprecise}


def make_row(subject: Subject) -> KeySetRow:
    """The set as a report lists it."""
    jwk_set: JwkSet = subject.about
    place = subject.ref.place
    head = (subject.ref.id, place.path, place.line, place.column)
    return KeySetRow(*head, jwk_set.form, len(jwk_set.keys), jwk_set.is_published, subject.owner or None)


def identify(subject: Subject) -> tuple[str, ...]:
    """A fetched set is identified by its issuer. In files the names of its keys tell it from other sets when its file is
    renamed.
    """
    jwk_set: JwkSet = subject.about
    if subject.visit:
        return "fetched", jwk_set.form, subject.visit
    kids = sorted(key.texts.get("kid", "") for key in jwk_set.keys)
    return place_of_use(is_published=jwk_set.is_published), jwk_set.form, *kids
