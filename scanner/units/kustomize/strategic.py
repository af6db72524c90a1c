"""Strategic-merge patches: a part of a manifest that is merged into it."""

from __future__ import annotations

from scanner.record import changed
from scanner.units.kustomize.budget import Budget
from scanner.units.kustomize.placed import Items, Leaf, Map, Member, Placed, over

_DIRECTIVE = "$patch"
# the groups whose kinds have merge keys; lists of custom resources are replaced as a whole
_BUILT_IN = frozenset({
    "", "apps", "batch", "autoscaling", "policy", "extensions", "networking.k8s.io", "rbac.authorization.k8s.io",
    "storage.k8s.io",
    "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "authentication.k8s.io",
    "authorization.k8s.io", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
    "flowcontrol.apiserver.k8s.io", "node.k8s.io", "scheduling.k8s.io",
})  # fmt: skip
# the member that says which items of a list are the same, by the list's name
_KEYS = {
    "containers": ("name",), "initContainers": ("name",), "ephemeralContainers": ("name",), "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",), "volumeDevices": ("devicePath",), "imagePullSecrets": ("name",), "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey",), "conditions": ("type",), "ownerReferences": ("uid",), "secrets": ("name",),
    "webhooks": ("name",), "resourceClaims": ("name",), "validations": ("expression",),
}  # fmt: skip


class Merge:
    """Merges patches into resources of one API group."""

    def __init__(self, group: str, budget: Budget) -> None:
        self._has_keys = group in _BUILT_IN
        self._budget = budget

    def merge(self, base: Map, patch: Map) -> Map | None:
        """The patched map; None where the patch deletes it."""
        directive = patch.text(_DIRECTIVE)
        if directive == "delete":
            return None
        if directive == "replace":
            made = over(base, patch.without(_DIRECTIVE))
            assert isinstance(made, Map)
            return made
        self._budget.take(len(base.members) + len(patch.members))
        found = {each.key.text: each for each in base.members}
        for each in patch.members:
            name = each.key.text
            if name == _DIRECTIVE:
                continue
            if _is_null(each.value):
                found.pop(name, None)
                continue
            value = self._member(name, found[name].value if name in found else None, each.value)
            if value is None:
                found.pop(name, None)
            else:
                found[name] = Member(found[name].key if name in found else each.key, value)
        return Map(tuple(found.values()), base.at)

    def _member(self, name: str, base: Placed | None, patch: Placed) -> Placed | None:
        if isinstance(patch, Map):
            return self.merge(base, patch) if isinstance(base, Map) else self._new(patch)
        if isinstance(patch, Items):
            return self._list(name, base if isinstance(base, Items) else None, patch)
        return over(base, patch)

    def _list(self, name: str, base: Items | None, patch: Items) -> Items:
        if any(isinstance(each, Map) and each.text(_DIRECTIVE) == "replace" for each in patch.items):
            kept = (each for each in patch.items if not (isinstance(each, Map) and each.text(_DIRECTIVE) == "replace"))
            patch, base = changed(patch, items=tuple(kept)), None
        keys = self._keys_of(name, patch)
        if base is None or not keys:
            items = tuple(made for each in patch.items if (made := self._new(each)) is not None)
            made_list = over(base, changed(patch, items=items))
            assert isinstance(made_list, Items)
            return made_list
        return self._merge_items(keys, base, patch)

    def _merge_items(self, keys: tuple[str, ...], base: Items, patch: Items) -> Items:
        """The list with the items of the patch merged into those of the same name, before the others, as in kustomize."""
        self._budget.take(len(base.items) + len(patch.items))
        below = {_key_of(each, keys): each for each in base.items}
        done: dict[tuple[str, ...], Placed | None] = {}
        for each in patch.items:
            key = _key_of(each, keys)
            lower = below.get(key)
            is_merged = isinstance(lower, Map) and isinstance(each, Map)
            done[key] = self.merge(lower, each) if is_merged else self._new(each)  # type: ignore[arg-type]
        rest = (each for each in base.items if _key_of(each, keys) not in done)
        return Items((*(each for each in done.values() if each is not None), *rest), base.at, base.origins)

    def _keys_of(self, name: str, patch: Items) -> tuple[str, ...]:
        """The members by which items of a list are the same; empty where the list is replaced as a whole."""
        if not self._has_keys or not any(isinstance(each, Map) for each in patch.items):
            return ()
        if name == "ports":
            port = (
                "containerPort" if any(isinstance(each, Map) and each.get("containerPort") for each in patch.items) else "port"
            )
            has_protocol = all(isinstance(each, Map) and each.get("protocol") for each in patch.items)
            return (port, "protocol") if has_protocol else (port,)
        return _KEYS.get(name, ())

    def _new(self, patch: Placed) -> Placed | None:
        """A part that is only in the patch, without directives and empty values."""
        if isinstance(patch, Items):
            return changed(patch, items=tuple(made for each in patch.items if (made := self._new(each)) is not None))
        if isinstance(patch, Leaf):
            return patch
        if patch.text(_DIRECTIVE) == "delete":
            return None
        made_members = []
        for each in patch.members:
            value = self._new(each.value)
            if each.key.text != _DIRECTIVE and value is not None and not _is_null(each.value):
                made_members.append(Member(each.key, value))
        return Map(tuple(made_members), patch.at)


def _is_null(node: Placed) -> bool:
    return isinstance(node, Leaf) and node.scalar.value is None


def _key_of(node: Placed, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(node.text(key) for key in keys) if isinstance(node, Map) else (node.text if isinstance(node, Leaf) else "",)
