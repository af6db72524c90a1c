"""Spellings of an overlay that puts a URL over plain http in place of a good one, generated for kustomize and for the scan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

URL = "http://keys.example.net/jwks"
_RULE = {"issuer": "https://login.example.com", "audiences": ["shop"], "jwksUri": URL}
_BASE = {
    "apiVersion": "security.istio.io/v1",
    "kind": "RequestAuthentication",
    "metadata": {"name": "login"},
    "spec": {"jwtRules": [{**_RULE, "jwksUri": "https://login.example.com/jwks"}]},
}
_PATHS: tuple[tuple[str, object], ...] = (
    ("/spec/jwtRules/0/jwksUri", URL),
    ("/spec/jwtRules/0", _RULE),
    ("/spec/jwtRules/-", _RULE),
    ("/spec/jwtRules", [_RULE]),
    ("/spec", {"jwtRules": [_RULE]}),
)
_TARGETS: tuple[dict[str, str], ...] = (
    {"kind": "RequestAuthentication"},
    {"group": "security.istio.io", "version": "v1", "kind": "RequestAuthentication", "name": "login"},
    {"name": "login"},
    {"kind": "Request.*", "name": "log.*"},
)
_NAMES = ("p.yaml", "p.yml", "p.json", "p.txt", "patch", "patches/p.yaml", "p.patch")
_DUMMY: dict[str, object] = {"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}


def trees() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each overlay with a name, as a folder's files."""
    for number, (files, overlay) in enumerate(_overlays()):
        # JSON is YAML
        tree = {
            "base.yaml": json.dumps(_BASE),
            "kustomization.yaml": json.dumps({"resources": ["base.yaml"], **overlay}),
            **files,
        }
        yield f"{number}-{'-'.join(overlay)}", tree


def _overlays() -> Iterator[tuple[dict[str, str], dict[str, object]]]:
    operations: list[list[dict[str, object]]] = [
        [{"op": op, "path": path, "value": value}]
        for path, value in _PATHS
        for op in ("add", "replace")
        if (op, path[-1]) != ("replace", "-")
    ]
    test: dict[str, object] = {"op": "test", "path": "/kind", "value": "RequestAuthentication"}
    operations += [
        [_DUMMY, *operations[1]],
        [*operations[1], _DUMMY],
        [test, *operations[0]],
    ]
    operations.append(
        [
            {"op": "copy", "from": "/spec/jwtRules/0", "path": "/spec/jwtRules/1"},
            {"op": "replace", "path": "/spec/jwtRules/1/jwksUri", "value": URL},
        ]
    )
    for number, changes in enumerate(operations):
        target = _TARGETS[number % len(_TARGETS)]
        for text in _texts(changes):
            yield {}, {"patches": [{"target": target, "patch": text}]}
            yield {}, {"patches": [{"patch": text, "target": _TARGETS[1]}]}
            name = _NAMES[number % len(_NAMES)]
            yield {name: text}, {"patches": [{"target": target, "path": name}]}
        yield {"p.json": json.dumps(changes)}, {"patchesJson6902": [{"target": _TARGETS[1], "path": "p.json"}]}
        yield {}, {"patchesJson6902": [{"target": _TARGETS[1], "patch": _yaml(changes)}]}
        component: dict[str, object] = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}
        component["patches"] = [{"target": target, "patch": _yaml(changes)}]
        yield {"c/kustomization.yaml": json.dumps(component)}, {"components": ["c"]}
        for transformer in (
            {"kind": "PatchTransformer", "target": target, "patch": _yaml(changes)},
            {"kind": "PatchJson6902Transformer", "target": _TARGETS[1], "jsonOp": json.dumps(changes)},
        ):
            made = {"apiVersion": "builtin", "metadata": {"name": "t"}, **transformer}
            yield {"t.yaml": json.dumps(made)}, {"transformers": ["t.yaml"]}
            yield {}, {"transformers": [json.dumps(made)]}
    yield from _whole_manifests()
    yield from _replacements()


def _whole_manifests() -> Iterator[tuple[dict[str, str], dict[str, object]]]:
    manifest = json.dumps({**_BASE, "spec": {"jwtRules": [_RULE]}})
    for name in _NAMES:
        yield {name: manifest}, {"patches": [{"path": name}]}
        yield {name: manifest}, {"patchesStrategicMerge": [name]}
        yield {name: manifest.replace('"login"', '"second"', 1)}, {"resources": ["base.yaml", name]}
    yield {}, {"patches": [{"patch": manifest}]}
    yield {}, {"patchesStrategicMerge": [manifest]}
    made = {"apiVersion": "builtin", "kind": "PatchStrategicMergeTransformer", "metadata": {"name": "t"}, "patches": manifest}
    yield {}, {"transformers": [json.dumps(made)]}
    yield {"t.txt": json.dumps(made)}, {"transformers": ["t.txt"]}


def _replacements() -> Iterator[tuple[dict[str, str], dict[str, object]]]:
    generator = {"name": "urls", "literals": [f"url={URL}"]}
    source = {"kind": "ConfigMap", "name": "urls", "fieldPath": "data.url"}
    for path in (
        "spec.jwtRules.0.jwksUri",
        "spec.jwtRules.*.jwksUri",
        "spec.jwtRules.[issuer=https://login\\.example\\.com].jwksUri",
    ):
        for select in ({"kind": "RequestAuthentication"}, {"name": "login"}):
            replacement = {"source": source, "targets": [{"select": select, "fieldPaths": [path]}]}
            yield {}, {"configMapGenerator": [generator], "replacements": [replacement]}
            yield {"r.yaml": json.dumps(replacement)}, {"configMapGenerator": [generator], "replacements": [{"path": "r.yaml"}]}
            yield {"r.txt": json.dumps([replacement])}, {"configMapGenerator": [generator], "replacements": [{"path": "r.txt"}]}
    made = {"apiVersion": "builtin", "kind": "ReplacementTransformer", "metadata": {"name": "t"}, "replacements": [replacement]}
    yield {}, {"configMapGenerator": [generator], "transformers": [json.dumps(made)]}


def _texts(changes: list[dict[str, object]]) -> Iterator[str]:
    yield json.dumps(changes)
    yield _yaml(changes)
    yield "---\n" + _yaml(changes).replace('"op"', "op").replace('"path"', "'path'")
    yield _yaml(changes).replace('"op":', '"op" :').replace('"value":', "value:   ")


def _yaml(changes: list[dict[str, object]]) -> str:
    lines = ("\n  ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in each.items()) for each in changes)
    return "".join(f"- {each}\n" for each in lines)
