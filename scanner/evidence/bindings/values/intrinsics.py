"""CloudFormation's intrinsic functions, in all their spellings: `!Ref X`, `{Ref: X}`, `{"Fn::Sub": "…${X}"}`.

Each becomes one scalar in the short form (`Fn::Sub` and `Fn::Join` as the resulting text), so that a value from a function is
read like any other. An unknown part stays open.
"""

from __future__ import annotations

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

_SHORT = lazy_pattern(r"!(?:Ref|GetAtt|ImportValue|FindInMap|Select|Split|If|Join|Base64|Cidr|GetAZs|Transform)\b")
_LONG = lazy_pattern(r"Ref|Fn::[A-Za-z0-9]{2,20}")
# names in an ARM template
_ARM_NAME = lazy_pattern(r"\[\s*+(?i:(parameters|variables))\(\s*+'([^']++)'\s*+\)\s*+\]")
_DEEPEST = 8


def is_function(text: str) -> bool:
    """Whether a text is the short form of a function with an unknown result."""
    return _SHORT.match(text) is not None


def find_reference(text: str) -> str | None:
    """What `!Ref X` refers to, and `[parameters('x')]` of an ARM template, which keeps its form as a name."""
    if text.startswith("!Ref "):
        return text[5:].strip()
    named = _ARM_NAME.fullmatch(text) if text[:1] == "[" else None
    return None if named is None else f"{named[1].lower()}('{named[2]}')"


def evaluate_function(node: Node) -> Node:
    """The scalar that a function means; any other node unchanged."""
    if isinstance(node, Scalar):
        return _drop_sub(node)
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        return node
    name = node.entries[0].key.text
    if _LONG.fullmatch(name) is None:
        return node
    text = _text(name.removeprefix("Fn::"), node.entries[0].value, 0)
    return Scalar(text, text, node.line, node.column, node.end_line, is_quoted=True)


def _drop_sub(node: Scalar) -> Scalar:
    """The text of `!Sub text`."""
    if not node.text.startswith("!Sub "):
        return node
    text = node.text[5:]
    return Scalar(text, text, node.line, node.column, node.end_line, node.is_quoted, node.is_masked)


def _text(name: str, argument: Node, depth: int) -> str:
    if name == "Sub":
        return _write_part(argument.items[0] if isinstance(argument, Sequence) and argument.items else argument, depth)
    if name == "Join" and isinstance(argument, Sequence) and len(argument.items) == 2:
        between, parts = argument.items
        if isinstance(parts, Sequence):
            return _write_part(between, depth).join(_write_part(part, depth) for part in parts.items)
    if isinstance(argument, Sequence):
        return f"!{name} {'.'.join(_write_part(part, depth) for part in argument.items)}"
    return f"!{name} {_write_part(argument, depth)}".rstrip()


def _write_part(node: Node, depth: int) -> str:
    """A part of a text, with a reference as `${X}`."""
    if isinstance(node, Scalar):
        name = find_reference(node.text)
        return f"${{{name}}}" if name else node.text
    if not isinstance(node, Mapping) or len(node.entries) != 1 or depth > _DEEPEST:
        return "${}"
    name, argument = node.entries[0].key.text, node.entries[0].value
    if name == "Ref" and isinstance(argument, Scalar):
        return f"${{{argument.text}}}"
    text = _text(name.removeprefix("Fn::"), argument, depth + 1)
    return f"${{{text.partition(' ')[2]}}}" if text.startswith("!") else text
