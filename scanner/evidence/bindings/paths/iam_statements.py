"""AWS trust policies as plain members: which issuer's tokens may assume a role, and on what conditions.

A policy is written as JSON, in `jsonencode`, as Terraform's policy document data source, in CloudFormation, or as the inputs of
a widely used module. Each statement with a federated principal becomes `{issuer, principal, audiences, subjects,
lacks-audience, lacks-subject}`; operators that negate, test for presence only, or are true where the claim is missing do not
restrict anything. The names of the conditions say which issuer they are about, wherever the provider is written. A provider of
the same document is told with its policy: its URL, client ids and thumbprints (these with the first policy that trusts it).
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator

from scanner.evidence.bindings.paths.iam_modules import list_module_statements
from scanner.evidence.bindings.paths.iam_nodes import (
    DocumentNames,
    IamCondition,
    IamProvider,
    IamStatement,
    cut_arn,
    find_member,
    list_nodes_of,
    list_scalars,
    list_texts,
    make_answer,
    make_list,
    make_mapping,
    make_text,
    move_to,
    read_comparison,
)
from scanner.evidence.bindings.paths.iam_providers import IamProviders
from scanner.evidence.bindings.paths.pair_lists import mappings_in
from scanner.evidence.bindings.paths.selectors import known_text
from scanner.evidence.bindings.values.placeholders import is_open
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.record import changed

_ACTION = "sts:assumerolewithwebidentity"
_GOOGLE = "accounts.google.com"
# providers that are built into AWS and give no tokens of an OpenID Provider of their own
_OTHERS = ("cognito-identity", "www.amazon.com", "graph.facebook.com")
# the mapping in which the CDK hides conditions whose names are computed
_CDK_JSON = "Custom::AWSCDKCfnJson"


def iam_statements(document: Node) -> Sequence:
    """The federated statements below `document`, in its order."""
    return _make_list(document, [made for maker, made in _Trust(document).tell_statements() if not maker])


def iam_providers(document: Node) -> Sequence:
    """The providers below `document` that no policy in it trusts, as `{issuer, audiences, thumbprints}`."""
    return _make_list(document, [made for maker, made in _Trust(document).tell_providers() if not maker])


def iam_modules(document: Node) -> Sequence:
    """The same of what widely used modules make, each with its `maker`."""
    trust = _Trust(document)
    return _make_list(document, [made for maker, made in (*trust.tell_statements(), *trust.tell_providers()) if maker])


def _make_list(document: Node, made: list[Mapping]) -> Sequence:
    return Sequence(tuple(made), document.line, document.column, document.end_line)


class _Trust:
    """The statements of a document, each with the provider that it names, and its other providers."""

    def __init__(self, document: Node) -> None:
        self._providers = IamProviders(document)
        policies = _Policies(document, self._providers)
        statements = [each for node in mappings_in(document) for each in policies.read(node)]
        self._statements = [*statements, *(policies.attach(each) for each in list_module_statements(document))]

    def tell_statements(self) -> Iterator[tuple[str, Mapping]]:
        """Each statement as a mapping, after the name of its maker."""
        told: set[str] = set()
        for each in self._statements:
            yield each.maker, _make_statement(each, told)
            told |= {each.provider.address} if each.provider is not None else set()

    def tell_providers(self) -> Iterator[tuple[str, Mapping]]:
        """Each provider that no statement names, in the same way."""
        trusted = {each.provider.address for each in self._statements if each.provider is not None}
        for address, each in self._providers.known.items():
            if address not in trusted:
                yield each.maker, _make_provider(each)


class _Policies:
    """Reads the statements of one document."""

    def __init__(self, document: Node, providers: IamProviders) -> None:
        self._document = document
        self._names = DocumentNames(document)
        self._providers = providers
        self._cdk: dict[str, tuple[Entry, ...] | None] | None = None

    def read(self, node: Mapping) -> Iterator[IamStatement]:
        """The providers that a mapping lets in, if it is a statement."""
        principals = list(_list_principals(node))
        if not principals or not _may_assume(node):
            return
        open_conditions: list[Scalar] = []
        conditions = tuple(self._list_conditions(node, open_conditions))
        for principal in principals:
            text = self._names.resolve(principal)
            if _is_other_provider(text, conditions) or not _may_be_issuer(principal, text, conditions):
                continue
            open_condition = next(iter(open_conditions), None)
            yield self.attach(
                IamStatement(principal, conditions, open_condition=open_condition, named=cut_arn(principal, text))
            )

    def attach(self, statement: IamStatement) -> IamStatement:
        """The statement with the provider of the document that it names: by a reference, or by its issuer."""
        hosts = [each.host for each in statement.conditions if _is_host(each.host)]
        hosts += [statement.named.text] if statement.named is not None else []
        provider = self._providers.find(self._names.resolve(statement.principal), hosts)
        return changed(statement, provider=provider) if provider is not None else statement

    def _list_conditions(self, statement: Mapping, open_conditions: list[Scalar]) -> Iterator[IamCondition]:
        for each in list_nodes_of(find_member(statement, "condition")):
            if isinstance(each, Scalar):
                open_conditions.append(each)
                continue
            if not isinstance(each, Mapping):
                continue
            test, variable = each.get("test"), each.get("variable")
            if isinstance(test, Scalar) and isinstance(variable, Scalar):  # as Terraform writes it
                yield from read_comparison(known_text(test), variable, each.get("values"), open_conditions)
                continue
            for operator in each.entries:
                for entry in self._list_comparisons(operator, open_conditions):
                    yield from read_comparison(operator.key.text, entry.key, entry.value, open_conditions)

    def _list_comparisons(self, operator: Entry, open_conditions: list[Scalar]) -> tuple[Entry, ...]:
        """The comparisons by one operator."""
        node = operator.value
        if isinstance(node, Mapping) and not _is_function(node):
            return node.entries
        found = self._find_cdk_json(node)
        if found is None:
            open_conditions.append(next(list_scalars(node), operator.key))
        return found or ()

    def _find_cdk_json(self, node: Node) -> tuple[Entry, ...] | None:
        """The comparisons that the CDK writes as a resource of their own, because their names are computed."""
        reference = next(list_scalars(node), None)
        if reference is None or not reference.text.startswith("!GetAtt "):
            return None
        if self._cdk is None:
            self._cdk = dict(_list_cdk_json(self._document))
        return self._cdk.get(reference.text[8:].partition(".")[0])


def _list_cdk_json(document: Node) -> Iterator[tuple[str, tuple[Entry, ...] | None]]:
    """The comparisons in each such resource."""
    resources = document.get("Resources") if isinstance(document, Mapping) else None
    for entry in resources.entries if isinstance(resources, Mapping) else ():
        kind = entry.value.get("Type") if isinstance(entry.value, Mapping) else None
        properties = entry.value.get("Properties") if isinstance(entry.value, Mapping) else None
        if isinstance(kind, Scalar) and kind.text == _CDK_JSON and isinstance(properties, Mapping):
            value = next(list_scalars(properties.get("Value")), None)
            yield entry.key.text, _read_json(value) if value is not None else None


def _read_json(value: Scalar) -> tuple[Entry, ...] | None:
    try:
        said = json.loads(value.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    return tuple(
        Entry(make_text(name, value), make_list([make_text(str(each), value) for each in texts]))
        for name, found in said.items()
        if (texts := found if isinstance(found, list) else [found])
    )


def _list_principals(statement: Mapping) -> Iterator[Scalar]:
    """The identity providers that a statement accepts."""
    for each in list_nodes_of(find_member(statement, "principal")):  # as in JSON
        yield from list_scalars(find_member(each, "federated")) if isinstance(each, Mapping) else ()
    for block in list_nodes_of(find_member(statement, "principals")):  # as Terraform writes it
        if isinstance(block, Mapping) and "federated" in list_texts(block.get("type")):
            yield from list_scalars(block.get("identifiers"))


def _may_assume(statement: Mapping) -> bool:
    """Whether a statement allows the exchange of a token for a role, as far as it is known what it allows."""
    if "deny" in list_texts(find_member(statement, "effect")):
        return False
    said = [*list_scalars(find_member(statement, "action")), *list_scalars(find_member(statement, "actions"))]
    if not said:
        return find_member(statement, "notaction") is None and find_member(statement, "not_actions") is None
    return any(
        each.is_expression or is_open(each.text) or fnmatch.fnmatchcase(_ACTION, known_text(each).lower()) for each in said
    )


def _is_other_provider(principal: str, conditions: tuple[IamCondition, ...]) -> bool:
    """Whether a principal is no OpenID Provider: one of SAML, or one that is built into AWS."""
    hosts = [each.host for each in conditions]
    return "saml-provider/" in principal or any(host.startswith(_OTHERS) for host in (principal, *hosts))


def _may_be_issuer(principal: Scalar, text: str, conditions: tuple[IamCondition, ...]) -> bool:
    """Whether the principal or the conditions name an issuer, or something else decides who it is."""
    is_reference = principal.is_expression or is_open(text)
    return is_reference or text == _GOOGLE or "oidc-provider/" in text or any(_is_host(each.host) for each in conditions)


def _make_statement(statement: IamStatement, told: set[str]) -> Mapping:
    issuer, principal = _find_issuer(statement), statement.principal
    is_google = issuer is not None and issuer.text == _GOOGLE
    # Google's `azp`, the client that the token was made for, is AWS's `aud`; its `aud` is `oaud`
    audience_claims = "aud", "client_id", *(("oaud",) if is_google else ())
    audiences, subjects = _list_values(statement, *audience_claims), _list_values(statement, "sub")
    members: list[tuple[str, Node]] = [
        ("principal", principal),
        ("lacks-audience", _make_lack(statement, *audience_claims)),
    ]
    if not (is_google and _list_values(statement, "aud")):  # it binds the role to one client
        members.append(("lacks-subject", _make_lack(statement, "sub")))
    members += [("maker", make_text(statement.maker, principal))] if statement.maker else []
    members += [("issuer", issuer)] if issuer is not None else []
    members += [(name, make_list(values)) for name, values in (("audiences", audiences), ("subjects", subjects)) if values]
    members += _tell_provider(statement.provider, told) if statement.provider is not None else []
    return make_mapping(members, principal)


def _tell_provider(provider: IamProvider, told: set[str]) -> list[tuple[str, Node]]:
    """What the provider adds to a policy; its thumbprints once."""
    members = [] if provider.client_ids is None else [("client-ids", provider.client_ids)]
    if provider.thumbprints is not None and provider.address not in told:
        members.append(("thumbprints", provider.thumbprints))
    return members


def _list_values(statement: IamStatement, *claims: str) -> list[Scalar]:
    return [value for each in statement.conditions if each.claim in claims for value in each.values]


def _make_lack(statement: IamStatement, *claims: str) -> Scalar:
    """Whether there is no condition on any of the claims; an expression where one might make it."""
    is_missing = not any(each.claim in claims for each in statement.conditions)
    made = statement.open_condition
    if not is_missing or made is None:
        return make_answer(is_missing, statement.principal)
    text = f"${{{made.text}}}"
    return Scalar(text, text, made.line, made.column, made.end_line, is_quoted=True)


def _find_issuer(statement: IamStatement) -> Scalar | None:
    """The issuer: that of the provider, as the document, the ARN or else the names of the conditions tell it; else the
    reference to the provider, which stays open.
    """
    if statement.provider is not None:
        return move_to(statement.provider.url, statement.principal)
    arn = statement.named
    found = [each for each in statement.conditions if _is_host(each.host)]
    plain = next((each for each in found if not is_open(each.host)), None)
    if arn is not None and not (plain is not None and is_open(arn.text)):
        return arn
    named = plain or next(iter(found), None)
    if named is not None:
        return make_text(named.host, named.variable)
    return statement.principal


def _is_host(text: str) -> bool:
    """Whether what stands before a claim names an issuer, not a service of AWS."""
    return "." in text or is_open(text)


def _is_function(node: Mapping) -> bool:
    """Whether a mapping is a function of CloudFormation."""
    return len(node.entries) == 1 and (node.entries[0].key.text == "Ref" or node.entries[0].key.text.startswith("Fn::"))


def _make_provider(provider: IamProvider) -> Mapping:
    maker = make_text(provider.maker, provider.url) if provider.maker else None
    members = (
        ("issuer", provider.url),
        ("audiences", provider.client_ids),
        ("thumbprints", provider.thumbprints),
        ("maker", maker),
    )
    return make_mapping([(name, node) for name, node in members if node is not None], provider.url)
