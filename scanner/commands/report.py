"""`jwksgov report`: show a stored JSON report in other formats. Nothing is scanned or judged again."""

from __future__ import annotations

import argparse

from scanner.commands.output import redacted, show, wants_color, write, write_metrics
from scanner.findings.stored import read_report
from scanner.renderers.choose import format_for, render


def run(arguments: argparse.Namespace) -> int:
    """Render; 0 whatever the report says: its verdict was the scan's exit code."""
    outputs = [(path, format_for(path)) for path in arguments.output]
    report = read_report(arguments.report)
    if arguments.redact:
        report = redacted(report)
    for path, format_ in outputs:
        write(path, render(report, format_, sarif_for=arguments.sarif_for))
    if arguments.metrics:
        write_metrics(arguments.metrics, report)
    if arguments.format or not outputs:
        format_ = arguments.format or "text"
        show(render(report, format_, color=wants_color(arguments.color), sarif_for=arguments.sarif_for))
    return 0
