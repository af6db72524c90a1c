"""An attached policy as the precedence of policies needs it, whatever the platform."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.attached.resources import Resource, find, items_at, text_at, texts_in
from scanner.evidence.model import Spot
from scanner.files.tree import Mapping, Node
from scanner.record import record

ROUTES = frozenset({"HTTPRoute", "GRPCRoute"})
PARENTS = frozenset({"Gateway", "ListenerSet", "XListenerSet"})


@record(slots=True)
class Target:
    """What a policy is attached to. `section`: a rule of a route or a listener, empty for the whole. `name` is empty where
    labels select it and no such resource is in the text.
    """

    kind: str
    namespace: str
    name: str
    section: str = ""

    def __str__(self) -> str:
        section = f" ({self.section})" if self.section else ""
        return f"{self.kind} {self.name}{section}" if self.name else f"each {self.kind} that labels select"


@record
class Policy:
    """A policy and what it does at its targets.

    `verifies`: whether it verifies tokens; None where a template decides. `issuers`: whose. `checks`: what else it asks of a
    caller. `gives_way`: whether a narrower policy takes its place; `takes_place`: whether it takes the place of a wider one.
    `open_because`: why the latter is not certain.
    """

    platform: str
    resource: Resource
    targets: tuple[Target, ...]
    spot: Spot
    verifies: bool | None
    verified_at: Spot
    issuers: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    gives_way: bool = True
    takes_place: bool = True
    open_because: str = ""


def list_targets(resource: Resource, others: list[Resource]) -> Iterator[Target]:
    """What a policy names in `targetRef`, `targetRefs` and `targetSelectors`. Envoy Gateway, Kuadrant and kgateway look in the
    policy's own namespace.
    """
    spec = find(resource.node, "spec")
    for node in (find(spec, "targetRef"), *items_at(spec, "targetRefs")):
        kind = text_at(node, "kind")
        if kind:
            namespace = text_at(node, "namespace") or resource.namespace
            yield Target(kind, namespace, text_at(node, "name"), text_at(node, "sectionName"))
    for node in items_at(spec, "targetSelectors"):
        yield from _select(node, resource, others)


def _select(selector: Node, resource: Resource, others: list[Resource]) -> Iterator[Target]:
    kind, wanted = text_at(selector, "kind"), texts_in(find(selector, "matchLabels"))
    found = [
        each
        for each in others
        if each.kind == kind and each.namespace == resource.namespace and wanted.items() <= _labels(each).items()
    ]
    is_plain = bool(wanted) and not items_at(selector, "matchExpressions")
    for each in found if is_plain else ():
        yield Target(kind, each.namespace, each.name)
    if kind and not (found and is_plain):
        yield Target(kind, resource.namespace, "")


def _labels(resource: Resource) -> dict[str, str]:
    return texts_in(find(resource.node, "metadata", "labels"))


def place_of(resource: Resource, *names: str) -> Spot:
    """The place of the first of these members of the spec, else of the resource."""
    spec = find(resource.node, "spec")
    for name in names:
        entry = spec.entry(name) if isinstance(spec, Mapping) else None
        if entry is not None:
            return Spot(entry.key.line, entry.key.column)
    return Spot(resource.node.line, resource.node.column)


def place_of_targets(resource: Resource) -> Spot:
    """Where a policy says what it is attached to."""
    return place_of(resource, "targetRefs", "targetRef", "targetSelectors")
