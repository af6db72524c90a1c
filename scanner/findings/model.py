"""The report: everything a renderer needs, so that no renderer decides anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from scanner.errors import Place
from scanner.pack.control_index import ControlIndex
from scanner.pack.control_index import ControlRef as ControlRef
from scanner.pack.model import Framework, Objective, Severity
from scanner.policy.result import Result
from scanner.policy.select import EffectiveRule as EffectiveRule
from scanner.record import field, record
from scanner.subjects.model import SubjectRef
from scanner.subjects.model import Waiver as Waiver

if TYPE_CHECKING:
    from scanner.findings.controls import ControlResult
    from scanner.pack.references import Citation

# against a baseline (SARIF 2.1.0 §3.27.24); `absent` ones are AbsentFindings
BaselineState = Literal["new", "unchanged", "updated", "absent"]


@record(slots=True)
class Finding:
    """A fail or an undetermined result, ready to show. `excerpt` is the source line where that is safe to show.

    `fingerprint` is `jwksFinding/v1` (rule, path and label), `stable_fingerprint` `jwksFinding/v2` (rule and what the subject
    is, whatever file and line it stands in). `baseline_state`: None on every finding of a run that used no baseline.
    `environment` and `owner` are those that the configuration gives to the finding's path.
    """

    rule: EffectiveRule
    result: Literal["fail", "undetermined"]
    subject: SubjectRef
    message: str
    place: Place
    fingerprint: str
    waiver: Waiver | None = None
    excerpt: str | None = None
    stable_fingerprint: str = ""
    baseline_state: BaselineState | None = None
    environment: str | None = None
    owner: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody accepted it: it is not waived and was not in the baseline."""
        return self.waiver is None and self.baseline_state in (None, "new")


@record
class AbsentFinding:
    """A finding of the baseline that this run looked for and did not find: gone, or its rule is no longer asked."""

    rule: str
    severity: Severity
    result: Literal["fail", "undetermined"]
    message: str
    subject: SubjectRef
    place: Place
    fingerprint: str
    stable_fingerprint: str


@record
class BaselineFile:
    """The baseline that a run was compared with: its path, the SHA-256 of its bytes, the clock of the run that wrote it."""

    path: str
    sha256: str
    clock: str


@record
class EvidenceRow:
    """A document that was relevant: provenance, and the reason where it could not be read. Of a document that was fetched:
    when, for which issuer, and which members and headers had private values that were taken out.
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
    """Something the reader of a report must know about the run itself: a target unread, a waiver expired or unused."""

    kind: str
    message: str
    place: Place | None = None


@record
class BundleFile:
    """An evidence bundle that was judged: its path, the SHA-256 of its manifest, when it was collected, whether to its end,
    and by which version.
    """

    path: str
    sha256: str
    started: str
    finished: str | None
    state: Literal["collecting", "complete", "interrupted"]
    version: str


@record
class Run:
    """How this run was set up. `clock` is RFC 3339; `config_digest` SHA-256 of the configuration file, if one applied.
    `is_online`: whether issuers were contacted.
    """

    clock: str
    targets: tuple[str, ...]
    profile: str
    config_path: str | None
    config_digest: str | None
    fail_on: Severity | None
    policies: tuple[str, ...] = ()
    baseline: BaselineFile | None = None
    is_online: bool = False
    bundles: tuple[BundleFile, ...] = ()


@record(frozen=False)
class Summary:
    """The counts. `by_severity` counts unwaived fails; `not_applicable` is per rule, the others over all results;
    `by_baseline_state` counts findings, and is empty where no baseline was used.
    """

    files: int = 0
    relevant: int = 0
    unparsed: int = 0
    issuers_asked: int = 0
    issuers_unreached: int = 0
    passed: int = 0
    failed: int = 0
    undetermined: int = 0
    waived: int = 0
    not_applicable: dict[str, int] = field(default_factory=dict)
    by_severity: dict[str, int] = field(default_factory=dict)
    by_baseline_state: dict[str, int] = field(default_factory=dict)


@record
class Report:
    """One scan's outcome, complete: the JSON report holds it and findings/stored.py reads it back.

    `subjects`: kind → rows (plain JSON values) in the shapes of schemas/report.schema.json.
    """

    version: str
    run: Run
    rules: tuple[EffectiveRule, ...]
    pack_digest: str
    control_index: ControlIndex
    evidence: tuple[EvidenceRow, ...]
    subjects: dict[str, list[dict[str, Any]]]
    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    summary: Summary
    exit_code: int
    absent: tuple[AbsentFinding, ...] = ()

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """The frameworks of the policies, in the order of their files."""
        return self.control_index.frameworks

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """The control objectives of the policies, in the order of their files."""
        return self.control_index.objectives

    @property
    def controls(self) -> tuple[ControlResult, ...]:
        """What this run says about each control; computed when asked for, since frameworks are read then."""
        from scanner.findings.controls import control_results  # not for the text of a clean commit

        return control_results(self)

    @property
    def references(self) -> tuple[Citation, ...]:
        """What rules and frameworks cite by another name than a control's own; computed when asked for, as `controls` is."""
        from scanner.pack.references import find_citations  # not for the text of a clean commit

        frameworks = {framework.id: framework for framework in self.frameworks}
        notes = find_citations((rule.rule for rule in self.rules), frameworks)
        return tuple(note for note in notes if note.kind != "exact")
