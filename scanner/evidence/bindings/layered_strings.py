"""Strings of one mapping that are the files of one application's settings: `application.yml` and `application-prod.yml` in a
ConfigMap. They are laid over each other, as the application that finds them in one folder does it.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.files.inside import Insides
from scanner.files.tree import Mapping, Parsed, Scalar, list_nodes
from scanner.units.application.files import is_settings
from scanner.units.application.inside import lay_named

Named = tuple[str, Scalar]


def find_layered(outer: Parsed) -> dict[int, tuple[Named, ...]]:
    """The strings of a file that belong together, by their ids."""
    found: dict[int, tuple[Named, ...]] = {}
    for node in list_nodes(*outer.documents):
        if not isinstance(node, Mapping) or not any(is_settings(entry.key.text) for entry in node.entries):
            continue
        group = tuple(
            (entry.key.text, entry.value)
            for entry in node.entries
            if is_settings(entry.key.text) and isinstance(entry.value, Scalar) and not entry.value.is_expression
        )
        if len(group) > 1:
            found |= {id(scalar): group for _, scalar in group}
    return found


def lay_strings(group: Sequence[Named], insides: Insides) -> tuple[Parsed, int] | None:
    """The settings for each profile that is deployed, and how many profiles more there are; None where one of the strings
    cannot be read, or is a template.
    """
    texts: list[tuple[str, Parsed]] = []
    for name, scalar in group:
        parsed = insides.read(scalar, "properties" if name.lower().endswith(".properties") else "yaml")
        if not isinstance(parsed, Parsed) or parsed.is_masked or scalar.is_masked:
            return None
        texts.append((name, parsed))
    return lay_named(texts)
