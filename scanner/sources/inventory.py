"""The issuers that the configuration's inventory asks to visit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.config.model import IssuerEntry
from scanner.record import changed
from scanner.sources.exchange import Wanted

_SPIFFE = "spiffe://"
_RANK = {"inventory": 0, "named": 1, "followed": 2}


def wanted(notes: Iterable[IssuerEntry]) -> tuple[Wanted, ...]:
    """Each issuer and each of its aliases, in the order of the inventory; a retired one is not contacted.

    An alias is visited as an issuer of its own, and says by its own metadata where its keys are. A trust domain has none, so
    each is asked for where the note says.
    """
    return tuple(
        Wanted(
            issuer=identifier,
            jwks_uri=note.jwks_uri if identifier == note.issuer or identifier.startswith(_SPIFFE) else None,
            kind=note.kind or ("spiffe" if identifier.startswith(_SPIFFE) else None),
        )
        for note in notes
        if note.state != "retired"
        for identifier in note.identifiers
    )


def as_declared(named: Iterable[Wanted], notes: Iterable[IssuerEntry]) -> Iterator[Wanted]:
    """What the user named, with what the inventory says of it: then the identifier is stated, and where its keys are."""
    declared = {each.issuer: each for each in wanted(notes)}
    for each in named:
        known = declared.get(each.issuer)
        yield each if known is None else changed(known, source="named", document_url=each.document_url)


def distinct(found: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Each issuer once, in order of first mention: as the inventory has it, else as it was named, else as it was met."""
    chosen: dict[str, Wanted] = {}
    for each in found:
        known = chosen.get(each.issuer)
        if known is None or _RANK[each.source] < _RANK[known.source]:
            chosen[each.issuer] = each
    return tuple(chosen.values())
