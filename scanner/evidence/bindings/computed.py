"""Names and values that are computed: by a template's action, a variable, an expression.

A key or a `kind` that an expression gives has not the text that a platform's file asks for. `settle` fills in what the file and
the files beside it tell; what stays open is for `open_identities`.
"""

from __future__ import annotations

from scanner.evidence.bindings.values.placeholders import Lookup, fill
from scanner.files.tree import Entry, Mapping, Node, Parsed, Scalar, Sequence, list_nodes
from scanner.patterns import lazy_pattern
from scanner.record import changed

# an expression within a text; of what is longer nobody asks
_EXPRESSION = lazy_pattern(
    r"\{\{(?:[^{}]|\}(?!\})){0,400}+\}\}|\{%[^%{}]{0,400}+%\}|[$#%]\{[^{}]{0,400}+\}|\$\([^()]{0,200}+\)|<%[^%<>]{0,200}+%>"
    r"|@[A-Za-z_][\w.-]{0,80}+@|\$[A-Z_][A-Z0-9_]{0,80}+(?![\w])|__[A-Za-z]\w{0,80}?__"
)
_LONGEST = 1000
# of one name; a loop in a template gives one name once
_MOST_BRANCHES = 4


def settle(parsed: Parsed, lookup: Lookup) -> Parsed:
    """The trees with every computed key replaced, and with the `value` of every computed scalar, as far as that is known."""
    done: dict[int, tuple[Node, Node]] = {}
    documents = tuple(_settle_node(node, lookup, done) for node in parsed.documents)
    return parsed if all(map(_is_same, documents, parsed.documents)) else changed(parsed, documents=documents)


def list_branches(parsed: Parsed) -> list[Parsed] | None:
    """Of a template whose branches give one name several times, the other choices: a reader takes the last one, the platform
    the one that a condition leaves. Empty where no name is repeated, None where there are too many branches.
    """
    most = max(map(_count_repeats, parsed.documents), default=1) if parsed.is_masked else 1
    if most > _MOST_BRANCHES:
        return None
    return [
        changed(parsed, documents=tuple(_choose(node, number, {}) for node in parsed.documents)) for number in range(most - 1)
    ]


def _count_repeats(node: Node) -> int:
    """The most times that a mapping has one name."""
    most = 1
    for each in list_nodes(node):
        names = each.names() if isinstance(each, Mapping) else ()
        if len(set(names)) < len(names):
            most = max(most, *(names.count(name) for name in set(names)))
    return most


def _choose(node: Node, number: int, done: dict[int, Node]) -> Node:
    """The node with the branch of that number of each repeated name; the last one where there are fewer."""
    if isinstance(node, Scalar):
        return node
    if id(node) not in done:
        if isinstance(node, Sequence):
            items = tuple(_choose(item, number, done) for item in node.items)
            done[id(node)] = node if all(map(_is_same, items, node.items)) else changed(node, items=items)
        else:
            by_name: dict[str, list[Entry]] = {}
            for entry in node.entries:
                value = _choose(entry.value, number, done)
                by_name.setdefault(entry.key.text, []).append(entry if value is entry.value else Entry(entry.key, value))
            entries = tuple(each[min(number, len(each) - 1)] for each in by_name.values())
            is_same = len(entries) == len(node.entries) and all(map(_is_same_entry, entries, node.entries))
            done[id(node)] = node if is_same else changed(node, entries=entries)
    return done[id(node)]


def _is_same_entry(one: Entry, other: Entry) -> bool:
    return one is other


def texts_in(parsed: Parsed) -> bytes:
    """Every key and value of the trees as they are settled, in lower case, for recognition."""
    found: list[str] = []
    for node in list_nodes(*parsed.documents):
        if isinstance(node, Scalar):
            found.append(node.value if isinstance(node.value, str) else node.text)
        elif isinstance(node, Mapping):
            found += node.names()
    return "\n".join(found).lower().encode("utf-8", "surrogatepass")


def split_expressions(text: str) -> list[str] | None:
    """The parts of a text around the expressions in it; None where it has none."""
    if len(text) > _LONGEST:
        return None
    parts = _EXPRESSION.split(text)
    return parts if len(parts) > 1 else None


def open_parts(scalar: Scalar) -> list[str] | None:
    """The known parts of a key or value around what nobody knows; None where all of it is known."""
    if scalar.is_expression:
        return ["", ""] if scalar.value is scalar.text or scalar.value == scalar.text else None
    return split_expressions(scalar.value if isinstance(scalar.value, str) else scalar.text)


def _is_same(one: Node, other: Node) -> bool:
    return one is other


def _settle_node(node: Node, lookup: Lookup, done: dict[int, tuple[Node, Node]]) -> Node:
    """The node, or the same one where nothing in it is computed. Shared nodes stay shared."""
    if id(node) in done:
        return done[id(node)][1]
    made: Node
    if isinstance(node, Scalar):
        made = _settle_value(node, lookup)
    elif isinstance(node, Sequence):
        items = tuple(_settle_node(item, lookup, done) for item in node.items)
        made = node if all(map(_is_same, items, node.items)) else changed(node, items=items)
    else:
        entries = tuple(_settle_entry(entry, lookup, done) for entry in node.entries)
        is_same = all(one is other for one, other in zip(entries, node.entries, strict=True))
        made = node if is_same else Mapping(entries, node.line, node.column, node.end_line)
    done[id(node)] = node, made
    return made


def _settle_entry(entry: Entry, lookup: Lookup, done: dict[int, tuple[Node, Node]]) -> Entry:
    key = _settle_key(entry.key, lookup)
    value = _settle_node(entry.value, lookup, done)
    return entry if key is entry.key and value is entry.value else Entry(key, value)


def _settle_key(key: Scalar, lookup: Lookup) -> Scalar:
    known = _find_known(key, lookup)
    return key if known is None else changed(key, text=known, value=known, is_expression=False)


def _settle_value(node: Scalar, lookup: Lookup) -> Scalar:
    known = _find_known(node, lookup)
    return node if known is None else changed(node, value=known)


def _find_known(scalar: Scalar, lookup: Lookup) -> str | None:
    """The text that a computed scalar has; None where it is not computed, or a part stays open."""
    if scalar.is_expression:
        found = lookup(scalar.text) if scalar.value == scalar.text else None
        return found if found and split_expressions(found) is None else None
    if not isinstance(scalar.value, str) or split_expressions(scalar.value) is None:
        return None
    filled = fill(scalar.value, lookup)
    return filled if filled != scalar.value and split_expressions(filled) is None else None
