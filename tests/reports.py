"""Reports for tests of renderers: one that has something in every field, and the text that attacks each medium."""

from __future__ import annotations

from datetime import UTC, datetime

from scanner.errors import Place
from scanner.findings.model import (
    AbsentFinding,
    BaselineFile,
    BundleFile,
    EvidenceRow,
    Finding,
    Notice,
    Report,
    Run,
    Summary,
    Waiver,
)
from scanner.pack.shipped import shipped_pack
from scanner.policy.result import Result
from scanner.policy.select import select
from scanner.subjects.model import SubjectRef

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOSTILE = (
    "\x1b[31m<script>alert(1)</script><img src=x onerror=y>=cmd|' /C calc'!A0 [x](javascript:1) ![i](//e.example.com) {0} "
    "@team #12 GH-1 https://e.example.com www.e.example.com a@e.example.com `` ` | *b* _i_ ~~s~~ \u202e\u0000\ud800 "
    + "A"
    * 10_000
)


def full_report(*, hostile: str = "https://login.example.com", has_baseline: bool = True) -> Report:
    """A report with something in every field; `hostile` stands wherever text of a scanned file does."""
    pack = shipped_pack(examples=True)
    rules = select(pack, profile="baseline", changes={}, places={})
    rule, other = (each for each in rules if each.rule.id in ("rsa-modulus-too-small", "audience-not-restricted"))
    key = SubjectRef("key", f"a b#%é:c/jwks.json#key:{hostile[:100]}", Place("a b#%é:c/jwks.json", 2, 3))
    binding = SubjectRef("binding", f"mesh.yaml#binding:{hostile[:100]}", Place("mesh.yaml", 4, 1))
    fail, passed, open_ = (
        Result(other.rule.id, key, "fail", f"RSA key {hostile} is short.", Place("a b#%é:c/jwks.json", 3, 8)),
        Result(rule.rule.id, binding, "pass", "", binding.place),
        Result(rule.rule.id, binding, "undetermined", hostile, Place("mesh.yaml", 5)),
    )
    waiver = Waiver(
        rule=other.rule.id,
        selector=hostile,
        reason=hostile,
        source="file",
        place=Place("waivers.yaml", 3),
        owner=hostile,
        approver="Ann",
        expires="2099-01-01",
        ticket="SEC-1",
        compensating_control=hostile,
    )
    state = "new" if has_baseline else None
    findings = (
        _finding(other, fail, waiver, state, hostile),
        _finding(other, fail, None, state, hostile),
        _finding(rule, open_, None, state, hostile),
    )
    baseline = BaselineFile("old.json", "b" * 64, "2026-05-01T00:00:00Z")
    gone = AbsentFinding("gone", "low", "fail", hostile, key, key.place, "f" * 64, "e" * 64)
    return Report(
        version="1.2.3",
        run=Run(
            clock="2026-06-01T00:00:00Z",
            targets=("https://user:secret@issuer.example.com/jwks", "."),
            profile="baseline",
            config_path=".jwksgov.yaml",
            config_digest="c" * 64,
            fail_on="medium",
            policies=("policies",),
            baseline=baseline if has_baseline else None,
            is_online=True,
            bundles=(BundleFile("a.zip", "b" * 64, "2026-05-31T00:00:00Z", None, "interrupted", "0.1.0"),),
        ),
        rules=rules,
        pack_digest="d" * 64,
        control_index=pack.control_index,
        evidence=(
            EvidenceRow("a b#%é:c/jwks.json", "a" * 64, 120, ("jwk-set",)),
            EvidenceRow("broken.yaml", "", 7, (), hostile),
            EvidenceRow("https://i.example.com/jwks", "b" * 64, 7, (), None, hostile, "2026-05-31T00:00:00.000Z", ("d",)),
        ),
        subjects={
            "keys": [{"id": key.id, "path": key.place.path, "line": 2, "column": 3, "kid": hostile}],
            "bindings": [{"id": binding.id, "path": binding.place.path, "line": 4, "column": 1}],
        },
        results=(fail, passed, open_),
        findings=findings,
        notices=(Notice("unparsed", hostile, Place("broken.yaml")), Notice("waiver-unused", hostile)),
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
            not_applicable={each.rule.id: 2 for each in rules},
            by_severity={"critical": 0, "high": 1, "medium": 0, "low": 0, "info": 0},
            by_baseline_state={"new": 3, "absent": 1} if has_baseline else {},
        ),
        exit_code=1,
        absent=(gone,) if has_baseline else (),
    )


def _finding(rule: object, result: Result, waiver: Waiver | None, state: object, hostile: str) -> Finding:
    return Finding(
        rule=rule,  # type: ignore[arg-type]
        result=result.answer,  # type: ignore[arg-type]
        subject=result.subject,
        message=result.message,
        place=result.place,
        fingerprint=("1" if waiver else "2") * 64,
        waiver=waiver,
        excerpt=hostile if result.answer == "fail" else None,
        stable_fingerprint="3" * 64,
        baseline_state=state,  # type: ignore[arg-type]
        environment=hostile,
        owner=hostile,
    )
