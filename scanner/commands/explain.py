"""`jwksgov explain RULE|CONTROL|FRAMEWORK|OBJECTIVE|PLATFORM|ADVISORY`."""

from __future__ import annotations

import argparse

from scanner.commands.advisory_page import advisory_page
from scanner.commands.control_pages import control_page, framework_page, objective_page
from scanner.commands.pages import rule_page
from scanner.commands.platform_page import platform_page
from scanner.commands.streams import show
from scanner.errors import UsageError, did_you_mean
from scanner.pack.controls import resolve
from scanner.pack.pack import Pack
from scanner.scan import pack_for


def run(arguments: argparse.Namespace) -> int:
    """Print the page of what is called so, or of every control that the name may mean."""
    pack = pack_for(arguments.policies, examples=False)
    name, weak = arguments.name, arguments.show_weak
    rule = pack.rules.get(name) or next((each for each in pack.rules.values() if name in each.aliases), None)
    if rule is not None:
        whole = pack_for(arguments.policies)  # a rule's page shows its examples, which are most of the text
        page = rule_page(whole, whole.rules[rule.id], weak=weak)
    elif name in pack.objectives:
        page = objective_page(pack, pack.objectives[name], weak=weak)
    elif name in pack.frameworks:
        page = framework_page(pack, pack.frameworks[name], weak=weak)
    elif name in pack.platforms:
        platforms = pack_for(arguments.policies).platforms  # with their examples, as a rule's page has
        page = platform_page(platforms, platforms[name], pack.advisories)
    elif name in pack.advisories:
        page = advisory_page(pack.advisories[name])
    else:
        page = _controls(pack, name, weak=weak, strict=arguments.strict_references)
    show(page)
    return 0


def _controls(pack: Pack, name: str, *, weak: bool, strict: bool) -> str:
    found = resolve(pack.frameworks, name)
    if not found:
        controls = [control.id for framework in pack.frameworks.values() for control in framework.controls]
        known = (*pack.rules, *pack.platforms, *pack.advisories, *pack.objectives, *pack.frameworks, *controls)
        raise UsageError(
            what=f"no rule, control, framework, objective, platform or advisory is called `{name}`",
            remedy=f"{did_you_mean(name, known)}`jwksgov policy list` shows every rule.",
        )
    doubtful = [each for each in found if each.kind in ("superseded", "misattributed")]
    if strict and doubtful:
        meant = " or ".join(each.name for each in doubtful)
        raise UsageError(what=f"`{name}` is {doubtful[0].kind}: {doubtful[0].note}", remedy=f"Write {meant}.")
    return "\n".join(control_page(pack, each, weak=weak) for each in found)
