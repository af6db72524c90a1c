"""The command line: arguments in, exit code out. Each command's module is imported when it is asked for.

May import: everything before it.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import NoReturn

from scanner import __version__
from scanner.commands.streams import OutputFault, lose_output, prepare_streams, show, tell
from scanner.errors import ScannerError, fault_and_place, refusal_or_none
from scanner.renderers.formats import ENDINGS, OFFERED

EPILOG = """exit codes (the first that applies): 4 a fault of jwksgov itself; 2 wrong usage, policy or configuration;
1 failed findings at or above --fail-on; 3 a named target is missing or unreadable, or something required could not be
assessed (--fail-on-undetermined); 0 otherwise"""

_SEVERITIES = ("critical", "high", "medium", "low", "info", "none")


class _Formatter(argparse.HelpFormatter):
    """Help as wide as the terminal. argparse makes a formatter for every option, and its own asks `shutil` for the width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())


class _Parser(argparse.ArgumentParser):
    """A parser whose messages, which quote the command line, go out as all others do."""

    def _print_message(self, message: str, file: object = None) -> None:
        if message:
            (show if file is sys.stdout else tell)(message)


@cache
def _width() -> int:
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size(1).columns) - 2
    except (ValueError, OSError):
        return 98  # no terminal


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; the README's help block is printed from it. `only`: the one command that is going to be run,
    so that the others need not be made.
    """
    top = _Parser(
        prog="jwksgov",
        formatter_class=_Formatter,
        description="Policy-as-code governance scanner for JSON Web Key Sets, issuer metadata and the consumers that "
        "trust them.",
        epilog=EPILOG,
    )
    top.add_argument("--version", action="version", version=f"jwksgov {__version__}")
    # named, lest argparse measures the terminal to find out what we are called
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", prog="jwksgov")
    for name, words, description, fill in COMMANDS:
        if only in (None, name):
            fill(commands.add_parser(name, help=words, description=description, formatter_class=_Formatter))
    return top


def _scan(scan: argparse.ArgumentParser) -> None:
    scan.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="files, folders, https URLs, evidence bundles, - for standard input (default: `consumers` of .jwksgov.yaml, or "
        "this folder)",
    )
    scan.add_argument("--stdin-name", metavar="NAME", help="the file that - stands for, in reports and for its format")
    scan.add_argument("--online", action="store_true", help="contact the issuers of .jwksgov.yaml, too")
    scan.add_argument("--follow", action="store_true", help="with --online, also the issuers that consumers trust")
    _reports(scan)
    scan.add_argument("--profile", metavar="NAME", help="which rules, how severe (default: baseline)")
    scan.add_argument("--fail-on", choices=_SEVERITIES, help="lowest severity that fails the run (default: medium)")
    scan.add_argument("--fail-on-undetermined", action="store_true", help="exit with 3 where something could not be assessed")
    scan.add_argument("--config", metavar="FILE", help="use this configuration instead of the tree's .jwksgov.yaml")
    scan.add_argument("--isolated", action="store_true", help="ignore any .jwksgov.yaml and .gitignore")
    scan.add_argument("--render", action="store_true", help="let the installed helm and kustomize render what is in the tree")
    scan.add_argument("--policies", action="append", default=[], metavar="DIR", help="your own policies beside ours; repeat")
    scan.add_argument("--no-inline-waivers", action="store_true", help="take no notice of waivers in comments")
    scan.add_argument("--waivers", metavar="FILE", help="reviewed waivers (default: waivers.yaml beside .jwksgov.yaml)")
    scan.add_argument("--baseline", metavar="FILE", help="fail only on findings that are not in this baseline or JSON report")
    scan.add_argument("--write-baseline", metavar="FILE", help="write every finding of this run as a baseline")
    scan.add_argument("--strict-references", action="store_true", help="refuse superseded and misattributed references")
    scan.add_argument(
        "-j",
        "--jobs",
        type=int,
        metavar="N",
        help="processes that read large folders (default: one for each processor, 4 at most)",
    )
    scan.add_argument("--now", metavar="TIME", help="judge as of this time (RFC 3339; default: now, for a bundle its own time)")
    scan.add_argument("-q", "--quiet", action="store_true", help="print only what fails; nothing where nothing does")
    _network(scan)


def _collect(collect: argparse.ArgumentParser) -> None:
    collect.add_argument("issuers", nargs="*", metavar="ISSUER", help="issuers or URLs instead of those of .jwksgov.yaml")
    collect.add_argument("-o", "--output", required=True, metavar="BUNDLE", help="the bundle: a folder, or a .zip file")
    collect.add_argument("--follow", action="store_true", help="also the issuers that consumers' configuration trusts")
    collect.add_argument("--resume", action="store_true", help="go on with a bundle that was interrupted")
    collect.add_argument("--previous", metavar="BUNDLE", help="ask only for what changed since this bundle")
    collect.add_argument("--sign", metavar="KEY", help="sign the bundle with this private key, PEM or JWK")
    collect.add_argument(
        "--config", metavar="FILE", help="use this configuration instead of the .jwksgov.yaml of the repository"
    )
    collect.add_argument("--isolated", action="store_true", help="ignore any .jwksgov.yaml and .gitignore")
    collect.add_argument("-q", "--quiet", action="store_true", help="print only what is not reached")
    _network(collect)


def _network(command: argparse.ArgumentParser) -> None:
    """How issuers are contacted; .jwksgov.yaml says the same under `collect:`."""
    network = command.add_argument_group("network")
    network.add_argument("--timeout", type=int, metavar="S", help="seconds for one document with everything (default: 30)")
    network.add_argument("--concurrency", type=int, metavar="N", help="issuers at a time (default: 64)")
    network.add_argument("--repeat", type=int, metavar="N", help="fetch each key set N times, to compare replicas (default: 2)")
    network.add_argument("--ca-bundle", metavar="FILE", help="authorities to trust instead of the system's, PEM")
    network.add_argument("--proxy", metavar="URL", help="ask through this proxy; the environment's are not used")
    network.add_argument("--client-cert", dest="client_certificate", metavar="FILE", help="certificate to show, PEM")
    network.add_argument("--client-key", metavar="FILE", help="its key, PEM")
    network.add_argument("--dns", action="store_true", help="also ask for aliases, CAA and DNSSEC of the issuers' hosts")
    network.add_argument("--dns-server", metavar="ADDR[:PORT]", help="ask this resolver, not the system's; implies --dns")
    network.add_argument(
        "--allow-private", action="append", default=[], metavar="HOST", help="this host may lead to private addresses; repeat"
    )


def _reports(command: argparse.ArgumentParser) -> None:
    """What is shown, where, for the commands that have a report."""
    command.add_argument("--format", choices=OFFERED, help="what standard output gets (default: text)")
    command.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help=f"also write FILE ({', '.join(ENDINGS)}); repeat",
    )
    command.add_argument("--metrics", metavar="FILE", help="also write counts of the run to FILE, for Prometheus")
    command.add_argument(
        "--sarif-for", choices=("github", "gitlab"), help="SARIF with what that service takes, and no more (default: all)"
    )
    command.add_argument(
        "--redact", action="store_true", help="for readers outside: stand-ins for paths, issuers, hosts, kids and owners"
    )
    command.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour on a terminal")


def _report(report: argparse.ArgumentParser) -> None:
    report.add_argument("report", metavar="FROM.json", help="a report that `jwksgov scan -o FROM.json` wrote")
    _reports(report)


def _waive(waive: argparse.ArgumentParser) -> None:
    waive.add_argument("rule", metavar="RULE", help="the rule whose findings are accepted")
    waive.add_argument("--path", metavar="GLOB", help="only in these files; a folder covers what is below it")
    waive.add_argument("--issuer", metavar="GLOB", help="only for this issuer")
    waive.add_argument("--kid", metavar="GLOB", help="only for this key")
    waive.add_argument("--fingerprint", metavar="HEX", help="only this finding")
    waive.add_argument("--subject", metavar="GLOB", help="only for the subject of this id")
    waive.add_argument("--reason", required=True, metavar="TEXT", help="why the risk is accepted")
    waive.add_argument("--owner", required=True, metavar="NAME", help="who answers for it")
    waive.add_argument("--expires", required=True, metavar="DAY", help="last day, UTC, such as 2027-03-31")
    waive.add_argument("--approver", metavar="NAME", help="who approved it")
    waive.add_argument("--ticket", metavar="ID", help="where it is tracked")
    waive.add_argument("--compensating-control", metavar="TEXT", help="what protects meanwhile")
    waive.add_argument("--file", metavar="FILE", help="the waiver file (default: the one that a scan here reads)")
    waive.add_argument("--config", metavar="FILE", help="use this configuration instead of the tree's .jwksgov.yaml")
    waive.add_argument("--policies", action="append", default=[], metavar="DIR", help="your own policies beside ours; repeat")
    waive.add_argument("--now", metavar="TIME", help="judge as of this time (RFC 3339)")
    waive.add_argument("--dry-run", action="store_true", help="show the change and write nothing")


def _init(init: argparse.ArgumentParser) -> None:
    init.add_argument("folder", nargs="?", default=".", metavar="FOLDER", help="the top of the repository (default: here)")
    init.add_argument("--dry-run", action="store_true", help="show the file and write nothing")


def _bundle(bundle: argparse.ArgumentParser) -> None:
    actions = bundle.add_subparsers(dest="action", required=True, metavar="ACTION", prog="jwksgov bundle")
    for name, words in (
        ("verify", "check that no file of a bundle was changed, and with --key who signed it"),
        ("show", "what was asked, and what came"),
    ):
        action = actions.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        action.add_argument("bundle", metavar="BUNDLE", help="the folder or zip that `jwksgov collect` wrote")
        action.add_argument("--format", choices=("text", "json"), default="text", help="what is printed (default: text)")
        if name == "verify":
            action.add_argument("--key", metavar="FILE", help="the public key that must have signed it: PEM, JWK or JWK Set")


def _explain(explain: argparse.ArgumentParser) -> None:
    explain.add_argument(
        "name", metavar="NAME", help="a rule, a control such as IA-13(2), a framework, an objective, a platform such as istio"
    )
    explain.add_argument("--policies", action="append", default=[], metavar="DIR", help="your own policies beside ours")
    explain.add_argument("--show-weak", action="store_true", help="show weak mappings too")
    explain.add_argument("--strict-references", action="store_true", help="refuse superseded and misattributed references")


def _policy(policy: argparse.ArgumentParser) -> None:
    actions = policy.add_subparsers(dest="action", required=True, metavar="ACTION", prog="jwksgov policy")
    for name, words in (
        ("list", "every rule with severity, subject and objective"),
        ("check", "load and type-check every policy and the configuration"),
        ("test", "run the examples of every rule and platform"),
        ("facts", "every fact that a condition can use"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("--policies", action="append", default=[], metavar="DIR", help="your own policies beside ours")
        if name == "list":
            action.add_argument("--codes", action="store_true", help="the rows of the check catalogue and what covers them")
        if name == "test":
            action.add_argument("names", nargs="*", metavar="ID", help="only these rules and platforms")
        if name == "facts":
            action.add_argument(
                "name",
                nargs="?",
                metavar="KIND|NAME",
                help="only those of a kind of subject (binding), or whose names begin so (binding.issuer)",
            )
        if name == "check":
            action.add_argument("--config", metavar="FILE", help="the configuration to check with them")
            action.add_argument(
                "--strict-references", action="store_true", help="refuse superseded and misattributed references"
            )
    schema = actions.add_parser("schema", help="print a JSON Schema for editors")
    schema.add_argument(
        "name", metavar="NAME", help="rule, objectives, framework, profile, platform, config, waivers or bundle"
    )


COMMANDS = (
    (
        "scan",
        "judge files, folders, issuers and evidence bundles",
        "Judge files and folders, offline; issuers where a URL is named or --online says so; evidence bundles.",
        _scan,
    ),
    (
        "collect",
        "fetch issuers' documents into an evidence bundle",
        "Fetch what the inventory in .jwksgov.yaml names into an evidence bundle, for `jwksgov scan BUNDLE`.",
        _collect,
    ),
    (
        "report",
        "show a stored JSON report in other formats",
        "Show a stored JSON report in other formats, on standard output unless -o is given. Nothing is scanned or judged "
        "again; the exit code is 0 whatever the report says, 2 where it cannot be read.",
        _report,
    ),
    (
        "waive",
        "accept what a rule finds, in the reviewed waiver file",
        "Add a waiver to waivers.yaml, keeping its comments. Nothing is written that would not apply.",
        _waive,
    ),
    (
        "init",
        "write a first .jwksgov.yaml",
        "Write a first .jwksgov.yaml from the issuers that the files of a repository trust and publish. Nothing is "
        "overwritten and no server is contacted.",
        _init,
    ),
    (
        "bundle",
        "check and show evidence bundles",
        "Check and show evidence bundles. Nothing is judged and no server is contacted; `jwksgov scan BUNDLE` judges one.",
        _bundle,
    ),
    ("explain", "tell all about a rule, control, framework, objective or platform", None, _explain),
    ("policy", "list, check and test policies; print facts and schemas", None, _policy),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Errors a user can act on go to standard error with their remedy."""
    # nearly all that a run makes lives until its report: looking for garbage often finds none
    gc.set_threshold(50_000, 20, 100)
    words = sys.argv[1:] if argv is None else argv
    if words == ["--version"]:  # without a parser, which takes longer than all the rest
        print(f"jwksgov {__version__}")  # noqa: T201
        return 0
    arguments = parser(words[0] if words and words[0] in {name for name, *_ in COMMANDS} else None).parse_args(words)
    try:
        command = import_module(f"scanner.commands.{arguments.command}")
        return int(command.run(arguments))
    except OutputFault as error:
        return _tell_lost(error)
    except ScannerError as error:
        return _tell(error, arguments.command)
    except BrokenPipeError:
        lose_output()  # its reader went away
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        refusal = refusal_or_none(fault)
        if refusal is not None:
            return _tell(refusal, arguments.command)
        _tell_fault(fault)
        return 4


def _tell_lost(error: OutputFault) -> int:
    lose_output()
    return _tell(error)


def _tell(error: ScannerError, command: str | None = None) -> int:
    tell(str(error))
    if command == "scan":
        tell("nothing was reported")
    return error.exit_code


def _tell_fault(fault: Exception) -> None:
    tell(
        f"error: a fault of jwksgov itself: {fault_and_place(fault)}\n"
        "  help: Please report it with the version (`jwksgov --version`) and, if you can, the file that causes it."
    )


def run() -> NoReturn:
    """The command as the shell calls it. Everything is written by now, and taking a hundred modules apart object by object
    costs an eighth of a hook's time: the process ends as it is.
    """
    code = 4
    try:
        prepare_streams()
        try:
            code = main()
        except SystemExit as end:  # argparse has said what it wanted, or what was wrong
            code = end.code if isinstance(end.code, int) else 0
        sys.stdout.flush()
    except OutputFault as error:
        code = _tell_lost(error)
    except BrokenPipeError:
        code = 0  # the reader of our output went away
    finally:
        sys.stderr.flush()
        os._exit(code)
