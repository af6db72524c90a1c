"""AWS trust policies as plain members: which issuer's tokens may assume a role, and on what conditions.

A policy is written as JSON, in `jsonencode`, as Terraform's policy document data source or in CloudFormation. Each statement
with a federated principal becomes `{issuer, principal, audiences, subjects, lacks-audience, lacks-subject}`; operators that
negate, test for presence only, or are true where the claim is missing do not restrict anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.paths.pair_lists import mappings_in
from scanner.evidence.bindings.values.intrinsics import evaluate_function
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.record import record

_PROVIDER = "oidc-provider/"
_NO_BOND = ("not", "null", "ifexists", "forallvalues")


@record
class _Condition:
    """A comparison of `variable` with `values`."""

    variable: Scalar
    values: tuple[Node, ...]


def iam_statements(document: Node) -> Sequence:
    """The federated statements below `document`, in its order."""
    made = [_make_statement(node, federated) for node in mappings_in(document) for federated in _list_providers(node)]
    return Sequence(tuple(made), document.line, document.column, document.end_line)


def _list_providers(statement: Mapping) -> Iterator[Scalar]:
    """The identity providers that a statement accepts."""
    principal = _find_member(statement, "principal")
    if principal is not None:  # as in JSON
        for each in _list_nodes(principal):
            yield from _list_scalars(_find_member(each, "federated")) if isinstance(each, Mapping) else ()
    for block in _list_nodes(_find_member(statement, "principals")):  # as Terraform writes it
        if isinstance(block, Mapping) and "federated" in _list_texts(block.get("type")):
            yield from _list_scalars(block.get("identifiers"))


def _make_statement(statement: Mapping, federated: Scalar) -> Mapping:
    conditions = list(_list_conditions(statement))
    audiences = [value for each in conditions if _is(each, "aud", "client_id") for value in each.values]
    subjects = [value for each in conditions if _is(each, "sub") for value in each.values]
    members: list[tuple[str, Node]] = [
        ("principal", federated),
        ("lacks-audience", _make_answer(not audiences, federated)),
        ("lacks-subject", _make_answer(not subjects, federated)),
    ]
    issuer = _find_issuer(federated, conditions)
    members += [("issuer", issuer)] if issuer is not None else []
    members += [(name, _make_list(values)) for name, values in (("audiences", audiences), ("subjects", subjects)) if values]
    entries = tuple(Entry(_make_mapping(name, federated), node) for name, node in members)
    return Mapping(entries, federated.line, federated.column, federated.end_line)


def _list_conditions(statement: Mapping) -> Iterator[_Condition]:
    for each in _list_nodes(_find_member(statement, "condition")):
        if not isinstance(each, Mapping):
            continue
        test, variable = each.get("test"), each.get("variable")
        if isinstance(test, Scalar) and isinstance(variable, Scalar):  # as Terraform writes it
            if _is_restricting(test.text):
                yield _Condition(variable, tuple(_list_scalars(each.get("values"))))
            continue
        for operator in each.entries:
            if isinstance(operator.value, Mapping) and _is_restricting(operator.key.text):
                for entry in operator.value.entries:
                    yield _Condition(entry.key, tuple(_list_scalars(entry.value)))


def _is_restricting(operator: str) -> bool:
    return not any(word in operator.lower() for word in _NO_BOND)


def _is(condition: _Condition, *claims: str) -> bool:
    return condition.variable.text.rpartition(":")[2].lower() in claims


def _find_issuer(federated: Scalar, conditions: list[_Condition]) -> Scalar | None:
    """The issuer, from the provider's ARN, else from the names of the conditions."""
    if _PROVIDER in federated.text:
        column = federated.column + federated.text.index(_PROVIDER) + len(_PROVIDER) + int(federated.is_quoted)
        text = federated.text.partition(_PROVIDER)[2]
        return Scalar(text, text, federated.line, column, federated.end_line, is_quoted=True)
    for each in conditions:
        host = each.variable.text.rpartition(":")[0]
        if "." in host:
            return Scalar(host, host, each.variable.line, each.variable.column, each.variable.end_line, is_quoted=True)
    return None


def _find_member(node: Mapping, name: str) -> Node | None:
    return next((entry.value for entry in node.entries if entry.key.text.lower() == name), None)


def _list_nodes(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def _list_scalars(node: Node | None) -> Iterator[Scalar]:
    for each in _list_nodes(node):
        said = evaluate_function(each)
        if isinstance(said, Scalar):
            yield said


def _list_texts(node: Node | None) -> list[str]:
    return [scalar.text.lower() for scalar in _list_scalars(node)]


def _make_list(nodes: list[Node]) -> Sequence:
    return Sequence(tuple(nodes), nodes[0].line, nodes[0].column, nodes[-1].end_line)


def _make_answer(said: bool, near: Scalar) -> Scalar:
    text = "true" if said else "false"
    return Scalar(text, said, near.line, near.column, near.end_line)


def _make_mapping(name: str, near: Scalar) -> Scalar:
    return Scalar(name, name, near.line, near.column, near.end_line)
