"""The definitions in the files beside a document: a chart's values.yaml.

They are read only where a value stays open in the document itself, once for each folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.evidence.bindings.values.placeholders import Lookup
from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Node, Parsed, Scalar
from scanner.sources.document import Document
from scanner.sources.siblings import Siblings

# how many folders to keep
_MOST = 64
_DEEPEST = 12


class Neighbours:
    """The definitions of the folders of one run."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def lookup(self, document: Document) -> Lookup:
        """A lookup of names, as the document writes them, in the files beside it."""
        return lambda name: self._of(document).get(name)

    def _of(self, document: Document) -> dict[str, str]:
        siblings = Siblings(document)
        folder = siblings.folder()
        if folder is None:
            return {}
        if folder not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[folder] = dict(_read_helm(siblings, document))
        return self._known[folder]


def _read_helm(siblings: Siblings, document: Document) -> Iterator[tuple[str, str]]:
    """The values of the chart whose `templates` folder contains the document."""
    parts = (document.origin or "").replace(os.sep, "/").split("/")[:-1]
    if "templates" not in parts:
        return
    above = list(reversed(parts)).index("templates") + 1
    tree = _tree(siblings.read("../" * above + "values.yaml"), "yaml")
    if tree is not None:
        yield from _texts(tree, ".Values", 0)


def _texts(node: Node, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(node, Scalar):
        if node.text.strip():
            yield name, node.text
    elif isinstance(node, Mapping) and depth < _DEEPEST:
        for entry in node.entries:
            yield from _texts(entry.value, f"{name}.{entry.key.text}", depth + 1)


def _tree(data: bytes | None, format_: Format) -> Node | None:
    if data is None:
        return None
    parsed = read(data, format_)
    return parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
