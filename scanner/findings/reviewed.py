"""Waivers of the reviewed file: which of them covers a finding, and what is wrong with each."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Collection, Iterator

from scanner.config.globs import covers
from scanner.config.waivers import Selector, WaiverEntry
from scanner.errors import Place
from scanner.evidence.model import Binding, Jwk, Spot
from scanner.findings.model import Finding
from scanner.findings.waiver_book import Judged, WaiverBook
from scanner.record import record
from scanner.sources.scope import Scope
from scanner.subjects.document_subjects import Names
from scanner.subjects.model import About, Issuer, IssuerKeys, Subject, Waiver

_WILD = frozenset("*?[")


@record
class Named:
    """What a selector may name of a finding's subject beside its id and path. Metadata may call its issuer otherwise than the
    inventory, for which it was fetched: both names will do.
    """

    issuers: tuple[str, ...] = ()
    kid: str | None = None


def named(subject: Subject) -> Named:
    """The issuer and kid of a subject, where it has them."""
    about = subject.about
    issuers = dict.fromkeys(text for text in (_issuer(about), subject.visit) if text)
    return Named(tuple(issuers), about.texts.get("kid") if isinstance(about, Jwk) else None)


def _issuer(about: About) -> str | None:
    if isinstance(about, Binding):
        setting = about.settings["issuer"]
        return _text(setting.resolved) or _text(setting.value)
    if isinstance(about, Issuer):
        return _text(about.metadata.members.get("issuer"))
    return about.metadata.text("issuer") if isinstance(about, IssuerKeys) else None


class ReviewedWaivers:
    """The entries of a waiver file, by the rule and the most telling member of their selector that holds no wildcard."""

    def __init__(self, book: WaiverBook, entries: Collection[WaiverEntry], shown: str) -> None:
        self._book = book
        self._shown = shown
        self._entries = tuple(entries)
        names = Names(shown)
        self._subjects = [entry_subject(book, entry, shown, names) for entry in self._entries]
        self._judged: dict[int, Judged] = {}
        self._matches = [0] * len(self._entries)
        self._tests = [_tests(entry.selector) for entry in self._entries]
        self._index: dict[tuple[str, str, str], list[int]] = {}
        for number, entry in enumerate(self._entries):
            self._index.setdefault((book.rule(entry.rule), *_key(entry.selector)), []).append(number)

    def find(self, finding: Finding, named: Named) -> Waiver | None:
        """The first waiver that covers the finding and applies; all that cover it count as used."""
        found: Waiver | None = None
        rule = finding.rule.rule.id
        values = _values(finding, named)
        numbers = (number for key in _keys(values) for number in self._index.get((rule, *key), ()))
        for number in sorted(numbers):
            if all(any(map(test, values[member])) for member, test in self._tests[number]):
                self._matches[number] += 1
                judged = self._limited(number)
                if found is None and judged.use.applies:
                    found = judged.use.waiver
        return found

    def finished(self, scope: Scope, unread: Collection[str]) -> Iterator[Judged]:
        """The waivers that this run can say something about: a hook on one file leaves those for others alone. `unread`:
        paths that should have been judged and could not be.
        """
        is_file_in_scope = scope.covers(self._shown)
        for number, entry in enumerate(self._entries):
            is_complete = _is_complete(entry.selector, scope, unread)
            if is_complete or is_file_in_scope or self._matches[number]:
                yield self._book.finished(self._limited(number), matches=self._matches[number], is_scope_complete=is_complete)

    def _limited(self, number: int) -> Judged:
        if number not in self._judged:
            self._judged[number] = self._book.limited(self._subjects[number])
        return self._judged[number]


def _is_complete(selector: Selector, scope: Scope, unread: Collection[str]) -> bool:
    """Whether the run looked at everything that the waiver could cover."""
    pattern = selector.path or "*"
    means = covers(pattern)
    if any(means(path) for path in unread):
        return False
    if _is_plain(pattern):
        return scope.covers(pattern)
    is_for_urls = pattern.startswith(("https://", "http://"))
    is_for_both = pattern.startswith(("*", "?", "["))
    return (scope.is_whole or is_for_urls) and (scope.is_inventory_visited or not (is_for_urls or is_for_both))


def _is_plain(text: str) -> bool:
    return _WILD.isdisjoint(text)


def _tests(selector: Selector) -> list[tuple[str, Callable[[str], bool]]]:
    return [(name, covers(value) if name == "path" else _glob(value)) for name, value in selector.members().items()]


def _glob(pattern: str) -> Callable[[str], bool]:
    """A glob in which only `*` and `?` are wild: ids hold brackets of their own, `jwks.json#key:[0]`."""
    literal = pattern.replace("[", "[[]")
    return lambda text: fnmatch.fnmatchcase(text, literal)


def _key(selector: Selector) -> tuple[str, str]:
    """The member by which an entry is looked up, and its value; `("", "")` where every member is a glob."""
    for name in ("fingerprint", "id", "kid", "issuer", "path"):
        value = getattr(selector, name)
        if value is not None and _is_plain(value):
            return name, value.rstrip("/") if name == "path" else value
    return "", ""


def _values(finding: Finding, named: Named) -> dict[str, tuple[str, ...]]:
    """What each member of a selector is compared with; one that the subject has not fits no glob."""
    return {
        "id": (finding.subject.id,),
        "path": (finding.place.path,),
        "issuer": named.issuers,
        "kid": (named.kid,) if named.kid is not None else (),
        "fingerprint": (finding.fingerprint, finding.stable_fingerprint),
    }


def _keys(values: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Under which keys an entry that covers these values may stand."""
    yield "", ""
    for name in ("id", "kid", "issuer", "fingerprint"):
        yield from ((name, value) for value in values[name])
    (path,) = values["path"]
    while path:
        yield "path", path
        path = path.rpartition("/")[0]


def entry_subject(book: WaiverBook, entry: WaiverEntry, shown: str, names: Names | None = None) -> Subject:
    """An entry of the waiver file that reports call `shown`, as something to judge."""
    selector = entry.selector
    spot = Spot(entry.place.line or 1, entry.place.column or 1)
    waiver = Waiver(
        rule=book.rule(entry.rule),
        selector=selector.words(),
        reason=entry.reason,
        source="file",
        place=Place(shown, spot.line, spot.column),
        owner=entry.owner,
        approver=entry.approver,
        expires=entry.expires,
        ticket=entry.ticket,
        compensating_control=entry.compensating_control,
    )
    is_total = all(not value.strip("*?/.") for value in selector.members().values())
    label = f"{waiver.rule} {waiver.selector}"
    return (names or Names(shown)).subject("waiver", label, book.use(waiver, is_total=is_total), spot, {})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
