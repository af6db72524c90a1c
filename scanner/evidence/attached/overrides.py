"""Which policies take the place of a wider one that verifies tokens.

A rule of a route, the route, a listener and the gateway may each have a policy, and the narrowest applies. So a policy of one
route that is about something else leaves that route without the verification that the gateway's policy promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from scanner.evidence.attached import envoy_gateway, kgateway, kuadrant
from scanner.evidence.attached.policy import PARENTS, ROUTES, Policy, Target
from scanner.evidence.attached.resources import Resource, find, items_at, list_resources, text_at
from scanner.evidence.model import Override
from scanner.files.tree import Parsed
from scanner.record import record

READERS: tuple[Callable[[Resource, list[Resource]], Policy | None], ...] = (
    envoy_gateway.read_policy,
    kuadrant.read_policy,
    kgateway.read_policy,
)
POLICY_KINDS = frozenset({"SecurityPolicy", "AuthPolicy", "TrafficPolicy"})
_NAMESPACE = "one of the two policies does not say its namespace"
_NO_ROUTE = "the route is not among these files, so it is not known which gateway it belongs to"
_RIVALS = "several policies name one target; the oldest applies, and these files do not say which that is"
# of one text: policies, and wider policies that are compared with one whose route is unknown
_MOST_POLICIES = 2_000
_MOST_WIDER = 100


@record(slots=True)
class _Wider:
    """A policy that would apply if a narrower one were not there, and why that is not certain."""

    policy: Policy
    target: Target
    open_because: str = ""


def find_overrides(parsed: Parsed) -> tuple[Override, ...]:
    """The policies of a text that take the place of another one of the text that verifies tokens, in order."""
    resources = [each for each in list_resources(parsed) if each.kind in POLICY_KINDS | ROUTES | PARENTS]
    policies = [each for resource in resources if resource.kind in POLICY_KINDS for each in _read(resource, resources)]
    if len(policies) < 2:
        return ()
    found: list[Override] = []
    for platform in dict.fromkeys(each.platform for each in policies):
        attached = _Attached([each for each in policies if each.platform == platform][:_MOST_POLICIES], resources)
        found += attached.overrides()
    return tuple(found)


def _read(resource: Resource, resources: list[Resource]) -> Iterator[Policy]:
    for read in READERS:
        policy = read(resource, resources)
        if policy is not None:
            yield policy


class _Attached:
    """The policies of one platform by what they are attached to."""

    def __init__(self, policies: list[Policy], resources: list[Resource]) -> None:
        self._policies = policies
        self._resources = {(each.kind, each.namespace, each.name): each for each in resources}
        self._by_name: dict[tuple[str, str], list[Resource]] = {}
        for each in resources:
            self._by_name.setdefault((each.kind, each.name), []).append(each)
        self._by_target: dict[tuple[str, str], list[tuple[Target, Policy]]] = {}
        self._of_parents: list[tuple[Target, Policy]] = []
        for policy in policies:
            for target in policy.targets:
                self._by_target.setdefault((target.kind, target.name), []).append((target, policy))
                if target.kind in PARENTS and policy.verifies is not False:
                    self._of_parents.append((target, policy))

    def overrides(self) -> Iterator[Override]:
        """Each policy that takes the place of a wider one that verifies tokens."""
        for policy in self._policies:
            found = [(target, wider) for target in policy.targets for wider in self._find_replaced(policy, target)]
            certain = [each for each in found if not each[1].open_because]
            if found:
                yield _make_override(policy, certain or found)

    def _find_replaced(self, policy: Policy, target: Target) -> Iterator[_Wider]:
        if not policy.takes_place:
            return
        rival = self._rival_of(policy, target)
        if rival is None:
            return  # an older policy of the same target applies, and this one does not
        for wider in self._find_wider(target):
            if wider.policy is policy or wider.policy.verifies is False or not wider.policy.gives_way:
                continue
            theirs = self._rival_of(wider.policy, wider.target)
            if theirs is not None:
                because = policy.open_because or rival or wider.open_because or theirs
                yield _Wider(wider.policy, wider.target, because)

    def _rival_of(self, policy: Policy, target: Target) -> str | None:
        """Why it is not certain that a policy applies at its target, empty where it is; None where another one does."""
        others = [
            other
            for their, other in self._by_target.get((target.kind, target.name), ())
            if other is not policy and (their.namespace, their.section) == (target.namespace, target.section)
        ]
        if not others or not target.name:
            return ""
        if all(each.resource.created for each in (policy, *others)):
            mine = policy.resource.created, policy.resource.label
            return "" if all(mine < (each.resource.created, each.resource.label) for each in others) else None
        return _RIVALS

    def _find_wider(self, target: Target) -> Iterator[_Wider]:
        """The policies of wider targets, of which the nearest counts."""
        if target.kind in ROUTES:
            whole = self._at(target.kind, target.namespace, target.name, "") if target.section and target.name else []
            yield from whole or self._of_route(target)
        elif target.kind == "Gateway" and target.section:
            yield from self._at("Gateway", target.namespace, target.name, "")
        elif target.kind in PARENTS and target.kind != "Gateway":
            yield from self._of_listener_set(target)

    def _of_route(self, target: Target) -> Iterator[_Wider]:
        routes = [
            each
            for each in self._by_name.get((target.kind, target.name), ())
            if each.namespace == target.namespace or not (each.namespace and target.namespace)
        ]
        if not routes:
            yield from self._of_unknown_parent(target)
        for route in routes:
            for parent in items_at(route.node, "spec", "parentRefs"):
                kind = text_at(parent, "kind") or "Gateway"
                namespace = text_at(parent, "namespace") or route.namespace
                section = text_at(parent, "sectionName")
                yield from self._of_parent(Target(kind, namespace, text_at(parent, "name"), section))

    def _of_parent(self, parent: Target) -> Iterator[_Wider]:
        """The policies that a route takes over from a parent."""
        if parent.kind in PARENTS - {"Gateway"}:
            own = self._at(parent.kind, parent.namespace, parent.name, parent.section)
            yield from own or self._of_listener_set(parent)
        elif parent.section:
            own = self._at("Gateway", parent.namespace, parent.name, parent.section)
            yield from own or self._at("Gateway", parent.namespace, parent.name, "")
        else:  # it belongs to each listener
            yield from self._at("Gateway", parent.namespace, parent.name, None)

    def _of_listener_set(self, target: Target) -> Iterator[_Wider]:
        whole = self._at(target.kind, target.namespace, target.name, "") if target.section else []
        yield from whole
        listener_set = self._resources.get((target.kind, target.namespace, target.name))
        parent = find(listener_set.node, "spec", "parentRef") if listener_set is not None and not whole else None
        if parent is not None:
            namespace = text_at(parent, "namespace") or target.namespace
            yield from self._at("Gateway", namespace, text_at(parent, "name"), "")

    def _at(self, kind: str, namespace: str, name: str, section: str | None) -> list[_Wider]:
        """The policies of a target; with section None also those of its listeners."""
        return [
            _Wider(policy, target, "" if target.namespace == namespace else _NAMESPACE)
            for target, policy in self._by_target.get((kind, name), ())
            if (section is None or target.section == section)
            and (target.namespace == namespace or not (target.namespace and namespace))
        ]

    def _of_unknown_parent(self, target: Target) -> Iterator[_Wider]:
        """The policies of gateways in the same namespace, where the route itself is elsewhere."""
        for their, policy in self._of_parents[:_MOST_WIDER]:
            if their.namespace == target.namespace or not (their.namespace and target.namespace):
                yield _Wider(policy, their, _NO_ROUTE)


def _make_override(policy: Policy, found: list[tuple[Target, _Wider]]) -> Override:
    wider = found[0][1]
    because = wider.open_because
    if not because and (policy.verifies is None or wider.policy.verifies is None):
        because = "a template decides what one of the two policies verifies"
    return Override(
        platform=policy.platform,
        policy=f"{policy.resource.kind} {policy.resource.label}",
        targets=tuple(dict.fromkeys(str(target) for target, _ in found)),
        spot=policy.spot,
        replaced=f"{wider.policy.resource.kind} {wider.policy.resource.label}",
        replaced_target=str(wider.target),
        replaced_spot=wider.policy.verified_at,
        issuers=_each_once(each.policy.issuers for _, each in found),
        verifies_tokens=bool(policy.verifies),
        checks=policy.checks,
        open_because=because if not policy.verifies else "",
    )


def _each_once(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for texts in found for each in texts))
