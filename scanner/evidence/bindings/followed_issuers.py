"""The issuers that consumers' configuration trusts, as issuers to visit.

Only complete https URLs are followed: no template, no pattern, no placeholder. The inventory decides about the issuers that it
names, retired ones included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.config.model import IssuerEntry
from scanner.errors import Place
from scanner.evidence.bindings.trusted_issuer import TrustedIssuer, trusted_issuer
from scanner.evidence.bindings.values.placeholders import is_open, is_to_fill_in
from scanner.evidence.model import Evidence, Setting
from scanner.patterns import lazy_pattern
from scanner.record import changed, field, record
from scanner.sources.document import Unreadable
from scanner.sources.exchange import Wanted
from scanner.sources.web.destination import destination_of
from scanner.sources.web.hosts import BadUrl

# a pull request may name any number of them, and each costs requests
MOST_FOLLOWED = 1000
_URLS = ("issuer", "jwks_uri", "discovery_url")
_PATTERN = lazy_pattern(r"[*^\\{}<>|]")


@record
class Followable:
    """An issuer that a consumer trusts and a scan may visit: at least one of issuer, keys and document, and the place that
    names it.
    """

    trusts: TrustedIssuer
    place: Place


@record(frozen=False)
class Followed:
    """The issuers found in consumers' configuration, in order. `left_out`: how many issuers are beyond the limit and not
    visited. `missed`: the files that could not be read, whose issuers are not known.
    """

    found: list[Followable] = field(default_factory=list)
    left_out: int = 0
    missed: list[Unreadable] = field(default_factory=list)

    def note(self, evidence: Evidence) -> None:
        """Add the issuers that the document's bindings name."""
        self.found += find_followable(evidence)

    def miss(self, found: Unreadable) -> None:
        """Take note of a file that could not be read."""
        self.missed.append(found)

    def merge(self, other: Followed) -> None:
        """Add the issuers that another part of the run found."""
        self.found += other.found
        self.missed += other.missed

    def wanted(self, notes: Iterable[IssuerEntry] = (), *, most: int = MOST_FOLLOWED) -> tuple[Wanted, ...]:
        """Each issuer once, without those of the inventory; sets `left_out`."""
        chosen = list(_choose(self.found, notes))
        self.left_out = max(0, len(chosen) - most)
        return tuple(chosen[:most])


def find_followable(evidence: Evidence) -> Iterator[Followable]:
    """The issuers that the bindings of a document name completely."""
    for binding in evidence.bindings:
        trusts = trusted_issuer(binding)
        urls = {name: url for name in _URLS if (url := _find_https_url(binding.settings[name], getattr(trusts, name)))}
        if urls:
            trusts = changed(trusts, **{name: urls.get(name) for name in _URLS})
            spot = binding.settings[next(iter(urls))].spot or binding.spot
            yield Followable(trusts, Place(evidence.path, spot.line, spot.column))


def _find_https_url(setting: Setting, url: str | None) -> str | None:
    """The https URL that the file sets; None for everything else."""
    text = (url or "").strip()
    is_said_in_full = setting.state == "set" and not (is_open(text) or is_to_fill_in(text) or _PATTERN.search(text))
    if not (is_said_in_full and text.startswith("https://")):
        return None
    try:
        destination_of(text)
    except BadUrl:
        return None
    return text


def _choose(found: Iterable[Followable], notes: Iterable[IssuerEntry]) -> Iterator[Wanted]:
    declared = list(notes)
    issuers = {identifier for note in declared for identifier in note.identifiers}
    keys = {note.jwks_uri for note in declared}
    for each in sorted(found, key=_rank):
        wanted = _make_wanted(each.trusts)
        # the URL of keys whose issuer is known is fetched with the issuer
        if wanted.issuer in issuers or wanted.issuer in keys:
            continue
        yield wanted
        issuers.add(wanted.issuer)
        keys.add(wanted.jwks_uri)


def _rank(each: Followable) -> tuple[int, str, int, int]:
    """The sort order: first those that name issuer and keys, so that the issuer of a lone URL of keys is known by then; then by
    place.
    """
    trusts = each.trusts
    missing = sum(url is None for url in (trusts.identifier, trusts.jwks_uri)) + (trusts.issuer is None)
    return missing, *each.place.order


def _make_wanted(each: TrustedIssuer) -> Wanted:
    issuer = each.identifier
    if issuer is None:
        assert each.jwks_uri is not None
        # keys without a named issuer go by their own URL
        return Wanted(issuer=each.jwks_uri, jwks_uri=each.jwks_uri, source="followed", is_declared=False)
    if issuer in (each.issuer, each.discovery_url):  # some settings for the document accept the issuer itself
        return Wanted(issuer=issuer, jwks_uri=each.jwks_uri, source="followed")
    return Wanted(issuer=issuer, jwks_uri=each.jwks_uri, source="followed", is_declared=False, document_url=each.discovery_url)
