"""Waivers of the reviewed file: finding the one that covers a finding, and judging each."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Collection, Iterator

from scanner.config.globs import covers, plain_path
from scanner.config.waivers import Selector, WaiverEntry
from scanner.errors import Place
from scanner.evidence.model import Spot
from scanner.findings.model import Finding
from scanner.findings.waivers.judge import LimitedWaiver, WaiverJudge
from scanner.policy.result import Judgement
from scanner.sources.scope import Scope
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.model import Subject, Waiver

_WILD = frozenset("*?[")


class ReviewedWaivers:
    """The entries of a waiver file, by the rule and the most specific member of their selector without a wildcard."""

    def __init__(self, judge: WaiverJudge, entries: Collection[WaiverEntry], shown: str) -> None:
        self._judge = judge
        self._shown = shown
        self._entries = tuple(entries)
        ids = SubjectIds(shown)
        self._subjects = [entry_subject(judge, entry, shown, ids) for entry in self._entries]
        self._limited: dict[int, LimitedWaiver] = {}
        self._matches = [0] * len(self._entries)
        self._tests = [_compile_tests(entry.selector) for entry in self._entries]
        self._index: dict[tuple[str, str, str], list[int]] = {}
        for number, entry in enumerate(self._entries):
            self._index.setdefault((judge.rule(entry.rule), *_find_key(entry.selector)), []).append(number)

    def find(self, finding: Finding, names: WaiverNames) -> Waiver | None:
        """The first waiver that covers the finding and applies; all waivers that cover it count as used."""
        found: Waiver | None = None
        rule = finding.rule
        values = _list_values(finding, names)
        numbers = (number for key in _list_keys(values) for number in self._index.get((rule, *key), ()))
        for number in sorted(numbers):
            if all(any(map(test, values[member])) for member, test in self._tests[number]):
                self._matches[number] += 1
                limited = self._limit(number)
                if found is None and limited.use.applies:
                    found = limited.use.waiver
        return found

    def finish(self, scope: Scope, unread: Collection[str]) -> Iterator[Judgement]:
        """The waivers that this run can judge: a hook on one file cannot judge those for other files. `unread`: paths that
        could not be judged.
        """
        is_file_in_scope = scope.covers(self._shown)
        for number, entry in enumerate(self._entries):
            is_complete = _is_complete(entry.selector, scope, unread)
            if is_complete or is_file_in_scope or self._matches[number]:
                yield self._judge.finish(self._limit(number), matches=self._matches[number], is_scope_complete=is_complete)

    def _limit(self, number: int) -> LimitedWaiver:
        if number not in self._limited:
            self._limited[number] = self._judge.limit(self._subjects[number])
        return self._limited[number]


def _is_complete(selector: Selector, scope: Scope, unread: Collection[str]) -> bool:
    """Whether the run scanned everything that the waiver could cover."""
    pattern = selector.path or "*"
    means = covers(pattern)
    if any(means(path) for path in unread):
        return False
    if (path := plain_path(pattern)) is not None:
        return scope.covers(path) or scope.covers(f"/{path}")
    is_for_urls = pattern.startswith(("https://", "http://"))
    is_for_both = pattern.startswith(("*", "?", "["))
    return (scope.is_whole or is_for_urls) and (scope.is_inventory_visited or not (is_for_urls or is_for_both))


def _is_plain(text: str) -> bool:
    return _WILD.isdisjoint(text)


def _compile_tests(selector: Selector) -> list[tuple[str, Callable[[str], bool]]]:
    return [(name, covers(value) if name == "path" else _compile_glob(value)) for name, value in selector.members().items()]


def _compile_glob(pattern: str) -> Callable[[str], bool]:
    """A glob with only `*` and `?` as wildcards: ids have brackets of their own, `jwks.json#key:[0]`."""
    literal = pattern.replace("[", "[[]")
    return lambda text: fnmatch.fnmatchcase(text, literal)


def _find_key(selector: Selector) -> tuple[str, str]:
    """The member by which entries are indexed, and its value; `("", "")` where every member is a glob."""
    for name in ("fingerprint", "id", "kid", "issuer", "path"):
        value = getattr(selector, name)
        if value is not None and name == "path":
            value = plain_path(value)
        if value is not None and _is_plain(value):
            return name, value
    return "", ""


def _list_values(finding: Finding, names: WaiverNames) -> dict[str, tuple[str, ...]]:
    """The values to compare each member of a selector with; a missing value matches no glob."""
    return {
        "id": (finding.subject.id,),
        "path": (finding.place.path,),
        "issuer": names.issuers,
        "kid": (names.kid,) if names.kid is not None else (),
        "fingerprint": (finding.fingerprint, finding.stable_fingerprint),
    }


def _list_keys(values: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """The index keys of entries that may cover these values."""
    yield "", ""
    for name in ("id", "kid", "issuer", "fingerprint"):
        yield from ((name, value) for value in values[name])
    path = values["path"][0].lstrip("/")
    while path:
        yield "path", path
        path = path.rpartition("/")[0]


def entry_subject(judge: WaiverJudge, entry: WaiverEntry, shown: str, ids: SubjectIds | None = None) -> Subject:
    """The subject for an entry of the waiver file; `shown` is its name in reports."""
    selector = entry.selector
    spot = Spot(entry.place.line or 1, entry.place.column or 1)
    waiver = Waiver(
        rule=judge.rule(entry.rule),
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
    return (ids or SubjectIds(shown)).subject("waiver", label, judge.use(waiver, is_total=is_total), spot, {})
