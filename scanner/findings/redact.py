"""A report for readers outside: it replaces paths, issuers, hosts, kids, owners and all other text from scanned documents.

This module lists what stays: rules and frameworks of the policies, platforms, answers, numbers, dates, words of the standards.
All else is replaced or withheld, so a new member is withheld until it is listed. Digests of evidence are withheld, too: the
SHA-256 of a published JWK Set identifies its issuer. It works before all renderers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from scanner.findings.asked_rule import AskedRule
from scanner.findings.model import (
    AbsentFinding,
    AppliedWaiver,
    EvidenceRow,
    Finding,
    FindingVariant,
    FoldedFinding,
    Location,
    Notice,
    Report,
    Run,
    SubjectName,
)
from scanner.findings.policies import StoredPolicies
from scanner.findings.pseudonyms import Pseudonyms
from scanner.patterns import lazy_pattern
from scanner.policy.shown_value import drop_value
from scanner.record import changed, is_record, members
from scanner.subjects.kinds import KINDS

WITHHELD = "withheld"
# members of subject rows whose texts come from jwksgov or a standard
_KEPT = frozenset(
    (
        "platform", "role", "form", "kind", "state", "confidence", "source", "meant", "private_members", "asked_by", "fetched",
        "failure", "tls_version", "tls_cipher", "tls_not_before", "tls_not_after",
    )
)  # fmt: skip
_NAMES = {
    "kid": "kid",
    "issuer": "issuer",
    "issuer_resolved": "issuer",
    "owner": "owner",
    "approver": "owner",
    "ticket": "ticket",
}
# members that name another subject by its id, with the kind of that subject
_OWNERS = {"key_set": "key_set", "binding": "binding"}
_WITHHELD = frozenset(("selector", "reason", "compensating_control", "because"))
_ENVIRONMENTS = frozenset(("prod", "production", "stage", "staging", "test", "testing", "qa", "dev", "development"))
_PLACEHOLDER = lazy_pattern(r"\{[^{}]*\}")

Found = TypeVar("Found", Finding, AbsentFinding)


def redact(report: Report) -> Report:
    """The report with pseudonyms, the same ones for the same report."""
    return _Redaction(report).report()


class _Redaction:
    def __init__(self, report: Report) -> None:
        self.given = report
        self.names = Pseudonyms(frozenset(row.platform for row in report.rows("binding")))
        self.rules = {rule.id: self.rule(rule) for rule in report.rules}
        self.ids: dict[str, str] = {}
        # bindings first: the keys in one are named after it
        self.bindings = {row.id for row in report.rows("binding")}
        kinds = sorted(KINDS, key=lambda kind: (kind.name != "binding", kind.table))
        self.subjects = {kind.table: tuple(self.row(row, kind.name) for row in report.rows(kind.name)) for kind in kinds}

    def report(self) -> Report:
        given = self.given
        return changed(
            given,
            run=self.run(given.run),
            policies=StoredPolicies(tuple(self.rules.values()), given.objectives, given.frameworks, given.references),
            evidence=tuple(self.evidence(row) for row in given.evidence),
            subjects={table: self.subjects[table] for table in given.subjects},
            findings=tuple(self.finding(finding) for finding in given.findings),
            notices=tuple(self.notice(notice) for notice in given.notices),
            absent=tuple(self.absent(finding) for finding in given.absent),
        )

    def run(self, run: Run) -> Run:
        baseline = run.baseline
        return changed(
            run,
            scope=tuple(self.names.path(target) for target in run.scope),
            config=changed(run.config, path=self.names.path(run.config.path), sha256=None) if run.config else None,
            policies=tuple(self.names.path(folder) for folder in run.policies),
            baseline=changed(baseline, path=self.names.path(baseline.path), sha256="") if baseline else None,
            bundles=tuple(changed(each, path=self.names.path(each.path), sha256="") for each in run.bundles),
            interrupted=tuple(map(self.names.path, run.interrupted)),
            not_read=tuple(changed(each, first=()) for each in run.not_read),
        )

    def rule(self, rule: AskedRule) -> AskedRule:
        """A parameter may name the user's own hosts."""
        return changed(rule, params={name: self.value(name, value) for name, value in rule.params.items()})

    def evidence(self, row: EvidenceRow) -> EvidenceRow:
        unparsed = f"the reason is {WITHHELD}" if row.unparsed is not None else None
        issuer = self.names.name("issuer", row.issuer) if row.issuer else None
        return changed(row, path=self.names.path(row.path), sha256="", unparsed=unparsed, issuer=issuer, removed=())

    def row(self, row: Any, kind: str) -> Any:
        """A subject's row. Its set or binding has its own stand-in."""
        found = {name: self.value(name, value) for name, value in members(row).items() if name not in ("id", *_OWNERS)}
        owners = {
            name: self.id(value, of, row.path) if value else value
            for name, of in _OWNERS.items()
            if (value := getattr(row, name, None)) is not None
        }
        return changed(row, id=self.id(row.id, kind, row.path), **found, **owners)

    def value(self, name: str, value: Any) -> Any:
        if is_record(type(value)):
            inner = {key: self.value(name if key == "value" else key, each) for key, each in members(value).items()}
            return changed(value, **inner)
        if isinstance(value, Mapping):
            # the inner name decides, except for a setting's value, which is what the setting is about
            return {key: self.value(name if key == "value" else key, inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.value(name, item) for item in value)
        if not isinstance(value, str) or name in _KEPT:
            return value
        if name == "path":
            return self.names.path(value)
        if name in _WITHHELD:
            return WITHHELD
        if name == "rule":
            return self.rule_id(value)
        if name == "expires":
            return _keep_date(value)
        if name == "environment":
            return self.environment(value)
        if name in _NAMES:
            return self.names.name(_NAMES[name], value)
        return self.names.words(value)

    def id(self, identity: str, kind: str, path: str) -> str:
        """`path#kind:label`, each part by its stand-in; a key inside a binding keeps its binding's label before it."""
        if identity not in self.ids:
            head, mark, label = identity.partition(f"#{kind}:")
            shown = self.names.path(head if mark else path)
            self.ids[identity] = f"{shown}#{kind}:{self.label(head, kind, label or identity)}"
        return self.ids[identity]

    def label(self, head: str, kind: str, label: str) -> str:
        owner, _, inner = label.rpartition("/")
        if kind == "key" and f"{head}#binding:{owner}" in self.bindings:
            return f"{self.names.name('binding', self.flat(head, owner))}/{self.names.name('key', self.flat(owner, inner))}"
        if kind == "binding" or (kind == "key_set" and f"{head}#binding:{label}" in self.bindings):
            return self.names.name("binding", self.flat(head, label))
        return self.names.name(kind.replace("_", "-"), self.flat(head, label))

    @staticmethod
    def flat(head: str, label: str) -> str:
        """One text for a pair, unique and not a URL."""
        return f"{head}\0{label}"

    def subject(self, name: SubjectName, path: str) -> SubjectName:
        return changed(name, id=self.id(name.id, name.kind, path))

    def location(self, location: Location) -> Location:
        return changed(location, path=self.names.path(location.path))

    def finding(self, finding: Finding) -> Finding:
        message = drop_value(finding.message, finding.value)
        redacted = self.common(finding, self.message(finding.rule, finding.result, message))
        return changed(
            redacted,
            value="",
            variants=tuple(self.variant(each) for each in finding.variants),
            related=tuple(changed(each, path=self.names.path(each.path)) for each in finding.related),
            folded=tuple(self.folded(each, redacted.subject.id) for each in finding.folded),
            cause=WITHHELD if finding.cause else "",
            fingerprint=_digest(finding.rule, redacted.subject.id),
            stable_fingerprint=_digest(finding.rule, redacted.subject.id.partition("#")[2])
            if finding.stable_fingerprint
            else "",
            waiver=self.waiver(finding.waiver) if finding.waiver else None,
            excerpt=None,
            environment=self.environment(finding.environment),
            owner=self.names.name("owner", finding.owner) if finding.owner else None,
        )

    def folded(self, finding: FoldedFinding, subject: str) -> FoldedFinding:
        return changed(
            finding,
            message=self.message(finding.rule, "fail", finding.message),
            location=self.location(finding.location),
            fingerprint=_digest(finding.rule, subject),
            stable_fingerprint=_digest(finding.rule, subject.partition("#")[2]) if finding.stable_fingerprint else "",
        )

    def variant(self, variant: FindingVariant) -> FindingVariant:
        return changed(
            variant,
            name=self.names.name("variant", variant.name),
            environment=self.environment(variant.environment),
            owner=self.names.name("owner", variant.owner) if variant.owner else None,
        )

    def absent(self, finding: AbsentFinding) -> AbsentFinding:
        redacted = self.common(finding, self.message(finding.rule, finding.result, finding.message))
        return changed(
            redacted,
            fingerprint=_digest(finding.rule, redacted.subject.id),
            stable_fingerprint=_digest(finding.rule, redacted.subject.id.partition("#")[2]),
        )

    def common(self, found: Found, message: str) -> Found:
        subject = self.subject(found.subject, found.location.path)
        return changed(found, subject=subject, message=message, location=self.location(found.location))

    def message(self, rule_id: str, answer: str, message: str) -> str:
        """The rule's own words with stand-ins between them; where these cannot be separated, the rule's title."""
        if answer == "undetermined":
            return f"Could not be assessed; the reason is {WITHHELD}."
        rule = self.rules.get(rule_id)
        between = _find_values(rule.message, message) if rule is not None else None
        if rule is None or between is None:
            return f"{rule.title if rule else 'A finding'}; the details are {WITHHELD}."
        values = iter(between)
        return _PLACEHOLDER.sub(lambda _: self.names.words(next(values)), rule.message)

    def waiver(self, waiver: AppliedWaiver) -> AppliedWaiver:
        return changed(
            waiver,
            rule=self.rule_id(waiver.rule),
            selector=WITHHELD,
            reason=WITHHELD,
            location=self.location(waiver.location),
            expires=_keep_date(waiver.expires) if waiver.expires else None,
            owner=self.names.name("owner", waiver.owner) if waiver.owner else None,
            approver=self.names.name("owner", waiver.approver) if waiver.approver else None,
            ticket=self.names.name("ticket", waiver.ticket) if waiver.ticket else None,
            compensating_control=WITHHELD if waiver.compensating_control else None,
        )

    def rule_id(self, written: str) -> str:
        """A waiver may name anything."""
        return written if written in self.rules else WITHHELD

    def environment(self, environment: str | None) -> str | None:
        if environment is None or environment.lower() in _ENVIRONMENTS:
            return environment
        return self.names.name("environment", environment)

    def notice(self, notice: Notice) -> Notice:
        location = self.location(notice.location) if notice.location else None
        return changed(notice, message=f"the details are {WITHHELD}", location=location)


def _find_values(template: str, message: str) -> list[str] | None:
    """The texts in the place of the template's placeholders; None where the message does not follow the template.

    Each literal part is searched from the end of the one before it. All other text is returned, and so replaced, whatever the
    values contain.
    """
    literals = _PLACEHOLDER.split(template)
    if len(literals) == 1:
        return [] if message == template else None
    if not message.startswith(literals[0]) or not message.endswith(literals[-1]):
        return None
    values = []
    at, end = len(literals[0]), len(message) - len(literals[-1])
    for literal in literals[1:-1]:
        found = message.find(literal, at, end)
        if found < 0:
            return None
        values.append(message[at:found])
        at = found + len(literal)
    return [*values, message[at:end]] if at <= end else None


def _keep_date(written: str) -> str:
    """A date unchanged; a waiver's end may also be any other text."""
    return written if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII) else WITHHELD


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
