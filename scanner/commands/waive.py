"""`jwksgov waive`: write a reviewed waiver, if it would apply, and keep the comments of the file."""

from __future__ import annotations

import argparse
import difflib
import os
from datetime import datetime

from scanner.clock import clock_at
from scanner.commands.output import write
from scanner.commands.streams import show
from scanner.config.load import applicable_config
from scanner.config.model import WAIVERS, Config
from scanner.config.waivers import Selector, WaiverEntry, is_date, parse_waivers
from scanner.errors import ConfigError, Place, UsageError, did_you_mean
from scanner.files.limits import Refused
from scanner.findings.waivers.judge import WaiverJudge
from scanner.findings.waivers.waiver_file import entry_subject
from scanner.pack.pack import Pack
from scanner.patterns import lazy_pattern
from scanner.policy.select import select_configured
from scanner.record import defaults_of
from scanner.redaction.text import redact
from scanner.scan import pack_for

_FINGERPRINT = lazy_pattern(r"[0-9a-f]{64}(?::[1-9][0-9]*)?")


def run(arguments: argparse.Namespace) -> int:
    """Check the waiver, then write it, or show the change with --dry-run."""
    config = applicable_config(arguments.config, os.curdir)
    target = _file(arguments, config)
    entry = _entry(arguments)
    pack = pack_for((*config.policies, *arguments.policies), examples=False)
    _check(entry, pack, config, clock_at(arguments.now).now())
    before = _text_of(target)
    _refuse_repeat(entry, before, target)
    after = _appended(before, entry, target)
    parse_waivers(after.encode(), target)  # what we write we can read
    if arguments.dry_run:
        show(_difference(redact(before), redact(after), target))
        return 0
    write(target, lambda file: file.write(after))
    show(f"{target}: {entry.rule} is waived until {entry.expires} ({entry.selector.words()})")
    return 0


def _file(arguments: argparse.Namespace, config: Config) -> str:
    if arguments.file:
        return str(arguments.file)
    if config.waivers is not None:
        return os.path.relpath(config.waivers)
    if config.path is None:
        raise UsageError(
            what="there is no .jwksgov.yaml, so no scan would read the waiver",
            remedy="Create one at the top of the repository (it may be empty), or name a file with --file and scan with "
            "--waivers.",
        )
    return os.path.relpath(os.path.join(os.path.dirname(config.path), WAIVERS))


def _entry(arguments: argparse.Namespace) -> WaiverEntry:
    members = {name: getattr(arguments, name) for name in defaults_of(Selector) if name != "id"}
    return WaiverEntry(
        rule=arguments.rule,
        reason=arguments.reason.strip(),
        owner=arguments.owner.strip(),
        expires=arguments.expires,
        subject=Selector(id=arguments.subject, **members),
        approver=arguments.approver,
        ticket=arguments.ticket,
        compensating_control=arguments.compensating_control,
    )


def _check(entry: WaiverEntry, pack: Pack, config: Config, at: datetime) -> None:
    ids = pack.rule_names
    _check_text(entry, tuple(ids))
    rules = select_configured(pack, config)
    if pack.rules[ids[entry.rule]].about == "waiver":
        raise UsageError(what="a rule about waivers cannot be waived", remedy="Correct the waiver that it speaks of.")
    judge = WaiverJudge(rules, ids, at)
    limited = judge.limit(entry_subject(judge, entry, WAIVERS))
    broken = limited.failed
    if broken is not None:
        raise UsageError(what=broken.message.rstrip("."), remedy=" ".join(pack.rules[broken.rule].remedy.split()))
    if not limited.use.applies:
        raise UsageError(what=f"the waiver would end on {entry.expires}, which is past", remedy="Give a later day.")


def _check_text(entry: WaiverEntry, known: tuple[str, ...]) -> None:
    if entry.rule not in known:
        raise UsageError(
            what=f"no rule is called `{entry.rule}`",
            remedy=f"{did_you_mean(entry.rule, known)}`jwksgov policy list` shows every rule.",
        )
    for name in ("reason", "owner"):
        if not getattr(entry, name):
            raise UsageError(what=f"--{name} is empty", remedy="Say why the risk is accepted and who answers for it.")
    for name, value in (*vars(entry).items(), *entry.selector.members().items()):
        if isinstance(value, str) and redact(value) != value:
            raise UsageError(
                what=f"--{name.replace('_', '-')} holds a private key or a password",
                remedy="Describe it in words: the waiver file is shown in reports.",
            )
    if not is_date(entry.expires):
        raise UsageError(what=f"`{entry.expires}` is not a date", remedy="Write the last day as 2027-03-31.")
    fingerprint = entry.selector.fingerprint
    if fingerprint is not None and not _FINGERPRINT.fullmatch(fingerprint):
        raise UsageError(
            what=f"`{fingerprint}` is no fingerprint",
            remedy="Give `fingerprint` or `stable_fingerprint` of a JSON report in full: 64 hexadecimal digits and the number.",
        )
    if not any(entry.selector.members().values()):
        raise UsageError(
            what="the waiver names no subject",
            remedy="Say on what the rule is waived: --path, --issuer, --kid, --fingerprint or --subject (an id of a report). "
            "To ask a rule nowhere, turn it off under `rules` in .jwksgov.yaml.",
        )


def _text_of(target: str) -> str:
    try:
        with open(target, encoding="utf-8-sig", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigError(
            what=f"cannot read `{target}`: {error.strerror}", remedy="Name a readable file with --file."
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(what=f"`{target}` is not UTF-8 text", remedy="Store the file as UTF-8.") from None


def _refuse_repeat(entry: WaiverEntry, before: str, target: str) -> None:
    for other in parse_waivers(before.encode(), target):
        if other.rule == entry.rule and other.selector == entry.selector:
            raise ConfigError(
                what=f"`{entry.rule}` is waived for this subject already, until {other.expires}",
                where=other.place,
                remedy="Renew that entry by hand: write the new end and who approved it.",
            )


def _appended(before: str, entry: WaiverEntry, target: str) -> str:
    from scanner.files.edit import append_item  # ruamel.yaml: for the edit alone

    item = {
        "rule": entry.rule,
        "subject": entry.selector.members(),
        "reason": entry.reason,
        "owner": entry.owner,
        "approver": entry.approver,
        "expires": entry.expires,
        "ticket": entry.ticket,
        "compensating_control": entry.compensating_control,
    }
    try:
        return append_item(before, "waivers", {name: value for name, value in item.items() if value is not None})
    except Refused as refused:
        raise ConfigError(what=refused.because, where=Place(target), remedy="Add the waiver by hand.") from None


def _difference(before: str, after: str, target: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{target}", f"b/{target}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
