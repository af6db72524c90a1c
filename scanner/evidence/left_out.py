"""What of a document is not assessed because there is too much of it: a small file must not make a large report."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.model import Evidence, JwkSet, LeftOut
from scanner.files.limits import MOST_CERTIFICATES, MOST_KEYS, MOST_WAIVERS
from scanner.files.tree import InlineWaiver


def list_left_out(evidence: Evidence) -> Iterator[LeftOut]:
    """What its reader left out, then the keys, certificates and waivers beyond their limits."""
    yield from evidence.left_out
    embedded = (binding.embedded for binding in evidence.bindings if binding.embedded is not None)
    sets = (*evidence.jwk_sets, *embedded)
    if sets:
        yield from _list_keys(sets)
    count = sum(map(_count_rules, evidence.waivers))
    if count > MOST_WAIVERS:
        yield LeftOut("waivers in comments", MOST_WAIVERS, count)


def _list_keys(sets: tuple[JwkSet, ...]) -> Iterator[LeftOut]:
    count = sum(len(jwk_set.keys) for jwk_set in sets)
    if count > MOST_KEYS:
        spot = sets[0].spot if len(sets) == 1 else None
        yield LeftOut("keys", MOST_KEYS, count, spot)
    for key in (key for jwk_set in sets for key in jwk_set.keys[:MOST_KEYS]):
        if key.certificate_count > MOST_CERTIFICATES:
            yield LeftOut("certificates of a key", MOST_CERTIFICATES, key.certificate_count, key.spot)


def _count_rules(comment: InlineWaiver) -> int:
    """How many rules a comment names: each is a waiver of its own."""
    return max(len(set(comment.rules)), 1)
