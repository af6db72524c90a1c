"""The roles of Vault's JWT mounts whose backend no resource of the document makes."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.paths.iam_nodes import DocumentNames, list_nodes_of
from scanner.evidence.bindings.paths.selectors import known_text
from scanner.files.tree import Mapping, Node, Scalar, Sequence

_BACKEND = "vault_jwt_auth_backend"


def vault_lone_roles(document: Node) -> Sequence:
    """The role blocks of a document that name a backend of another module, by a path, a variable, an output. A reference to a
    resource is to one of the same module; its backend tells the role.
    """
    paths = {known_text(path) for block in _list_blocks(document, _BACKEND) if isinstance(path := block.get("path"), Scalar)}
    names = DocumentNames(document)
    lone: list[Node] = []
    for role in _list_blocks(document, f"{_BACKEND}_role"):
        backend = role.get("backend")
        said = names.resolve(backend) if isinstance(backend, Scalar) else ""
        if said and f"{_BACKEND}." not in said and said not in paths:
            lone.append(role)
    return Sequence(tuple(lone), document.line, document.column, document.end_line)


def _list_blocks(document: Node, kind: str) -> Iterator[Mapping]:
    resources = document.get("resource") if isinstance(document, Mapping) else None
    blocks = resources.get(kind) if isinstance(resources, Mapping) else None
    for entry in blocks.entries if isinstance(blocks, Mapping) else ():
        yield from (each for each in list_nodes_of(entry.value) if isinstance(each, Mapping))
