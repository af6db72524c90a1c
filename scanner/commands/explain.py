"""`jwksgov explain RULE|CONTROL|PLATFORM`."""

from __future__ import annotations

import argparse
import sys

from scanner.commands.pages import control_page, rule_page
from scanner.commands.platform_page import platform_page
from scanner.errors import UsageError, did_you_mean
from scanner.pack.controls import resolve
from scanner.scan import pack_for


def run(arguments: argparse.Namespace) -> int:
    """Print the page of a rule or a platform, or of every control that the name may mean."""
    pack = pack_for(arguments.policies)
    name = arguments.name
    rule = pack.rules.get(name) or next((each for each in pack.rules.values() if name in each.aliases), None)
    if rule is not None:
        sys.stdout.write(rule_page(pack, rule, weak=arguments.show_weak))
        return 0
    if name in pack.platforms:
        sys.stdout.write(platform_page(pack.platforms, pack.platforms[name]))
        return 0
    found = resolve(pack.frameworks, name)
    if not found:
        controls = [control.id for framework in pack.frameworks.values() for control in framework.controls]
        raise UsageError(
            what=f"no rule, platform or control is called `{name}`",
            remedy=f"{did_you_mean(name, (*pack.rules, *pack.platforms, *controls))}`jwksgov policy list` shows every rule.",
        )
    doubtful = [each for each in found if each.kind in ("superseded", "misattributed")]
    if arguments.strict_references and doubtful:
        meant = " or ".join(f"{each.framework.id}:{each.control.id}" for each in doubtful)
        raise UsageError(what=f"`{name}` is {doubtful[0].kind}: {doubtful[0].note}", remedy=f"Write {meant}.")
    sys.stdout.write("\n".join(control_page(pack, each, weak=arguments.show_weak) for each in found))
    return 0
