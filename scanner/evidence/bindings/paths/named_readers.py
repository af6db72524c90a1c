"""Readers that a path may name where a format needs code: `$.#iam-statements` selects that reader's result for the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.files.tree import Node

NAMES = ("iam-statements", "iam-providers", "iam-modules")


def named_reader(name: str) -> Callable[[Node], Node]:
    """The reader of that name; imported when a path first needs it."""
    from scanner.evidence.bindings.paths.iam_statements import iam_modules, iam_providers, iam_statements

    return {"iam-statements": iam_statements, "iam-providers": iam_providers, "iam-modules": iam_modules}[name]
