"""Settings for several profiles in one text that is no file of an application: a value of a ConfigMap, a string."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.files.limits import Refused
from scanner.files.tree import Node
from scanner.pack.platform import ProfileStyle
from scanner.units.application.settings_file import Dialect, SettingsFile, count_variants, lay_files
from scanner.units.application.smallrye import SmallRye
from scanner.units.application.spring import Spring
from scanner.units.layers import LayerFile, build


def lay_documents(documents: Sequence[Node], style: ProfileStyle) -> tuple[tuple[Node, ...], int]:
    """The settings for each profile that is deployed, with the places that they have, and how many profiles more there are. The
    documents as they are where they are too large.
    """
    dialect: Dialect = SmallRye() if style == "smallrye" else Spring()
    try:
        file = SettingsFile("", dialect.split(documents, LayerFile("")))
    except Refused:
        return tuple(documents), 0
    plan = dialect.plan((file,), count_variants((file,)))
    active = [*((plan.base,) if plan.is_base_deployed else ()), *plan.variants]
    laid = (build(lay_files((file,), each.profiles, dialect), dialect.same) for each in active)
    return tuple(node for node in laid if node is not None), plan.left_out
