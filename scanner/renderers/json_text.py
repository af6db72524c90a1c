"""JSON text with one row on each line of its long lists: quick to write, and each change is one line in a diff.

ASCII only: a lone surrogate in a kid stays an escape. Records are objects of their fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from scanner.findings.sinks import EncodedRow
from scanner.record import members
from scanner.redaction.values import redact_values

# the encoder's own `indent` would use Python code, not C, for every value
encode = json.JSONEncoder(default=members).encode


def encode_row(row: object) -> str:
    """A subject's row as the text that a report writes, without private values."""
    return encode(redact_values(row))


def write_json(value: object, out: TextIO) -> None:
    """One value on one line."""
    out.write(encode(value))


def write_list(items: Iterable[object], out: TextIO) -> None:
    """A list, one item on each line."""
    mark = "[\n"
    for item in items:
        out.write(mark)
        out.write(item.text if type(item) is EncodedRow else encode(item))
        mark = ",\n"
    out.write("[]" if mark == "[\n" else "\n]")


def write_rows(value: Any, out: TextIO, *, depth: int) -> None:
    """`value` with its objects expanded to `depth`, and one item on each line of the lists in them."""
    if isinstance(value, list):
        write_list(value, out)
    elif isinstance(value, dict) and any(_is_opened(each, depth) for each in value.values()):
        mark = "{\n"
        for name, each in value.items():
            out.write(f"{mark}{encode(name)}: ")
            write_rows(each, out, depth=depth - 1)
            mark = ",\n"
        out.write("\n}")
    else:
        write_json(value, out)


def _is_opened(value: Any, depth: int) -> bool:
    return depth > 0 and (isinstance(value, list) or (depth > 1 and isinstance(value, dict)))
