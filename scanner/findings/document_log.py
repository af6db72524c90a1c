"""The documents that a part of a run scanned, with their provenance, and those that could not be read or judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scanner.cpu_clock import describe_limit
from scanner.digest import sha256_hex
from scanner.errors import Place
from scanner.evidence.model import Evidence
from scanner.findings.model import EvidenceRow, Notice, notice
from scanner.sources.document import Unreadable
from scanner.sources.not_read import NotReadTally

if TYPE_CHECKING:
    from scanner.evidence.left_out import LeftOut
    from scanner.policy.result import Result
    from scanner.sources.exchange import Wanted

# more would say nothing new
_MOST_OPEN_PLACES = 20
_MOST_REASONS = 3
# kinds of notices about what could not be judged
_UNREAD = frozenset({"unreadable", "unparsed", "interrupted"})


class DocumentLog:
    """Counts and lists of documents. For fetched ones it also knows the URLs that gave a document and the contacted issuers."""

    def __init__(self) -> None:
        self.files = 0
        self.relevant = 0
        self.unparsed = 0
        self.issuers_unreached = 0
        self.is_target_missing = False
        self.not_read = NotReadTally()
        self.evidence: list[EvidenceRow] = []
        self.beside: dict[str, EvidenceRow] = {}
        self.notices: list[Notice] = []
        self.issuers: set[str] = set()
        self.urls: set[str] = set()
        self.interrupted: set[str] = set()
        self.reasons: set[str] = set()
        self._unreached: set[str] = set()

    def unreadable(self, target: Unreadable) -> None:
        """Record a target or file that could not be read."""
        self.is_target_missing = self.is_target_missing or target.is_named
        if target.is_bundle:
            self.notices.append(notice("bundle-inside", f"not judged: {target.because}", Place(target.path)))
            return
        self.notices.append(notice("unreadable", f"cannot read it: {target.because}", Place(target.path)))

    def note_companions(self, not_read: NotReadTally, left_out: int, interrupted: Sequence[str]) -> None:
        """Record what was not read of the units of named files: what a folder would not give, how many were too many, and the
        named files whose units took too long to find.
        """
        self.not_read.merge(not_read)
        for path in interrupted:
            because = f"not assessed: the other files of its unit: {describe_limit()}"
            self.notices.append(notice("interrupted", because, Place(path)))
            self.interrupted.add(path)
        if left_out:
            told = f"{left_out} files more belong to the units of the named files; they are not read unless a folder is named"
            self.notices.append(notice("companions", told))

    def document(self, evidence: Evidence) -> None:
        """Record a document with relevant content, or that should have some."""
        self.relevant += 1
        self.evidence.append(_make_evidence_row(evidence))
        for file in evidence.beside.values():
            if file.path not in self.beside:
                self.beside[file.path] = EvidenceRow(file.path, sha256_hex(file.raw), len(file.raw), ("unit-file",))
        if evidence.fetched is not None:
            self._note_fetched(evidence)
        if evidence.unparsed is not None:
            spot = evidence.unparsed_spot
            place = Place(evidence.path, spot.line, spot.column) if spot else Place(evidence.path)
            kind = "interrupted" if evidence.is_interrupted else "unparsed"
            self.notices.append(notice(kind, f"not assessed: {evidence.unparsed}", place))
            # what was asked about could not be assessed, with or without an option
            self.is_target_missing = self.is_target_missing or evidence.is_named
        if evidence.is_interrupted:
            self.interrupted.add(evidence.path)
        if evidence.waivers:
            self._note_malformed_waivers(evidence)
        is_cut = self._has_noted_left_out(evidence)
        self._note_open_places(evidence)
        self.unparsed += evidence.unparsed is not None or is_cut or bool(evidence.open_places)

    def _note_fetched(self, evidence: Evidence) -> None:
        assert evidence.fetched is not None
        if evidence.unreached:
            self._unreached.add(evidence.path)
        elif not evidence.fetched.because:
            self.urls.add(evidence.path)
        if removed := ", ".join(evidence.fetched.first.removed):
            self.notices.append(notice("removed", f"private values were removed: {removed}", Place(evidence.path)))

    def _has_noted_left_out(self, evidence: Evidence) -> bool:
        """Note each thing that is left out of the document; whether there was one."""
        if not (evidence.left_out or evidence.waivers or evidence.jwk_sets or any(each.embedded for each in evidence.bindings)):
            return False
        from scanner.evidence.left_out import list_left_out  # most configuration has none of these

        left_out = list(list_left_out(evidence))
        for each in left_out:
            self._note_left_out(evidence.path, each)
        return bool(left_out)

    def _note_left_out(self, path: str, left_out: LeftOut) -> None:
        """Note what is beyond a limit: a set of a million empty keys is quickly sent, and would fill every report."""
        most = "at most " if left_out.is_most else ""
        because = f"not assessed: {left_out.what} after the first {left_out.assessed} of {most}{left_out.of}"
        spot = left_out.spot
        self.notices.append(notice("unparsed", because, Place(path, spot.line, spot.column) if spot else Place(path)))

    def _note_malformed_waivers(self, evidence: Evidence) -> None:
        """Note comments that were meant as waivers and are none, and parts of waivers without effect."""
        faults = [each for each in evidence.waivers if each.fault]
        for each in faults[:_MOST_OPEN_PLACES]:
            self.notices.append(notice("malformed-waiver", each.fault, Place(evidence.path, each.line)))
        if (more := len(faults) - _MOST_OPEN_PLACES) > 0:
            told = f"{more} comments more are malformed waivers"
            self.notices.append(notice("malformed-waiver", told, Place(evidence.path)))

    def _note_open_places(self, evidence: Evidence) -> None:
        """Note the places that may hold trusted keys and were not read."""
        for each in evidence.open_places[:_MOST_OPEN_PLACES]:
            place = Place(evidence.path, each.spot.line, each.spot.column) if each.spot else Place(evidence.path)
            self.notices.append(notice("unparsed", f"not assessed: {each.because}", place))
        if (more := len(evidence.open_places) - _MOST_OPEN_PLACES) > 0:
            self.notices.append(notice("unparsed", f"not assessed: {more} places more", Place(evidence.path)))

    def note_repaired(self, results: list[Result], variants: tuple[str, ...]) -> None:
        """Note the findings of a base that nobody deploys without a variant, and that none of the variants has."""
        by_place: dict[Place, list[str]] = {}
        for each in results:
            by_place.setdefault(each.place, []).append(each.rule)
        for place, rules in by_place.items():
            named = ", ".join(dict.fromkeys(rules))
            told = f"{named} would fail in the base alone; none of its variants ({', '.join(variants)}) has this"
            self.notices.append(notice("repaired-base", told, place))

    def visited(self, wanted: Wanted, because: str) -> None:
        """Record a visit to an issuer; `because` says why it was not reached, else empty. An unreached issuer that the user
        named is a missing target.
        """
        self.issuers.add(wanted.issuer)
        self.issuers_unreached += bool(because)
        if because:
            self.reasons.add(because)
        if because and wanted.source == "named":
            self.is_target_missing = True
            self.notices.append(notice("unreached", f"not reached: {because}", Place(wanted.issuer)))

    @property
    def is_nothing_reached(self) -> bool:
        """Whether issuers were asked, and none of them was reached: then nothing is known of what they publish."""
        return 0 < len(self.issuers) <= self.issuers_unreached

    def note_nothing_reached(self) -> None:
        """Note that none was reached, and why, unless that is noted of each: the reasons of a total outage are few."""
        if sum(each.kind == "unreached" for each in self.notices) < len(self.issuers):
            because = "; ".join(sorted(self.reasons)[:_MOST_REASONS])
            told = f"none of the issuers was reached ({len(self.issuers)} asked): {because}"
            self.notices.append(notice("nothing-reached", told))

    def rows(self) -> tuple[EvidenceRow, ...]:
        """The documents, and the other files of their units that something comes from, by path."""
        own = {each.path for each in self.evidence}
        beside = (each for path, each in self.beside.items() if path not in own)
        return tuple(sorted([*self.evidence, *beside], key=lambda each: each.path))

    def unread(self) -> set[str]:
        """Paths whose findings are not known."""
        places = (each.place for each in self.notices if each.kind in _UNREAD)
        return self._unreached | {place.path for place in places if place is not None}

    def unread_count(self) -> int:
        """How many documents and issuers may contain more than the run saw."""
        return self.open_count() + self.issuers_unreached

    def open_count(self) -> int:
        """How many documents may contain more than the run saw: not understood, or not readable at all."""
        return self.unparsed + sum(each.kind == "unreadable" for each in self.notices)

    def merge(self, other: DocumentLog) -> None:
        """Add the documents of another part of the run."""
        self.files += other.files
        self.relevant += other.relevant
        self.unparsed += other.unparsed
        self.issuers_unreached += other.issuers_unreached
        self.is_target_missing = self.is_target_missing or other.is_target_missing
        self.not_read.merge(other.not_read)
        self.evidence += other.evidence
        self.beside |= other.beside
        self.notices += other.notices
        self.issuers |= other.issuers
        self.urls |= other.urls
        self.interrupted |= other.interrupted
        self.reasons |= other.reasons
        self._unreached |= other._unreached


def _make_evidence_row(evidence: Evidence) -> EvidenceRow:
    kinds = {
        "jwk-set": evidence.jwk_sets,
        "issuer-metadata": evidence.metadata,
        "consumer-configuration": evidence.bindings,
        "private-key": evidence.private_keys,
    }
    fetched = evidence.fetched
    return EvidenceRow(
        evidence.path,
        evidence.sha256,
        evidence.size,
        tuple(kind for kind, found in kinds.items() if found),
        evidence.unparsed,
        issuer=fetched.wanted.issuer if fetched is not None else None,
        fetched=fetched.first.started if fetched is not None else None,
        removed=fetched.first.removed if fetched is not None else (),
    )
