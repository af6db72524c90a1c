"""`jwksgov policy list|check|test|facts|schema`."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence

from scanner.commands.pages import facts_page
from scanner.commands.streams import show
from scanner.config.load import applicable_config
from scanner.errors import UsageError, did_you_mean
from scanner.evidence.bindings.check_paths import check_paths
from scanner.examples.advisory_examples import run_advisory_examples
from scanner.examples.platform_examples import run_platform_examples
from scanner.examples.rule_examples import run_examples
from scanner.facts.fact import Fact
from scanner.facts.registry import all_facts, facts_about
from scanner.pack.check_catalogue import Coverage, check_codes, check_rows, coverage
from scanner.pack.pack import Pack
from scanner.pack.references import find_citations, refuse_doubtful
from scanner.pack.shipped import shipped_pack, shipped_path
from scanner.policy.advisories import check_advisory
from scanner.policy.check_examples import check_examples
from scanner.policy.compile import CompiledRules
from scanner.policy.select import RuleSet, select, select_configured
from scanner.renderers.escape import escape_text
from scanner.scan import pack_for


def run(arguments: argparse.Namespace) -> int:
    """One action; 0, or 2 where a policy does not do what it says."""
    if arguments.action == "schema":
        return _schema(arguments.name)
    if arguments.action == "facts":
        show(facts_page(_facts(arguments.name)))
        return 0
    folders = arguments.policies
    if arguments.action == "check":
        return _check(arguments, folders)
    pack = pack_for(folders)
    if arguments.action == "list":
        return _codes(pack) if arguments.codes else _list(pack)
    return _test(pack, arguments.names)


def _facts(name: str | None) -> tuple[Fact, ...]:
    """The facts of a kind, those whose names begin with `name`, or all."""
    facts = all_facts()
    if name is None:
        return facts
    kinds = tuple(dict.fromkeys(fact.about for fact in facts))
    found = tuple(fact for fact in facts if (fact.about == name if name in kinds else fact.name.startswith(name)))
    if not found:
        near = did_you_mean(name, (*kinds, *(fact.name for fact in facts)))
        raise UsageError(what=f"no fact is called `{name}…`", remedy=f"{near}The kinds of subject: {', '.join(kinds)}.")
    return found


def _list(pack: Pack) -> int:
    rows = [
        (rule.id, rule.severity, rule.about, rule.status, rule.objective, ", ".join(rule.codes), rule.title)
        for rule in sorted(pack.rules.values(), key=lambda rule: (rule.about, rule.id))
    ]
    _table([("RULE", "SEVERITY", "ABOUT", "STATUS", "OBJECTIVE", "CODES", "TITLE"), *rows])
    return 0


def _codes(pack: Pack) -> int:
    """Every row of the check catalogue: its rules, or why it has none; then the counts."""
    found = coverage(pack)
    rows = [(each.row.id, each.state, each.row.checked or "-", each.row.title, _answer(each)) for each in found]
    _table([("ROW", "STATE", "CHECKED", "ASKS", "RULES, OR WHY NONE"), *rows])
    groups = tuple(dict.fromkeys(each.row.id.partition("-")[0] for each in found))
    counts = []
    for group in groups:
        members = [each for each in found if each.row.id.startswith(group + "-")]
        states = [each.state for each in members]
        checked = sum(each.row.checked is not None for each in members)
        numbers = (*(states.count(state) for state in ("whole", "part", "left", "open")), checked, len(members))
        counts.append((group, *map(str, numbers)))
    show("\n")
    _table([("GROUP", "WHOLE", "PART", "LEFT", "OPEN", "CHECKED", "ROWS"), *counts])
    return 0


def _answer(each: Coverage) -> str:
    """The rules of a row with what they do not cover, or why it has none."""
    if not each.rules:
        return each.row.left or "no rule yet"
    return ", ".join(each.rules) + (f" (not covered: {each.row.part})" if each.row.part else "")


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        show("  ".join((*cells, row[-1])))


def _check(arguments: argparse.Namespace, folders: list[str]) -> int:
    config = applicable_config(arguments.config, os.curdir)
    pack = pack_for((*config.policies, *folders))
    for platform in pack.platforms.values():
        check_paths(platform)
    for advisory in pack.advisories.values():
        check_advisory(advisory)
    check_codes(pack.rules.values())
    check_rows(coverage(shipped_pack(examples=False)))
    for each in pack.rules.values():
        check_examples(each)
    for profile in pack.profiles:
        _compile(select(pack, profile=profile, changes={}, places={}))
    select_configured(pack, config)
    if arguments.strict_references:
        refuse_doubtful(pack)
    for note in _notes_on_own(pack):
        show(note)
    show(
        f"{len(pack.rules)} rules, {len(pack.objectives)} objectives, {len(pack.frameworks)} frameworks, "
        f"{len(pack.profiles)} profiles, {len(pack.platforms)} platforms, {len(pack.advisories)} advisories and "
        f"{len(pack.issuers)} issuers are well-formed" + (f"; so is {config.path}\n" if config.path else "\n")
    )
    return 0


def _compile(rules: RuleSet) -> None:
    """Compile the rules as a scan does, those about one kind of subject together; the first that does not is an error."""
    for about in dict.fromkeys(rule.rule.about for rule in rules):
        CompiledRules([rule for rule in rules if rule.rule.about == about], facts_about(about))


def _notes_on_own(pack: Pack) -> Iterator[str]:
    """A line and its place for each citation of the user's own policies that is not what it seems."""
    for note in find_citations(pack.rules.values(), pack.frameworks):
        if note.place.path.startswith(f"{shipped_path()}/"):
            continue
        word = "warning" if note.is_doubtful or note.off_topic else "note"
        how = f" ({note.kind})" if note.kind != "exact" else ""
        taken = f"{note.of} cites {note.written}, taken as {' and '.join(note.means)}{how}."
        yield escape_text(f"{word}: {taken} {note.note}".rstrip()) + f"\n  --> {escape_text(str(note.place))}\n"


def _test(pack: Pack, names: list[str]) -> int:
    known = (*pack.rules, *pack.platforms, *pack.advisories)
    for name in names:
        if name not in known:
            raise UsageError(
                what=f"no rule, platform or advisory is called `{name}`",
                remedy=f"{did_you_mean(name, known)}`jwksgov policy list` shows every rule.",
            )
    rules = [rule for rule in pack.rules.values() if not names or rule.id in names]
    platforms = [platform for platform in pack.platforms.values() if not names or platform.id in names]
    advisories = [advisory for advisory in pack.advisories.values() if not names or advisory.id in names]
    for each in rules:
        check_examples(each)
    outcomes = [
        *run_examples(pack, rules),
        *run_platform_examples(platforms),
        *run_advisory_examples(pack, advisories),
    ]
    wrong = [outcome for outcome in outcomes if outcome.faults]
    for outcome in wrong:
        for fault in outcome.faults:
            show(f"{outcome.rule}: {outcome.it}: {fault}\n")
    missing = [outcome.missing for outcome in outcomes if outcome.missing]
    show(f"{len(outcomes) - len(wrong) - len(missing)} examples passed, {len(wrong)} failed\n")
    if missing:
        extras = ",".join(sorted(set(missing)))
        show(f"{len(missing)} not run: they need an extra: pip install 'jwksgov[{extras}]'\n")
    return 2 if wrong else 0


def _schema(name: str) -> int:
    from scanner.commands.schemas import SCHEMAS, schema  # pydantic: not for the other actions

    if name not in SCHEMAS:
        raise UsageError(
            what=f"no schema is called `{name}`",
            remedy=f"{did_you_mean(name, tuple(SCHEMAS))}Known: {', '.join(SCHEMAS)}.",
        )
    show(json.dumps(schema(name), indent=2))
    return 0
