"""What the documentation promises holds: the planted problems are found, the examples in the text work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanner.clock import clock_at
from scanner.config.load import load_config
from scanner.examples.rule_examples import run_examples
from scanner.pack.load import load_pack
from scanner.pack.shipped import shipped_folder, shipped_pack
from scanner.policy.select import select
from scanner.scan import ScanOptions, scan

ROOT = Path(__file__).parents[2]
ACME = ROOT / "examples" / "acme"


def yaml_blocks(page: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


class TestAcme:
    def test_lists_exactly_the_problems_that_are_found(self) -> None:
        """Rule and file of each row; rules left undetermined by the Helm template are one row, `value-unresolved`."""
        rows = re.findall(r"^\| \d+ \|.*\| `(\S+)` \| (.*) \|$", (ACME / "README.md").read_text("utf-8"), re.MULTILINE)
        planted = {
            (path.replace("…", "src/main/resources"), rule) for path, rules in rows for rule in re.findall(r"`(\S+)`", rules)
        }
        options = ScanOptions(targets=(str(ACME),), config=load_config(ACME / ".jwksgov.yaml"))
        pack = shipped_pack(examples=True)
        report = scan(options, pack, clock_at("2026-06-01T00:00:00Z"))
        # what a platform does by itself was not planted, and changes with what is known of it
        by_itself = {rule.id for rule in pack.rules.values() if rule.about == "platform"}
        found = {
            (each.place.path.removeprefix("examples/acme/"), each.rule)
            for each in report.findings
            if (each.result == "fail" and each.waiver is None) or each.rule == "value-unresolved"
        }
        found = {(path, rule) for path, rule in found if rule not in by_itself}
        assert found == planted
        assert len([each for each in report.findings if each.waiver is not None]) == 1
        assert report.exit_code == 1


class TestWritingRules:
    def test_shows_rules_whose_examples_pass(self, tmp_path: Path) -> None:
        rules = [block for block in yaml_blocks(ROOT / "docs" / "writing-rules.md") if block.startswith("id: ")]
        names = [rule.splitlines()[0].removeprefix("id: ") for rule in rules]
        for name, rule in zip(names, rules, strict=True):
            (tmp_path / f"{name}.yaml").write_text(rule, encoding="utf-8")
        pack = load_pack([shipped_folder(), tmp_path])
        outcomes = [list(run_examples(pack, [pack.rules[name]])) for name in names]
        assert [len(each) for each in outcomes] == [3, 2]
        assert [outcome.faults for each in outcomes for outcome in each if outcome.faults] == []

    def test_shows_an_example_from_the_network_that_is_accepted(self, tmp_path: Path) -> None:
        [fetched] = [each for each in yaml_blocks(ROOT / "docs" / "writing-rules.md") if each.startswith("fetched:")]
        rule = (ROOT / "policies" / "rules" / "endpoint" / "keys-not-served.yaml").read_text(encoding="utf-8")
        rule = rule.replace("id: keys-not-served", "id: as-shown").partition("examples:")[0]
        example = "  - it: is shown\n    gives: pass\n" + "".join(f"    {line}\n" for line in fetched.splitlines())
        (tmp_path / "as-shown.yaml").write_text(f"{rule}examples:\n{example}", encoding="utf-8")
        pack = load_pack([shipped_folder(), tmp_path])
        assert [outcome.faults for outcome in run_examples(pack, [pack.rules["as-shown"]])] == [()]


class TestConfiguration:
    @pytest.mark.parametrize("page", ["README.md", "docs/configuration.md"])
    def test_is_shown_as_it_is_accepted(self, page: str, tmp_path: Path) -> None:
        [text] = [block for block in yaml_blocks(ROOT / page) if block.startswith("profile:")]
        path = tmp_path / ".jwksgov.yaml"
        path.write_text(text, encoding="utf-8")
        config = load_config(path)
        rules = select(shipped_pack(examples=True), profile=config.profile, changes=config.rules, places=config.rule_places)
        assert "static-key-file" not in {rule.rule.id for rule in rules}
        [modulus] = [rule for rule in rules if rule.rule.id == "rsa-modulus-too-small"]
        assert (modulus.severity, modulus.params) == ("critical", {"min_bits": 3072})
