"""`jwksgov scan`: merge the command line with the configuration, scan, write the reports."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from scanner.clock import clock_at
from scanner.commands.output import options_for, require_folders, show_report, wants_color, write, write_outputs
from scanner.config.load import severity_or_none
from scanner.config.model import Config
from scanner.config.nested import Roots, find_roots
from scanner.errors import UsageError
from scanner.findings.model import Report
from scanner.record import changed
from scanner.renderers.choose import format_for, lists_subjects, reads_rows
from scanner.scan import ScanOptions, pack_for, scan
from scanner.sources.targets import is_url

if TYPE_CHECKING:
    from scanner.commands.network_scan import NetworkScan
    from scanner.sources.document import Document, Unreadable
    from scanner.sources.programs import Programs

# the target that stands for standard input
TARGET = "-"


def run(arguments: argparse.Namespace) -> int:
    """Scan and report; the exit code of the README's table."""
    _check_standard_input(arguments)
    outputs = [(path, format_for(path)) for path in arguments.output]
    trees = tuple(target for target in arguments.targets if target != TARGET and os.path.isdir(target))
    require_folders([*arguments.output, *filter(None, (arguments.metrics, arguments.write_baseline))], trees)
    if arguments.jobs is not None and arguments.jobs < 1:
        raise UsageError(what=f"--jobs cannot be {arguments.jobs}", remedy="Write 1 for one process, or more.")
    roots = _find_roots(arguments)
    config = roots.config
    network = _network(arguments, config)
    try:
        report = _report(arguments, roots, network)
    finally:
        if network is not None:
            network.close()
    if arguments.write_baseline:
        from scanner.findings.baseline import write_baseline

        write(arguments.write_baseline, partial(write_baseline, report), trees=trees)
    report = write_outputs(arguments, outputs, report, trees=trees)
    format_ = arguments.format or "text"
    color, quiet = wants_color(arguments.color), arguments.quiet
    show_report(report, format_, **options_for(format_, service=arguments.sarif_for, color=color, quiet=quiet))
    return report.exit_code


def _report(arguments: argparse.Namespace, roots: Roots, network: NetworkScan | None) -> Report:
    config = roots.config
    files = tuple(arguments.targets) if network is None else network.files
    # without any target the consumers' folders are read, online or not
    named = tuple(target for target in files if target != TARGET)
    targets = named or (() if arguments.targets else _listed(config))
    clock = clock_at(arguments.now) if arguments.now or network is None else network.clock()
    pack = pack_for(config.policies, examples=False)
    if arguments.strict_references:
        from scanner.pack.references import refuse_doubtful  # reads every framework

        refuse_doubtful(pack)
    options = ScanOptions(
        targets,
        config,
        fail_on_undetermined=arguments.fail_on_undetermined,
        roots=roots.roots,
        jobs=arguments.jobs,
        keeps_rows=_lists_subjects(arguments),
        takes_ignore_files=not arguments.isolated,
        encode=_row_encoder(arguments),
        programs=_programs(arguments),
        given=_read_standard_input(arguments),
        scope=tuple(arguments.targets) if TARGET in arguments.targets else (),
    )
    return scan(network.options(options, tuple(arguments.targets)) if network is not None else options, pack, clock)


def _check_standard_input(arguments: argparse.Namespace) -> None:
    """Refuse a name for standard input where it is not read, or that is none of a file."""
    name = arguments.stdin_name
    if name is None:
        return
    if TARGET not in arguments.targets:
        raise UsageError(what="--stdin-name without the target -", remedy="Name - as a target to read standard input.")
    if not name.strip() or name.endswith("/") or is_url(name):
        raise UsageError(what="--stdin-name is not the name of a file", remedy="Write one such as `rendered.yaml`.")


def _read_standard_input(arguments: argparse.Namespace) -> tuple[Document | Unreadable, ...]:
    if TARGET not in arguments.targets:
        return ()
    from scanner.sources.standard_input import read_standard_input  # a hook names files

    return (read_standard_input(arguments.stdin_name),)


def _programs(arguments: argparse.Namespace) -> Programs | None:
    """The programs that render charts and kustomizations: never started because of what a configuration or a tree says."""
    if not arguments.render:
        return None
    from scanner.sources.programs import find_programs

    return find_programs()


def _lists_subjects(arguments: argparse.Namespace) -> bool:
    """Whether something that was asked for needs the rows of subjects."""
    return bool(arguments.redact) or any(map(lists_subjects, _formats(arguments)))


def _row_encoder(arguments: argparse.Namespace) -> Callable[[Any], str] | None:
    """What makes rows the text that is written, where nothing that was asked for looks into them."""
    formats = _formats(arguments)
    if arguments.redact or any(map(reads_rows, formats)) or not any(map(lists_subjects, formats)):
        return None
    from scanner.renderers.json_text import encode_row  # not for the text of a hook

    return encode_row


def _formats(arguments: argparse.Namespace) -> set[str]:
    metrics = ("openmetrics",) if arguments.metrics else ()
    return {arguments.format or "text", *map(format_for, arguments.output), *metrics}


def _network(arguments: argparse.Namespace, config: Config) -> NetworkScan | None:
    """URLs, bundles and the inventory, where one of them is asked for."""
    if not (arguments.online or arguments.follow or any(map(_is_of_network, arguments.targets))):
        return None
    from scanner.commands.network_scan import network_scan

    return network_scan(arguments, config)


def _is_of_network(target: str) -> bool:
    """Whether a target is a URL or may be an evidence bundle; a hook's files are seen to be none at a glance."""
    return is_url(target) or target.endswith(".zip") or _may_be_bundle(target)


def _may_be_bundle(folder: str) -> bool:
    """Whether a folder is or was an evidence bundle, also where its log is no file, or missing."""
    if os.path.lexists(os.path.join(folder, "exchanges.jsonl")):
        return True
    if not os.path.isfile(os.path.join(folder, "manifest.json")):
        return False
    from scanner.sources.bundle.detection import is_bundle  # other folders have a manifest, too

    return is_bundle(folder)


def _listed(config: Config) -> tuple[str, ...]:
    """What is scanned where no target is named: the consumers' folders of the inventory, else this folder."""
    if not config.consumers:
        return (".",)
    from scanner.sources.consumers import consumer_targets

    return consumer_targets(config)


def _find_roots(arguments: argparse.Namespace) -> Roots:
    """The configurations that apply, with the command line's words over them."""
    targets = [target for target in arguments.targets if target != TARGET and not _is_of_network(target)]
    roots = find_roots(arguments.config, targets, is_isolated=arguments.isolated)
    return roots.changed(partial(_override, arguments))


def _override(arguments: argparse.Namespace, config: Config) -> Config:
    return changed(
        config,
        profile=arguments.profile or config.profile,
        profile_place=None if arguments.profile else config.profile_place,
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
