"""Which resource of a text a place is in, and whose requests a binding of a resource is asked about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable

from scanner.evidence.attached.resources import Resource, find, items_at, list_resources, text_at, texts_in
from scanner.evidence.model import Spot
from scanner.files.tree import Node, Parsed


class Homes:
    """The resources of a text by their places."""

    def __init__(self, parsed: Parsed) -> None:
        self.resources = list(list_resources(parsed))
        self._starts = [(each.node.line, each.node.column) for each in self.resources]

    def find(self, spot: Spot) -> Resource | None:
        """The resource in which a place is; None before the first one."""
        number = bisect_right(self._starts, (spot.line, spot.column)) - 1
        return self.resources[number] if number >= 0 else None

    def scope_of(self, spot: Spot) -> Hashable:
        """What the bindings have in common that one request may meet: the resource; of Istio, the workloads that it selects."""
        resource = self.find(spot)
        if resource is None or resource.kind != "RequestAuthentication":
            return (resource.node.line, resource.node.column) if resource is not None else None
        spec = find(resource.node, "spec")
        labels = texts_in(find(spec, "selector", "matchLabels"))
        targets = sorted((text_at(each, "kind"), text_at(each, "name")) for each in _list_targets(resource))
        return resource.namespace, tuple(sorted(labels.items())), tuple(targets)


def _list_targets(resource: Resource) -> list[Node]:
    spec = find(resource.node, "spec")
    single = find(spec, "targetRef")
    return [*items_at(spec, "targetRefs"), *([single] if single is not None else [])]
