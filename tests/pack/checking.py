"""What `policy check` does with a policy folder that holds one file called `ours`, beside the shipped policies."""

from __future__ import annotations

from pathlib import Path

from scanner.evidence.bindings.check_paths import check_paths
from scanner.facts.registry import facts_about
from scanner.pack.check_catalogue import check_codes
from scanner.pack.load import load_pack
from scanner.pack.model import Rule
from scanner.pack.shipped import shipped_pack
from scanner.policy.advisories import check_advisory
from scanner.policy.check_examples import check_examples
from scanner.policy.compile import check_rule
from scanner.policy.select import EffectiveRule, check_about, select

_SHIPPED = shipped_pack(examples=False)


def check(folder: Path) -> None:
    """ScannerError for the first thing that is wrong with the file."""
    pack = load_pack([folder], base=_SHIPPED)
    assert "ours" not in pack.frameworks or pack.frameworks["ours"].controls
    if "ours" in pack.platforms:
        check_paths(pack.platforms["ours"])
    if "ours" in pack.advisories:
        check_advisory(pack.advisories["ours"])
    if "ours" in pack.rules:
        check_codes([pack.rules["ours"]])
        check_examples(pack.rules["ours"])
        check_about(pack.rules["ours"])
        check_rule(_as_written(pack.rules["ours"]), facts_about(pack.rules["ours"].about))
    if "ours" in pack.profiles:
        select(pack, profile="ours", changes={}, places={})


def _as_written(rule: Rule) -> EffectiveRule:
    params = {name: param.default for name, param in rule.params.items()}
    return EffectiveRule(rule=rule, severity=rule.severity, params=params, is_preview=False)
