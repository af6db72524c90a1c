"""The issuers that consumers' configuration trusts, as issuers to visit.

Only what a file says in full is followed: no template, no pattern, nothing left to fill in, and https alone. What the
inventory names already, retired issuers included, is the inventory's to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.config.model import IssuerEntry
from scanner.errors import Place
from scanner.evidence.bindings.values.placeholders import is_open, is_to_fill_in
from scanner.evidence.model import Binding, Evidence, Setting
from scanner.record import field, record
from scanner.sources.exchange import Wanted
from scanner.sources.web.destination import destination_of
from scanner.sources.web.hosts import BadUrl
from scanner.sources.web.well_known import issuer_of_document

# a pull request may name any number of them, and each costs its requests
MOST_FOLLOWED = 1000
_PATTERN = re.compile(r"[*^\\{}<>|]")


@record(kw_only=True)
class Trusted:
    """One issuer that a consumer trusts, as far as its file says where: at least one of the three URLs, and the place of it."""

    issuer: str | None
    jwks_uri: str | None
    discovery_url: str | None
    place: Place


@record(frozen=False)
class Followed:
    """What is met in consumers' configuration, in the order in which it is met. `left_out`: how many issuers are beyond the
    bound and are not visited.
    """

    found: list[Trusted] = field(default_factory=list)
    left_out: int = 0

    def note(self, evidence: Evidence) -> None:
        """Keep what the document's bindings name."""
        self.found += trusted(evidence)

    def wanted(self, notes: Iterable[IssuerEntry] = (), *, most: int = MOST_FOLLOWED) -> tuple[Wanted, ...]:
        """Each issuer once, without those of the inventory; `left_out` is counted anew."""
        chosen = list(_chosen(self.found, notes))
        self.left_out = max(0, len(chosen) - most)
        return tuple(chosen[:most])


def trusted(evidence: Evidence) -> Iterator[Trusted]:
    """What each binding of a document names."""
    for binding in evidence.bindings:
        urls = {name: _followed(binding.settings[name]) for name in ("issuer", "jwks_uri", "discovery_url")}
        if any(urls.values()):
            yield Trusted(**urls, place=_place(evidence.path, binding, urls))


def _place(path: str, binding: Binding, urls: dict[str, str | None]) -> Place:
    first = next(name for name, url in urls.items() if url)
    spot = binding.settings[first].spot or binding.spot
    return Place(path, spot.line, spot.column)


def _followed(setting: Setting) -> str | None:
    """The https URL that is set; None for everything else."""
    text = setting.resolved.strip() if setting.state == "set" and isinstance(setting.resolved, str) else ""
    if not text.startswith("https://") or is_open(text) or is_to_fill_in(text) or _PATTERN.search(text):
        return None
    try:
        destination_of(text)
    except BadUrl:
        return None
    return text


def _chosen(found: Iterable[Trusted], notes: Iterable[IssuerEntry]) -> Iterator[Wanted]:
    declared = list(notes)
    issuers = {identifier for note in declared for identifier in note.identifiers}
    keys = {note.jwks_uri for note in declared}
    for each in sorted(found, key=_says_less):
        wanted = _wanted(each)
        # keys that an issuer is known to have are asked for with it
        if wanted.issuer in issuers or wanted.issuer in keys:
            continue
        yield wanted
        issuers.add(wanted.issuer)
        keys.add(wanted.jwks_uri)


def _says_less(each: Trusted) -> int:
    """Those first that name issuer and keys, so that a URL of keys alone is known to be somebody's when its turn comes."""
    return sum(url is None for url in (each.issuer or each.discovery_url, each.jwks_uri)) + (each.issuer is None)


def _wanted(each: Trusted) -> Wanted:
    if each.issuer is not None:
        return Wanted(issuer=each.issuer, jwks_uri=each.jwks_uri, source="followed")
    if each.discovery_url is not None:
        issuer = issuer_of_document(each.discovery_url)
        return Wanted(
            issuer=issuer or each.discovery_url,  # some settings take the issuer itself
            jwks_uri=each.jwks_uri,
            source="followed",
            is_declared=issuer is None,
            document_url=each.discovery_url if issuer is not None else None,
        )
    assert each.jwks_uri is not None
    # of these keys no issuer is named: they go by their own URL
    return Wanted(issuer=each.jwks_uri, jwks_uri=each.jwks_uri, source="followed", is_declared=False)
