"""`jwksgov init`: write a first `.jwksgov.yaml` from what a repository trusts and publishes. Nothing is contacted."""

from __future__ import annotations

import argparse
import os
import sys

from scanner.commands.first_config import first_config
from scanner.commands.output import write
from scanner.commands.survey import Survey
from scanner.config.load import find_config, parse_config
from scanner.config.model import NAME
from scanner.errors import UsageError
from scanner.evidence.gather import gather
from scanner.evidence.read_document import Collector
from scanner.renderers.escape import visible
from scanner.scan import pack_for
from scanner.sources.document import Unreadable
from scanner.sources.targets import files_of, name_of_folder, repository_root


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
        sys.stdout.write(text)
        return 0
    write(target, text)
    sys.stdout.write(f"{os.path.normpath(target)}: {_counts(survey)}. Read it, correct it, then `jwksgov scan`.\n")
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
    collector = Collector(pack_for((), examples=False).platforms)
    for found in gather(files_of([folder]), collector):
        if isinstance(found, Unreadable):
            if found.is_bundle:
                continue  # it holds no configuration of this repository, so nothing is missing
            sys.stderr.write(f"warning: not read: {visible(found.path)}: {visible(found.because)}\n")
        elif found.evidence is not None:
            survey.note(found.evidence)
    return survey


def _counts(survey: Survey) -> str:
    published = sum(bool(met.published) for met in survey.issuers.values())
    return f"{len(survey.issuers)} issuers, {published} of them published here"
