"""One scan, from targets to report: what was asked for, through the pipeline, into a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from scanner import __version__
from scanner.clock import Clock
from scanner.config.model import Config
from scanner.errors import Place
from scanner.findings.model import ConfigFileEntry, Notice, Report, Run, notice
from scanner.findings.report import RunOutcome, apply_waivers, make_report
from scanner.findings.sinks import Found
from scanner.pack.pack import Pack
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Part, Pipeline
from scanner.policy.select import select_configured
from scanner.policy.stored_conditions import refresh_stored_conditions
from scanner.record import changed, record
from scanner.sources.document import Document, File, Unreadable
from scanner.sources.targets import files_of, name_of_config, name_of_file, readable_root, repository_root
from scanner.workers import read_files

if TYPE_CHECKING:
    from scanner.config.nested import Root
    from scanner.config.waivers import WaiverEntry
    from scanner.evidence.bindings.followed_issuers import Followed
    from scanner.findings.baseline import Baseline
    from scanner.findings.model import BundleFile
    from scanner.sources.exchange import Visit
    from scanner.sources.glob_use import GlobUse
    from scanner.sources.not_read import NotReadTally
    from scanner.sources.programs import Programs
    from scanner.sources.scope import Scope
    from scanner.units.companions import Companions


@record
class ScanOptions:
    """What a run is asked to do; the command line and the configuration file have been merged.

    `targets` are the files and folders, `scope` everything that was named, as reports tell it. `visits` give what issuers gave,
    live or from evidence bundles, when all files have been read; they get the issuers that consumers' configuration trusts,
    which are noted where `follows`. `roots`: the configurations of the trees, of which `config` is one, or none. `keeps_rows`:
    a format lists subjects. `takes_ignore_files`: the tree's `.gitignore` files have a say. `programs`: what
    renders charts and kustomizations, where the command line asks for that. `given`: documents that are
    in no file.
    """

    targets: tuple[str, ...]
    config: Config
    fail_on_undetermined: bool = False
    jobs: int | None = None
    scope: tuple[str, ...] = ()
    visits: Callable[[Followed | None], Iterable[Visit]] | None = None
    follows: bool = False
    is_online: bool = False
    bundles: tuple[BundleFile, ...] = ()
    roots: tuple[Root, ...] = ()
    keeps_rows: bool = True
    takes_ignore_files: bool = True
    encode: Callable[[Any], str] | None = None
    programs: Programs | None = None
    given: tuple[Document | Unreadable, ...] = ()


def pack_for(policies: Sequence[str], *, examples: bool = True) -> Pack:
    """Our policies and the user's own folders beside them. Without examples ours come in their stored form."""
    if not policies and not examples:
        pack = shipped_pack(examples=False)
        refresh_stored_conditions(pack)
        return pack
    from pathlib import Path

    from scanner.pack.load import load_pack  # reads YAML, which a hook's path does without

    return load_pack(map(Path, policies), base=shipped_pack(examples=examples), examples=examples)


def scan(options: ScanOptions, pack: Pack, clock: Clock) -> Report:
    """Read, judge and report."""
    config = options.config
    rules = select_configured(pack, config)
    pipeline = Pipeline(
        pack,
        rules,
        at=clock.now(),
        config=config,
        targets=options.targets,
        keeps_rows=options.keeps_rows,
        encode=options.encode,
        follows=options.follows,
        roots=options.roots,
        given=tuple(each.path for each in options.given),
        render=options.programs.render if options.programs is not None else None,
    )
    decisions = load_decisions(config)
    part = pipeline.part()
    globs = _glob_use(options)
    files: Iterable[File | Unreadable] = files_of(
        options.targets,
        exclude=globs.exclude if globs is not None else None,
        takes_ignore_files=options.takes_ignore_files,
        judged_bundles=[each.path for each in options.bundles],
        not_read=part.log.not_read,
    )
    if globs is not None:
        files = globs.note(files)
    companions = _find_companions(options)
    if companions is not None:
        files = companions.add_to(files)
        pipeline.reader.listings = companions.listings
    if pipeline.has_configurations:
        files = _look_at_folders(files, pipeline, part.log.not_read)
    read_files(chain(options.given, files) if options.given else files, pipeline, part, options.jobs)
    if companions is not None:
        part.log.note_companions(companions.not_read, companions.left_out, companions.interrupted)
    if options.visits is not None:
        pipeline.visit(options.visits(part.followed), part)
    if part.followed is not None and part.followed.left_out:
        part.log.notices.append(notice("followed", f"{part.followed.left_out} trusted issuers more are not followed"))
    if globs is not None:
        for member, glob in globs.unmatched(_scope(pipeline, part)):
            told = f"`{glob}` in `{member}` of the configuration matches none of the files that this run saw"
            part.log.notices.append(notice("unmatched-glob", told))
    part.log.notices += _tell_other_roots(options)
    if part.log.is_nothing_reached:
        part.log.note_nothing_reached()
    return finish(pipeline, part, _run(options, clock), decisions, fail_on_undetermined=options.fail_on_undetermined)


@record
class Decisions:
    """What was decided before this run: the entries of the waiver file, which reports call `shown`, and the baseline."""

    waivers: tuple[WaiverEntry, ...] | None = None
    shown: str = ""
    baseline: Baseline | None = None


def load_decisions(config: Config) -> Decisions:
    """Read the waiver file and the baseline; an error in them is told before anything is scanned."""
    waivers, shown, baseline = None, "", None
    if config.waivers is not None:
        from scanner.config.waivers import load_waivers

        shown = name_of_file(config.waivers, repository_root(os.getcwd()))
        waivers = tuple(load_waivers(config.waivers, shown))
    if config.baseline is not None:
        from scanner.findings.baseline import read_baseline

        baseline = read_baseline(config.baseline)
    return Decisions(waivers, shown, baseline)


def finish(pipeline: Pipeline, part: Part, run: Run, decisions: Decisions, *, fail_on_undetermined: bool = False) -> Report:
    """The report of a run whose parts were merged into one."""
    pipeline.join(part)
    found = part.findings.found
    scope = _scope(pipeline, part) if decisions != Decisions() else None
    if decisions.waivers is not None and scope is not None:
        found = _apply_waiver_file(decisions, pipeline, part, scope)
    rules = pipeline.widen(part)
    faults = part.faults | pipeline.faults()
    for rule, because in faults.items():
        message = f"rule {rule} reads a value it does not guard: {because}"
        part.log.notices.append(notice("policy-fault", message, pipeline.pack.rules[rule].place))
    outcome = RunOutcome(
        run=run,
        version=__version__,
        rules=rules,
        pack=pipeline.pack,
        found=found,
        answers=part.answers,
        rows=part.rows,
        log=part.log,
        faults=faults,
        fail_on_undetermined=fail_on_undetermined,
    )
    return make_report(outcome, decisions.baseline, scope)


def _apply_waiver_file(decisions: Decisions, pipeline: Pipeline, part: Part, scope: Scope) -> list[Found]:
    from scanner.findings.waivers.waiver_file import ReviewedWaivers

    reviewed = ReviewedWaivers(pipeline.waiver_judge(), decisions.waivers or (), decisions.shown)
    covered = apply_waivers(part.findings.found, reviewed)
    part.findings.found = []
    for judgement in reviewed.finish(scope, part.log.unread()):
        part.take(judgement)
    return [*covered, *part.findings.found]


def _scope(pipeline: Pipeline, part: Part) -> Scope:
    """What the run looked at: a waiver or an old finding is missed only there."""
    from scanner.sources.inventory import inventory_issuers
    from scanner.sources.scope import scope_of

    config = pipeline.config
    found = scope_of(pipeline.targets, config.path)
    return changed(
        found,
        files=found.files.union(pipeline.given),
        urls=frozenset(part.log.urls),
        is_inventory_visited=all(each.issuer in part.log.issuers for each in inventory_issuers(config.issuers)),
    )


def _glob_use(options: ScanOptions) -> GlobUse | None:
    """The globs of the configuration, where a folder is listed: a hook, whose targets are files, asks for none."""
    config = options.config
    if not (config.exclude or config.paths or config.consumers) or not any(map(os.path.isdir, options.targets)):
        return None
    from scanner.sources.glob_use import GlobUse

    return GlobUse(config, options.targets)


def _find_companions(options: ScanOptions) -> Companions | None:
    """What adds the files of the units of named files, and of folders below their repository."""
    if all(map(_is_whole_tree, options.targets)):
        return None
    from scanner.units.companions import Companions

    return Companions(exclude=options.config.exclude, takes_ignore_files=options.takes_ignore_files)


def _is_whole_tree(target: str) -> bool:
    """Whether a target is a folder around which no files are read."""
    return os.path.isdir(target) and readable_root(real := os.path.realpath(target), repository_root(os.getcwd())) == real


def _tell_other_roots(options: ScanOptions) -> Iterator[Notice]:
    """Where the targets lie in several repositories: what their configurations say of a whole run does not apply."""
    from scanner.config.nested import OF_FILES

    for root in options.roots:
        config = root.config
        if config is not options.config and config.path is not None and (members := sorted({*config.written} - OF_FILES)):
            told = f"{', '.join(members)} do not apply: the targets of this run lie in several repositories"
            yield notice("other-configuration", told, Place(name_of_config(config.path)))


def _look_at_folders(
    files: Iterable[File | Unreadable], pipeline: Pipeline, not_read: NotReadTally
) -> Iterator[File | Unreadable]:
    """The same files; the configurations that hold for them are read before they are."""
    before, may_leave_out = None, False
    for file in files:
        if isinstance(file, File):
            folder = os.path.dirname(os.path.realpath(file.origin)) if file.is_named else file.origin.rpartition(os.sep)[0]
            if folder != before:
                before, may_leave_out = folder, pipeline.look_at(folder)
            if may_leave_out and not file.is_named and pipeline.leaves_out(folder, file.origin):
                not_read.add("excluded", file.path)
                continue
        yield file


def _run(options: ScanOptions, clock: Clock) -> Run:
    config = options.config
    return Run(
        clock=clock.stamp(),
        scope=tuple(options.scope or options.targets),
        profile=config.profile,
        config=ConfigFileEntry(name_of_config(config.path), config.digest) if config.path is not None else None,
        fail_on=config.fail_on,
        policies=tuple(folder.replace(os.sep, "/") for folder in config.policies),
        online=options.is_online,
        bundles=options.bundles,
    )
