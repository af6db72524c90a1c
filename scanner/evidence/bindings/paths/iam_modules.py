"""The trust policies and providers that widely used Terraform modules make of their inputs.

Their sources were read at these versions; a module with the same inputs in another version is taken for the same. An input that
is left out has the module's default.

- terraform-aws-modules/terraform-aws-iam v5.60.0 and v6.5.0 (2026-04-24)
- unfunco/terraform-aws-oidc-github v1.8.1, v2.0.0 and v3.0.1 (2026-07-28)
- philips-labs/terraform-aws-github-oidc v0.8.1 (2025-02-28)
- terraform-module/terraform-aws-github-oidc-provider v2.3.0 (2026-08-08)
- cloudposse/terraform-aws-eks-iam-role v2.2.1 (2025-10-01)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.evidence.bindings.paths.iam_nodes import (
    IamCondition,
    IamProvider,
    IamStatement,
    cut_arn,
    drop_scheme,
    list_nodes_of,
    list_scalars,
    make_list,
    make_text,
    read_comparison,
)
from scanner.evidence.bindings.paths.pair_lists import mappings_in
from scanner.evidence.bindings.paths.selectors import known_text
from scanner.files.tree import Mapping, Node, Scalar
from scanner.record import changed, record

_GITHUB = "token.actions.githubusercontent.com"
_STS = "sts.amazonaws.com"
# of one module or another: whether it makes anything, or its role
_SWITCHES = ("create", "create_role", "create_iam_role", "create_oidc_role", "enabled")


@record
class _Call:
    """A call of a module: its address, its inputs, and the place that stands for what it makes by itself."""

    address: str
    inputs: Mapping
    source: Scalar

    def texts(self, *names: str) -> list[Scalar]:
        """The texts of these inputs together."""
        return [each for name in names for each in list_scalars(self.inputs.get(name)) if each.value is not None]

    def text(self, name: str, default: str) -> Scalar:
        """One text, or the module's default."""
        return next((each for each in self.texts(name) if each.text), make_text(default, self.source))

    def is_on(self, name: str) -> bool:
        """Whether a switch is on, or may be."""
        return any(known_text(each).lower() != "false" for each in self.texts(name))

    def is_off(self) -> bool:
        """Whether the module is told to make no role."""
        return any(known_text(each).lower() == "false" for each in self.texts(*_SWITCHES))


Make = Callable[[_Call], Iterator[IamStatement]]
MakeProvider = Callable[[_Call], Iterator[IamProvider]]


def list_module_statements(document: Node) -> Iterator[IamStatement]:
    """The statements that the modules called in a document make."""
    for call, family in _list_calls(document):
        for each in family.statements(call) if family.statements is not None else ():
            yield changed(each, maker=family.name)


def list_module_providers(document: Node) -> Iterator[IamProvider]:
    """The providers that the modules called in a document make."""
    for call, family in _list_calls(document):
        for each in family.providers(call) if family.providers is not None else ():
            yield changed(each, maker=family.name)


def _github_role(call: _Call) -> Iterator[IamStatement]:
    """terraform-aws-modules/iam 5: iam-github-oidc-role."""
    host = _drop_scheme(call.text("provider_url", _GITHUB))
    operator = known_text(call.text("subject_condition", "StringLike"))
    conditions = (
        _compare("StringEquals", host, "aud", [call.text("audience", _STS)]),
        _compare(operator, host, "sub", [_with_prefix("repo:", each) for each in call.texts("subjects")]),
    )
    yield _state(call, host, conditions, "additional_trust_policy_conditions")


def _oidc_role(call: _Call) -> Iterator[IamStatement]:
    """terraform-aws-modules/iam 5: iam-assumable-role-with-oidc."""
    if not call.is_on("create_role"):  # the default is off
        return
    for url in call.texts("provider_urls", "provider_url"):
        if url.text:
            exact, wild = call.texts("oidc_fully_qualified_subjects"), call.texts("oidc_subjects_with_wildcards")
            audiences = call.texts("oidc_fully_qualified_audiences")
            yield _state(
                call,
                _drop_scheme(url),
                _compare_all(_drop_scheme(url), exact, wild, audiences),
                "provider_trust_policy_conditions",
            )


def _role(call: _Call) -> Iterator[IamStatement]:
    """terraform-aws-modules/iam 6: iam-role, with a provider of any issuer, of GitHub or of Bitbucket."""
    exact, wild = call.texts("oidc_subjects"), call.texts("oidc_wildcard_subjects")
    audiences = call.texts("oidc_audiences")
    more = "trust_policy_conditions"
    for url in call.texts("oidc_provider_urls") if call.is_on("enable_oidc") else ():
        host = _drop_scheme(url)
        yield _state(call, host, _compare_all(host, exact, wild, audiences), more)
    audiences = audiences or [make_text(_STS, call.source)]
    if call.is_on("enable_github_oidc"):
        host = call.text("github_provider", _GITHUB)
        named, wide = ([_with_prefix("repo:", each) for each in texts] for texts in (exact, wild))
        yield _state(call, host, _compare_all(host, named, wide, audiences), more)
    if call.is_on("enable_bitbucket_oidc"):
        host = _drop_scheme(call.text("oidc_provider_urls", "${bitbucket}"))
        yield _state(call, host, _compare_all(host, exact, wild, audiences), more)


def _service_account_role(call: _Call) -> Iterator[IamStatement]:
    """terraform-aws-modules/iam: iam-role-for-service-accounts-eks of 5, iam-role-for-service-accounts of 6."""
    providers = call.inputs.get("oidc_providers")
    operator = known_text(
        call.text("trust_condition_test", known_text(call.text("assume_role_condition_test", "StringEquals")))
    )
    for entry in providers.entries if isinstance(providers, Mapping) else ():
        arn = entry.value.get("provider_arn") if isinstance(entry.value, Mapping) else None
        if not isinstance(entry.value, Mapping) or not isinstance(arn, Scalar):
            continue
        accounts = list(list_scalars(entry.value.get("namespace_service_accounts")))
        host = cut_arn(arn, known_text(arn)) or make_text(f"${{{arn.text}}}", arn)
        conditions = (
            _compare(operator, host, "sub", [_with_prefix("system:serviceaccount:", each) for each in accounts]),
            _compare(operator, host, "aud", [make_text(_STS, call.source)]),
        )
        yield IamStatement(arn, conditions, named=cut_arn(arn, known_text(arn)))


def _unfunco(call: _Call) -> Iterator[IamStatement]:
    """unfunco/oidc-github."""
    subjects = call.texts("github_subjects", "github_repositories")
    if not subjects:
        return
    slug = call.texts("enterprise_slug")
    host = _join(_GITHUB + "/", slug[0]) if slug and slug[0].text else make_text(_GITHUB, call.source)
    # before version 3, which has `github_subjects`, a repository stood for all its subjects
    default = known_text(call.text("default_subject", "ref:refs/heads/main" if call.texts("github_subjects") else "*")).strip()
    ends = [each if ":" in known_text(each) else _join("", each, f":{default}") for each in subjects]
    audiences = [make_text(_STS, call.source), *call.texts("additional_audiences")]
    conditions = (
        _compare("StringLike", host, "sub", [_join("repo:", each) for each in ends]),
        _compare("StringEquals", host, "aud", audiences),
    )
    yield IamStatement(call.source, conditions, named=host)


def _philips(call: _Call) -> Iterator[IamStatement]:
    """philips-labs/github-oidc: its default conditions for one repository."""
    repositories = call.texts("repo")
    if not repositories:
        return
    host = call.text("github_oidc_issuer", _GITHUB)
    kinds = [known_text(each) for each in call.texts("default_conditions")] or ["allow_main"]
    branch = known_text(call.text("repo_mainline_branch", "main"))
    ends = [f":ref:refs/heads/{branch}"] if "allow_main" in kinds else []
    ends += [":*"] if "allow_all" in kinds else []
    if "allow_environment" in kinds:
        ends += [f":environment:{known_text(each)}" for each in call.texts("github_environments")] or [":environment:*"]
    subjects = [_join("repo:", repositories[0], end) for end in ends]
    conditions = (
        _compare("StringEquals", host, "aud", [make_text(_STS, call.source)]),
        *((_compare("StringLike", host, "sub", subjects),) if subjects else ()),
    )
    yield _state(call, host, conditions, "conditions")


def _cloudposse(call: _Call) -> Iterator[IamStatement]:
    """cloudposse/eks-iam-role; a namespace or name that is left out is any."""
    host = _drop_scheme(call.text("eks_cluster_oidc_issuer_url", "${eks_cluster_oidc_issuer_url}"))
    accounts = call.texts("service_account_namespace_name_list")
    if not accounts or call.texts("service_account_name", "service_account_namespace"):
        name, namespace = call.text("service_account_name", "*"), call.text("service_account_namespace", "*")
        accounts = [_join(f"{_written(namespace)}:", name), *accounts]
    conditions = (
        _compare("StringLike", host, "sub", [_join("system:serviceaccount:", each) for each in accounts]),
        _compare("StringEquals", host, "aud", [make_text(_STS, call.source)]),
    )
    yield IamStatement(call.source, conditions, named=host)


def _github_provider(call: _Call) -> Iterator[IamProvider]:
    """terraform-aws-modules/iam: iam-github-oidc-provider of 5, iam-oidc-provider of 6."""
    client_ids = call.texts("client_id_list") or [make_text(_STS, call.source)]
    yield IamProvider(call.address, call.text("url", f"https://{_GITHUB}"), make_list(client_ids))


def _philips_provider(call: _Call) -> Iterator[IamProvider]:
    """philips-labs/github-oidc: its submodule for the provider."""
    url = make_text(f"https://{_GITHUB}", call.source)
    yield IamProvider(call.address, url, make_list([make_text(_STS, call.source)]), call.inputs.get("thumbprint_list"))


def _terraform_module(call: _Call) -> Iterator[IamStatement]:
    """terraform-module/github-oidc-provider: its role, without a condition on the audience."""
    host = make_text(_GITHUB, call.source)
    ends = [each if ":" in _written(each) else _join("", each, ":*") for each in call.texts("repositories")]
    yield IamStatement(call.source, (_compare("StringLike", host, "sub", [_join("repo:", each) for each in ends]),), named=host)


@record
class _Family:
    """A module, by its origin: the marks of its sources, and what it makes."""

    name: str
    marks: tuple[str, ...]
    statements: Make | None = None
    providers: MakeProvider | None = None


# of several marks in one source the first counts; a module of the tree itself is read as what it is
_FAMILIES: tuple[_Family, ...] = (
    _Family("terraform-aws-modules", ("//modules/iam-github-oidc-role",), _github_role),
    _Family("terraform-aws-modules", ("//modules/iam-assumable-role-with-oidc",), _oidc_role),
    _Family("terraform-aws-modules", ("//modules/iam-role-for-service-accounts",), _service_account_role),
    _Family("terraform-aws-modules", ("//modules/iam-role",), _role),
    _Family("terraform-aws-modules", ("//modules/iam-github-oidc-provider",), providers=_github_provider),
    _Family("terraform-aws-modules", ("//modules/iam-oidc-provider",), providers=_github_provider),
    _Family("unfunco", ("unfunco/oidc-github/aws", "unfunco/terraform-aws-oidc-github"), _unfunco),
    _Family(
        "philips-labs",
        ("philips-labs/github-oidc/aws//modules/provider", "philips-labs/terraform-aws-github-oidc//modules/provider",
         "philips-labs/terraform-aws-github-oidc.git//modules/provider"),
        providers=_philips_provider,
    ),
    _Family("philips-labs", ("philips-labs/github-oidc/aws", "philips-labs/terraform-aws-github-oidc"), _philips),
    _Family(
        "terraform-module",
        ("terraform-module/github-oidc-provider/aws", "terraform-module/terraform-aws-github-oidc-provider"),
        _terraform_module,
    ),
    _Family("cloudposse", ("cloudposse/eks-iam-role/aws", "cloudposse/terraform-aws-eks-iam-role"), _cloudposse),
)  # fmt: skip


def _list_calls(document: Node) -> Iterator[tuple[_Call, _Family]]:
    """The calls of known modules, in Terraform and in Terragrunt."""
    for each in mappings_in(document):
        modules, terraform = each.get("module"), each.get("terraform")
        for entry in modules.entries if isinstance(modules, Mapping) else ():
            for block in list_nodes_of(entry.value):
                if isinstance(block, Mapping):
                    yield from _find_family(f"module.{entry.key.text}", block, block.get("source"))
        inputs = each.get("inputs")
        if isinstance(terraform, Mapping) and isinstance(inputs, Mapping):
            yield from _find_family("terragrunt", inputs, terraform.get("source"))


def _find_family(address: str, inputs: Mapping, source: Node | None) -> Iterator[tuple[_Call, _Family]]:
    if not isinstance(source, Scalar):
        return
    text = known_text(source)
    family = next((each for each in _FAMILIES if any(mark in text for mark in each.marks)), None)
    call = _Call(address, inputs, source)
    if family is not None and not call.is_off():
        yield call, family


def _state(call: _Call, host: Scalar, conditions: tuple[IamCondition, ...], more: str) -> IamStatement:
    """The statement for one issuer, with the conditions that an input adds."""
    open_conditions: list[Scalar] = []
    added = list(_list_added(call.inputs.get(more), open_conditions))
    return IamStatement(call.source, (*conditions, *added), open_condition=next(iter(open_conditions), None), named=host)


def _list_added(node: Node | None, open_conditions: list[Scalar]) -> Iterator[IamCondition]:
    for each in list_nodes_of(node):
        if isinstance(each, Scalar) and each.value is not None:
            open_conditions.append(each)
        if not isinstance(each, Mapping):
            continue
        test, variable = each.get("test"), each.get("variable")
        if isinstance(test, Scalar) and isinstance(variable, Scalar):
            yield from read_comparison(known_text(test), variable, each.get("values"), open_conditions)


def _compare_all(host: Scalar, exact: list[Scalar], wild: list[Scalar], audiences: list[Scalar]) -> tuple[IamCondition, ...]:
    """The conditions of a module that leaves out those without values."""
    made = (
        _compare("StringEquals", host, "sub", exact),
        _compare("StringLike", host, "sub", wild),
        _compare("StringEquals", host, "aud", audiences),
    )
    return tuple(each for each, values in zip(made, (exact, wild, audiences), strict=True) if values)


def _compare(operator: str, host: Scalar, claim: str, values: list[Scalar]) -> IamCondition:
    """A condition that a module makes. Where the operator takes a wildcard literally, such a value lets in nobody."""
    is_literal = operator.rpartition(":")[2].lower().startswith("stringequals")
    said = tuple(each for each in values if not (is_literal and "*" in known_text(each)))
    return IamCondition(operator, host, _written(host), claim, said)


def _drop_scheme(url: Scalar) -> Scalar:
    text = drop_scheme(_written(url))
    return Scalar(text, text, url.line, url.column, url.end_line, is_quoted=True)


def _with_prefix(prefix: str, value: Scalar) -> Scalar:
    """The value with a prefix, which it may have already."""
    return value if known_text(value).startswith(prefix) else _join(prefix, value)


def _join(before: str, value: Scalar, after: str = "") -> Scalar:
    text = f"{before}{_written(value)}{after}"
    return Scalar(text, text, value.line, value.column, value.end_line, is_quoted=True)


def _written(value: Scalar) -> str:
    """The text of a value within another text: an expression as a reference."""
    return f"${{{value.text}}}" if value.is_unknown else known_text(value)
