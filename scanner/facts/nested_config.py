"""Facts about a configuration file inside the scanned tree, below the one that is its root."""

from __future__ import annotations

from scanner.facts.fact import Fact, fact
from scanner.redaction.text import cut
from scanner.subjects.model import NestedConfigUse


@fact("nested_config.ignored")
def ignored(use: NestedConfigUse) -> list[str]:
    """The members that have no effect, because they would loosen what the root configuration says: `exclude`, `rules.ID`, …"""
    return [cut(name, 100) for name in use.ignored]


FACTS: tuple[Fact, ...] = (ignored,)
