"""The resources in a text of Kubernetes manifests: each document, and each item of a list that `kubectl get` gives."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.files.limits import MOST_DOCUMENTS
from scanner.files.tree import Mapping, Node, Parsed, Scalar, Sequence
from scanner.record import record

# of one text; whole clusters have some ten thousand, of which few are policies
_MOST_RESOURCES = 20_000


@record(slots=True)
class Resource:
    """A resource: its kind, its namespace (empty where it does not say), its name, when the cluster says that it was made
    (empty where none does), and its whole tree.
    """

    kind: str
    namespace: str
    name: str
    created: str
    node: Mapping

    @property
    def label(self) -> str:
        """Namespace and name, as kubectl writes them."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def list_resources(parsed: Parsed) -> Iterator[Resource]:
    """Every resource of a text, in order."""
    left = _MOST_RESOURCES
    for document in parsed.documents[:MOST_DOCUMENTS]:
        for node in _unfold(document):
            if left == 0:
                return
            left -= 1
            yield from _read(node)


def _unfold(document: Node) -> tuple[Node, ...]:
    """The items of a list, else the document itself."""
    if isinstance(document, Sequence):
        return document.items
    kind = text_at(document, "kind")
    items = find(document, "items")
    return items.items if kind.endswith("List") and isinstance(items, Sequence) else (document,)


def _read(node: Node) -> Iterator[Resource]:
    kind = text_at(node, "kind")
    if isinstance(node, Mapping) and kind:
        names = find(node, "metadata")
        made = text_at(names, "creationTimestamp")
        yield Resource(kind, text_at(names, "namespace"), text_at(names, "name"), made, node)


def find(node: Node | None, *names: str) -> Node | None:
    """The member below these names; None where one of them is missing."""
    for name in names:
        if not isinstance(node, Mapping):
            return None
        node = node.get(name)
    return node


def text_at(node: Node | None, *names: str) -> str:
    """The text below these names, empty where there is none."""
    found = find(node, *names)
    return found.text if isinstance(found, Scalar) and found.value is not None else ""


def items_at(node: Node | None, *names: str) -> tuple[Node, ...]:
    """The items of the list below these names."""
    found = find(node, *names)
    return found.items if isinstance(found, Sequence) else ()


def texts_in(node: Node | None) -> dict[str, str]:
    """The members of a mapping that are texts, as labels are."""
    if not isinstance(node, Mapping):
        return {}
    return {entry.key.text: entry.value.text for entry in node.entries if isinstance(entry.value, Scalar)}


def has_content(node: Node | None) -> bool:
    """Whether a member is there and says something."""
    if isinstance(node, Scalar):
        return node.value is not None
    return node is not None


def is_open(node: Node | None) -> bool:
    """Whether a template fills in a member, or a part of it that is directly below."""
    if isinstance(node, Mapping):
        return any(isinstance(each.value, Scalar) and each.value.is_masked for each in node.entries)
    return isinstance(node, Scalar) and node.is_masked
