"""Where a rendered report goes: a file that is written whole, or standard output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, TextIO

from scanner.errors import UsageError
from scanner.findings.model import Report
from scanner.renderers.choose import write_report


def redacted(report: Report) -> Report:
    """The report for readers outside."""
    from scanner.findings.redact import redact  # not on the hook's path

    return redact(report)


def write_outputs(arguments: argparse.Namespace, outputs: Iterable[tuple[str, str]], report: Report) -> Report:
    """Write the report to the files that were asked for, redacted where that was; the report as it was written."""
    if arguments.redact:
        report = redacted(report)
    for path, format_ in outputs:
        write(path, partial(write_report, report, format_, **options_for(format_, service=arguments.sarif_for)))
    if arguments.metrics:
        write_metrics(arguments.metrics, report)
    return report


def write_metrics(path: str, report: Report) -> None:
    """Write the report's metrics. The file is whole at any moment: whoever gathers metrics reads when it likes."""
    try:
        write(path, partial(write_report, report, "openmetrics"))
    except ModuleNotFoundError as missing:
        if missing.name != "prometheus_client":
            raise
        raise UsageError(
            what="--metrics needs prometheus-client, which is not installed", remedy="pip install 'jwksgov[collect]'"
        ) from None


def require_folders(paths: Iterable[str]) -> None:
    """UsageError where a report could not be written, before issuers are asked for half an hour."""
    for path in paths:
        if not os.path.isdir(os.path.dirname(path) or os.curdir):
            raise _unwritable(path, "there is no such folder")


def write(path: str, fill: Callable[[TextIO], object]) -> None:
    """Write the whole file with what `fill` writes, or leave what was there."""
    partial = f"{path}.partial"
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as file:
            fill(file)
        os.replace(partial, path)
    except OSError as error:
        with suppress(OSError):  # half of a report is of no use, and takes room on a full disk
            os.remove(partial)
        raise _unwritable(path, error.strerror) from None


def _unwritable(path: str, because: str | None) -> UsageError:
    return UsageError(what=f"cannot write `{path}`: {because}", remedy="Name a file in a folder that exists and is writable.")


def show_report(report: Report, format_: str, **options: Any) -> None:
    """Print the report."""
    write_report(report, format_, sys.stdout, **options)
    sys.stdout.flush()


def options_for(format_: str, *, service: str | None, color: bool = False, quiet: bool = False) -> dict[str, Any]:
    """What a format can be told."""
    if format_ == "sarif":
        return {"service": service}
    return {"color": color, "quiet": quiet} if format_ == "text" else {}


def show(text: str) -> None:
    """Print the text, if there is any, with a line end."""
    if text:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()


def wants_color(choice: str) -> bool:
    """https://no-color.org: NO_COLOR, when not empty, switches colour off unless it is asked for."""
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
