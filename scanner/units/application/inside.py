"""Settings for several profiles in one text that is no file of an application: a value of a ConfigMap, a string."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.files.limits import Refused
from scanner.files.tree import Node, Parsed
from scanner.pack.platform import ProfileStyle
from scanner.units.application.files import PACKAGED, read_name
from scanner.units.application.settings_file import Dialect, SettingsFile, count_variants, lay_files
from scanner.units.application.smallrye import SmallRye, is_of_smallrye
from scanner.units.application.spring import Spring
from scanner.units.layers import LayerFile, build


def lay_documents(documents: Sequence[Node], style: ProfileStyle) -> tuple[tuple[Node, ...], int]:
    """The settings for each profile that is deployed, with the places that they have, and how many profiles more there are. The
    documents as they are where they are too large.
    """
    dialect: Dialect = SmallRye() if style == "smallrye" else Spring()
    try:
        return _lay([SettingsFile("", dialect.split(documents, LayerFile("")))], dialect)
    except Refused:
        return tuple(documents), 0


def lay_named(texts: Sequence[tuple[str, Parsed]]) -> tuple[tuple[Node, ...], int] | None:
    """The same for texts that are files of one application, each with its base name; None where they are too large."""
    is_smallrye = any(is_of_smallrye(name, parsed) for name, parsed in texts)
    dialect: Dialect = SmallRye() if is_smallrye else Spring()
    files: list[SettingsFile] = []
    for name, parsed in texts:
        profile, ending, place = read_name(name) or ("", "yaml", PACKAGED)
        try:
            documents = dialect.split(parsed.documents, LayerFile(""))
        except Refused:
            return None
        files.append(SettingsFile(name, documents, place, profile, dialect.rank(ending)))
    return _lay(files, dialect)


def _lay(files: Sequence[SettingsFile], dialect: Dialect) -> tuple[tuple[Node, ...], int]:
    plan = dialect.plan(files, count_variants(files))
    active = [*((plan.base,) if plan.is_base_deployed else ()), *plan.variants]
    laid = (build(lay_files(files, each.profiles, dialect), dialect.same) for each in active)
    return tuple(node for node in laid if node is not None), plan.left_out
