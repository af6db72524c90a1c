"""The pipeline: documents and visits → evidence → subjects → judgements → sinks. It exists once, for everything that judges.

A Pipeline holds what all parts of a run share and never changes; a Part is what one part of a run found. Parts merge, whatever
way the documents were shared out: the report is the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from scanner.config.model import Config
from scanner.config.nested import Configurations
from scanner.cpu_clock import Overtime, within
from scanner.evidence.model import Evidence, base_of
from scanner.evidence.read_document import DocumentReader, FileContent
from scanner.files.encodings import as_utf8
from scanner.findings.document_log import DocumentLog
from scanner.findings.excerpt import Excerpts
from scanner.findings.model import notice
from scanner.findings.sinks import ALONE, AnswerSink, FindingSink, RowSink, Surroundings
from scanner.pack.pack import Pack
from scanner.policy.evaluator import Evaluator
from scanner.policy.result import Judgement
from scanner.policy.select import RuleSet, select_configured
from scanner.redaction.known_values import KnownValues, find_known_values
from scanner.sources.document import Unreadable
from scanner.sources.targets import name_of_config
from scanner.subjects.declared import Declarations
from scanner.subjects.document_subjects import subjects_of
from scanner.subjects.joins import Joins
from scanner.subjects.key_set_owners import KeySetOwners
from scanner.subjects.model import Subject

# what only a run with findings, waivers, visits or entries for paths needs is imported there: a clean commit has none
if TYPE_CHECKING:
    from scanner.config.nested import Holding, Root
    from scanner.config.paths import EnvironmentAndOwner, Ownership
    from scanner.evidence.bindings.followed_issuers import Followed
    from scanner.findings.waivers.inline import InlineWaivers
    from scanner.findings.waivers.judge import WaiverJudge
    from scanner.policy.nested import NestedRules
    from scanner.sources.exchange import Visit
    from scanner.subjects.own_published import OwnPublished
    from scanner.units.rendered import Render


class Part:
    """What one part of a run found. `rows` is None where no format lists subjects, `followed` where no issuer is followed.
    `folders`: those of judged files that have configurations of their own.
    """

    def __init__(
        self, joins: Joins, findings: FindingSink, *, rows: RowSink | None = None, followed: Followed | None = None
    ) -> None:
        self.joins = joins
        self.answers = AnswerSink()
        self.findings = findings
        self.rows = rows
        self.log = DocumentLog()
        self.followed = followed
        self.faults: dict[str, str] = {}
        self.folders: set[str] = set()

    def take(self, judgement: Judgement, around: Surroundings = ALONE) -> None:
        """Hand a judgement to every sink."""
        self.answers.take(judgement, around)
        self.findings.take(judgement, around)
        if self.rows is not None:
            self.rows.take(judgement, around)

    def merge(self, other: Part) -> None:
        """Add what another part found."""
        self.joins.merge(other.joins)
        self.answers.merge(other.answers)
        self.findings.merge(other.findings)
        if self.rows is not None and other.rows is not None:
            self.rows.merge(other.rows)
        self.log.merge(other.log)
        if self.followed is not None and other.followed is not None:
            self.followed.merge(other.followed)
        self.faults |= other.faults
        self.folders |= other.folders

    def widen(self, before: RuleSet, after: RuleSet) -> None:
        """Count every subject as asked `after`, the rules that the run asks anywhere; `before` are the run's own."""
        self.answers.widen(before, after)
        if self.rows is not None:
            self.rows.widen(before, after)


class _FolderJudge:
    """What judges the documents of a folder: the rules, and whether comments may waive findings."""

    def __init__(
        self, rules: RuleSet, pack: Pack, at: datetime, *, inline_waivers: bool, holding: Holding | None = None
    ) -> None:
        self.rules = rules
        self.evaluator = Evaluator(rules, at=at)
        self.inline_waivers = inline_waivers
        self.holding = holding
        self._pack = pack
        self._at = at
        self._waivers: WaiverJudge | None = None

    def waiver_judge(self) -> WaiverJudge:
        """The rules about waivers, for the waivers of comments and of the waiver file alike."""
        if self._waivers is None:
            from scanner.findings.waivers.judge import WaiverJudge

            self._waivers = WaiverJudge(self.rules, self._pack.rule_names, self._at)
        return self._waivers

    def faults(self) -> dict[str, str]:
        """Rules that read a value without a guard, by rule id."""
        return self.evaluator.faults() | (self._waivers.faults() if self._waivers is not None else {})


class Pipeline:
    """What the parts of one run share. `keeps_rows`: a format lists subjects. `follows`: issuers that consumers trust are
    noted. `roots`: the configurations of the scanned trees. `given`: the paths of documents that are in no file.
    `render`: see Units.
    """

    def __init__(
        self,
        pack: Pack,
        rules: RuleSet,
        *,
        at: datetime,
        config: Config | None = None,
        targets: Sequence[str] = (),
        keeps_rows: bool = True,
        encode: Callable[[Any], str] | None = None,
        follows: bool = False,
        reader: DocumentReader | None = None,
        roots: Sequence[Root] = (),
        given: Sequence[str] = (),
        render: Render | None = None,
    ) -> None:
        self.pack = pack
        self.rules = rules
        self.at = at
        self.config = config or Config()
        self.targets = targets
        self.given = given
        self._keeps_rows = keeps_rows
        self._encode = encode
        self._follows = follows
        self.reader = reader or DocumentReader(pack.platforms, render, pack.advisories)
        self._own_judge = _FolderJudge(rules, pack, at, inline_waivers=self.config.inline_waivers)
        self._configurations = Configurations(roots) if roots else None
        self._judges: dict[tuple[str, str], _FolderJudge] = {}
        self._by_folder: dict[str, _FolderJudge] = {}
        self._nested: dict[str, NestedRules] = {}
        self._declarations = Declarations(self.config.issuers)
        self._owners = KeySetOwners(pack.issuers)
        self._published = _find_own_published(pack)
        self._ownership = _find_ownership(self.config, targets)

    def part(self) -> Part:
        """A part that has found nothing yet."""
        followed = None
        if self._follows:
            from scanner.evidence.bindings.followed_issuers import Followed

            followed = Followed()
        findings = FindingSink(self.rules, self._ownership, is_naming=self.config.waivers is not None)
        return Part(
            Joins(self.config.issuers), findings, rows=RowSink(self._encode) if self._keeps_rows else None, followed=followed
        )

    def read(self, found: FileContent | Unreadable, part: Part) -> None:
        """Take one file."""
        if isinstance(found, Unreadable):
            part.log.unreadable(found)
            return
        if found.evidence is not None and self._is_own(found):
            part.log.not_read.add("own", found.evidence.path)
            return
        part.log.files += 1
        if found.evidence is not None:
            folder = os.path.dirname(os.path.realpath(found.origin)) if found.origin is not None else None
            self.judge(found.evidence, found.data, part, folder)
            if part.followed is not None:
                part.followed.note(found.evidence)

    @staticmethod
    def _is_own(found: FileContent) -> bool:
        from scanner.findings.own_files import is_own_file  # only a relevant file may be one

        return is_own_file(found)

    def judge(self, evidence: Evidence, data: bytes, part: Part, folder: str | None = None) -> None:
        """Judge everything that one document gives. `folder`: the real path of its folder, which may have a configuration."""
        part.log.document(evidence)
        if self._ownership is not None and evidence.fetched is not None:
            self._ownership.fetched(evidence.path, evidence.fetched.wanted.issuer)
        folder_judge = self._find_judge(folder) if folder is not None else self._own_judge
        evaluator, owned = None, None
        if folder_judge is not self._own_judge and folder is not None:
            part.folders.add(folder)
            evaluator, owned = folder_judge.evaluator, self._find_owner(folder_judge, evidence.path, folder)
        inline = self._inline(evidence, folder_judge)
        found = subjects_of(evidence)
        first = next(found, None)
        if first is None and inline is None and not evidence.base_bindings:
            return  # as of a file that has only places that were not read; nothing of its text is shown
        data = as_utf8(data)
        known = _find_known_values(evidence, data)
        has_secrets = evidence.has_secrets or (known is not None and known.has_key)
        excerpts = Excerpts(evidence.path, data, has_secrets=has_secrets, beside=evidence.beside)
        find_waiver = inline.find if inline is not None else None
        if evidence.beside and folder_judge.inline_waivers:
            from scanner.findings.waivers.beside import WaiversBeside

            find_waiver = WaiversBeside(folder_judge.waiver_judge(), evidence, find_waiver).find
        around = Surroundings(excerpts.line, find_waiver, known, evaluator, owned)
        subjects = map(self._tell, chain(() if first is None else (first,), found))
        if evidence.variant_names:
            self._judge_variants(list(subjects), evidence, part, around)
        else:
            for subject in subjects:
                self.take(subject, part, around)
        if inline is not None:
            for judgement in inline.finish():
                part.take(judgement, Surroundings(excerpts.line, known=known, evaluator=evaluator, owned=owned))

    def _tell(self, subject: Subject) -> Subject:
        """The subject with what the configuration and the policies know of it beyond its document."""
        told = self._owners.add_to(self._declarations.add_to(subject))
        return told if self._published is None else self._published.add_to(told)

    def take(self, subject: Subject, part: Part, around: Surroundings = ALONE) -> None:
        """Judge one subject, by the run's own rules where nothing else is said."""
        part.joins.note(subject)
        part.take((around.evaluator or self._own_judge.evaluator).judge(subject), around)

    def _judge_variants(self, subjects: list[Subject], evidence: Evidence, part: Part, around: Surroundings) -> None:
        """Judge the subjects of a document whose unit has variants, and tell what its base alone has."""
        from scanner.policy.variants import find_repaired, tell_once  # few documents have variants

        judge = (around.evaluator or self._own_judge.evaluator).judge
        judged = [judge(subject) for subject in subjects]
        for subject, judgement in zip(subjects, tell_once(judged), strict=True):
            part.joins.note(subject)
            part.take(judgement, around)
        bases = [judge(self._tell(each)) for each in subjects_of(base_of(evidence)) if each.ref.kind == "binding"]
        part.log.note_repaired(find_repaired(bases, judged), evidence.variant_names)

    @property
    def has_configurations(self) -> bool:
        """Whether folders may have configurations of their own."""
        return self._configurations is not None

    def look_at(self, folder: str) -> bool:
        """Read the configurations of a folder, and of those above it, before any file in it is read. Whether they may exclude
        some: a nested one can only under `nested: full`.
        """
        holding = self._find_judge(folder).holding
        return holding is not None and holding.root.config.nested == "full"

    def leaves_out(self, folder: str, file: str) -> bool:
        """Whether a nested configuration excludes a file of a folder that has one which may."""
        from scanner.config.nested import excludes

        holding = self._find_judge(folder).holding
        return holding is not None and excludes(holding, file)

    def _find_judge(self, folder: str) -> _FolderJudge:
        """What judges the documents of a folder: folders under the same configurations share it."""
        if self._configurations is None:
            return self._own_judge
        if folder not in self._by_folder:
            holding = self._configurations.holding(folder)
            key = holding.root.folder, holding.nested[-1].folder if holding.nested else ""
            if key not in self._judges:
                is_own = holding.root.config is self.config and not holding.nested
                self._judges[key] = self._own_judge if is_own else self._make_judge(holding)
            self._by_folder[folder] = self._judges[key]
        return self._by_folder[folder]

    def _make_judge(self, holding: Holding) -> _FolderJudge:
        from scanner.policy.nested import rules_of_folder  # most trees have one configuration

        root = holding.root.config
        found = rules_of_folder(self.pack, self.rules if root is self.config else select_configured(self.pack, root), holding)
        self._nested |= {each.nested.folder: each for each in found.nested}
        return _FolderJudge(found.rules, self.pack, self.at, inline_waivers=found.inline_waivers, holding=holding)

    def _find_owner(self, folder_judge: _FolderJudge, path: str, folder: str) -> EnvironmentAndOwner | None:
        """Environment and owner of a file, where a nested configuration adds to what the root says."""
        if folder_judge.holding is None or not any(
            each.config.paths or each.config.consumers for each in folder_judge.holding.nested
        ):
            return None
        from scanner.config.nested import owner_of

        of_root = self._ownership.of(path) if self._ownership is not None else (None, None)
        return owner_of(folder_judge.holding, os.path.join(folder, path.rpartition("/")[2]), of_root)

    def visit(self, visits: Iterable[Visit], part: Part) -> None:
        """Judge what issuers gave, each URL once: two issuers may name the same one. Of an issuer that is in several bundles
        the first counts.
        """
        from scanner.evidence.issuers.fetched import evidence_of  # a scan of files needs none of this

        seen: set[str] = set()
        repeated = 0
        for visit in visits:
            if visit.wanted.issuer in part.log.issuers:
                repeated += 1
                continue
            found = list(evidence_of(visit))  # each body under the clock
            reasons = dict.fromkeys(because for evidence, _ in found for because in evidence.unreached.values())
            part.log.visited(visit.wanted, next(iter(reasons), ""))
            for evidence, data in found:
                if evidence.path not in seen:
                    self._judge_fetched(evidence, data, part)
            seen.update(evidence.path for evidence, _ in found)
        if repeated:
            told = f"{repeated} issuers were collected more than once; the newest evidence of each is judged"
            part.log.notices.append(notice("repeated", told))

    def _judge_fetched(self, evidence: Evidence, data: bytes, part: Part) -> None:
        """Judge a fetched document in a part of its own, so that nothing of it stays where that takes too long."""
        from scanner.evidence.left_out import make_interrupted

        made = self.part()
        try:
            within(self.judge, evidence, data, made)
        except Overtime:
            part.log.document(make_interrupted(evidence.path, evidence.sha256, evidence.size))
        else:
            part.merge(made)

    def join(self, part: Part) -> None:
        """Judge what all documents together give. Only for the one part that all others were merged into."""
        for subject in part.joins.subjects():
            part.take(self._own_judge.evaluator.judge(subject))
        for folder in sorted(part.folders):
            self.look_at(folder)
        for folder in sorted(self._nested):
            self.take(self._nested[folder].subject(name_of_config), part)

    def widen(self, part: Part) -> RuleSet:
        """The rules that the run asked anywhere; every subject of the part is counted as asked all of them. The last step."""
        others = [judge.rules for _, judge in sorted(self._judges.items()) if judge is not self._own_judge]
        if not others:
            return self.rules
        from scanner.policy.nested import all_rules

        rules = all_rules(self.rules, others)
        part.widen(self.rules, rules)
        return rules

    def end(self, part: Part) -> None:
        """Note in a worker's part which rules were at fault there."""
        part.faults |= self.faults()

    def faults(self) -> dict[str, str]:
        """Rules that read a value without a guard, by rule id: faults of the rules."""
        found: dict[str, str] = {}
        for folder_judge in (self._own_judge, *self._judges.values()):
            found |= folder_judge.faults()
        return found

    def waiver_judge(self) -> WaiverJudge:
        """The rules about waivers, for the waiver file."""
        return self._own_judge.waiver_judge()

    def _inline(self, evidence: Evidence, folder_judge: _FolderJudge) -> InlineWaivers | None:
        if not evidence.waivers or not folder_judge.inline_waivers:
            return None
        from scanner.findings.waivers.inline import InlineWaivers

        return InlineWaivers(folder_judge.waiver_judge(), evidence)


def _find_known_values(evidence: Evidence, data: bytes) -> KnownValues | None:
    """The private values of a file; of what a server sent they are replaced before anybody reads it."""
    if evidence.fetched is not None:
        return None
    bindings = (*evidence.bindings, *evidence.base_bindings)
    beside = (file.data for file in evidence.beside.values())
    return find_known_values(data, (secret for binding in bindings for secret in binding.secrets), beside)


def _find_own_published(pack: Pack) -> OwnPublished | None:
    """The lists of published keys in the user's own policies."""
    if not pack.published:
        return None
    from scanner.subjects.own_published import OwnPublished

    return OwnPublished(pack.published)


def _find_ownership(config: Config, targets: Sequence[str]) -> Ownership | None:
    """The configuration's entries for consumers' folders, paths and issuers; nothing is imported where there are none."""
    if not config.paths and not config.consumers and not config.issuers:
        return None
    from scanner.config.paths import Ownership
    from scanner.sources.consumers import consumer_paths

    return Ownership(consumers=consumer_paths(config, targets), paths=config.paths, issuers=config.issuers)
