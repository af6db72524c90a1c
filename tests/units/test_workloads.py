"""Workloads with the environment that they take from ConfigMaps and Secrets."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scanner.files.read import read_text
from scanner.files.tree import Parsed, to_plain
from scanner.units.layers import LayerFile
from scanner.units.made import FoundPlace, MadeText
from scanner.units.workloads import Manifest, resolve_workloads

CONFIG = """\
kind: ConfigMap
metadata: {name: settings}
data:
  ISSUER_URI: http://login.example.com
  host: login.example.com
  application.yml: |
    a: 1
    b: two
"""

MOUNT = "      volumeMounts: [{name: v, "
MEMBERS = ["kind", "spec", "containers", "env", "envFrom", "configMapRef", "name", "data", "volumes", "items", "args"]
trees = st.recursive(
    st.none() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
    max_leaves=20,
)


def manifests(**files: str) -> list[Manifest]:
    """The documents of files, by their names."""
    made: list[Manifest] = []
    for name, text in files.items():
        parsed = read_text(text, "yaml")
        assert isinstance(parsed, Parsed)
        made += [Manifest(node, LayerFile(f"{name}.yaml", text)) for node in parsed.documents]
    return made


def resolve(**files: str) -> list[tuple[Any, MadeText | None]]:
    """Each document as it is read after all, and its text where it changed."""
    given_ = manifests(**files)
    resolved = resolve_workloads(given_)
    found: list[tuple[Any, MadeText | None]] = []
    for number, manifest in enumerate(given_):
        text = MadeText(resolved.pieces[number]) if number in resolved.pieces else None
        parsed = read_text(text.text, "yaml") if text is not None else None
        assert parsed is None or isinstance(parsed, Parsed)
        found.append((to_plain(parsed.documents[0] if parsed else manifest.node), text))
    return found


def pod(container: str, more: str = "") -> str:
    return f"kind: Pod\nmetadata: {{name: shop}}\nspec:\n  containers:\n    - name: shop\n{container}{more}"


def place_of(text: MadeText | None, value: str) -> FoundPlace:
    """The place of the last stretch that is this value."""
    assert text is not None
    offset = text.text.rindex(value)
    line = text.text.count("\n", 0, offset) + 1
    found = text.find(line, offset - text.text.rfind("\n", 0, offset), len(value))
    assert found is not None
    return found


def environment(document: Any) -> dict[str, Any]:
    return {each["name"]: each.get("value") for each in document["spec"]["containers"][0]["env"]}


class TestVariables:
    def test_all_of_a_config_map(self) -> None:
        """`envFrom` gives each variable, with its place in the ConfigMap, which loses it."""
        shop = pod("      envFrom: [{configMapRef: {name: settings}}]\n")
        (workload, text), (config, _) = resolve(shop=shop, config=CONFIG)
        assert environment(workload) == {"ISSUER_URI": "http://login.example.com", "host": "login.example.com"}
        assert "envFrom" not in workload["spec"]["containers"][0]
        at = place_of(text, "http://login").at
        assert (at.path, at.line, at.column) == ("config.yaml", 4, 15)
        assert config["data"] == {"application.yml": "a: 1\nb: two\n"}

    def test_what_is_set_counts_more(self) -> None:
        shop = pod(
            "      envFrom: [{configMapRef: {name: settings}}]\n      env: [{name: ISSUER_URI, value: 'https://b.example.com'}]\n"
        )
        assert environment(resolve(shop=shop, config=CONFIG)[0][0])["ISSUER_URI"] == "https://b.example.com"

    def test_one_key_of_another_name(self) -> None:
        """The place is in the workload, which has the name that tells; the ConfigMap is an origin."""
        shop = pod("      env:\n        - name: HOST\n          valueFrom: {configMapKeyRef: {name: settings, key: host}}\n")
        (workload, text), (config, changed) = resolve(shop=shop, config=CONFIG)
        assert environment(workload) == {"HOST": "login.example.com"}
        found = place_of(text, "login.example.com")
        assert (found.at.path, found.at.line) == ("shop.yaml", 8)
        assert [(each.path, each.line) for each in found.origins] == [("config.yaml", 5)]
        assert changed is None
        assert "host" in config["data"]

    def test_a_prefix(self) -> None:
        shop = pod("      envFrom: [{prefix: APP_, configMapRef: {name: settings}}]\n")
        (workload, text), (_, changed) = resolve(shop=shop, config=CONFIG)
        assert environment(workload)["APP_ISSUER_URI"] == "http://login.example.com"
        assert place_of(text, "http://login").at.path == "shop.yaml"
        assert changed is None

    def test_a_secret_is_decoded(self) -> None:
        encoded = base64.b64encode(b"http://login.example.com").decode()
        secret = f"kind: Secret\nmetadata: {{name: settings}}\ndata: {{ISSUER_URI: {encoded}}}\nstringData: {{B: two}}\n"
        shop = pod("      envFrom: [{secretRef: {name: settings}}]\n")
        assert environment(resolve(shop=shop, secret=secret)[0][0]) == {"ISSUER_URI": "http://login.example.com", "B": "two"}

    def test_variables_in_values_and_arguments(self) -> None:
        """`$(NAME)` is a variable of the container that came before; `$$(NAME)` and unknown ones stay."""
        shop = pod(
            "      envFrom: [{configMapRef: {name: settings}}]\n"
            "      env: [{name: URL, value: 'http://$(host)/$(NONE)'}]\n"
            "      args: ['--issuer=$(URL)', '--other=$$(URL)']\n"
        )
        workload, text = resolve(shop=shop, config=CONFIG)[0]
        assert environment(workload)["URL"] == "http://login.example.com/$(NONE)"
        assert workload["spec"]["containers"][0]["args"] == [
            "--issuer=http://login.example.com/$(NONE)",
            "--other=$$(URL)",
        ]
        assert place_of(text, "--issuer=").at.line == 8

    def test_other_values_stay(self) -> None:
        """What is nowhere to be found keeps its reference, and a ConfigMap that is missing is told."""
        shop = pod(
            "      envFrom: [{configMapRef: {name: none}}, {secretRef: {name: none}}]\n"
            "      env:\n        - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}\n"
            "        - {name: HOST, valueFrom: {configMapKeyRef: {name: settings, key: host}}}\n"
        )
        workload, _ = resolve(shop=shop, config=CONFIG)[0]
        first = workload["spec"]["containers"][0]["env"][0]
        assert first == {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
        parts = resolve_workloads(manifests(shop=shop, config=CONFIG)).open_parts
        assert [(each.at.path, each.at.line) for each in parts] == [("shop.yaml", 6)]

    def test_any_workload_and_namespace(self) -> None:
        """A CronJob in a List; of two ConfigMaps of a name, the one of its namespace."""
        spec = "{containers: [{name: a, envFrom: [{configMapRef: {name: settings}}]}]}"
        jobs = (
            "kind: List\nitems:\n  - kind: CronJob\n    metadata: {name: a, namespace: two}\n"
            f"    spec: {{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}\n"
        )
        one, two = (CONFIG.replace("name: settings", f"name: settings, namespace: {name}") for name in ("one", "two"))
        found = resolve(jobs=jobs, one=one.replace("login.", "one."), two=two)
        container = found[0][0]["items"][0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
        assert container["env"][0] == {"name": "ISSUER_URI", "value": "http://login.example.com"}
        assert found[1][1] is None


class TestMountedFiles:
    def test_an_item_has_the_name_of_its_path(self) -> None:
        items = "items: [{key: host, path: conf/appsettings.json}]"
        more = f"{MOUNT}mountPath: /app}}]\n  volumes: [{{name: v, configMap: {{name: settings, {items}}}}}]\n"
        config = resolve(shop=pod(more), config=CONFIG)[1][0]
        assert config["data"]["appsettings.json"] == "login.example.com"

    def test_a_sub_path_has_the_name_of_its_mount(self) -> None:
        """The lines of a text keep their places."""
        at = "mountPath: /app/quarkus.yml, subPath: application.yml"
        more = f"{MOUNT}{at}}}]\n  volumes: [{{name: v, configMap: {{name: settings}}}}]\n"
        config, text = resolve(shop=pod(more), config=CONFIG)[1]
        assert config["data"]["quarkus.yml"] == "a: 1\nb: two\n"
        assert place_of(text, "b: two").at.line == 8


class TestBounds:
    def test_variables_that_grow_without_end(self) -> None:
        items = "".join(f"        - {{name: V{n + 1}, value: '$(V{n})$(V{n})$(V{n})$(V{n})'}}\n" for n in range(40))
        shop = pod(f"      env:\n        - {{name: V0, value: xxxxxxxx}}\n{items}")
        (_, text) = resolve(shop=shop)[0]
        assert text is not None
        assert len(text.text) < 10_000_000

    @given(trees)
    def test_any_tree(self, document: object) -> None:
        """Any tree gives texts that can be read, or none."""
        parsed = read_text(json.dumps(document), "yaml")
        if isinstance(parsed, Parsed):
            for pieces in resolve_workloads([Manifest(node, LayerFile("a.yaml")) for node in parsed.documents]).pieces.values():
                assert isinstance(read_text(MadeText(pieces).text, "yaml"), Parsed)
