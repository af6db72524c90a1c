"""YAML with positions: libyaml composes, and the YAML 1.2 core schema here resolves the scalars.

PyYAML's resolver is YAML 1.1 (`on` is a boolean, `1:30` a number), and its loader silently keeps the last of repeated keys;
nodes keep both.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from itertools import pairwise

from scanner.files.limits import DEEPEST, MOST_LENGTH, MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence, Unmask, Value
from scanner.patterns import deferred, lazy_pattern

# a pattern of all printable characters is for PyYAML's own reader; libyaml's takes its place
with deferred():
    import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NUMBER = lazy_pattern(
    r"(?P<int>[-+]?[0-9]+)|(?P<oct>0o[0-7]+)|(?P<hex>0x[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)|(?P<inf>[-+]?\.(?:inf|Inf|INF))|(?P<nan>\.(?:nan|NaN|NAN))"
)
# more digits than any number in configuration; int() itself refuses beyond 4300
_MOST_DIGITS = 100
_DOCUMENT_START = lazy_pattern(r"^---(?:\s|$)", re.MULTILINE)
_LATER_MARK = lazy_pattern("\n\ufeff")
_BRACKET = lazy_pattern(r"[\[\]{}]")
# a line with a member or an item: it is no comment
_VALUE_LINE = lazy_pattern(r"^[ ]*+(?:-\s|[^\s#][^:\n]*+:)", re.MULTILINE)
_BINARY = "tag:yaml.org,2002:binary"


def read_yaml(text: str, unmask: Unmask | None = None) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """Every document of a stream. A broken one becomes a fault and does not hide the others; Refused where none can be read."""
    if "\ufeff" in text:
        # a byte order mark may begin every document (YAML 1.2 §5.2); libyaml reads only the first. Nothing moves
        text = _LATER_MARK.sub(" \n", text)
    _refuse_deep_flow(text)
    if text.count("\n") > MOST_NODES:
        _refuse_many_values(text)
    try:
        return _read_documents(text, 0, 0, unmask)
    except (yaml.YAMLError, ValueError) as error:
        parts = list(split_documents(text))
        if len(parts) < 2:
            raise _make_refusal(error) from None
    nodes: list[Node] = []
    faults: list[Fault] = []
    last: Refused | None = None
    for offset, line, part in parts:
        try:
            read, found = _read_documents(part, offset, line, unmask)
        except (yaml.YAMLError, ValueError) as error:
            last = _make_refusal(error, line)
            end = line + part.count("\n") + 1
            faults.append(Fault("unparsed-document", last.because, last.line or line + 1, last.column or 1, line + 1, end))
        else:
            nodes += read
            faults += found
    if not nodes and last is not None:
        raise last
    return tuple(nodes), tuple(faults)


def _make_refusal(error: Exception, line: int = 0) -> Refused:
    """The parser's own words about the grammar; they quote no value."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it is not YAML"
    if mark is None:
        return Refused(f"not YAML: {problem if isinstance(error, yaml.MarkedYAMLError) else 'unreadable characters'}")
    return Refused(f"not YAML: {problem}", mark.line + line + 1, mark.column + 1)


def split_documents(text: str) -> Iterator[tuple[int, int, str]]:
    """(offset, lines before, text) of each document, cut at `---` lines, whatever they mean where they stand."""
    starts = [found.start() for found in _DOCUMENT_START.finditer(text)]
    edges = sorted({0, *starts, len(text)})
    lines = 0
    for start, end in pairwise(edges):
        part = text[start:end]
        yield start, lines, part
        lines += part.count("\n")


def _refuse_deep_flow(text: str) -> None:
    """Refuse deep flow collections, whose nodes are composed by recursion: where brackets nest so deep that are no text."""
    if not _nests_deep(_BRACKET.finditer(text)):
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > 8 * DEEPEST:
                raise Refused("it nests too deep", event.start_mark.line + 1 if event.start_mark else None)
    except (yaml.YAMLError, ValueError):
        return  # composing tells where


def _nests_deep(brackets: Iterator[re.Match[str]]) -> bool:
    depth = 0
    for found in brackets:
        depth = max(depth + (1 if found[0] in "[{" else -1), 0)
        if depth > 8 * DEEPEST:
            return True
    return False


def _refuse_many_values(text: str) -> None:
    """Refuse a text with too many lines that may hold values, before composing, which would take seconds. Comments, blank lines
    and lines of prose cost little.
    """
    if sum(1 for _ in _VALUE_LINE.finditer(text)) > MOST_NODES:
        raise Refused("it has too many lines")


def _read_documents(text: str, offset: int, lines: int, unmask: Unmask | None) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    tree = _Tree(offset, lines, unmask)
    was_on = gc.isenabled()
    gc.disable()  # composing makes no garbage; collecting meanwhile costs 4 × the time
    try:
        nodes = [node for node in yaml.compose_all(text, Loader=_Loader) if node is not None]
        return tuple(tree.document(node) for node in nodes), tuple(tree.faults)
    except RecursionError:
        raise Refused("it nests too deep") from None
    finally:
        if was_on:
            gc.enable()


class _Tree:
    """Converts PyYAML's nodes. Shared nodes (aliases) stay shared; their expansion is counted, in values and in characters."""

    def __init__(self, offset: int, lines: int, unmask: Unmask | None) -> None:
        self.offset = offset
        self.lines = lines
        self.unmask = unmask
        self.faults: list[Fault] = []
        self.done: dict[int, tuple[Node, int, int]] = {}
        self.open: set[int] = set()
        self.size = 0
        self.length = 0
        self.root: yaml.Node | None = None
        self.drops_tags: bool | None = None

    def document(self, node: yaml.Node) -> Node:
        """The tree of one document."""
        self.root, self.drops_tags = node, None
        return self.node(node, 0)

    def node(self, node: yaml.Node, depth: int) -> Node:
        if id(node) in self.done:
            made, size, length = self.done[id(node)]
            self.length += length
            self.count(size, node)
            return made
        line = node.start_mark.line + self.lines + 1
        if depth > DEEPEST:
            return self.leave_out(node)
        if id(node) in self.open:
            raise Refused("an alias contains itself", line)
        before, length_before = self.size, self.length
        self.count(1, node)
        self.open.add(id(node))
        made = self.scalar(node) if isinstance(node, yaml.ScalarNode) else self.collection(node, depth)
        self.open.discard(id(node))
        self.done[id(node)] = made, self.size - before, self.length - length_before
        return made

    def leave_out(self, node: yaml.Node) -> Node:
        """What is nested too deep is not read, and told; the rest of the document is."""
        line, column, end = node.start_mark.line + self.lines + 1, node.start_mark.column + 1, self.end(node)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        self.faults.append(Fault("unparsed-document", "it nests too deep", line, column, line, end))
        return Scalar("", None, line, column, end)

    def count(self, size: int, node: yaml.Node) -> None:
        self.size += size
        if self.size > MOST_NODES:
            raise Refused("it has too many values", node.start_mark.line + self.lines + 1)
        if self.length > MOST_LENGTH:
            raise Refused("its aliases repeat too much text", node.start_mark.line + self.lines + 1)

    def collection(self, node: yaml.Node, depth: int) -> Node:
        line, column = node.start_mark.line + self.lines + 1, node.start_mark.column + 1
        if isinstance(node, yaml.SequenceNode):
            items = tuple(self.node(item, depth + 1) for item in node.value)
            return Sequence(items, line, column, max((item.end_line for item in items), default=self.end(node)))
        entries = tuple(self.entries(node, depth))
        return Mapping(entries, line, column, max((entry.value.end_line for entry in entries), default=self.end(node)))

    def entries(self, node: yaml.Node, depth: int) -> Iterator[Entry]:
        seen: set[str] = set()
        merged: list[Entry] = []
        for key_node, value_node in node.value:
            value = self.node(value_node, depth + 1)
            key = self.key(key_node)
            # go-yaml merges also where the key is quoted
            if key.text == "<<" and not isinstance(value, Scalar):
                merged += _merge_members(value)
                continue
            # a template's two branches may both be there
            if key.text in seen and self.unmask is None:
                name = key.text if key.text.isprintable() and len(key.text) < 80 else "a member"
                self.faults.append(Fault("duplicate-member", f"`{name}` stands twice", key.line, key.column))
            seen.add(key.text)
            yield Entry(key, value)
        yield from (entry for entry in merged if entry.key.text not in seen)

    def key(self, node: yaml.Node) -> Scalar:
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, is_key=True)
        line = node.start_mark.line + self.lines + 1
        return Scalar("", None, line, node.start_mark.column + 1, line)

    def scalar(self, node: yaml.ScalarNode, *, is_key: bool = False) -> Scalar:
        start, end = node.start_mark, node.end_mark
        line = start.line + self.lines + 1
        is_quoted = bool(node.style)  # the C loader gives '' for a plain scalar, the pure one None
        text = str(node.value)
        self.length += len(text)
        written = self.unmask(start.index + self.offset, end.index + self.offset) if self.unmask else None
        is_tagged = False
        if written is not None:
            text = _read_block(written, text) if node.style in ("|", ">") else written.strip().strip("\"'")
        elif node.tag == _BINARY:
            text, is_quoted = _decode_binary(text), True
        elif (is_tagged := str(node.tag).startswith("!")) and not (is_key or self.has_no_functions()):
            text = f"{node.tag} {text}".rstrip()
        value = text if is_quoted or written is not None or is_tagged else resolve(text)
        # a block scalar's end mark stands at the start of the next line
        end_line = end.line + self.lines + (1 if end.column or end.line == start.line else 0)
        return Scalar(text, value, line, start.column + 1, end_line, is_quoted, written is not None)

    def has_no_functions(self) -> bool:
        """Whether the document is Kubernetes': there a tag of one's own says nothing. Elsewhere it is a function (`!Ref`)."""
        if self.drops_tags is None:
            members = self.root.value if isinstance(self.root, yaml.MappingNode) else ()
            names = {_decode_binary(key.value) if key.tag == _BINARY else key.value for key, _ in members if _is_scalar(key)}
            self.drops_tags = {"apiVersion", "kind"} <= names
        return self.drops_tags

    def end(self, node: yaml.Node) -> int:
        mark = node.end_mark
        return int(mark.line + self.lines + (1 if mark.column or mark.line == node.start_mark.line else 0))


def _is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _decode_binary(text: str) -> str:
    """The text that base64 means; as written where it is none."""
    import base64  # few files have such values
    import binascii

    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _read_block(written: str, text: str) -> str:
    """A block scalar as written, without its header and its indentation; `text` is the composer's result."""
    lines = written.split("\n")[1:]
    # a line that no mask changed shows the indentation
    both = ((line, kept) for line, kept in zip(lines, text.split("\n"), strict=False) if kept.strip())
    same = next(((line, kept) for line, kept in both if line.strip() == kept.strip()), None)
    line, kept = same or next(((line, line.lstrip(" ")) for line in lines if line.strip()), ("", ""))
    indent = len(line.rstrip()) - len(kept.rstrip())
    return "\n".join(line[indent:] if not line[:indent].strip() else line.lstrip() for line in lines)


def _merge_members(value: Node) -> list[Entry]:
    """The members from a merge key; of several mappings the first wins."""
    sources = value.items if isinstance(value, Sequence) else (value,)
    found: dict[str, Entry] = {}
    for source in sources:
        if isinstance(source, Mapping):
            for entry in source.entries:
                found.setdefault(entry.key.text, entry)
    return list(found.values())


def resolve(text: str) -> Value:
    """A plain scalar's value under the YAML 1.2 core schema (§10.3.2)."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in "-+.0123456789":
        return text
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > _MOST_DIGITS:
        return text
    if found["int"]:
        return int(text)
    if found["oct"] or found["hex"]:
        return int(text, 0)
    return float(text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf").lower().replace(".nan", "nan"))
