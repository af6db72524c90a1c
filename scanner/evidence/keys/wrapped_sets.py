"""Keys in another shell than a JWK Set: below a member (`{"data": {"keys": […]}}`), in a map from kid to JWK, in the
registration of a client (RFC 7591 §2), in a DID document (DID Core §5.2), in a string of a ConfigMap.

No consumer of a JWK Set finds them there; whatever reads that shell does, so they are judged like all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.evidence.model import Spot
from scanner.files.limits import MOST_KEYS
from scanner.files.read import read
from scanner.files.tree import Mapping, Node, Scalar, Sequence, Unparsed
from scanner.record import record

_DEEPEST = 12
_MOST_NODES = 20_000
_MOST_TEXTS = 100
# a single JWK under a name of its own; the same name in test vectors is in no such list
_METHODS = frozenset({"verificationmethod", "assertionmethod", "authentication", "keyagreement"})


@record
class WrappedKey:
    """The JWK, and its place where it stands in a string."""

    entry: Mapping
    spot: Spot | None


def find_wrapped_keys(node: Node, is_jwk: Callable[[Node], bool]) -> list[WrappedKey]:
    """The JWKs in a document, in its order, up to MOST_KEYS. The document itself is none, nor a JWK Set."""
    search = _Search(is_jwk)
    return list(search.find(node, None))


class _Search:
    def __init__(self, is_jwk: Callable[[Node], bool]) -> None:
        self._is_jwk = is_jwk
        self._nodes = 0
        self._texts = 0
        self._keys = 0

    def find(self, top: Node, spot: Spot | None) -> Iterator[WrappedKey]:
        waiting: list[tuple[Node, str, int]] = [(top, "", 0)]
        while waiting and self._nodes < _MOST_NODES and self._keys < MOST_KEYS:
            node, name, depth = waiting.pop()
            self._nodes += 1
            found = self._keys_of(node, name)
            if found:
                self._keys += len(found)
                yield from (WrappedKey(each, spot) for each in found)
            elif isinstance(node, Scalar):
                yield from self._find_in_text(node, spot)
            elif depth < _DEEPEST:
                waiting += ((child, below, depth + 1) for child, below in reversed(_list_children(node, name)))

    def _keys_of(self, node: Node, name: str) -> list[Mapping]:
        """The JWKs of a list or map of nothing else, or of an entry of a DID document."""
        if isinstance(node, Scalar):
            return []
        items = node.items if isinstance(node, Sequence) else tuple(entry.value for entry in node.entries)
        if items and all(map(self._is_jwk, items)):
            return [item for item in items if isinstance(item, Mapping)]
        if isinstance(node, Mapping) and name in _METHODS:
            public = node.get("publicKeyJwk")
            return [public] if isinstance(public, Mapping) and self._is_jwk(public) else []
        return []

    def _find_in_text(self, node: Scalar, spot: Spot | None) -> Iterator[WrappedKey]:
        """The keys of a JSON text in a string; of a text in such a text nothing is read."""
        text = node.text
        if spot is not None or '"kty"' not in text or not text.lstrip().startswith(("{", "[")) or self._texts == _MOST_TEXTS:
            return
        self._texts += 1
        parsed = read(text.encode("utf-8", "surrogatepass"), "json")
        if isinstance(parsed, Unparsed):
            return
        inside, at = parsed.documents[0], Spot(node.line, node.column)
        if isinstance(inside, Mapping) and self._is_jwk(inside):
            self._keys += 1
            yield WrappedKey(inside, at)
        else:
            yield from self.find(inside, at)


def _list_children(node: Mapping | Sequence, name: str) -> list[tuple[Node, str]]:
    """What a node holds, with the name under which it stands; the items of a list have the name of the list."""
    if isinstance(node, Sequence):
        return [(item, name) for item in node.items]
    return [(entry.value, entry.key.text.lower()) for entry in node.entries]
