"""Redacts private members in JSON: every member that our own reader finds, even if it is repeated, escaped or nested."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from scanner.files.json_reader import COMMENT, STRING, read_json
from scanner.files.tree import Fault, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.redaction.body_text import RedactNested
from scanner.redaction.signs import PRIVATE_NAMES, is_secret_name, might_hold_private
from scanner.redaction.text import may_hold_private

_LIKE_A_KEY = lazy_pattern(r"[A-Za-z0-9+/=_-]{16,}")
_LETTER = lazy_pattern(r"[A-Za-z0-9+=_-]")  # not `/`, which could end a comment
_LONGEST_NAME = 40


class JsonRedactor:
    """Redacts one JSON text. `values` collects the private values that it finds, `removed` their places."""

    def __init__(self, text: str, removed: list[str], values: set[str], redact_nested: RedactNested) -> None:
        self.text = text
        self.removed = removed
        self.values = values
        self.redact_nested = redact_nested
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.edits: list[tuple[int, int, str]] = []

    def redact(self, where: str, *, is_whole: bool = True) -> str:
        """Redact the text; its length stays the same. Without `is_whole`: only the value at the beginning. Refused if the text
        is not JSON.
        """
        node, faults = read_json(self.text)
        self.walk(node, where, is_key=isinstance(node, Sequence))
        end = len(self.text)
        for start, after in self.find_unread(faults):
            if after == len(self.text) and not is_whole:
                end = start
            else:
                self.mask_unread(start, after, where)
        return self.apply_edits(end)

    def apply_edits(self, end: int) -> str:
        """The text up to `end`, with all replacements."""
        parts, at = [], 0
        for start, after, new in sorted(self.edits):
            parts += [self.text[at:start], new]
            at = after
        return "".join([*parts, self.text[at:end]])

    def offset(self, line: int, column: int) -> int:
        """The offset of a position in the text."""
        return self.starts[line - 1] + column - 1

    def walk(self, node: Node, where: str, *, is_key: bool) -> None:
        """Redact everything below a node. `is_key`: a JWK is expected, so its private members count even without `kty`."""
        if isinstance(node, Scalar):
            self.redact_string(node, where)
        elif isinstance(node, Sequence) and _is_private_pair(node.items):
            self.mask(node.items[1], f"{where}[1]")
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                self.walk(item, f"{where}[{index}]", is_key=is_key)
        else:
            is_key = is_key or any(name.lower() == "kty" for name in node.names())
            for entry in node.entries:
                name = entry.key.text
                self.redact_string(entry.key, f"a name in {where}" if where else "a name")
                self.redact_member(name, entry.value, _join_place(where, name), is_key=is_key)

    def redact_member(self, name: str, value: Node, where: str, *, is_key: bool) -> None:
        """Redact one member: completely if its name is private, else like any value."""
        is_private = name.lower() in PRIVATE_NAMES and (is_key or _is_like_a_key(value))
        if is_private or (is_secret_name(name) and isinstance(value, Scalar) and value.is_quoted):
            self.mask(value, where)
        else:
            self.walk(value, where, is_key=name == "keys")

    def mask(self, node: Node, where: str) -> None:
        """Mask a private value: only its length remains. An empty value stays."""
        before = len(self.edits)
        for scalar in _list_scalars(node):
            start, end = self.span(scalar)
            if scalar.is_quoted and scalar.text.strip():
                self.edits.append((start + 1, end - 1, "*" * (end - start - 2)))
                self.values.add(scalar.text)
            elif not scalar.is_quoted and any(letter.isdigit() for letter in scalar.text):  # not `true`, not `NaN`
                self.edits.append((start, end, "1" * (end - start)))
                self.values.add(scalar.text)
        if len(self.edits) > before:
            self.removed.append(where)

    def redact_string(self, scalar: Scalar, where: str) -> None:
        """Redact a private key in another form inside a string."""
        is_suspect = might_hold_private(scalar.text.encode("utf-8", "surrogatepass")) or may_hold_private(scalar.text)
        if not scalar.is_quoted or not is_suspect:
            return
        redacted = self.redact_nested(scalar.text, where.removesuffix(": "))
        if redacted != scalar.text:
            start, end = self.span(scalar)
            self.edits.append((start + 1, end - 1, _encode_string(redacted, end - start - 2)))

    def span(self, scalar: Scalar) -> tuple[int, int]:
        """Start and end of a scalar in the text, including its quotes."""
        start = self.offset(scalar.line, scalar.column)
        found = STRING.match(self.text, start) if scalar.is_quoted else None
        return start, found.end() if found else start + len(scalar.text)

    def find_unread(self, faults: tuple[Fault, ...]) -> Iterator[tuple[int, int]]:
        """The parts that our reader ignores and others may read: comments, and data after the value."""
        for fault in faults:
            start = self.offset(fault.line or 1, fault.column or 1)
            if fault.kind == "comment" and (comment := COMMENT.match(self.text, start)):
                yield comment.span()
            elif fault.kind == "trailing-content":
                yield start, len(self.text)

    def mask_unread(self, start: int, end: int, where: str) -> None:
        """Mask a part that is not a value, if it may contain something private."""
        written = self.text[start:end]
        if might_hold_private(written.encode("utf-8", "surrogatepass")):
            self.edits.append((start, end, _LETTER.sub("x", written)))
            self.removed.append(_join_place(where, "what is not part of the JSON"))


def _join_place(where: str, name: str) -> str:
    shown = name if len(name) <= _LONGEST_NAME and name.isprintable() else "a member"
    return f"{where}.{shown}" if where and not where.endswith(": ") else f"{where}{shown}"


def _list_scalars(node: Node) -> Iterator[Scalar]:
    """Every value below a node, and the names: nothing in `oth` is public."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Scalar):
            yield here
        elif isinstance(here, Sequence):
            waiting += here.items
        else:
            waiting += [entry.value for entry in here.entries]
            waiting += [entry.key for entry in here.entries if len(entry.key.text) > 1]  # not `r`, `d` and `t`


def _is_private_pair(items: tuple[Node, ...]) -> bool:
    """`["d", "…"]`: some languages write a map as pairs."""
    if len(items) != 2 or not isinstance(items[0], Scalar):
        return False
    return items[0].text.lower() in PRIVATE_NAMES and _is_like_a_key(items[1])


def _is_like_a_key(node: Node) -> bool:
    """Whether a value looks like key material. Needed outside of JWKs, where `p` and `k` are ordinary names."""
    return isinstance(node, Scalar) and node.is_quoted and _LIKE_A_KEY.fullmatch(node.text.strip()) is not None


def _encode_string(text: str, size: int) -> str:
    """The text as the content of a JSON string, `size` characters long. Half of a surrogate pair is replaced."""
    whole = text.encode("utf-8", "replace").decode()
    return json.dumps(whole, ensure_ascii=False)[1:-1].ljust(size)
