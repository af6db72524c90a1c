"""What a kustomization says of all its resources: namespace, prefix and suffix of names, labels and annotations."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.files.tree import Mapping, Scalar
from scanner.record import changed, record
from scanner.units.kustomize.kustomization import Kustomization, text_of
from scanner.units.kustomize.placed import Items, Leaf, Map, Member, Placed, SourceText, first_leaf, new_leaf, over
from scanner.units.kustomize.resource import Name, Resource

# kinds without a namespace, and kinds whose names stay
_WIDE = frozenset({
    "Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "StorageClass",
    "PriorityClass", "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "IngressClass",
    "CSIDriver",
    "RuntimeClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "CertificateSigningRequest", "CSINode",
    "VolumeAttachment", "FlowSchema", "PriorityLevelConfiguration", "ClusterTrustBundle",
})  # fmt: skip
_KEPT_NAMES = frozenset({"CustomResourceDefinition", "APIService", "Namespace"})
_POD_OWNERS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "ReplicationController"})
# members below which a name of a resource stands, with its kind
_REFERENCES = {
    "configMapKeyRef": ("name", "ConfigMap"), "configMapRef": ("name", "ConfigMap"), "configMap": ("name", "ConfigMap"),
    "secretKeyRef": ("name", "Secret"), "secretRef": ("name", "Secret"), "secret": ("secretName", "Secret"),
}  # fmt: skip


@record
class Labels:
    """Labels that are set: also on pods, and also where pods are selected."""

    pairs: tuple[Member, ...]
    on_pods: bool
    on_selectors: bool


def transform(kustomization: Kustomization, resources: Iterable[Resource]) -> list[Resource]:
    """The resources with what the kustomization says of all of them."""
    source = SourceText(kustomization.file.path, kustomization.text)
    made = list(resources)
    namespace = kustomization.top.get("namespace")
    if isinstance(namespace, Scalar) and namespace.text:
        made = [_in_namespace(each, Leaf(namespace, source)) for each in made]
    prefix, suffix = text_of(kustomization.top, "namePrefix"), text_of(kustomization.top, "nameSuffix")
    if prefix or suffix:
        made = [_rename(each, prefix, suffix) for each in made]
    made = _name_each_other(made)
    for labels in _list_labels(kustomization, source):
        made = [_labelled(each, labels) for each in made]
    annotations = kustomization.top.get("commonAnnotations")
    if isinstance(annotations, Mapping):
        pairs = _pairs(annotations, source)
        made = [_with_pairs(each, ("metadata", "annotations"), pairs) for each in made]
        made = [
            _with_pairs(each, (*_template(each.kind), "metadata", "annotations"), pairs, has_template=True) for each in made
        ]
    return made


def set_images(kustomization: Kustomization, resources: list[Resource]) -> list[Resource]:
    """The resources with the names, tags and digests of images that the kustomization gives."""
    images = {text_of(each, "name"): each for each in kustomization.items("images") if isinstance(each, Mapping)}
    if not images:
        return resources
    source = SourceText(kustomization.file.path, kustomization.text)
    return [changed(each, node=_set_images(each.node, images, source)) for each in resources]


def _set_images(node: Map, images: dict[str, Mapping], source: SourceText) -> Map:
    made = _set_images_in(node, images, source)
    assert isinstance(made, Map)
    return made


def _set_images_in(node: Placed, images: dict[str, Mapping], source: SourceText) -> Placed:
    if isinstance(node, Leaf):
        return node
    if isinstance(node, Items):
        items = tuple(_set_images_in(each, images, source) for each in node.items)
        return node if all(a is b for a, b in zip(items, node.items, strict=True)) else changed(node, items=items)
    members = tuple(
        Member(
            each.key,
            _image(each.value, images, source) if each.key.text == "image" else _set_images_in(each.value, images, source),
        )
        for each in node.members
    )
    is_same = all(a.value is b.value for a, b in zip(members, node.members, strict=True))
    return node if is_same else Map(members, node.at)


def _image(value: Placed, images: dict[str, Mapping], source: SourceText) -> Placed:
    if not isinstance(value, Leaf):
        return value
    name, _, digest = value.text.partition("@")
    tag = name.rpartition(":")[2] if ":" in name.rpartition("/")[2] else ""
    name = name.removesuffix(f":{tag}") if tag else name
    given = images.get(name)
    if given is None:
        return value
    new_tag, new_digest = text_of(given, "newTag"), text_of(given, "digest")
    if new_tag or new_digest:
        tag, digest = new_tag, new_digest
    written = (text_of(given, "newName") or name) + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    at = given.get("newTag") or given.get("digest") or given.get("newName")
    if written == value.text or not isinstance(at, Scalar):
        return value
    return over(value, new_leaf(written, Leaf(at, source)))


def _in_namespace(resource: Resource, namespace: Leaf) -> Resource:
    if resource.kind in _WIDE:
        return _name_namespace(resource, namespace) if resource.kind == "Namespace" else resource
    meta = resource.metadata()
    if meta is None:
        return resource
    present = meta.get("namespace")
    value = over(present, namespace) if present is not None else namespace
    node = resource.node.with_member(_key("metadata", namespace), meta.with_member(_key("namespace", namespace), value))
    return changed(resource, node=node, earlier=_earlier(resource))


def _name_namespace(resource: Resource, namespace: Leaf) -> Resource:
    """A Namespace takes the name itself."""
    meta = resource.metadata()
    present = meta.get("name") if meta is not None else None
    if meta is None or not isinstance(present, Leaf):
        return resource
    renamed = meta.with_member(_key("name", namespace), over(present, namespace))
    return changed(resource, node=resource.node.with_member(_key("metadata", namespace), renamed), earlier=_earlier(resource))


def _earlier(resource: Resource) -> tuple[Name, ...]:
    name = resource.name()
    return resource.earlier if name in resource.earlier else (name, *resource.earlier)


def _key(name: str, like: Leaf) -> Leaf:
    return new_leaf(name, like)


def _rename(resource: Resource, prefix: str, suffix: str) -> Resource:
    """The resource with a longer name."""
    meta = resource.metadata()
    name = meta.get("name") if meta is not None else None
    if meta is None or not isinstance(name, Leaf) or resource.kind in _KEPT_NAMES:
        return resource
    longer = new_leaf(f"{prefix}{name.text}{suffix}", name)
    node = resource.node.with_member(_key("metadata", name), meta.with_member(_key("name", name), longer))
    return changed(resource, node=node, earlier=_earlier(resource))


def _name_each_other(resources: list[Resource]) -> list[Resource]:
    """The resources with their present names where they name each other by earlier ones."""
    present = {(each.kind, each.name().name) for each in resources}
    renamed = {
        (each.kind, earlier.name): each.name().name
        for each in resources
        for earlier in each.earlier
        if (each.kind, earlier.name) not in present
    }
    return [changed(each, node=_refer(each.node, renamed)) for each in resources] if renamed else resources


def _refer(node: Map, renamed: dict[tuple[str, str], str]) -> Map:
    found = _refer_in(node, renamed)
    assert isinstance(found, Map)
    return found


def _refer_in(node: Placed, renamed: dict[tuple[str, str], str]) -> Placed:
    if isinstance(node, Leaf):
        return node
    if isinstance(node, Items):
        items = tuple(_refer_in(each, renamed) for each in node.items)
        return node if all(a is b for a, b in zip(items, node.items, strict=True)) else changed(node, items=items)
    values = [_refer_in(_refer_to(each, renamed), renamed) for each in node.members]
    if all(value is each.value for value, each in zip(values, node.members, strict=True)):
        return node
    return Map(tuple(Member(each.key, value) for each, value in zip(node.members, values, strict=True)), node.at)


def _refer_to(member: Member, renamed: dict[tuple[str, str], str]) -> Placed:
    if member.key.text in ("serviceAccountName", "serviceAccount") and isinstance(member.value, Leaf):
        account = renamed.get(("ServiceAccount", member.value.text))
        return new_leaf(account, member.value) if account else member.value
    if member.key.text == "roleRef" and isinstance(member.value, Map):
        return _refer_by_kind(member.value, renamed)
    if member.key.text == "subjects" and isinstance(member.value, Items):
        items = tuple(_refer_by_kind(each, renamed) for each in member.value.items)
        return changed(member.value, items=items)
    known = _REFERENCES.get(member.key.text)
    if known is None or not isinstance(member.value, Map):
        return member.value
    name = member.value.get(known[0])
    longer = renamed.get((known[1], name.text)) if isinstance(name, Leaf) else None
    if not isinstance(name, Leaf) or not longer:
        return member.value
    return member.value.with_member(_key(known[0], name), new_leaf(longer, name))


def _refer_by_kind(node: Placed, renamed: dict[tuple[str, str], str]) -> Placed:
    """A reference that says the kind of what it names."""
    name = node.get("name") if isinstance(node, Map) else None
    if not isinstance(node, Map) or not isinstance(name, Leaf):
        return node
    longer = renamed.get((node.text("kind"), name.text))
    return node.with_member(_key("name", name), new_leaf(longer, name)) if longer else node


def _list_labels(kustomization: Kustomization, source: SourceText) -> Iterable[Labels]:
    common = kustomization.top.get("commonLabels")
    if isinstance(common, Mapping):
        yield Labels(_pairs(common, source), on_pods=True, on_selectors=True)
    for each in kustomization.items("labels"):
        pairs = each.get("pairs") if isinstance(each, Mapping) else None
        if isinstance(each, Mapping) and isinstance(pairs, Mapping):
            on_selectors = text_of(each, "includeSelectors") == "true"
            on_pods = on_selectors or text_of(each, "includeTemplates") == "true"
            yield Labels(_pairs(pairs, source), on_pods=on_pods, on_selectors=on_selectors)


def _pairs(mapping: Mapping, source: SourceText) -> tuple[Member, ...]:
    return tuple(
        Member(Leaf(each.key, source), Leaf(each.value, source)) for each in mapping.entries if isinstance(each.value, Scalar)
    )


def _template(kind: str) -> tuple[str, ...]:
    """The path of the template of a workload's pods."""
    return ("spec", "jobTemplate", "spec", "template") if kind == "CronJob" else ("spec", "template")


def _labelled(resource: Resource, labels: Labels) -> Resource:
    made = _with_pairs(resource, ("metadata", "labels"), labels.pairs)
    is_owner = resource.kind in _POD_OWNERS or resource.kind == "CronJob"
    if labels.on_pods and is_owner:
        made = _with_pairs(made, (*_template(resource.kind), "metadata", "labels"), labels.pairs, has_template=True)
    if labels.on_selectors:
        if resource.kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"):
            made = _with_pairs(made, ("spec", "selector", "matchLabels"), labels.pairs)
        elif resource.kind in ("Service", "ReplicationController"):
            made = _with_pairs(made, ("spec", "selector"), labels.pairs, has_template=resource.kind == "Service")
    return made


def _with_pairs(
    resource: Resource, path: tuple[str, ...], pairs: tuple[Member, ...], *, has_template: bool = False
) -> Resource:
    """The resource with members set in a map at a path. `has_template`: only where the map before the last two is there."""
    if not pairs or (has_template and not _has(resource.node, path[:-2] or path[:-1])):
        return resource
    return changed(resource, node=_put(resource.node, path, pairs))


def _has(node: Placed | None, path: tuple[str, ...]) -> bool:
    for name in path:
        node = node.get(name) if isinstance(node, Map) else None
    return isinstance(node, Map)


def _put(node: Map, path: tuple[str, ...], pairs: tuple[Member, ...]) -> Map:
    like = pairs[0].key
    if not path:
        for each in pairs:
            present = node.get(each.key.text)
            node = node.with_member(each.key, over(present, each.value) if present is not None else each.value)
        return node
    inner = node.get(path[0])
    below = inner if isinstance(inner, Map) else Map((), (first_leaf(node) or like).at())
    return node.with_member(_key(path[0], like), _put(below, path[1:], pairs))
