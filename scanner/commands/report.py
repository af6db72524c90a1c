"""`jwksgov report`: show a stored JSON report in other formats. Nothing is scanned or judged again."""

from __future__ import annotations

import argparse

from scanner.commands.output import options_for, show_report, wants_color, write_outputs
from scanner.findings.stored import read_report
from scanner.renderers.choose import format_for


def run(arguments: argparse.Namespace) -> int:
    """Render; 0 whatever the report says: its verdict was the scan's exit code."""
    outputs = [(path, format_for(path)) for path in arguments.output]
    report = write_outputs(arguments, outputs, read_report(arguments.report))
    if arguments.format or not outputs:
        format_ = arguments.format or "text"
        show_report(report, format_, **options_for(format_, service=arguments.sarif_for, color=wants_color(arguments.color)))
    return 0
