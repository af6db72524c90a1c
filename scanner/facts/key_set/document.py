"""Facts about a JWK Set as bytes: what a strict reader refuses and a lenient one hides."""

from __future__ import annotations

from scanner.evidence.model import JwkSet
from scanner.facts.fact import Fact, fact
from scanner.facts.key.members import shorten_names

_NOT_JSON = {
    "trailing-content": "text after the value",
    "comment": "a comment",
    "trailing-comma": "a comma before a closing bracket",
    "lone-surrogate": "half of a character",
}


@fact("key_set.non_json_kinds", spec="RFC 8259 §2, §8.2")
def non_json_kinds(key_set: JwkSet) -> list[str]:
    """Why a strict reader refuses the document as JSON, by the kind of fault: trailing-content, comment, trailing-comma,
    lone-surrogate.
    """
    return [kind for kind in _NOT_JSON if any(fault.kind == kind for fault in key_set.faults)]


@fact("key_set.non_json_parts", spec="RFC 8259 §2, §8.2")
def non_json_parts(key_set: JwkSet) -> list[str]:
    """The same faults, in words for a message."""
    return [words for kind, words in _NOT_JSON.items() if any(fault.kind == kind for fault in key_set.faults)]


@fact("key_set.has_byte_order_mark", spec="RFC 8259 §8.1")
def has_byte_order_mark(key_set: JwkSet) -> bool:
    """Whether the file begins with a byte order mark, or is not UTF-8, but UTF-16 or UTF-32."""
    return any(fault.kind == "byte-order-mark" for fault in key_set.faults)


@fact("key_set.has_not_a_number", spec="RFC 8259 §6")
def has_not_a_number(key_set: JwkSet) -> bool:
    """Whether the document contains `NaN` or `Infinity`."""
    return any(fault.kind == "not-a-number" for fault in key_set.faults)


@fact("key_set.has_imprecise_number", spec="RFC 7493 §2.2")
def has_imprecise_number(key_set: JwkSet) -> bool:
    """Whether the document contains an integer beyond 2^53, which JavaScript rounds, or a number beyond every double."""
    return key_set.document.imprecise is not None


@fact("key_set.repeated_members", spec="RFC 7517 §5; RFC 8259 §4")
def repeated_members(key_set: JwkSet) -> list[str]:
    """The top-level members that occur more than once."""
    return shorten_names(key_set.document.repeated)


@fact("key_set.extra_members", spec="RFC 7517 §5")
def extra_members(key_set: JwkSet) -> list[str]:
    """The top-level members besides `keys` that no standard defines for this kind of document."""
    known = {"keys"}
    if key_set.form == "spiffe-bundle":
        known |= {"spiffe_sequence", "spiffe_refresh_hint"}
    if any(key.is_historical for key in key_set.keys):
        known |= {"iss", "iat"}
    return shorten_names(name for name in key_set.document.members if name not in known)


@fact("key_set.depth", spec="RFC 8259 §9")
def depth(key_set: JwkSet) -> int:
    """The nesting depth of objects and arrays."""
    return key_set.document.depth


@fact("key_set.octets")
def octets(key_set: JwkSet) -> int:
    """The size of the document in bytes."""
    return key_set.document.size


FACTS: tuple[Fact, ...] = (
    non_json_kinds,
    non_json_parts,
    has_byte_order_mark,
    has_not_a_number,
    has_imprecise_number,
    repeated_members,
    extra_members,
    depth,
    octets,
)
