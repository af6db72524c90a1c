"""Reports for tests of renderers: one that has something in every field, and the text that attacks each medium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from scanner.errors import Place
from scanner.findings.answers import tabulate
from scanner.findings.model import (
    AbsentFinding,
    AppliedWaiver,
    BaselineFile,
    BaselineState,
    BundleFile,
    ConfigFileEntry,
    EvidenceRow,
    Finding,
    KindResults,
    Report,
    Run,
    SubjectName,
    Summary,
    locate,
    notice,
)
from scanner.findings.run_policies import RunPolicies
from scanner.pack.binding_terms import FIELDS
from scanner.pack.shipped import shipped_pack
from scanner.policy.result import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED
from scanner.policy.select import EffectiveRule, rule_set, select
from scanner.record import changed
from scanner.subjects.kinds import KINDS
from scanner.subjects.kinds.binding import BindingRow, MisspeltRow
from scanner.subjects.kinds.key import KeyRow
from scanner.subjects.kinds.setting_row import SettingRow

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOSTILE = (
    "\x1b[31m<script>alert(1)</script><img src=x onerror=y>=cmd|' /C calc'!A0 [x](javascript:1) ![i](//e.example.com) {0} "
    "@team #12 GH-1 https://e.example.com www.e.example.com a@e.example.com `` ` | *b* _i_ ~~s~~ \u202e\u0000\ud800 "
    + "A"
    * 10_000
)


KEY_PATH = "a b#%é:c/jwks.json"


def full_report(*, hostile: str = "https://login.example.com", has_baseline: bool = True) -> Report:
    """A report with something in every field; `hostile` stands wherever text of a scanned file does."""
    pack = shipped_pack(examples=True)
    rules = select(pack, profile="baseline", changes={}, places={})
    rule, other = (each for each in rules if each.rule.id in ("rsa-modulus-too-small", "audience-not-restricted"))
    key = SubjectName("key", f"{KEY_PATH}#key:{hostile[:100]}")
    binding = SubjectName("binding", f"mesh.yaml#binding:{hostile[:100]}")
    waiver = AppliedWaiver(
        rule=other.rule.id,
        selector=hostile,
        reason=hostile,
        source="file",
        location=locate(Place("waivers.yaml", 3)),
        owner=hostile,
        approver="Ann",
        expires="2099-01-01",
        ticket="SEC-1",
        compensating_control=hostile,
    )
    short = _finding(other, key, f"RSA key {hostile} is short.", Place(KEY_PATH, 3, 8), hostile)
    open_ = _finding(rule, binding, hostile, Place("mesh.yaml", 5), hostile, result="undetermined")
    findings = tuple(
        changed(each, baseline_state="new" if has_baseline else None)
        for each in (changed(short, waiver=waiver, waived=True, fingerprint="1" * 64), short, open_)
    )
    results = _results(rules, fails=other, is_open=rule)
    baseline = BaselineFile("old.json", "b" * 64, "2026-05-01T00:00:00Z")
    gone = AbsentFinding(
        rule="gone",
        severity="low",
        result="fail",
        message=hostile,
        subject=key,
        location=locate(Place(KEY_PATH, 2, 3)),
        fingerprint="f" * 64,
        stable_fingerprint="e" * 64,
    )
    return Report(
        version="1.2.3",
        run=Run(
            clock="2026-06-01T00:00:00Z",
            scope=("https://***@issuer.example.com/jwks", "."),
            profile="baseline",
            config=ConfigFileEntry(".jwksgov.yaml", "c" * 64),
            fail_on="medium",
            policies=("policies",),
            baseline=baseline if has_baseline else None,
            online=True,
            bundles=(BundleFile("a.zip", "b" * 64, "2026-05-31T00:00:00Z", None, "interrupted", "0.1.0"),),
            exit_code=1,
        ),
        pack_digest="d" * 64,
        policies=RunPolicies(rules, pack, results, findings, 1, are_ours=True),
        evidence=(
            EvidenceRow(KEY_PATH, "a" * 64, 120, ("jwk-set",)),
            EvidenceRow("broken.yaml", "", 7, (), hostile),
            EvidenceRow("https://i.example.com/jwks", "b" * 64, 7, (), None, hostile, "2026-05-31T00:00:00.000Z", ("d",)),
        ),
        subjects={kind.table: () for kind in KINDS}
        | {
            "keys": (_key_row(key.id, hostile),),
            "bindings": tuple(_binding_row(id_, hostile) for id_ in (binding.id, f"{binding.id}~2")),
        },
        results=results,
        findings=findings,
        notices=(notice("unparsed", hostile, Place("broken.yaml")), notice("waiver-unused", hostile)),
        summary=Summary(
            files=3,
            relevant=2,
            unparsed=1,
            issuers_asked=2,
            issuers_unreached=1,
            passed=1,
            failed=2,
            undetermined=1,
            waived=1,
            not_applicable=5,
            by_severity={"critical": 0, "high": 1, "medium": 0, "low": 0, "info": 0},
            by_baseline_state={"new": 3, "unchanged": 0, "updated": 0, "absent": 1} if has_baseline else {},
        ),
        absent=(gone,) if has_baseline else (),
    )


def _finding(
    rule: EffectiveRule,
    subject: SubjectName,
    message: str,
    place: Place,
    hostile: str,
    *,
    result: Literal["fail", "undetermined"] = "fail",
    state: BaselineState | None = None,
) -> Finding:
    return Finding(
        rule=rule.rule.id,
        codes=tuple(rule.rule.codes),
        severity=rule.severity,
        result=result,
        waived=False,
        preview=rule.is_preview,
        message=message,
        subject=subject,
        location=locate(place),
        fingerprint="2" * 64,
        stable_fingerprint="3" * 64,
        baseline_state=state,
        environment=hostile,
        owner=hostile,
        excerpt=hostile if result == "fail" else None,
    )


def _results(rules: Iterable[EffectiveRule], *, fails: EffectiveRule, is_open: EffectiveRule) -> dict[str, KindResults]:
    """A key on which one rule fails, a binding on which another is undetermined, and one on which that passes."""
    rules = tuple(rules)
    key, binding = ([each for each in rules if each.rule.about == kind] for kind in ("key", "binding"))
    of_key = bytes(FAIL if each is fails else NOT_APPLICABLE for each in key)
    of_bindings = [bytes(answer if each is is_open else NOT_APPLICABLE for each in binding) for answer in (UNDETERMINED, PASS)]
    counts = {"key": Counter([of_key]), "binding": Counter(of_bindings)}
    return tabulate(counts, rule_set(rules), {"key": [of_key], "binding": of_bindings})


def _key_row(id_: str, hostile: str) -> KeyRow:
    return KeyRow(
        id=id_,
        path=KEY_PATH,
        line=2,
        column=3,
        key_set=f"{KEY_PATH}#key_set:jwk-set",
        kid=hostile,
        kty="RSA",
        alg=hostile,
        use="sig",
        crv=None,
        modulus_bits=1024,
        is_published=True,
        private_members=("d",),
    )


def _binding_row(id_: str, hostile: str) -> BindingRow:
    written = SettingRow(hostile, "set", None, None, 5, 1)
    default = SettingRow(300, "default", "documented", "https://istio.io/docs", None, None)
    settings = {name: SettingRow(None, "unknown", None, None, None, None) for name in FIELDS}
    return BindingRow(
        id=id_,
        path="mesh.yaml",
        line=4,
        column=1,
        platform="istio",
        role="verifier",
        trusts=hostile,
        issuer=hostile,
        issuer_resolved=hostile,
        jwks_uri=None,
        jwks_uri_resolved=None,
        discovery_url=None,
        inline_keys=None,
        key_file=None,
        audiences=[hostile, "shop"],
        algorithms=None,
        cache_s=None,
        skew_s=None,
        verifies_tls=None,
        fails_open=None,
        settings=settings | {"issuer": written, "cache_s": default},
        behaviour={"removed_key_trusted_s": SettingRow("infinite", "default", "source", None, None, None)},
        misspelt=(MisspeltRow(hostile, "jwksUri", 6, 2),),
    )
