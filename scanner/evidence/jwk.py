"""Our own reader of a JWK (RFC 7517 §4): libraries refuse the very keys that must be reported.

Private members are noted by name and dropped at once: the object that leaves this module cannot give their values away.
"""

from __future__ import annotations

from scanner.evidence.base64url import decode, decode_standard
from scanner.evidence.model import Jwk, Octets, Spot, Unread
from scanner.files.tree import Fault, Mapping, Node, Scalar, Sequence

# RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2; `priv` of AKP. `p`… of a kty we do not know are taken as private as well.
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
_OCTETS = frozenset({"n", "e", "x", "y", "pub", "x5t", "x5t#S256"})
_MOST_CERTIFICATES = 10


def read_jwk(entry: Mapping, index: int, *, is_published: bool, spot: Spot | None = None) -> Jwk:
    """One entry of a set. `spot` stands for every position where the key came out of a string."""
    texts: dict[str, str] = {}
    octets: dict[str, Octets | Unread] = {}
    spots: dict[str, Spot] = {}
    private: list[str] = []
    empty: list[str] = []
    faults: list[Fault] = []
    key_ops: tuple[str, ...] | None = None
    certificates: tuple[Octets | Unread, ...] | Unread | None = None
    for member in entry.entries:
        name, value = member.key.text, member.value
        if name in spots:
            place = spot or Spot(member.key.line, member.key.column)
            faults.append(Fault("duplicate-member", "a member stands twice", place.line, place.column))
        spots[name] = spot or Spot(member.key.line, member.key.column)
        if name in PRIVATE:
            (empty if _is_empty(value) else private).append(name)
        elif name in _OCTETS:
            octets[name] = decode(value.text) if isinstance(value, Scalar) and _is_text(value) else Unread("it is not a string")
        elif name == "key_ops":
            key_ops = _texts(value)
        elif name == "x5c":
            certificates = _certificates(value)
        elif isinstance(value, Scalar) and _is_text(value):
            texts[name] = value.text
    return Jwk(
        index=index,
        spot=spot or Spot(entry.line, entry.column),
        members=tuple(spots),
        texts=texts,
        octets=octets,
        private=tuple(dict.fromkeys(private)),
        empty_private=tuple(dict.fromkeys(empty)),
        key_ops=key_ops,
        certificates=certificates,
        faults=tuple(faults),
        spots=spots,
        is_published=is_published,
    )


def _is_text(value: Node) -> bool:
    return isinstance(value, Scalar) and isinstance(value.value, str)


def _is_empty(value: Node) -> bool:
    """`""`, null, `[]` and `{}` come from serialisers and hold nothing."""
    if isinstance(value, Scalar):
        return value.value is None or value.text.strip() == ""
    return not (value.items if isinstance(value, Sequence) else value.entries)


def _texts(value: Node) -> tuple[str, ...] | None:
    if not isinstance(value, Sequence):
        return None
    return tuple(item.text for item in value.items if isinstance(item, Scalar))


def _certificates(value: Node) -> tuple[Octets | Unread, ...] | Unread:
    if not isinstance(value, Sequence):
        return Unread("x5c is not an array")
    return tuple(
        decode_standard(item.text) if isinstance(item, Scalar) and _is_text(item) else Unread("it is not a string")
        for item in value.items[:_MOST_CERTIFICATES]
    )
