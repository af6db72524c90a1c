"""The definitions in a document itself: Terraform's locals and variable defaults, CloudFormation's, ARM's and Bicep's
parameters and variables, Apache's `Define`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.evidence.bindings.values.intrinsics import evaluate_function
from scanner.files.formats import CODE
from scanner.files.tree import Entry, Format, Mapping, Node, Scalar, Sequence


def definitions(document: Node, format_: Format) -> dict[str, str]:
    """Names with their values, as the format's expressions write them (`var.x`, `local.x`, `X`)."""
    if not isinstance(document, Mapping) or format_ in CODE:
        return {}
    read = _READERS.get(format_, _read_parameters)
    found = dict(read(document))
    return {name: text for name, node in found.items() if (text := _text(node)) is not None}


def _text(node: Node) -> str | None:
    node = evaluate_function(node)
    if not isinstance(node, Scalar) or node.value is None:
        return None
    return f"${{{node.text}}}" if node.is_expression else node.text


def _read_terraform(document: Mapping) -> Iterator[tuple[str, Node]]:
    for block in _list_blocks(document.get("locals")):
        for entry in block.entries:
            yield f"local.{entry.key.text}", entry.value
    for block in _list_blocks(document.get("variable")):
        for entry in block.entries:
            for body in _list_blocks(entry.value):
                default = body.get("default")
                if default is not None:
                    yield f"var.{entry.key.text}", default


def _read_parameters(document: Mapping) -> Iterator[tuple[str, Node]]:
    yield from _list_defaults(document.get("Parameters"), "Default")
    # as the expressions of an ARM template name them
    if "resources" in document.names():
        for name, value in _list_defaults(document.get("parameters"), "defaultValue"):
            yield f"parameters('{name}')", value
        yield from ((f"variables('{entry.key.text}')", entry.value) for entry in _list_members(document.get("variables")))


def _list_defaults(parameters: Node | None, member: str) -> Iterator[tuple[str, Node]]:
    """The default of each parameter, in its member of that name."""
    for entry in _list_members(parameters):
        default = entry.value.get(member) if isinstance(entry.value, Mapping) else None
        if default is not None:
            yield entry.key.text, default


def _read_bicep(document: Mapping) -> Iterator[tuple[str, Node]]:
    yield from _list_defaults(document.get("parameters"), "defaultValue")
    yield from ((entry.key.text, entry.value) for entry in _list_members(document.get("variables")))


def _list_members(node: Node | None) -> tuple[Entry, ...]:
    return node.entries if isinstance(node, Mapping) else ()


def _read_defines(document: Mapping) -> Iterator[tuple[str, Node]]:
    for entry in document.entries:
        if entry.key.text.lower() == "define":
            for node in entry.value.items if isinstance(entry.value, Sequence) else (entry.value,):
                name, _, value = node.text.partition(" ") if isinstance(node, Scalar) else ("", "", "")
                text = value.strip().strip("\"'")
                yield name, Scalar(text, text, node.line, node.column, node.end_line)


def _list_blocks(node: Node | None) -> Iterator[Mapping]:
    """A block, or each of a repeated one."""
    for each in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(each, Mapping):
            yield each


_READERS: dict[Format, Callable[[Mapping], Iterator[tuple[str, Node]]]] = {
    "hcl": _read_terraform,
    "directives": _read_defines,
    "bicep": _read_bicep,
}
