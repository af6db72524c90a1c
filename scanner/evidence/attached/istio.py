"""Whether Istio refuses a request without a token.

A RequestAuthentication refuses a wrong token and accepts none at all; an AuthorizationPolicy for the same workloads that asks
for a request principal refuses the latter. It applies in its namespace; in the root namespace everywhere (istio/istio
pilot/pkg/model/authorization.go, policyattachment.go). A request that some DENY rule matches is refused; where there is an
ALLOW policy, so is one that no rule of them matches.
"""

from __future__ import annotations

from scanner.evidence.attached.homes import Homes
from scanner.evidence.attached.resources import Resource, find, has_content, is_open, items_at, text_at, texts_in
from scanner.evidence.model import Binding, Setting, Spot
from scanner.files.tree import Mapping, Node, Parsed
from scanner.record import changed, record

_ROOT = "istio-system"
_CLAIMS = "request.auth."


@record(slots=True)
class _Workloads:
    """What a policy selects: in a namespace (empty where it does not say), by labels or by the names of gateways."""

    namespace: str
    labels: frozenset[tuple[str, str]]
    targets: frozenset[tuple[str, str]]

    def covers(self, other: _Workloads) -> bool:
        """Whether it selects all that the other one selects."""
        if self.namespace != other.namespace and self.namespace != _ROOT:
            return False
        if self.targets:
            return bool(other.targets) and other.targets <= self.targets
        return self.labels <= other.labels

    def may_meet(self, other: _Workloads) -> bool:
        """Whether a workload may be selected by both."""
        if self.namespace not in (other.namespace, _ROOT) and other.namespace != _ROOT:
            return False
        if self.targets and other.targets:
            return not self.targets.isdisjoint(other.targets)
        mine = dict(self.labels)
        return all(mine.get(name, value) == value for name, value in other.labels)


@record(slots=True)
class _Authorization:
    """An AuthorizationPolicy and what it selects."""

    resource: Resource
    workloads: _Workloads
    action: str


def add_requirements(parsed: Parsed, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """The bindings, those of Istio with what becomes of a request without a token, where the text says so."""
    homes = Homes(parsed)
    policies = [_read(each) for each in homes.resources if each.kind == "AuthorizationPolicy"]
    if not policies:
        return bindings
    decided: dict[int, Setting | None] = {}
    made: list[Binding] = []
    for binding in bindings:
        home = homes.find(binding.spot)
        if binding.platform != "istio" or home is None or home.kind != "RequestAuthentication":
            made.append(binding)
            continue
        if id(home) not in decided:
            decided[id(home)] = _decide(_select(home), policies)
        setting = decided[id(home)]
        made.append(changed(binding, settings={**binding.settings, "requires_token": setting}) if setting else binding)
    return tuple(made)


def _read(resource: Resource) -> _Authorization:
    return _Authorization(resource, _select(resource), text_at(resource.node, "spec", "action") or "ALLOW")


def _select(resource: Resource) -> _Workloads:
    spec = find(resource.node, "spec")
    single = find(spec, "targetRef")
    targets = [*items_at(spec, "targetRefs"), *([single] if single is not None else [])]
    return _Workloads(
        resource.namespace,
        frozenset(texts_in(find(spec, "selector", "matchLabels")).items()),
        frozenset((text_at(each, "kind"), text_at(each, "name")) for each in targets),
    )


def _decide(workloads: _Workloads, policies: list[_Authorization]) -> Setting | None:
    """Whether a request without a token is refused, and where that is written; None where that is not known, or depends on the
    request.
    """
    covering = [each for each in policies if each.workloads.covers(workloads)]
    for policy in covering:
        if policy.action == "DENY" and any(_denies_all_without(rule) for rule in _rules(policy)):
            return _setting(policy, is_required=True)
    allowing = [each for each in policies if each.action == "ALLOW" and each.workloads.may_meet(workloads)]
    first = next((each for each in covering if each.action == "ALLOW"), None)
    if first is None:
        return None
    open_ = [(policy, rule) for policy in allowing for rule in _rules(policy) if not _asks_for_principal(rule)]
    if not open_:
        return _setting(first, is_required=True)
    bare = next((policy for policy, rule in open_ if policy in covering and _matches_everything(rule)), None)
    has_other_answer = any(policy.action in ("DENY", "CUSTOM") and policy.workloads.may_meet(workloads) for policy in policies)
    return _setting(bare, is_required=False) if bare is not None and not has_other_answer else None


def _setting(policy: _Authorization, *, is_required: bool) -> Setting:
    spec = find(policy.resource.node, "spec")
    entry = spec.entry("rules") if isinstance(spec, Mapping) else None
    place = entry.key if entry is not None else policy.resource.node
    return Setting("set", is_required, is_required, spot=Spot(place.line, place.column))


def _rules(policy: _Authorization) -> tuple[Node, ...]:
    return items_at(policy.resource.node, "spec", "rules")


def _denies_all_without(rule: Node) -> bool:
    """Whether a rule matches every request without a token."""
    if has_content(find(rule, "to")):
        return False
    conditions, sources = items_at(rule, "when"), _sources(rule)
    if not sources:
        return bool(conditions) and all(_is_about_claims(each, "notValues") for each in conditions)
    return not conditions and any(_names(source) == {"notRequestPrincipals"} and _has_any(source) for source in sources)


def _has_any(source: Node) -> bool:
    return any(text_at(each) == "*" for each in items_at(source, "notRequestPrincipals"))


def _asks_for_principal(rule: Node) -> bool:
    """Whether a rule matches no request without a token. What a template fills in may ask for one."""
    if not isinstance(rule, Mapping) or is_open(rule):
        return True
    if any(_is_about_claims(each, "values") for each in items_at(rule, "when")):
        return True
    sources = _sources(rule)
    return bool(sources) and all(items_at(source, "requestPrincipals") for source in sources)


def _is_about_claims(condition: Node, member: str) -> bool:
    return text_at(condition, "key").startswith(_CLAIMS) and bool(items_at(condition, member))


def _matches_everything(rule: Node) -> bool:
    return isinstance(rule, Mapping) and not any(has_content(find(rule, name)) for name in ("from", "to", "when"))


def _sources(rule: Node) -> list[Node]:
    return [source for each in items_at(rule, "from") if (source := find(each, "source")) is not None]


def _names(source: Node) -> set[str]:
    names = source.names() if isinstance(source, Mapping) else ()
    return {name for name in names if has_content(find(source, name))}
