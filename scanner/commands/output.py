"""Where a rendered report goes: a file that is written whole, or standard output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TextIO

from scanner.errors import FULL, UsageError
from scanner.files.write import open_stream, remove_old_partials, replace_file, require_own_folders
from scanner.findings.model import Report
from scanner.redaction.text import redact
from scanner.renderers.choose import write_report


def redacted(report: Report) -> Report:
    """The report for readers outside."""
    from scanner.findings.redact import redact  # not on the hook's path

    return redact(report)


def write_outputs(
    arguments: argparse.Namespace, outputs: Iterable[tuple[str, str]], report: Report, *, trees: Sequence[str] = ()
) -> Report:
    """Write the report to the files that were asked for, redacted where that was; the report as it was written. `trees`: see
    `write`.
    """
    if arguments.redact:
        report = redacted(report)
    for path, format_ in outputs:
        options = options_for(format_, service=arguments.sarif_for)
        write(path, partial(write_report, report, format_, **options), trees=trees)
    if arguments.metrics:
        write_metrics(arguments.metrics, report, trees)
    return report


def write_metrics(path: str, report: Report, trees: Sequence[str]) -> None:
    """Write the report's metrics. The file is whole at any moment: whoever gathers metrics reads when it likes."""
    try:
        write(path, partial(write_report, report, "openmetrics"), trees=trees)
    except ModuleNotFoundError as missing:
        if missing.name != "prometheus_client":
            raise
        raise UsageError(
            what="--metrics needs prometheus-client, which is not installed", remedy="pip install 'jwksgov[collect]'"
        ) from None


def require_folders(paths: Iterable[str], trees: Sequence[str]) -> None:
    """UsageError where a report could not be written, before issuers are asked for half an hour. `trees`: see `write`."""
    for path in paths:
        if not os.path.isdir(os.path.dirname(path) or os.curdir):
            raise _unwritable(path, "there is no such folder")
        require_own_folders(path, trees)


def write(path: str, fill: Callable[[TextIO], object], *, trees: Sequence[str] = ()) -> None:
    """Write the whole file with what `fill` writes, or leave what was there. `trees`: folders that a stranger may have filled,
    beside the working directory; a link in them that leads out of them is refused.
    """
    try:
        stream = open_stream(path)
        if stream is not None:
            with _text_of(stream, is_owned=True) as file:
                fill(file)
            return
        require_own_folders(path, trees)
        with replace_file(path) as descriptor, _text_of(descriptor) as file:
            fill(file)
        remove_old_partials(os.path.dirname(path))
    except OSError as error:
        raise _unwritable(path, error.strerror, is_full=error.errno in FULL) from None


def _text_of(descriptor: int, *, is_owned: bool = False) -> TextIO:
    # a lone surrogate, half of a character, has no UTF-8; JSON reads its escape
    return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n", closefd=is_owned)


def _unwritable(path: str, because: str | None, *, is_full: bool = False) -> UsageError:
    remedy = "Make room, or name a file elsewhere." if is_full else "Name a file in a folder that exists and is writable."
    return UsageError(what=f"cannot write `{path}`: {because}", remedy=remedy)


def write_text(path: str, text: str, *, trees: Sequence[str] = ()) -> None:
    """Write a new file with this text, without private values. `trees`: see `write`."""
    write(path, lambda file: file.write(redact(text)), trees=trees)


def show_report(report: Report, format_: str, **options: Any) -> None:
    """Print the report."""
    write_report(report, format_, sys.stdout, **options)
    sys.stdout.flush()


def options_for(format_: str, *, service: str | None, color: bool = False, quiet: bool = False) -> dict[str, Any]:
    """What a format can be told."""
    if format_ == "sarif":
        return {"service": service}
    return {"color": color, "quiet": quiet} if format_ == "text" else {}


def wants_color(choice: str) -> bool:
    """https://no-color.org: NO_COLOR, when not empty, switches colour off unless it is asked for."""
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
