"""The copies of a resource in a dump of a cluster.

A Deployment has its pods' specification, and so has each ReplicaSet that it made, and each pod. What all of them say is told of
the Deployment alone.
"""

from __future__ import annotations

from scanner.evidence.attached.homes import Homes
from scanner.evidence.attached.resources import Resource, items_at, text_at
from scanner.evidence.model import Binding
from scanner.files.tree import Parsed


def drop_copies(parsed: Parsed, bindings: list[Binding]) -> list[Binding]:
    """The bindings without those of a resource that another one of the text made, where that one says the same, or where it
    runs nothing any more.
    """
    homes = Homes(parsed)
    names = {(each.kind, each.namespace, each.name) for each in homes.resources}
    owned = [_find_owned(homes.find(binding.spot), names) for binding in bindings]
    originals = {_content(each) for each, made in zip(bindings, owned, strict=True) if made is None}
    return [
        each
        for each, made in zip(bindings, owned, strict=True)
        if made is None or not (_runs_nothing(made) or _content(each) in originals)
    ]


def _find_owned(resource: Resource | None, names: set[tuple[str, str, str]]) -> Resource | None:
    """The resource, if another one of the text made it."""
    owners = _list_owners(resource) if resource is not None else []
    return resource if resource and any((kind, resource.namespace, name) in names for kind, name in owners) else None


def _list_owners(resource: Resource) -> list[tuple[str, str]]:
    references = items_at(resource.node, "metadata", "ownerReferences")
    return [(text_at(each, "kind"), text_at(each, "name")) for each in references]


def _runs_nothing(resource: Resource) -> bool:
    return resource.kind == "ReplicaSet" and text_at(resource.node, "spec", "replicas") == "0"


def _content(binding: Binding) -> object:
    """What a binding says, without places."""
    settings = tuple((name, each.state, repr(each.value)) for name, each in binding.settings.items())
    return binding.platform, binding.role, settings
