"""Settings for several profiles in one text that is no file of an application: a value of a ConfigMap, a string."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.files.limits import MOST_DOCUMENTS, Refused
from scanner.files.tree import Parsed
from scanner.pack.platform import ProfileStyle
from scanner.record import changed
from scanner.units.application.files import PACKAGED, read_name
from scanner.units.application.settings_file import Dialect, SettingsFile, count_variants, lay_files
from scanner.units.application.smallrye import SmallRye, is_of_smallrye
from scanner.units.application.spring import Spring
from scanner.units.layers import LayerFile, build

# what people call the settings without a profile
_BASE = "base"


def lay_documents(parsed: Parsed, style: ProfileStyle) -> tuple[Parsed, int]:
    """The text with one document for each profile that is deployed, at the places of their settings, and how many profiles
    more there are. As it is where it is too large.
    """
    dialect: Dialect = SmallRye() if style == "smallrye" else Spring()
    try:
        file = SettingsFile("", dialect.split(parsed.documents[:MOST_DOCUMENTS], LayerFile("")))
    except Refused:
        return parsed, 0
    return _lay(parsed, [file], dialect)


def lay_named(texts: Sequence[tuple[str, Parsed]]) -> tuple[Parsed, int] | None:
    """The same for texts that are files of one application, each with its base name; None where they are too large."""
    is_smallrye = any(is_of_smallrye(name, parsed) for name, parsed in texts)
    dialect: Dialect = SmallRye() if is_smallrye else Spring()
    files: list[SettingsFile] = []
    for name, parsed in texts:
        profile, ending, place = read_name(name) or ("", "yaml", PACKAGED)
        try:
            documents = dialect.split(parsed.documents[:MOST_DOCUMENTS], LayerFile(""))
        except Refused:
            return None
        files.append(SettingsFile(name, documents, place, profile, dialect.rank(ending)))
    # there is no one text of all
    return _lay(changed(texts[0][1], format="yaml", faults=(), text=""), files, dialect)


def _lay(parsed: Parsed, files: Sequence[SettingsFile], dialect: Dialect) -> tuple[Parsed, int]:
    plan = dialect.plan(files, count_variants(files))
    active = [*((changed(plan.base, name=_BASE),) if plan.is_base_deployed else ()), *plan.variants]
    laid = [(build(lay_files(files, each.profiles, dialect), dialect.same), each.name) for each in active]
    documents = tuple(node for node, _ in laid if node is not None)
    # one by itself has no name
    names = tuple(name for node, name in laid if node is not None) if plan.variants else ()
    return changed(parsed, documents=documents, variants=names), plan.left_out
