"""The uniform tree: every format becomes mappings, sequences and scalars with their places.

Lines and columns are 1-based; columns count characters. A mapping keeps repeated keys in order, because a repeated member is
evidence (RFC 7517 §4); `get` gives the last one, as readers of the format do. YAML aliases share nodes, so a node has no
parent: a selector keeps its own path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from scanner.record import record

Format = Literal[
    "yaml", "json", "properties", "ini", "toml", "env", "hcl", "xml", "directives", "nginx", "erlang", "jaas", "flags",
    "bicep", "hocon", "python", "javascript", "ruby",
]  # fmt: skip
Value: TypeAlias = "str | int | float | bool | None"
# the original text of a masked span, or None where nothing was masked
Unmask: TypeAlias = Callable[[int, int], "str | None"]


@record(slots=True)
class Scalar:
    """One value: `text` as a reader of the format sees it (quotes and escapes gone), `value` as it resolves it.

    `is_masked` marks a scalar that contains a template action which was masked for parsing; its text is as written.
    `is_expression` marks one whose text is an expression of the format (Terraform's `var.x`), not the value.
    """

    text: str
    value: Value
    line: int
    column: int
    end_line: int
    is_quoted: bool = False
    is_masked: bool = False
    is_expression: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether it is an expression whose value the file does not tell."""
        return self.is_expression and self.value == self.text


@record(slots=True)
class Entry:
    """A member of a mapping. The key's position is the entry's position."""

    key: Scalar
    value: Node


@record(slots=True)
class Mapping:
    """An object, section or block. Repeated keys are kept."""

    entries: tuple[Entry, ...]
    line: int
    column: int
    end_line: int

    def get(self, name: str) -> Node | None:
        """The value of `name`; the last one where the name is repeated; None where it is absent."""
        found: Node | None = None
        for entry in self.entries:
            if entry.key.text == name:
                found = entry.value
        return found

    def entry(self, name: str) -> Entry | None:
        """The last entry called `name`, for its key's position."""
        found: Entry | None = None
        for entry in self.entries:
            if entry.key.text == name:
                found = entry
        return found

    def names(self) -> tuple[str, ...]:
        """Every key in order, repeats included."""
        return tuple(entry.key.text for entry in self.entries)


@record(slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    line: int
    column: int
    end_line: int


Node: TypeAlias = Scalar | Mapping | Sequence


# the faults of JSON; a YAML stream also has unparsed-document
FAULT_KINDS = (
    "duplicate-member", "byte-order-mark", "trailing-content", "comment", "trailing-comma", "not-a-number", "lone-surrogate",
)  # fmt: skip


@record
class Fault:
    """Something that a strict reader refuses and a lenient one hides: `kind` is a stable kebab-case word, one of FAULT_KINDS or
    unparsed-document. Of a part that was not read, `first_line` and `end_line` are its lines, both included; 0 for any other.
    """

    kind: str
    message: str
    line: int
    column: int
    first_line: int = 0
    end_line: int = 0


@record
class InlineWaiver:
    """A `jwksgov: ignore[rule-id] reason; owner=…; expires=…` comment and the lines it covers, both ends included. `members`
    are the parts `name=value` after the reason. `fault`: what is wrong with its form, in words; `is_none`: so it is no waiver.
    """

    rules: tuple[str, ...]
    reason: str
    members: dict[str, str]
    line: int
    first_line: int
    last_line: int
    fault: str = ""
    is_none: bool = False


@record
class HiddenText:
    """Text that a template's action covers and that may be a document of its own: nobody read it."""

    text: str
    line: int
    column: int


@record
class Parsed:
    """The result of a reader: one tree per document of the file (YAML may have several), and the decoded text. `hidden` is what
    masked actions of a template cover. `variants`: the names of its documents where these are
    variants of one, not parts of a file.
    """

    format: Format
    documents: tuple[Node, ...]
    faults: tuple[Fault, ...] = ()
    waivers: tuple[InlineWaiver, ...] = ()
    is_masked: bool = False
    text: str = ""
    hidden: tuple[HiddenText, ...] = ()
    variants: tuple[str, ...] = ()


@record
class Unparsed:
    """The bytes could not be read: a reason in plain words that quotes no value, and the place if known."""

    because: str
    line: int | None = None
    column: int | None = None


def list_nodes(*roots: Node) -> Iterator[Node]:
    """Every node of the trees in order, from the roots downwards; one that aliases share comes once."""
    seen: set[int] = set()
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, Sequence):
            waiting += reversed(node.items)
        else:
            waiting += [entry.value for entry in reversed(node.entries)]


def to_plain(node: Node) -> object:
    """The tree as dictionaries, lists and values, the last of repeated keys winning. For trusted files only: it expands shared
    nodes.
    """
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_plain(item) for item in node.items]
    return {entry.key.text: to_plain(entry.value) for entry in node.entries}
