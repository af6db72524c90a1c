"""`jwksgov scan`: merge the command line with the configuration, scan, write the reports."""

from __future__ import annotations

import argparse
import os
import sys

from scanner.clock import clock_at
from scanner.config.load import Config, find_config, load_config, severity_or_none
from scanner.errors import UsageError
from scanner.findings.model import Report
from scanner.record import changed
from scanner.renderers.choose import format_for, render
from scanner.scan import ScanOptions, pack_for, scan


def run(arguments: argparse.Namespace) -> int:
    """Scan and report; the exit code of the README's table."""
    outputs = [(path, format_for(path)) for path in arguments.output]
    clock = clock_at(arguments.now)
    targets = tuple(arguments.targets) or (".",)
    config = _config(arguments, targets[0])
    report = scan(
        ScanOptions(targets=targets, config=config, fail_on_undetermined=arguments.fail_on_undetermined),
        pack_for(config.policies, examples=False),
        clock,
    )
    for path, format_ in outputs:
        _write(path, render(report, format_))
    _print(report, arguments)
    return report.exit_code


def _config(arguments: argparse.Namespace, target: str) -> Config:
    """The configuration that applies, with the command line's words over it."""
    if arguments.config and arguments.isolated:
        raise UsageError(what="--config and --isolated exclude each other", remedy="Choose one of the two.")
    path = arguments.config or None
    if path is None and not arguments.isolated:
        path = find_config(target)
    config = load_config(path) if path is not None else Config()
    return changed(
        config,
        profile=arguments.profile or config.profile,
        fail_on=severity_or_none(arguments.fail_on) if arguments.fail_on else config.fail_on,
        policies=(*config.policies, *arguments.policies),
        inline_waivers=config.inline_waivers and not arguments.no_inline_waivers,
    )


def _print(report: Report, arguments: argparse.Namespace) -> None:
    text = render(report, arguments.format, color=_wants_color(arguments.color), quiet=arguments.quiet)
    if text:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()


def _wants_color(choice: str) -> bool:
    """https://no-color.org: NO_COLOR, when not empty, switches colour off unless it is asked for."""
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(path: str, text: str) -> None:
    """Write the whole file or leave what was there."""
    partial = f"{path}.partial"
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
        os.replace(partial, path)
    except OSError as error:
        raise UsageError(
            what=f"cannot write `{path}`: {error.strerror}",
            remedy="Name a file in a folder that exists and is writable.",
        ) from None
