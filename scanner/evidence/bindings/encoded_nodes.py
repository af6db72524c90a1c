"""Documents that Terraform writes as expressions: manifests of Kubernetes, values of charts, files that `yamlencode` and
`jsonencode` make.

Each is read like the file that it becomes, so the reads of every platform for YAML serve it. Its places are those of the
expression.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.paths.walk import Trail
from scanner.files.formats import formats_of
from scanner.files.tree import Mapping, Node, Parsed, Scalar, Sequence
from scanner.record import record

# one of these is in each file with such a document
_WORDS = ("apiVersion", "helm_release", ".yaml", ".yml", ".json")
_NOTHING_ABOVE = Scalar("", "", 1, 1, 1)


@record
class EncodedNode:
    """A node that becomes a document of its own: its name, the key under which it stands, the document in a format that the
    file will have, and the path to the mapping around it.
    """

    name: str
    key: Scalar
    parsed: Parsed
    around: Trail | None


def list_encoded_nodes(outer: Parsed) -> Iterator[EncodedNode]:
    """The documents of a module's file that are expressions in it, in order; of what they contain none is another one."""
    if not any(word in outer.text for word in _WORDS):
        return
    seen: set[int] = set()
    waiting: list[tuple[Node, Scalar, Trail | None, bool]] = [
        (node, _NOTHING_ABOVE, None, False) for node in reversed(outer.documents)
    ]
    while waiting:
        node, key, above, is_chart = waiting.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        name = _name_document(node, key.text, is_chart=is_chart)
        if name is not None:
            around = above if above is not None and isinstance(above.node, Mapping) else None
            yield EncodedNode(name, key, Parsed("yaml", (node,), is_masked=outer.is_masked), around)
            continue
        trail = Trail(node, key, above)
        if isinstance(node, Sequence):
            waiting += [(item, key, trail, is_chart) for item in reversed(node.items)]
        else:
            is_release = key.text == "helm_release" or is_chart
            waiting += [(entry.value, entry.key, trail, is_release) for entry in reversed(node.entries)]


def _name_document(node: Mapping | Sequence, key: str, *, is_chart: bool) -> str | None:
    """The name of the document that the node is; None where it is none."""
    if isinstance(node, Mapping) and all(isinstance(node.get(each), Scalar) for each in ("apiVersion", "kind")):
        return key
    if isinstance(node, Mapping) and is_chart and key == "values":
        return "values.yaml"
    return key if "." in key and formats_of(key, b"")[:1] in (("yaml",), ("json",)) else None
