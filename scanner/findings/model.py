"""The report. Its types are the JSON report: the writer, the reader and the schema follow these declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from scanner.errors import Place
from scanner.pack.model import Severity
from scanner.record import field, record
from scanner.sources.not_read import NotRead
from scanner.subjects.kinds import KINDS

# properties of a Report only: not for the text of a hook
if TYPE_CHECKING:
    from scanner.findings.asked_rule import AskedRule
    from scanner.findings.policies import FrameworkEntry, ObjectiveEntry, Policies, ReferenceEntry

SCHEMA: Literal["jwksgov-report/v2"] = "jwksgov-report/v2"
# against a baseline (SARIF 2.1.0 §3.27.24); `absent` ones are AbsentFindings
BaselineState = Literal["new", "unchanged", "updated", "absent"]


@record(slots=True)
class Location:
    """A place in a file, always with a line and a column. `precision`: `file` or `line` where the whole file or
    line is meant.
    """

    path: str
    line: int
    column: int
    precision: Literal["file", "line"] | None = None

    @property
    def place(self) -> Place:
        """The place, without numbers that have no meaning."""
        line = None if self.precision == "file" else self.line
        return Place(self.path, line, self.column if self.precision is None else None)


def locate(place: Place) -> Location:
    """The location of a place."""
    precision: Literal["file", "line"] | None = "file" if place.line is None else "line" if place.column is None else None
    return Location(place.path, place.line or 1, place.column or 1, precision)


@record(slots=True)
class SubjectName:
    """The kind and the id of a subject: the id is that of a row in `subjects`."""

    kind: str
    id: str


@record(slots=True)
class RelatedPlace:
    """A further place of the value that a finding is about. `role`: what stands there: the `value` itself or a `part` of it, a
    `default`, the `base` value that is replaced, a `definition`, an `argument`, a `helper` or a `file`.
    """

    path: str
    line: int
    column: int
    role: str


@record(slots=True)
class FindingVariant:
    """A variant of a unit in which a finding holds, with the environment and owner that the configuration gives to its
    files.
    """

    name: str
    environment: str | None = None
    owner: str | None = None


@record(slots=True, kw_only=True)
class AppliedWaiver:
    """The waiver that covers a finding: `selector` names the subjects, `source` says whether it is a comment or in the waiver
    file, `expires` is the last day, UTC.
    """

    rule: str
    selector: str
    reason: str
    source: Literal["inline", "file"]
    location: Location
    owner: str | None = None
    approver: str | None = None
    expires: str | None = None
    ticket: str | None = None
    compensating_control: str | None = None

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.location.place


@record(slots=True, kw_only=True)
class FoldedFinding:
    """A fail that follows from another one about the same subject, whose rule explains it: it is told there, and counted apart.
    Its members are those of Finding.
    """

    rule: str
    codes: tuple[str, ...]
    severity: Severity
    message: str
    location: Location
    fingerprint: str
    stable_fingerprint: str
    baseline_state: BaselineState | None = None

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.location.place


@record(slots=True, kw_only=True)
class Finding:
    """A fail or an undetermined result, ready to show. `rule` is an id of `rules`, which has the remedy and the controls.
    `excerpt` is the source line if it is safe to show.

    `fingerprint` is `jwksFinding/v1` (rule, path and label), `stable_fingerprint` `jwksFinding/v2` (rule and the subject's
    identity, independent of file and line). `baseline_state`: null on every finding of a run without a baseline. `environment`
    and `owner` are those that the configuration gives to the finding's path, or to the files of its variants where these agree.
    A `preview` finding never fails a run. `variants`: those of its unit in which it holds; `value`: what the message adds of
    the value and its place, empty where it stands in its own place; `related`: the further places of that value, the one to
    change first. `folded`: the fails that follow from this one. `cause`: of an undetermined finding the open expression that it
    waits for, empty for any other reason.
    """

    rule: str
    codes: tuple[str, ...]
    severity: Severity
    result: Literal["fail", "undetermined"]
    waived: bool
    preview: bool
    message: str
    subject: SubjectName
    location: Location
    fingerprint: str
    stable_fingerprint: str
    baseline_state: BaselineState | None = None
    environment: str | None = None
    owner: str | None = None
    waiver: AppliedWaiver | None = None
    excerpt: str | None = None
    variants: tuple[FindingVariant, ...] = ()
    value: str = ""
    related: tuple[RelatedPlace, ...] = ()
    folded: tuple[FoldedFinding, ...] = ()
    cause: str = ""

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.location.place

    @property
    def is_open(self) -> bool:
        """Whether no waiver accepts it and it was not in the baseline."""
        return self.waiver is None and self.baseline_state in (None, "new")


@record(slots=True, kw_only=True)
class AbsentFinding:
    """A finding of the baseline that this run did not find: gone, or its rule is no longer checked."""

    rule: str
    severity: Severity
    result: Literal["fail", "undetermined"]
    message: str
    subject: SubjectName
    location: Location
    fingerprint: str
    stable_fingerprint: str = ""

    @property
    def place(self) -> Place:
        """Where it was."""
        return self.location.place


@record
class BaselineFile:
    """The baseline that a run was compared with: its path, the SHA-256 of its bytes, the clock of the run that wrote it."""

    path: str
    sha256: str
    clock: str


@record
class ConfigFileEntry:
    """The configuration file that applied: its path and the SHA-256 of its bytes."""

    path: str
    sha256: str | None


@record(slots=True)
class EvidenceRow:
    """A relevant document: its provenance, and the reason if it could not be read. For a fetched document also when, for which
    issuer, and which members and headers had private values that were removed.
    """

    path: str
    sha256: str
    size: int
    kinds: tuple[str, ...]
    unparsed: str | None = None
    issuer: str | None = None
    fetched: str | None = None
    removed: tuple[str, ...] = ()


@record
class Notice:
    """A message about the run itself: a target unread, a waiver expired or unused."""

    kind: str
    message: str
    location: Location | None = None

    @property
    def place(self) -> Place | None:
        """Where it is, if it is anywhere."""
        return self.location.place if self.location is not None else None


def notice(kind: str, message: str, place: Place | None = None) -> Notice:
    """A notice at a place."""
    return Notice(kind, message, locate(place) if place is not None else None)


@record
class BundleFile:
    """A judged evidence bundle: its path, the SHA-256 of its manifest, when and by which version it was collected, and whether
    the collection is complete.
    """

    path: str
    sha256: str
    started: str
    finished: str | None
    state: Literal["collecting", "complete", "interrupted"]
    version: str


@record
class NotAsked:
    """A rule that this run did not ask, with the severity that the policies give it."""

    id: str
    severity: Severity


@record(kw_only=True)
class Run:
    """How this run was set up. `clock` is RFC 3339; `scope` lists the targets. `fail_on`: null where no finding fails the run.
    `online`: whether issuers were contacted. `interrupted`: the documents that took too much CPU time, of which nothing is
    assessed; only a report without any is promised to be the same, octet by octet, whenever it is made again. `not_read`: what
    was left out of the named folders, by reason. `not_asked`: the rules that the profile leaves out or the configuration
    switches off, the gravest first.
    """

    clock: str
    scope: tuple[str, ...]
    profile: str
    config: ConfigFileEntry | None = None
    fail_on: Severity | None = None
    policies: tuple[str, ...] = ()
    baseline: BaselineFile | None = None
    online: bool = False
    bundles: tuple[BundleFile, ...] = ()
    interrupted: tuple[str, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    not_asked: tuple[NotAsked, ...] = ()
    exit_code: int = 0


@record(frozen=False)
class Summary:
    """The counts. `rules`: how many rules were checked. `by_severity` counts unwaived fails; `by_baseline_state` counts
    findings, and is empty without a baseline. `folded` counts the fails that are told with the one they follow from; they are
    not among `failed`.
    """

    rules: int = 0
    files: int = 0
    relevant: int = 0
    unparsed: int = 0
    issuers_asked: int = 0
    issuers_unreached: int = 0
    passed: int = 0
    failed: int = 0
    undetermined: int = 0
    not_applicable: int = 0
    waived: int = 0
    folded: int = 0
    by_severity: dict[Severity, int] = field(default_factory=dict)
    by_baseline_state: dict[BaselineState, int] = field(default_factory=dict)


@record
class KindResults:
    """Every answer about the subjects of one kind. `patterns` has the different sequences of answers, a letter for each of
    `rules`: `p` pass, `f` fail, `u` undetermined, `-` not applicable. `counts`: how many subjects gave each pattern.
    `subjects`: for each row of the kind's table the number of its pattern, from 0. So rule `rules[r]` says
    `patterns[subjects[s]][r]` about row `s`.
    """

    rules: tuple[str, ...]
    patterns: tuple[str, ...]
    counts: tuple[int, ...]
    subjects: tuple[int, ...] = ()


@record(kw_only=True)
class Report:
    """The complete outcome of one scan: renderers/json_report.py writes it, findings/stored.py reads it back.

    `subjects`: table → rows, records of the kinds' `Row` types. `results`: kind → answers.
    """

    version: str
    run: Run
    pack_digest: str
    policies: Policies
    evidence: tuple[EvidenceRow, ...]
    subjects: dict[str, tuple[Any, ...]]
    results: dict[str, KindResults]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    summary: Summary
    absent: tuple[AbsentFinding, ...] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of the run."""
        return self.run.exit_code

    @property
    def rules(self) -> tuple[AskedRule, ...]:
        """The rules that the run checked, by id."""
        return self.policies.rules

    def rule(self, name: str) -> AskedRule:
        """The rule of that id."""
        return self.policies.rule(name)

    @property
    def objectives(self) -> tuple[ObjectiveEntry, ...]:
        """The control objectives of the policies, in the order of their files."""
        return self.policies.objectives

    @property
    def frameworks(self) -> tuple[FrameworkEntry, ...]:
        """The frameworks of the policies with the outcome of each control, in the order of their files."""
        return self.policies.frameworks

    @property
    def references(self) -> tuple[ReferenceEntry, ...]:
        """The citations of rules and frameworks that do not use a control's own name."""
        return self.policies.references

    def rows(self, kind: str) -> tuple[Any, ...]:
        """The rows of one kind of subject."""
        return next((self.subjects.get(each.table, ()) for each in KINDS if each.name == kind), ())
