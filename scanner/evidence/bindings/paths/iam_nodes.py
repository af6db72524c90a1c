"""What the readers of AWS trust policies share: their parts as values, and the nodes that they make."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.paths.selectors import known_text
from scanner.evidence.bindings.values.definitions import definitions
from scanner.evidence.bindings.values.intrinsics import evaluate_function
from scanner.evidence.bindings.values.placeholders import fill
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import record

_PROVIDER = "oidc-provider/"
_NO_BOND = ("not", "null", "ifexists", "forallvalues")
# the claim in an expression that makes a condition's name: `format("%s:sub", local.issuer)`
_MADE_CLAIM = lazy_pattern(r":(\w++)\"")
_TERRAFORM = frozenset({"resource", "data", "module", "locals", "variable"})


@record
class IamProvider:
    """An OIDC provider: the address by which policies of the same document name it, its URL (a host where only the ARN is
    written), its client ids and thumbprints, and the family of modules that makes it (empty for a resource).
    """

    address: str
    url: Scalar
    client_ids: Node | None = None
    thumbprints: Node | None = None
    maker: str = ""

    @property
    def host(self) -> str:
        """The issuer as policies name it."""
        return drop_scheme(known_text(self.url))


@record
class IamCondition:
    """A comparison, by `operator`, of a token's claim with `values`. `host`: what stands before the claim, in `variable`."""

    operator: str
    variable: Scalar
    host: str
    claim: str
    values: tuple[Scalar, ...]


@record
class IamStatement:
    """A statement that lets in the tokens of one provider: its principal, and its conditions on claims. `open_condition`: one
    that an expression makes, which nobody can read. `maker`: the family of modules that makes it, empty for a policy. `named`:
    the issuer in the principal's ARN. `provider`: that of the same document which the principal names.
    """

    principal: Scalar
    conditions: tuple[IamCondition, ...]
    maker: str = ""
    open_condition: Scalar | None = None
    named: Scalar | None = None
    provider: IamProvider | None = None


class DocumentNames:
    """The definitions of a document, to look up what a principal refers to."""

    def __init__(self, document: Node) -> None:
        is_terraform = isinstance(document, Mapping) and not _TERRAFORM.isdisjoint(document.names())
        self._known = definitions(document, "hcl" if is_terraform else "yaml")

    def resolve(self, node: Scalar) -> str:
        """The text of a node with the definitions filled in, as far as they go."""
        text = known_text(node)
        if node.is_unknown:
            text = self._known.get(text, text)
        return fill(text, self._known.get)


def cut_arn(node: Scalar, text: str) -> Scalar | None:
    """The issuer in a provider's ARN, which is `text`; at its own column where the node is the ARN itself. Of an expression
    that is not known, nobody can say what it makes.
    """
    if _PROVIDER not in text or (node.is_expression and text == node.text):
        return None
    at = node.text.find(_PROVIDER)
    column = node.column + at + len(_PROVIDER) + int(node.is_quoted) if at >= 0 else node.column
    host = text.partition(_PROVIDER)[2]
    return Scalar(host, host, node.line, column, node.end_line, is_quoted=True)


def drop_scheme(text: str) -> str:
    """The URL of an issuer as AWS names its provider."""
    return text.removeprefix("https://").rstrip("/")


def read_comparison(
    operator: str, variable: Scalar, values: Node | None, open_conditions: list[Scalar]
) -> Iterator[IamCondition]:
    """The condition, if it restricts anything. One whose name is not known may be about any claim."""
    if any(word in operator.lower() for word in _NO_BOND):
        return
    is_made = variable.is_unknown
    made = _MADE_CLAIM.search(variable.text) if is_made else None
    if is_made and made is None:
        open_conditions.append(variable)
        return
    host, _, claim = ("", "", made[1]) if made is not None else known_text(variable).rpartition(":")
    yield IamCondition(operator, variable, host, claim.lower(), tuple(list_scalars(values)))


def find_member(node: Mapping, name: str) -> Node | None:
    """The member of that lower-case name, in any case."""
    return next((entry.value for entry in node.entries if entry.key.text.lower() == name), None)


def list_nodes_of(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; any other node alone."""
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def list_scalars(node: Node | None) -> Iterator[Scalar]:
    """The texts of a node or a list, with the functions of CloudFormation evaluated."""
    for each in list_nodes_of(node):
        said = evaluate_function(each)
        if isinstance(said, Scalar):
            yield said


def list_texts(node: Node | None) -> list[str]:
    """The same in lower case."""
    return [known_text(scalar).lower() for scalar in list_scalars(node)]


def move_to(node: Scalar, place: Scalar) -> Scalar:
    """A value as if it stood at another place, where it is referred to."""
    return Scalar(
        node.text, node.value, place.line, place.column, place.end_line, node.is_quoted, node.is_masked, node.is_expression
    )


def make_text(text: str, near: Node) -> Scalar:
    """A text of our own, at the place of a node."""
    return Scalar(text, text, near.line, near.column, near.end_line, is_quoted=True)


def make_answer(said: bool, near: Node) -> Scalar:
    """A yes or no, at the place of a node."""
    return Scalar("true" if said else "false", said, near.line, near.column, near.end_line)


def make_list(nodes: list[Scalar]) -> Sequence:
    """A list of nodes, at the place of the first one."""
    return Sequence(tuple(nodes), nodes[0].line, nodes[0].column, nodes[-1].end_line)


def make_mapping(members: list[tuple[str, Node]], near: Node) -> Mapping:
    """A mapping of these members, at the place of a node."""
    entries = tuple(Entry(make_text(name, near), node) for name, node in members)
    return Mapping(entries, near.line, near.column, near.end_line)
