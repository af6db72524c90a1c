"""From results to the report: findings with their waivers and baseline. Takes one document at a time and keeps none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from os import getcwd
from typing import TYPE_CHECKING, Any

from scanner.config.model import Config
from scanner.errors import Place
from scanner.evidence.model import Evidence
from scanner.files.limits import MOST_KEYS
from scanner.findings.counts import count, exit_code
from scanner.findings.excerpt import Excerpts
from scanner.findings.model import AbsentFinding, EvidenceRow, Finding, Notice, Report, Run, Summary, Waiver
from scanner.findings.order import absent_order, finding_order, notice_order, result_order, row_order
from scanner.findings.rows import TABLES, Rows
from scanner.pack.pack import Pack
from scanner.policy.result import Result
from scanner.policy.select import EffectiveRule
from scanner.record import changed
from scanner.sources.document import Unreadable
from scanner.subjects.model import Subject

# what only a run with findings, waivers, a baseline or notes on paths needs is imported there: a clean commit has none
if TYPE_CHECKING:
    from scanner.config.paths import Ownership
    from scanner.findings.baseline import Baseline
    from scanner.findings.inline import InlineWaivers
    from scanner.findings.reviewed import Named, ReviewedWaivers
    from scanner.findings.waiver_book import WaiverBook
    from scanner.sources.exchange import Wanted
    from scanner.sources.scope import Scope


# kinds of notices about what nobody could judge
_UNREAD = frozenset({"unreadable", "unparsed"})


class Findings:
    """Collects what one scan finds. Documents are handed in as they stream past and are not kept. `targets` are what the user
    named; a waiver or an old finding is missed only where the run looked.
    """

    def __init__(
        self, rules: Iterable[EffectiveRule], *, pack: Pack, at: datetime, config: Config, targets: Sequence[str]
    ) -> None:
        self.rules = {rule.rule.id: rule for rule in rules}
        self.pack = pack
        self.at = at
        self.config = config
        self.targets = targets
        self.notes = _notes(config, targets)
        self.baseline = _baseline(config.baseline)
        self._book: WaiverBook | None = None
        self.reviewed = self._reviewed(config.waivers)
        self.summary = Summary()
        self._rows = Rows()
        self.results: list[Result] = []
        self.found: list[tuple[Finding, Named | None]] = []
        self.notices: list[Notice] = []
        self.evidence: list[EvidenceRow] = []
        self.subjects: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES.values()}
        self.is_target_missing = False
        # over the network: the issuers that were asked, the URLs that gave a document, and what nobody reached
        self._visited: set[str] = set()
        self._urls: set[str] = set()
        self._unreached: set[str] = set()

    def unreadable(self, target: Unreadable) -> None:
        """A target or file that could not be read."""
        if target.is_bundle:
            self.notices.append(Notice("bundle-inside", f"not read: {target.because}", Place(target.path)))
            return
        self.is_target_missing = self.is_target_missing or target.is_named
        self.notices.append(Notice("unreadable", f"cannot read it: {target.because}", Place(target.path)))

    def document(self, evidence: Evidence, judged: Iterable[tuple[Subject, Iterable[Result]]], data: bytes) -> None:
        """Everything one document gave."""
        self.summary.relevant += 1
        self.evidence.append(_evidence_row(evidence))
        if self.notes is not None and evidence.fetched is not None:
            self.notes.fetched(evidence.path, evidence.fetched.wanted.issuer)
        if evidence.unreached:
            self._unreached.add(evidence.path)
        elif evidence.fetched is not None and not evidence.fetched.because:
            self._urls.add(evidence.path)
        if evidence.fetched is not None and evidence.fetched.first.removed:
            removed = ", ".join(evidence.fetched.first.removed)
            self.notices.append(Notice("removed", f"private values were taken out: {removed}", Place(evidence.path)))
        if evidence.unparsed is not None:
            self.summary.unparsed += 1
            spot = evidence.unparsed_spot
            place = Place(evidence.path, spot.line, spot.column) if spot else Place(evidence.path)
            self.notices.append(Notice("unparsed", f"not assessed: {evidence.unparsed}", place))
        self._left_out(evidence)
        excerpts = Excerpts(data, has_secrets=evidence.has_secrets)
        inline = self._inline(evidence)
        for subject, results in judged:
            self._subject(subject, results, excerpts.line, inline)
        if inline is not None:
            for each in inline.finished():
                self._subject(each.subject, each.results, excerpts.line)

    def _left_out(self, evidence: Evidence) -> None:
        """A set of a million empty keys is quickly sent, and would fill every report."""
        embedded = (binding.embedded for binding in evidence.bindings if binding.embedded is not None)
        for jwk_set in (*evidence.jwk_sets, *embedded):
            if len(jwk_set.keys) > MOST_KEYS:
                self.summary.unparsed += 1
                because = f"not assessed: keys after the first {MOST_KEYS} of a set of {len(jwk_set.keys)}"
                self.notices.append(Notice("unparsed", because, Place(evidence.path, jwk_set.spot.line, jwk_set.spot.column)))

    def is_visited(self, issuer: str) -> bool:
        """Whether an issuer has been asked in this run."""
        return issuer in self._visited

    def visited(self, wanted: Wanted, because: str) -> None:
        """One issuer was asked for its documents; `because` it was not reached, empty where it was. One that the user named and
        that is not reached is a missing target.
        """
        self._visited.add(wanted.issuer)
        self.summary.issuers_asked += 1
        self.summary.issuers_unreached += bool(because)
        if because and wanted.source == "named":
            self.is_target_missing = True
            self.notices.append(Notice("unreached", f"not reached: {because}", Place(wanted.issuer)))

    def subject(self, subject: Subject, results: Iterable[Result]) -> None:
        """A subject that stands for what several documents gave."""
        self._subject(subject, results)

    def report(
        self, run: Run, *, version: str, not_applicable: dict[str, int], faults: dict[str, str], fail_on_undetermined: bool
    ) -> Report:
        """The report, in a stable order whatever the order of the targets."""
        findings = self._waived()
        absent: list[AbsentFinding] = []
        if self.baseline is not None:
            from scanner.findings.baseline import compare

            findings, absent = compare(findings, self.baseline, self._scope().covers)
            run = changed(run, baseline=self.baseline.file)
        if self._book is not None:
            not_applicable = not_applicable | self._book.not_applicable()
            faults = faults | self._book.faults()
        for rule, because in faults.items():
            message = f"rule {rule} reads a value it does not guard: {because}"
            self.notices.append(Notice("policy-fault", message, self.rules[rule].rule.place))
        self.summary.not_applicable = dict(sorted(not_applicable.items()))
        count(self.summary, self.results, findings, absent, has_baseline=self.baseline is not None)
        code = exit_code(
            findings,
            fail_on=run.fail_on,
            has_faults=bool(faults),
            is_target_missing=self.is_target_missing,
            unparsed=self.summary.unparsed,
            fail_on_undetermined=fail_on_undetermined,
        )
        return Report(
            version=version,
            run=run,
            rules=tuple(self.rules.values()),
            pack_digest=self.pack.digest,
            control_index=self.pack.control_index,
            evidence=tuple(sorted(self.evidence, key=lambda each: each.path)),
            subjects={table: sorted(rows, key=row_order) for table, rows in self.subjects.items()},
            results=tuple(sorted(self.results, key=result_order)),
            findings=tuple(findings),
            notices=tuple(sorted(self.notices, key=notice_order)),
            summary=self.summary,
            exit_code=code,
            absent=tuple(sorted(absent, key=absent_order)),
        )

    def _subject(
        self,
        subject: Subject,
        results: Iterable[Result],
        excerpt: Callable[[int | None], str | None] | None = None,
        inline: InlineWaivers | None = None,
    ) -> None:
        self.subjects[TABLES[subject.ref.kind]].append(self._rows.row(subject))
        for result in results:
            self.results.append(result)
            if result.answer != "pass":
                waiver = inline.find(result) if inline is not None else None
                self.found.append((self._finding(subject, result, excerpt, waiver), self._named(subject)))

    def _finding(
        self,
        subject: Subject,
        result: Result,
        excerpt: Callable[[int | None], str | None] | None,
        waiver: Waiver | None,
    ) -> Finding:
        from scanner.findings.fingerprint import by_identity, by_path

        assert result.answer != "pass"
        environment, owner = self.notes.of(result.place.path) if self.notes else (None, None)
        return Finding(
            rule=self.rules[result.rule],
            result=result.answer,
            subject=result.subject,
            message=result.message,
            place=result.place,
            fingerprint=by_path(result),
            waiver=waiver,
            excerpt=excerpt(result.place.line) if excerpt is not None and result.answer == "fail" else None,
            stable_fingerprint=by_identity(result.rule, subject),
            environment=environment,
            owner=owner,
        )

    def _named(self, subject: Subject) -> Named | None:
        if self.reviewed is None:
            return None
        from scanner.findings.reviewed import named

        return named(subject)

    def _waived(self) -> list[Finding]:
        """The findings in order, with the reviewed waivers that cover them and what is wrong with those."""
        if self.reviewed is not None:
            pairs = self._in_order()
            self.found = []
            for finding, named in pairs:
                assert named is not None
                self.found.append((changed(finding, waiver=self.reviewed.find(finding, named) or finding.waiver), named))
            for each in self.reviewed.finished(self._scope(), self._unread()):
                self._subject(each.subject, each.results)
        return [finding for finding, _ in self._in_order()]

    def _in_order(self) -> list[tuple[Finding, Named | None]]:
        if not self.found:
            return []
        from scanner.findings.fingerprint import numbered

        pairs = sorted(self.found, key=lambda pair: finding_order(pair[0]))
        return list(zip(numbered(finding for finding, _ in pairs), (named for _, named in pairs), strict=True))

    def _scope(self) -> Scope:
        from scanner.sources.inventory import wanted
        from scanner.sources.scope import scope_of

        return changed(
            scope_of(self.targets, self.config.path),
            urls=frozenset(self._urls),
            is_inventory_visited=all(each.issuer in self._visited for each in wanted(self.config.issuers)),
        )

    def _unread(self) -> set[str]:
        """Paths whose findings nobody knows."""
        return self._unreached | {each.place.path for each in self.notices if each.place is not None and each.kind in _UNREAD}

    def _waiver_book(self) -> WaiverBook:
        if self._book is None:
            from scanner.findings.waiver_book import WaiverBook

            ids = {name: rule.id for rule in self.pack.rules.values() for name in (*rule.aliases, rule.id)}
            self._book = WaiverBook(self.rules.values(), ids, self.at)
        return self._book

    def _inline(self, evidence: Evidence) -> InlineWaivers | None:
        if not evidence.waivers or not self.config.inline_waivers:
            return None
        from scanner.findings.inline import InlineWaivers

        return InlineWaivers(self._waiver_book(), evidence)

    def _reviewed(self, path: str | None) -> ReviewedWaivers | None:
        if path is None:
            return None
        from scanner.config.waivers import load_waivers
        from scanner.findings.reviewed import ReviewedWaivers
        from scanner.sources.targets import name_of_file, repository_root

        shown = name_of_file(path, repository_root(getcwd()))
        return ReviewedWaivers(self._waiver_book(), load_waivers(path, shown), shown)


def _baseline(path: str | None) -> Baseline | None:
    if path is None:
        return None
    from scanner.findings.baseline import read_baseline

    return read_baseline(path)


def _notes(config: Config, targets: Sequence[str]) -> Ownership | None:
    """The configuration's notes on consumers' folders, paths and issuers; nothing is imported where there are none."""
    if not config.paths and not config.consumers and not config.issuers:
        return None
    from scanner.config.paths import Ownership
    from scanner.sources.consumers import consumer_paths

    return Ownership(consumers=consumer_paths(config, targets), paths=config.paths, issuers=config.issuers)


def _evidence_row(evidence: Evidence) -> EvidenceRow:
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
