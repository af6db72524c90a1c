"""What `kubectl get -o yaml` and `-o json` give is judged once, whatever tools noted beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

RULE = {"issuer": "https://login.example.com", "jwksUri": "https://login.example.com/k", "audiences": ["shop"]}
POD = {
    "containers": [
        {"name": "proxy", "args": ["--provider=oidc", "--oidc-issuer-url=https://login.example.com", "--client-id=x"]}
    ]
}


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return DocumentReader(shipped_pack(examples=False).platforms)


def resource(kind: str, name: str, spec: dict[str, Any], owner: tuple[str, str] | None = None) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "namespace": "shop"}
    made = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}
    if owner is None:
        metadata["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(made) + "\n"}
    else:
        metadata["ownerReferences"] = [{"kind": owner[0], "name": owner[1], "controller": True, "uid": "1"}]
    metadata["managedFields"] = [{"fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {".": {}, "f:jwtRules": {}}}}]
    return made


def workload(args: list[str] | None = None, replicas: int = 1) -> dict[str, Any]:
    pod = POD if args is None else {"containers": [{"name": "proxy", "args": args}]}
    return {"replicas": replicas, "template": {"spec": pod}}


def bindings(reader: DocumentReader, text: str, name: str = "dump.yaml") -> list[Binding]:
    found = reader.read(Document(name, text.encode()))
    return list(found.bindings) if found is not None else []


def as_list(*items: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


OWNED = (
    resource("Deployment", "proxy", workload()),
    resource("ReplicaSet", "proxy-1", workload(), ("Deployment", "proxy")),
    resource("Pod", "proxy-1-x", POD, ("ReplicaSet", "proxy-1")),
)


class TestOneResource:
    @pytest.mark.parametrize("form", ["yaml", "json", "line"])
    def test_is_told_once(self, form: str, reader: DocumentReader) -> None:
        """The annotation has the same rules once more, as a text of JSON."""
        item = resource("RequestAuthentication", "shop", {"jwtRules": [RULE]})
        text = yaml.safe_dump(item) if form == "yaml" else json.dumps(item, indent=None if form == "line" else 4)
        (found,) = bindings(reader, text, "dump.yaml" if form == "yaml" else "dump.json")
        assert found.settings["audiences"].value == ["shop"]

    def test_another_annotation_is_read(self, reader: DocumentReader) -> None:
        item = resource("ConfigMap", "a", {})
        item["metadata"]["annotations"] = {
            "example.com/policy": json.dumps(resource("RequestAuthentication", "b", {"jwtRules": [RULE]}))
        }
        assert len(bindings(reader, yaml.safe_dump(item))) == 1


class TestAWorkload:
    def test_is_told_once(self, reader: DocumentReader) -> None:
        """Its ReplicaSets and pods say the same."""
        assert len(bindings(reader, yaml.safe_dump(as_list(*OWNED)))) == 1
        assert len(bindings(reader, json.dumps(as_list(*OWNED)), "dump.json")) == 1

    def test_is_told_where_only_its_copies_are_there(self, reader: DocumentReader) -> None:
        assert len(bindings(reader, yaml.safe_dump(as_list(OWNED[1])))) == 1

    def test_a_copy_that_says_something_else_is_told(self, reader: DocumentReader) -> None:
        other = workload(["--provider=oidc", "--oidc-issuer-url=https://other.example.com", "--client-id=x"])
        found = bindings(
            reader, yaml.safe_dump(as_list(OWNED[0], resource("ReplicaSet", "old", other, ("Deployment", "proxy"))))
        )
        assert len(found) == 2

    def test_a_copy_that_runs_nothing_is_not(self, reader: DocumentReader) -> None:
        other = workload(["--provider=oidc", "--oidc-issuer-url=https://other.example.com", "--client-id=x"], replicas=0)
        found = bindings(
            reader, yaml.safe_dump(as_list(OWNED[0], resource("ReplicaSet", "old", other, ("Deployment", "proxy"))))
        )
        assert len(found) == 1


class TestAudiences:
    def test_resources_are_consumers_of_their_own(self, reader: DocumentReader) -> None:
        """One without audiences takes nothing back that another one demands elsewhere."""
        first = resource("RequestAuthentication", "a", {"selector": {"matchLabels": {"app": "a"}}, "jwtRules": [RULE]})
        plain = {"issuer": RULE["issuer"]}
        second = resource("RequestAuthentication", "b", {"selector": {"matchLabels": {"app": "b"}}, "jwtRules": [plain]})
        assert [each.drops_audience for each in bindings(reader, yaml.safe_dump(as_list(first, second)))] == [False, False]
        second["spec"]["selector"] = first["spec"]["selector"]
        assert [each.drops_audience for each in bindings(reader, yaml.safe_dump(as_list(first, second)))] == [False, True]
