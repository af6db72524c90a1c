"""`jwksgov report`: show a stored JSON report in other formats. Nothing is scanned or judged again."""

from __future__ import annotations

import argparse
from functools import partial

from scanner.commands.output import options_for, redacted, show_report, wants_color, write, write_metrics
from scanner.findings.stored import read_report
from scanner.renderers.choose import format_for, write_report


def run(arguments: argparse.Namespace) -> int:
    """Render; 0 whatever the report says: its verdict was the scan's exit code."""
    outputs = [(path, format_for(path)) for path in arguments.output]
    report = read_report(arguments.report)
    if arguments.redact:
        report = redacted(report)
    service = arguments.sarif_for
    for path, format_ in outputs:
        write(path, partial(write_report, report, format_, **options_for(format_, service=service)))
    if arguments.metrics:
        write_metrics(arguments.metrics, report)
    if arguments.format or not outputs:
        format_ = arguments.format or "text"
        show_report(report, format_, **options_for(format_, service=service, color=wants_color(arguments.color)))
    return 0
