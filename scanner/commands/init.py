"""`jwksgov init`: write a first `.jwksgov.yaml` from what a repository trusts and publishes. Nothing is contacted."""

from __future__ import annotations

import argparse
import os

from scanner.commands.first_config import first_config
from scanner.commands.output import write_text
from scanner.commands.streams import show, tell
from scanner.commands.survey import EvidenceJob, Survey
from scanner.config.load import find_config, parse_config
from scanner.config.model import NAME
from scanner.errors import UsageError
from scanner.renderers.escape import escape_text
from scanner.sources.targets import files_of, name_of_folder, repository_root
from scanner.workers import read_files


def run(arguments: argparse.Namespace) -> int:
    """Look at every file, then write the configuration, or show it with --dry-run; 0."""
    folder = arguments.folder
    if not os.path.isdir(folder):
        raise UsageError(what=f"`{folder}` is no folder", remedy="Name the folder that the configuration is to describe.")
    if not arguments.dry_run:
        _refuse_second(folder)
    survey = _survey(folder)
    text = first_config(survey, name_of_folder(folder, repository_root(os.getcwd()), is_one_of_many=False))
    target = os.path.join(folder, NAME)
    parse_config(text.encode(), target)  # what we write we can read
    if arguments.dry_run:
        show(text)
        return 0
    write_text(target, text, trees=(folder,))
    show(f"{os.path.normpath(target)}: {_counts(survey)}. Read it, correct it, then `jwksgov scan`.")
    return 0


def _refuse_second(folder: str) -> None:
    """One file applies to a folder: a second one would be taken for it, or hide the one above."""
    found = find_config(folder)
    if found is not None:
        raise UsageError(
            what=f"`{os.path.relpath(found)}` applies to this folder already",
            remedy="Edit that file by hand; --dry-run shows what would be written.",
        )


def _survey(folder: str) -> Survey:
    survey = Survey()
    read_files(files_of([folder]), EvidenceJob(Survey), survey)
    for found in sorted(survey.unreadable, key=lambda each: each.path):
        if not found.is_bundle:  # a bundle holds no configuration of this repository, so nothing is missing
            tell(f"warning: not read: {escape_text(found.path)}: {escape_text(found.because)}")
    return survey


def _counts(survey: Survey) -> str:
    published = sum(bool(met.published) for met in survey.issuers.values())
    return f"{len(survey.issuers)} issuers, {published} of them published here"
