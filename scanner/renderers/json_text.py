"""JSON text with a row a line in its long lists: quick to write, and a change is a line in a diff."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def rows(value: Any, *, depth: int) -> str:
    """`value` as JSON: objects opened `depth` deep, the items of the lists in them a line each.

    ASCII only: a lone surrogate in a kid stays an escape. The encoder's own `indent` would take Python code, not C, for
    every value.
    """
    if isinstance(value, Iterator | list):
        lines = ",\n".join(json.dumps(item) for item in value)
        return f"[\n{lines}\n]" if lines else "[]"
    if isinstance(value, dict) and any(_is_opened(each, depth) for each in value.values()):
        lines = ",\n".join(f"{json.dumps(name)}: {rows(each, depth=depth - 1)}" for name, each in value.items())
        return f"{{\n{lines}\n}}"
    return json.dumps(value)


def _is_opened(value: Any, depth: int) -> bool:
    return depth > 0 and (isinstance(value, list | Iterator) or (depth > 1 and isinstance(value, dict)))
