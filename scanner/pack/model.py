"""The models of everything in `policies/`. Field docs become the schemas that editors show."""

from __future__ import annotations

from typing import Any, Literal

from scanner.errors import Place
from scanner.pack.binding_terms import DefaultName, Role
from scanner.record import field, record

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
Gives = Literal["pass", "fail", "not_applicable", "undetermined"]
Extra = Literal["keys"]
Strength = Literal["direct", "partial", "weak"]
Status = Literal["preview", "stable", "deprecated"]


@record
class Places:
    """Where the members of one item are written: name → line and column, in the file `path`."""

    path: str = ""
    spots: dict[str, list[int]] = field(default_factory=dict)

    def of(self, name: str, otherwise: Place) -> Place:
        """The place of the member `name`, or `otherwise` where it is left out."""
        return Place(self.path, *self.spots[name]) if name in self.spots else otherwise


@record(kw_only=True)
class Param:
    """A number, text or list that a profile may change. `one_of`: the words that a text, or each item of a list, may be; left
    out where any may. `stricter`: which values make the rule fail more often: `higher` or `lower` ones (of `true` and `false`,
    `true` is higher; days compare as text), or lists with `more` or `fewer` items; left out where none does.
    """

    default: bool | int | float | str | list[str] | list[int]
    description: str
    one_of: list[str] = field(default_factory=list)
    stricter: Literal["higher", "lower", "more", "fewer"] | None = None

    def is_stricter(self, value: Any, other: Any) -> bool:
        """Whether `value` is stricter than `other`, or the same."""
        if self.stricter in ("more", "fewer"):
            larger, smaller = (value, other) if self.stricter == "more" else (other, value)
            return set(smaller) <= set(larger)
        if self.stricter is None:
            return bool(value == other)
        return bool(value >= other if self.stricter == "higher" else value <= other)

    def unknown_word(self, value: object) -> tuple[tuple[int, ...], str] | None:
        """The first word of `value` that is not one of the known ones, and its position in a list."""
        for position, word in enumerate(value if isinstance(value, list) else [value]):
            if self.one_of and word not in self.one_of:
                return (position,) if isinstance(value, list) else (), str(word)
        return None


@record(kw_only=True)
class ConfigExample:
    """A consumer configuration file: its name and its text."""

    file: str
    text: str


@record(kw_only=True)
class WaiverExample:
    """A waiver and what a run found about it. `severity`: that of the waived rule, null where the run does not check it."""

    rule: str
    reason: str
    severity: Severity | None
    owner: str | None = None
    expires: str | None = None
    approver: str | None = None
    ticket: str | None = None
    compensating_control: str | None = None
    is_rule_known: bool = True
    is_total: bool = False
    is_scope_complete: bool = True
    matches: int = 1
    applies: bool = True


@record(kw_only=True)
class BindingExample:
    """The settings of a binding, as if from its configuration. Those under `defaults` are the platform's own. `version`: the
    platform's, as a file names it.
    """

    platform: str = "example"
    version: str | None = None
    role: Role = "access_token"
    has_symmetric_secret: bool = False
    drops_audience: bool = False
    defaults: dict[DefaultName, Any] = field(default_factory=dict)
    issuer: str | None = None
    jwks_uri: str | None = None
    discovery_url: str | None = None
    inline_keys: int | None = None
    key_file: str | None = None
    verification_keys: list[str] | None = None
    signing_key: str | None = None
    audiences: list[str] | None = None
    algorithms: list[str] | None = None
    subject: list[str] | None = None
    thumbprints: list[str] | None = None
    cache_s: int | float | str | None = None
    refetch_interval_s: int | float | str | None = None
    stale_s: int | float | str | None = None
    skew_s: int | float | str | None = None
    token_life_s: int | float | str | None = None
    verifies_tls: bool | None = None
    fails_open: bool | None = None
    verifies_signature: bool | None = None
    checks_issuer: bool | None = None
    checks_audience: bool | None = None
    checks_expiry: bool | None = None
    expiry_required: bool | None = None
    checks_type: bool | None = None
    binds_audience: bool | None = None
    binds_subject: bool | None = None
    takes_query_token: bool | None = None
    trusts_header_keys: bool | None = None
    requires_token: bool | None = None
    has_rules: bool | None = None


@record(kw_only=True)
class Example:
    """One example of a rule: exactly one of jwks, metadata, config, binding, waiver, nested; what the rule `gives`; its message
    in `saying`.

    `jwks` and `metadata` are JSON documents written as YAML (an object with the member `sample` stands for the key of that name
    in policies/samples/, other members added to it); a text is the raw document. `binding` gives the settings of a binding
    directly, for settings that no platform file covers yet. `nested`: what a nested configuration says in
    vain. `on`: the day of judgement. `needs`: the extra that the example
    needs. `fetched`: documents as they came over the network, see docs/writing-rules.md.
    """

    it: str
    gives: Gives
    saying: str | None = None
    on: str | None = None
    needs: Extra | None = None
    jwks: Any = None
    metadata: Any = None
    files: dict[str, Any] | None = None
    config: ConfigExample | None = None
    binding: BindingExample | None = None
    waiver: WaiverExample | None = None
    nested: list[str] | None = None
    fetched: Any = None


@record(kw_only=True)
class Rule:
    """One file, one rule, one severity. `about` is the name of a kind of subject. `voids`, for a rule about waivers: a waiver
    that fails it does not apply. `explains`: rules that fail for the same cause where this one fails: such a finding about the
    same subject is shown below the finding of this rule, and not beside it.
    """

    id: str
    title: str
    severity: Severity
    objective: str
    about: str
    since: str
    rationale: str
    remedy: str
    require: str
    message: str
    examples: list[Example]
    codes: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    params: dict[str, Param] = field(default_factory=dict)
    when: str | None = None
    at: str | None = None
    voids: bool = False
    explains: list[str] = field(default_factory=list)
    status: Status = "stable"
    replaced_by: str | None = None
    aliases: list[str] = field(default_factory=list)
    removed_after: str | None = None
    place: Place = Place("")
    places: Places = field(default_factory=Places)


@record
class RuleHead:
    """What is needed of every rule, asked or not: a run opens the rules that it asks, and no others."""

    about: str
    status: Status
    severity: Severity
    aliases: list[str]


@record(kw_only=True)
class Objective:
    """A control objective: what rules serve and frameworks ask for. Rules and frameworks meet here only."""

    id: str
    topic: str
    title: str
    description: str
    place: Place = Place("")


@record(kw_only=True)
class ControlMapping:
    """How far an objective is evidence for a control, and why. Weak ones never count towards a control's result."""

    objective: str
    strength: Strength
    why: str
    place: Place = Place("")


@record(kw_only=True)
class Control:
    """A control of a framework. `text` only where the licence permits quoting. `references`: controls of other frameworks that
    this one comes from, as its author writes them.
    """

    id: str
    title: str
    text: str | None = None
    url: str | None = None
    note: str | None = None
    assessable: bool = True
    references: list[str] = field(default_factory=list)
    objectives: list[ControlMapping] = field(default_factory=list)
    place: Place = Place("")


@record(kw_only=True)
class Alias:
    """Another spelling of a reference: what it means here, the kind of the difference, and a note for the reader."""

    written: str
    means: list[str]
    kind: Literal["notation", "superseded", "misattributed"]
    note: str
    place: Place = Place("")


@record(kw_only=True)
class Framework:
    """A standard's controls and how objectives serve them. `means` of an alias may name another framework's control as
    `framework:control`. `limits`: the part of the standard that no scan can test, in a sentence. `optional` ones come last.
    """

    id: str
    title: str
    version: str
    url: str
    licence: str
    controls: list[Control]
    short: str = ""
    limits: str = ""
    optional: bool = False
    aliases: list[Alias] = field(default_factory=list)
    place: Place = Place("")


@record(kw_only=True)
class RuleChange:
    """What a profile or configuration changes about one rule."""

    enabled: bool | None = None
    severity: Severity | None = None
    params: dict[str, Any] = field(default_factory=dict)


@record(kw_only=True)
class Profile:
    """A named choice of rules, severities and parameters. `extends` starts from another profile; without `only`, every
    stable and preview rule is in.
    """

    id: str
    title: str
    description: str
    extends: str | None = None
    only: list[str] = field(default_factory=list)
    rules: dict[str, RuleChange] = field(default_factory=dict)
    place: Place = Place("")
