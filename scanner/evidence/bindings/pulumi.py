"""Programs of Pulumi in YAML, in the shape of the Terraform that their providers are made of.

`okta:idp:Oidc` is `okta_idp_oidc`, `issuerUrl` is `issuer_url`, and of a list the name may be the singular there
(`thumbprintLists` is `thumbprint_list`). So the reads of every platform for Terraform serve it. A resource of Kubernetes is its
manifest.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.encoded_nodes import EncodedNode
from scanner.files.limits import DEEPEST
from scanner.files.tree import Entry, Mapping, Node, Parsed, Scalar, Sequence
from scanner.patterns import lazy_pattern

# the Terraform providers that have another name
_PROVIDERS = {"gcp": "google", "azure": "azurerm", "azure-native": "azurerm", "confluentcloud": "confluent"}
# modules that are spelt in one word
_MODULES = {"apimanagement": "api_management"}
_HUMP = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_REFERENCE = lazy_pattern(r"\$\{([A-Za-z_][\w-]*+)((?:\.[\w-]++)*+)\}")
_CHARTS = frozenset({"kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"})


def list_pulumi_documents(outer: Parsed) -> Iterator[EncodedNode]:
    """The documents that a program means: its resources as Terraform, then each manifest."""
    for document in outer.documents:
        resources = document.get("resources") if isinstance(document, Mapping) and document.get("runtime") else None
        if isinstance(document, Mapping) and isinstance(resources, Mapping):
            yield from _Program(document, resources).list_documents()


class _Program:
    def __init__(self, document: Mapping, resources: Mapping) -> None:
        self.document = document
        self.resources = [
            (entry, kind.text, entry.value)
            for entry in resources.entries
            if isinstance(entry.value, Mapping) and isinstance(kind := entry.value.get("type"), Scalar)
        ]
        # what a reference to a resource, a setting or a variable begins with in Terraform
        self.addresses = {entry.key.text: f"{_list_types(kind)[0]}.{entry.key.text}" for entry, kind, _ in self.resources}
        self.addresses |= {entry.key.text: f"local.{entry.key.text}" for entry in _members(document, "variables")}
        self.addresses |= {entry.key.text: f"var.{entry.key.text}" for entry in self.list_settings()}

    def list_settings(self) -> tuple[Entry, ...]:
        return (*_members(self.document, "configuration"), *_members(self.document, "config"))

    def list_documents(self) -> Iterator[EncodedNode]:
        terraform: dict[str, list[Entry]] = {}
        for entry, kind, body in self.resources:
            properties = body.get("properties")
            if not isinstance(properties, Mapping):
                continue
            if kind.startswith("kubernetes:"):
                yield from self.list_manifests(entry.key, kind, properties)
                continue
            translated = self.translate(properties, 0)
            for name in _list_types(kind):
                terraform.setdefault(name, []).append(Entry(entry.key, translated))
        resources = [
            Entry(_named(name, entries[0].key), _mapping(entries, self.document)) for name, entries in terraform.items()
        ]
        parts = {
            "resource": resources,
            "variable": [Entry(entry.key, self.translate(entry.value, 0)) for entry in self.list_settings()],
            "locals": [Entry(entry.key, self.translate(entry.value, 0)) for entry in _members(self.document, "variables")],
        }
        top = Scalar("", "", self.document.line, self.document.column, self.document.line)
        made = [Entry(_named(name, top), _mapping(entries, self.document)) for name, entries in parts.items() if entries]
        if resources:
            yield EncodedNode("main.tf", resources[0].key, Parsed("hcl", (_mapping(made, self.document),)), None)

    def list_manifests(self, key: Scalar, kind: str, properties: Mapping) -> Iterator[EncodedNode]:
        """The manifest that a resource is, or the values of a chart."""
        values = properties.get("values") if kind in _CHARTS else None
        if values is not None:
            yield EncodedNode("values.yaml", key, Parsed("yaml", (values,)), None)
            return
        _, group, name = (*kind.split(":", 2), "", "")[:3]
        known = properties.names()
        said = [Entry(_named(each, key), _named(text, key)) for each, text in (("apiVersion", group), ("kind", name))]
        entries = [*(each for each in said if each.key.text not in known), *properties.entries]
        yield EncodedNode("", key, Parsed("yaml", (_mapping(entries, properties),)), None)

    def translate(self, node: Node, depth: int) -> Node:
        """The node with Terraform's names. What becomes JSON keeps its own."""
        if depth > DEEPEST:
            return node
        if isinstance(node, Scalar):
            return self.translate_text(node)
        if isinstance(node, Sequence):
            items = tuple(self.translate(item, depth + 1) for item in node.items)
            return Sequence(items, node.line, node.column, node.end_line)
        encoded = node.get("fn::toJSON") or node.get("Fn::ToJSON")
        if encoded is not None:
            return encoded
        entries: list[Entry] = []
        for entry in node.entries:
            name, value = _spell(entry.key.text), self.translate(entry.value, depth + 1)
            entries.append(Entry(_named(name, entry.key), value))
            if isinstance(value, Sequence) and name.endswith("s"):
                entries.append(Entry(_named(name[:-1], entry.key), value))
        return _mapping(entries, node)

    def translate_text(self, node: Scalar) -> Scalar:
        """A text with Terraform's references."""
        if "${" not in node.text:
            return node
        text = _REFERENCE.sub(
            lambda found: f"${{{self.addresses[found[1]]}{_spell(found[2])}}}" if found[1] in self.addresses else found[0],
            node.text,
        )
        return Scalar(text, text, node.line, node.column, node.end_line, node.is_quoted)


def _list_types(kind: str) -> tuple[str, ...]:
    """The types that Terraform may have for a type of Pulumi: with the module in it, of Azure's also without."""
    package, *between, name = kind.split(":")
    provider = _PROVIDERS.get(package, package.replace("-", "_"))
    module = _spell(between[0].partition("/")[0]) if between else ""
    short = f"{provider}_{_spell(name)}"
    if module in ("", "index"):
        return (short,)
    long = f"{provider}_{_MODULES.get(module, module)}_{_spell(name)}"
    return (long, short) if provider == "azurerm" else (long,)


def _spell(name: str) -> str:
    """A name as Terraform spells it."""
    return _HUMP.sub("_", name).lower().replace("open_id_connect", "openid_connect").replace("o_auth", "oauth")


def _members(document: Mapping, name: str) -> tuple[Entry, ...]:
    found = document.get(name)
    return found.entries if isinstance(found, Mapping) else ()


def _named(text: str, at: Scalar) -> Scalar:
    return Scalar(text, text, at.line, at.column, at.end_line)


def _mapping(entries: list[Entry], at: Mapping) -> Mapping:
    return Mapping(tuple(entries), at.line, at.column, at.end_line)
