"""The variants of a chart: the values files that somebody lays over its `values.yaml`."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.files import UnitFiles
from scanner.units.stages import is_for_development

_NAME = lazy_pattern(r"(?:values[-._](?P<after>.{1,80}?)|(?P<before>.{1,80}?)[-._]values)\.ya?ml")
# folders with a values file for each variant, by the name of the file or of the folder around it
_FOLDERS = ("values", "environments", "environment", "envs", "env", "ci", "overlays", "config")
_NO_VARIANT = frozenset({"schema", "yaml", "yml"})
# where all variants are of these or for development, production is what the chart itself says
_NOT_PRODUCTION = lazy_pattern(
    r"(?:.*[-_./])?(?:qa|uat|int|integration|stag\w{0,4}|stg|examples?|samples?|minikube|kind|k3[ds]|docker|preview|pre-?prod|lint|"
    r"minimal)(?:[-_./0-9].*)?"
)
_YAML = (".yaml", ".yml")


@record(slots=True)
class ValuesFile:
    """A values file of a variant: the variant's name, and the file's real path."""

    name: str
    path: str


def find_variants(chart: str, files: UnitFiles) -> list[ValuesFile]:
    """The values files of a chart's folder and of the folders for variants in it, sorted by name."""
    found = {each.path: each for each in (*_in_chart(chart, files), *_in_folders(chart, files))}
    return sorted(found.values(), key=lambda each: (each.name, each.path))


def is_for_tests(name: str) -> bool:
    """Whether a variant is by its name for development or tests."""
    return is_for_development(name) or _NOT_PRODUCTION.fullmatch(name.lower()) is not None


def _in_chart(chart: str, files: UnitFiles) -> Iterator[ValuesFile]:
    for name in files.names(chart):
        variant = name_of_values_file(name)
        if variant is not None:
            yield ValuesFile(variant, os.path.join(chart, name))


def name_of_values_file(name: str) -> str | None:
    """The variant that a file is for, by its base name; None where it is no values file of a variant."""
    found = _NAME.fullmatch(name) if "values" in name else None
    variant = (found["after"] or found["before"]) if found else None
    return None if variant is None or variant in _NO_VARIANT else variant


def _in_folders(chart: str, files: UnitFiles) -> Iterator[ValuesFile]:
    present = files.names(chart)
    for folder in _FOLDERS:
        if folder not in present:
            continue
        for name in files.names(os.path.join(chart, folder)):
            path = os.path.join(chart, folder, name)
            stem, ending = os.path.splitext(name)
            if ending in _YAML:
                variant = name_of_values_file(name)
                # in folders of another purpose, only what is named so
                if variant is None and folder in ("values", "environments", "environment", "envs", "env"):
                    variant = stem
                if variant is not None:
                    yield ValuesFile(f"ci/{variant}" if folder == "ci" else variant, path)
            elif not ending and folder not in ("ci",):
                yield from (ValuesFile(name, os.path.join(path, inner)) for inner in files.names(path) if _is_of_folder(inner))


def _is_of_folder(name: str) -> bool:
    """Whether a file is the values file of the folder that names the variant."""
    return name in ("values.yaml", "values.yml")
