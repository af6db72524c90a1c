"""New YAML with comments (ruamel.yaml writes the values, so that readers get every value unchanged)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.files.edit import dump_item
from scanner.record import record


@record
class Item:
    """One mapping of a list: lines of comment before it, its members, and lines of comment at its end."""

    members: Mapping[str, str]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def section(name: str, items: Sequence[Item]) -> str:
    """The top-level list `name` in YAML. A line of comment must not hold a line end."""
    if not items:
        return f"{name}: []\n"
    lines = [f"{name}:"]
    for item in items:
        lines += [f"  # {line}" for line in item.before]
        lines += [f"  {line}" for line in dump_item(item.members).splitlines()]
        lines += [f"    # {line}" for line in item.after]
    return "\n".join(lines) + "\n"
