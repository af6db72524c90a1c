"""The issuers to visit, from the inventory in the configuration and from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.config.model import IssuerEntry
from scanner.record import changed
from scanner.sources.exchange import Wanted

_SPIFFE = "spiffe://"
_RANK = {"inventory": 0, "named": 1, "followed": 2}


def inventory_issuers(notes: Iterable[IssuerEntry]) -> tuple[Wanted, ...]:
    """Each issuer and each of its aliases, in the order of the inventory; a retired issuer is not contacted.

    An alias is visited as an issuer of its own, and its own metadata has the URL of its keys. A trust domain has no metadata,
    so its keys are requested from the URL in the inventory.
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


def apply_inventory(named: Iterable[Wanted], notes: Iterable[IssuerEntry]) -> Iterator[Wanted]:
    """The issuers that the user named, with the identifier and the `jwks_uri` of the inventory if it lists them."""
    declared = {each.issuer: each for each in inventory_issuers(notes)}
    for each in named:
        known = declared.get(each.issuer)
        yield each if known is None else changed(known, source="named", document_url=each.document_url)


def deduplicate(found: Iterable[Wanted]) -> tuple[Wanted, ...]:
    """Each issuer once, in order of first mention: from the inventory, else as the user named it, else as a consumer has it.
    Issuers whose documents are at the same URLs know of each other: a URL is judged once.
    """
    chosen: dict[str, Wanted] = {}
    for each in found:
        known = chosen.get(each.issuer)
        if known is None or _RANK[each.source] < _RANK[known.source]:
            chosen[each.issuer] = each
    stated: dict[str, list[str]] = {}
    for each in chosen.values():
        if each.is_declared:
            stated.setdefault(each.issuer.removesuffix("/"), []).append(each.issuer)
    return tuple(map(_note_others, chosen.values(), (stated.get(name.removesuffix("/"), []) for name in chosen)))


def _note_others(wanted: Wanted, stated: Iterable[str]) -> Wanted:
    others = tuple(each for each in stated if each != wanted.issuer)
    return changed(wanted, also_stated=others) if others else wanted
