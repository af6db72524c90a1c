"""The definitions in the files beside a document: a Terraform folder's variables and locals, compose's `.env`.

They are read only where a value stays open in the document itself, once for each folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.values.definitions import definitions
from scanner.evidence.bindings.values.placeholders import Lookup
from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Node, Parsed, Scalar
from scanner.sources.document import Document
from scanner.sources.siblings import Siblings

# how many folders to keep
_MOST = 64


class Neighbours:
    """The definitions of the folders of one run."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def lookup(self, document: Document, format_: Format) -> Lookup:
        """A lookup of names, as the document writes them, in the files beside it."""
        kind = "terraform" if format_ == "hcl" else "compose"
        return lambda name: self._of(document, kind).get(name)

    def _of(self, document: Document, kind: str) -> dict[str, str]:
        siblings = Siblings(document)
        folder = siblings.folder()
        if folder is None:
            return {}
        if (folder, kind) not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[folder, kind] = dict(_READERS[kind](siblings, document))
        return self._known[folder, kind]


def _read_terraform(siblings: Siblings, _document: Document) -> Iterator[tuple[str, str]]:
    """Defaults of variables and locals of the folder; files of values come last and win."""
    for file in siblings.find_by_ending(".tf", ".tofu"):
        tree = _tree(siblings.read(file), "hcl")
        if tree is not None:
            yield from definitions(tree, "hcl").items()
    for file in siblings.find_by_ending("terraform.tfvars", ".auto.tfvars"):
        tree = _tree(siblings.read(file), "hcl")
        for entry in tree.entries if isinstance(tree, Mapping) else ():
            if isinstance(entry.value, Scalar) and not entry.value.is_expression:
                yield f"var.{entry.key.text}", entry.value.text


def _read_compose(siblings: Siblings, _document: Document) -> Iterator[tuple[str, str]]:
    tree = _tree(siblings.read(".env"), "properties")
    for entry in tree.entries if isinstance(tree, Mapping) else ():
        if isinstance(entry.value, Scalar) and entry.value.text.strip():
            yield entry.key.text.removeprefix("export "), entry.value.text.strip().strip("\"'")


_READERS = {"terraform": _read_terraform, "compose": _read_compose}


def _tree(data: bytes | None, format_: Format) -> Node | None:
    if data is None:
        return None
    parsed = read(data, format_)
    return parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
