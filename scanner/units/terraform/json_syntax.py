"""Terraform's JSON syntax, as CDKTF and scripts write it, in the native syntax: then one evaluator is enough for both.

Each value has a line of its own in the native text, and a table says where it stands in the JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.files.hcl_scope import Place
from scanner.files.limits import DEEPEST
from scanner.files.read import read_text
from scanner.files.tree import Mapping, Node, Parsed, Scalar, Sequence
from scanner.patterns import lazy_pattern

# how many labels a block of each type has
_LABELS = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "backend": 1, "dynamic": 1}
_PLAIN = frozenset({"locals", "terraform", "content", "cloud"})
_NAME = lazy_pattern(r"[A-Za-z_][\w-]*+")
_TYPE = lazy_pattern(r"[\w\s(){}=,\"]*+")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def as_native(text: str) -> tuple[str, tuple[Place, ...]] | None:
    """The file in the native syntax, and the place in the JSON of each of its lines; None where it is no JSON object."""
    parsed = read_text(text, "json")
    root = parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
    if not isinstance(root, Mapping):
        return None
    made = _Native()
    made.body(root, 0)
    return "\n".join(made.lines), tuple(made.places)


class _Native:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.places: list[Place] = []

    def line(self, text: str, at: Node) -> None:
        self.lines.append(text)
        self.places.append((at.line, at.column))

    def body(self, node: Mapping, depth: int) -> None:
        """The members of a block: blocks and attributes."""
        for entry in node.entries:
            name = entry.key.text
            if name in _PLAIN or (name in _LABELS and isinstance(entry.value, Mapping)):
                self.blocks(name, entry.value, (), _LABELS.get(name, 0), depth)
            elif _NAME.fullmatch(name):
                self.attribute(name, entry.value, depth)

    def blocks(self, kind: str, value: Node, labels: tuple[str, ...], left: int, depth: int) -> None:
        """A block for each way through the names that are its labels; a list has several of one name."""
        for each in value.items if isinstance(value, Sequence) else (value,):
            if not isinstance(each, Mapping) or depth > DEEPEST:
                continue
            if left:
                for entry in each.entries:
                    self.blocks(kind, entry.value, (*labels, entry.key.text), left - 1, depth + 1)
                continue
            self.line(f"{kind} {' '.join(_quote(label) for label in labels)} {{", each)
            if kind == "variable":
                self.variable(each, depth + 1)
            else:
                self.body(each, depth + 1)
            self.line("}", each)

    def variable(self, node: Mapping, depth: int) -> None:
        """A variable; its type is an expression, its default a plain value."""
        for entry in node.entries:
            type_ = entry.value.text if entry.key.text == "type" and isinstance(entry.value, Scalar) else None
            if type_ is not None and _TYPE.fullmatch(type_):
                self.line(f"type = {' '.join(type_.split())}", entry.value)
            elif entry.key.text == "default":
                self.attribute("default", entry.value, depth, is_plain=True)

    def attribute(self, name: str, value: Node, depth: int, *, is_plain: bool = False) -> None:
        self.value(f"{name} = ", value, "", depth, is_plain=is_plain)

    def value(self, before: str, node: Node, after: str, depth: int, *, is_plain: bool) -> None:
        """A value with the text before and after it."""
        if isinstance(node, Scalar):
            self.line(f"{before}{_write(node, is_plain=is_plain)}{after}", node)
        elif depth > DEEPEST:
            self.line(f"{before}null{after}", node)
        elif isinstance(node, Sequence):
            self.line(f"{before}[", node)
            for item in node.items:
                self.value("", item, ",", depth + 1, is_plain=is_plain)
            self.line(f"]{after}", node)
        else:
            self.line(f"{before}{{", node)
            for entry in node.entries:
                key = _quote(entry.key.text) if is_plain else f'"{_template(entry.key.text)}"'
                self.value(f"{key} = ", entry.value, "", depth + 1, is_plain=is_plain)
            self.line(f"}}{after}", node)


def _quote(text: str) -> str:
    plain = text.replace("${", "$${").replace("%{", "%%{")
    return f'"{plain.translate(_ESCAPES)}"'


def _write(node: Scalar, *, is_plain: bool) -> str:
    if not isinstance(node.value, str):
        return "null" if node.value is None else str(node.value).lower()
    if is_plain:
        return _quote(node.value)
    parts = list(_split(node.value))
    if len(parts) == 1 and parts[0].startswith("${"):
        return f"({' '.join(parts[0][2:-1].split())})"  # the value itself, not its text
    return f'"{_template(node.value)}"'


def _template(text: str) -> str:
    return "".join(part if part.startswith(("${", "%{")) else part.translate(_ESCAPES) for part in _split(text))


def _split(text: str) -> Iterator[str]:
    """The parts of a template: its literal text, and what is in `${…}` and `%{…}`."""
    at = start = 0
    while at < len(text):
        if text[at] in "$%" and text.startswith("{", at + 1) and text[at - 1 : at] != text[at]:
            end = _find_end(text, at + 2)
            if start < at:
                yield text[start:at]
            yield text[at:end]
            at = start = end
        else:
            at += 1
    if start < len(text):
        yield text[start:]


def _find_end(text: str, at: int) -> int:
    """The end of an open part: after the bracket that closes it, with texts in quotes passed over."""
    depth, is_quoted = 1, False
    while at < len(text) and depth:
        letter = text[at]
        if is_quoted and letter == "\\":
            at += 1
        elif letter == '"':
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (letter == "{") - (letter == "}")
        at += 1
    return min(at, len(text))
