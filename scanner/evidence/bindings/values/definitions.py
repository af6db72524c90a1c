"""The definitions in a document itself: Terraform's locals and variable defaults, CloudFormation's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.values.intrinsics import evaluate_function
from scanner.files.tree import Format, Mapping, Node, Scalar, Sequence


def definitions(document: Node, format_: Format) -> dict[str, str]:
    """Names with their values, as the format's expressions write them (`var.x`, `local.x`, `X`)."""
    if not isinstance(document, Mapping):
        return {}
    found = dict(_read_terraform(document) if format_ == "hcl" else _read_parameters(document))
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
    parameters = document.get("Parameters")
    for entry in parameters.entries if isinstance(parameters, Mapping) else ():
        default = entry.value.get("Default") if isinstance(entry.value, Mapping) else None
        if default is not None:
            yield entry.key.text, default


def _list_blocks(node: Node | None) -> Iterator[Mapping]:
    """A block, or each of a repeated one."""
    for each in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(each, Mapping):
            yield each
