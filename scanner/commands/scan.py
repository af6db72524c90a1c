"""`jwksgov scan`: merge the command line with the configuration, scan, write the reports."""

from __future__ import annotations

import argparse
import os

from scanner.clock import clock_at
from scanner.commands.output import redacted, show, wants_color, write, write_metrics
from scanner.config.load import Config, find_config, load_config, severity_or_none
from scanner.errors import UsageError
from scanner.record import changed
from scanner.renderers.choose import format_for, render
from scanner.scan import ScanOptions, pack_for, scan


def run(arguments: argparse.Namespace) -> int:
    """Scan and report; the exit code of the README's table."""
    outputs = [(path, format_for(path)) for path in arguments.output]
    if arguments.jobs is not None and arguments.jobs < 1:
        raise UsageError(what=f"--jobs cannot be {arguments.jobs}", remedy="Write 1 for one process, or more.")
    clock = clock_at(arguments.now)
    config = _config(arguments, arguments.targets[0] if arguments.targets else ".")
    targets = tuple(arguments.targets) or _listed(config)
    pack = pack_for(config.policies, examples=False)
    if arguments.strict_references:
        from scanner.pack.references import refuse_doubtful  # reads every framework

        refuse_doubtful(pack)
    options = ScanOptions(targets, config, fail_on_undetermined=arguments.fail_on_undetermined, jobs=arguments.jobs)
    report = scan(options, pack, clock)
    if arguments.write_baseline:
        from scanner.findings.baseline import write_baseline

        write(arguments.write_baseline, write_baseline(report))
    if arguments.redact:
        report = redacted(report)
    for path, format_ in outputs:
        write(path, render(report, format_, sarif_for=arguments.sarif_for))
    if arguments.metrics:
        write_metrics(arguments.metrics, report)
    show(
        render(
            report,
            arguments.format or "text",
            color=wants_color(arguments.color),
            quiet=arguments.quiet,
            sarif_for=arguments.sarif_for,
        )
    )
    return report.exit_code


def _listed(config: Config) -> tuple[str, ...]:
    """What is scanned where no target is named: the consumers' folders of the inventory, else this folder."""
    if not config.consumers:
        return (".",)
    from scanner.sources.consumers import consumer_targets

    return consumer_targets(config)


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
        waivers=arguments.waivers or config.waivers,
        baseline=_baseline(arguments, config),
    )


def _baseline(arguments: argparse.Namespace, config: Config) -> str | None:
    """The baseline to compare with. The configuration may name the very file that this run is about to write first."""
    if arguments.baseline:
        return str(arguments.baseline)
    is_first = arguments.write_baseline and config.baseline is not None and not os.path.exists(config.baseline)
    return None if is_first else config.baseline
