"""Recognising Provider Configuration (OpenID Connect Discovery §3), authorization server metadata (RFC 8414 §2), protected
resource metadata (RFC 9728 §2) and a federation entity's statement (OpenID Federation §3).
"""

from __future__ import annotations

from scanner.evidence.issuers.members import find_kind
from scanner.evidence.keys.jwk import PRIVATE
from scanner.evidence.model import IssuerMetadata, MetadataKind, Spot
from scanner.files.tree import Fault, Mapping, Node, Scalar, Sequence


def read_metadata(
    node: Node, *, faults: tuple[Fault, ...] = (), path: str = "", kind: MetadataKind | None = None
) -> IssuerMetadata | None:
    """The metadata that `node` is, or None: by its registered members, or by its well-known name and one of them. `kind`: the
    known kind of an object, whatever its members.
    """
    if not isinstance(node, Mapping) or not all(isinstance(entry.key.value, str) for entry in node.entries):
        return None
    kind = kind or find_kind(set(node.names()), path)
    if kind is None:
        return None
    members: dict[str, object] = {}
    spots: dict[str, Spot] = {}
    for entry in node.entries:
        members[entry.key.text] = _drop_private(entry.value)
        spots[entry.key.text] = Spot(entry.value.line, entry.value.column)
    return IssuerMetadata(kind=kind, members=members, spot=Spot(node.line, node.column), spots=spots, faults=faults)


def _drop_private(node: Node) -> object:
    """A value as plain data, without the private members of keys in it: no reader of metadata can see these."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_drop_private(item) for item in node.items]
    is_key = "kty" in node.names()
    return {entry.key.text: _drop_private(entry.value) for entry in node.entries if not (is_key and entry.key.text in PRIVATE)}
