"""What of a document is not assessed because there is too much of it: a small file must not make a large report."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.cpu_clock import describe_limit
from scanner.evidence.model import Evidence, JwkSet, Spot
from scanner.files.limits import MOST_CERTIFICATES, MOST_KEYS, MOST_WAIVERS
from scanner.files.tree import InlineWaiver
from scanner.record import record


@record
class LeftOut:
    """What is not assessed of a document because there is too much of it: `what` in words, behind the first `assessed` of `of`
    (at most so many, where counting them exactly would be the work that the limit spares).
    """

    what: str
    assessed: int
    of: int
    spot: Spot | None = None
    is_most: bool = False


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


def make_interrupted(path: str, sha256: str, size: int) -> Evidence:
    """The evidence of a document that took too much CPU time: that it exists. Half of it would look like all of it."""
    return Evidence(path, sha256, size, unparsed=describe_limit(), has_secrets=True, is_interrupted=True)


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
