"""One scan, from targets to report. The only place that knows every room; it streams."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from scanner import __version__
from scanner.clock import Clock
from scanner.config.model import Config
from scanner.evidence.gather import gather
from scanner.evidence.model import Jwk
from scanner.evidence.read_document import Collector
from scanner.findings.collect import Findings
from scanner.findings.model import Notice, Report, Run
from scanner.pack.pack import Pack
from scanner.pack.shipped import shipped_pack
from scanner.policy.judge import Judge
from scanner.policy.result import Result
from scanner.policy.select import select
from scanner.record import record
from scanner.sources.document import Unreadable
from scanner.sources.targets import files_of, name_of_config, name_of_file, repository_root
from scanner.subjects.document_subjects import subjects_of
from scanner.subjects.key_pairs import KeyPairTally
from scanner.subjects.model import Subject
from scanner.subjects.platforms import PlatformTally
from scanner.subjects.published import PublishedTally

if TYPE_CHECKING:
    from scanner.evidence.bindings.followed_issuers import Followed
    from scanner.evidence.model import Evidence
    from scanner.findings.model import BundleFile
    from scanner.sources.exchange import Visit

# what is told of several documents together, from the little that each tally keeps of them
Tallies: TypeAlias = tuple[PlatformTally, KeyPairTally, PublishedTally]


@record
class ScanOptions:
    """What a run is asked to do; the command line and the configuration file have been merged.

    `targets` are the files and folders, `scope` everything that was named, as reports tell it. `visits` are what issuers gave,
    asked for when all files have been read: live or from evidence bundles. `followed` takes note meanwhile of the issuers that
    consumers' configuration trusts.
    """

    targets: tuple[str, ...]
    config: Config
    fail_on_undetermined: bool = False
    jobs: int | None = None
    scope: tuple[str, ...] = ()
    visits: Callable[[], Iterable[Visit]] | None = None
    followed: Followed | None = None
    is_online: bool = False
    bundles: tuple[BundleFile, ...] = ()


def pack_for(policies: Sequence[str], *, examples: bool = True) -> Pack:
    """Our policies and the user's own folders beside them. Without examples ours come in their stored form."""
    if not policies and not examples:
        return shipped_pack(examples=False)
    from pathlib import Path

    from scanner.pack.load import load_pack  # reads YAML, which a hook's path does without

    return load_pack(map(Path, policies), base=shipped_pack(examples=examples), examples=examples)


def scan(options: ScanOptions, pack: Pack, clock: Clock) -> Report:
    """Collect, read, judge and report, one document at a time."""
    config = options.config
    rules = select(
        pack,
        profile=config.profile,
        changes=config.rules,
        places=config.rule_places,
        rules_as_of=config.rules_as_of,
    )
    collector = Collector(pack.platforms)
    judge = Judge(rules, at=clock.now())
    published = PublishedTally(config.issuers)
    tallies = PlatformTally(), KeyPairTally(_identity), published
    findings = Findings(rules, at=clock.now(), pack=pack, config=config, targets=options.targets)
    bundles = {name_of_file(each.path, repository_root(os.getcwd())) for each in options.bundles}
    for found in gather(files_of(options.targets, exclude=config.exclude), collector, options.jobs):
        if isinstance(found, Unreadable):
            if not found.is_bundle or found.path not in bundles:
                findings.unreadable(found)
            continue
        findings.summary.files += 1
        if found.evidence is not None:
            subjects = published.declared(subjects_of(found.evidence))
            findings.document(found.evidence, _judged(subjects, judge, tallies), found.document.data)
            if options.followed is not None:
                options.followed.note(found.evidence)
    if options.visits is not None:
        for evidence, data in _visited(options.visits(), findings):
            subjects = published.declared(subjects_of(evidence))
            findings.document(evidence, _judged(subjects, judge, tallies), data)
    if options.followed is not None and options.followed.left_out:
        findings.notices.append(Notice("followed", f"{options.followed.left_out} trusted issuers more are not followed"))
    for tally in tallies:
        for subject in tally.subjects():
            findings.subject(subject, judge.judge(subject))
    return findings.report(
        Run(
            clock=clock.stamp(),
            targets=options.scope or options.targets,
            profile=config.profile,
            config_path=name_of_config(config.path) if config.path is not None else None,
            config_digest=config.digest,
            fail_on=config.fail_on,
            policies=tuple(folder.replace(os.sep, "/") for folder in config.policies),
            is_online=options.is_online,
            bundles=options.bundles,
        ),
        version=__version__,
        not_applicable=judge.not_applicable,
        faults=judge.faults(),
        fail_on_undetermined=options.fail_on_undetermined,
    )


def _visited(visits: Iterable[Visit], findings: Findings) -> Iterator[tuple[Evidence, bytes]]:
    """What issuers gave, each URL once: two issuers may name the same one. Of an issuer that is in several bundles the first
    counts.
    """
    from scanner.evidence.issuers.fetched import evidence_of  # a scan of files needs none of this

    seen: set[str] = set()
    repeated = 0
    for visit in visits:
        if findings.is_visited(visit.wanted.issuer):
            repeated += 1
            continue
        found = list(evidence_of(visit))
        reasons = dict.fromkeys(because for evidence, _ in found for because in evidence.unreached.values())
        findings.visited(visit.wanted, next(iter(reasons), ""))
        yield from (each for each in found if each[0].path not in seen)
        seen.update(evidence.path for evidence, _ in found)
    if repeated:
        told = f"{repeated} issuers were collected more than once; the newest evidence of each is judged"
        findings.notices.append(Notice("repeated", told))


def _judged(subjects: Iterable[Subject], judge: Judge, tallies: Tallies) -> Iterator[tuple[Subject, Iterator[Result]]]:
    for subject in subjects:
        for tally in tallies:
            tally.note(subject)
        yield subject, judge.judge(subject)


def _identity(key: Jwk) -> str | None:
    from scanner.evidence.keys.thumbprint import thumbprint  # not for a hook on configuration

    return thumbprint(key)
