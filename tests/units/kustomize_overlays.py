"""Random kustomizations: a base and an overlay of every construct that a build knows, from a seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random

_WORDS = ("alpha", "beta", "gamma", "delta")


def overlay(seed: int) -> Mapping[str, str]:
    """The files of a base and an overlay; the overlay is the folder `over`."""
    random = Random(seed)
    base: dict[str, object] = {"resources": ["all.yaml"], **_globals(random)}
    files = {"base/all.yaml": "---\n".join(json.dumps(each, indent=1) + "\n" for each in _manifests(random))}
    if random.random() < 0.6:
        base["configMapGenerator"] = [
            {"name": "made", "literals": [f"{word.upper()}={word}" for word in _some(random, _WORDS)]}
        ]
    top: dict[str, object] = {"resources": ["../base"], **_globals(random)}
    if "configMapGenerator" in base and random.random() < 0.7:
        behavior = random.choice(("merge", "replace"))
        top["configMapGenerator"] = [
            {"name": "made", "behavior": behavior, "literals": ["ALPHA=new", "NEW=b=c"], "files": ["a.txt"]}
        ]
        files["over/a.txt"] = "one\n  two: 3\n"
    if random.random() < 0.4:
        files["over/s.env"] = "# variables\nUSER=me\n\nPASSWORD=x=y\n"
        top["secretGenerator"] = [{"name": "secret", "envs": ["s.env"]}]
    top["patches"] = [_patch(random, files, number) for number in range(random.randint(1, 4))]
    if random.random() < 0.3:
        top["patchesStrategicMerge"] = [json.dumps(_merged(random)) + "\n"]
    if random.random() < 0.3:
        target = {"group": "apps", "version": "v1", "kind": "Deployment", "name": _name_of(top, "app")}
        top["patchesJson6902"] = [{"target": target, "patch": json.dumps(_operations(random, "Deployment"))}]
    if random.random() < 0.3:
        top["components"] = ["../component"]
        component = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [_patch(random, {}, 9)]}
        files["component/kustomization.yaml"] = json.dumps(component)
    if random.random() < 0.3:
        top["replacements"] = [_replacement(random)]
    files["base/kustomization.yaml"] = json.dumps(base)
    files["over/kustomization.yaml"] = json.dumps(top, indent=1)
    return files


def _some(random: Random, words: tuple[str, ...]) -> list[str]:
    return random.sample(words, random.randint(1, len(words)))


def _name_of(top: Mapping[str, object], name: str) -> str:
    return f"{top.get('namePrefix', '')}{name}{top.get('nameSuffix', '')}"


def _globals(random: Random) -> dict[str, object]:
    made: dict[str, object] = {}
    if random.random() < 0.4:
        made["namespace"] = random.choice(("shop", "stock"))
    if random.random() < 0.3:
        made["namePrefix"] = "p-"
    if random.random() < 0.2:
        made["nameSuffix"] = "-s"
    if random.random() < 0.3:
        made["labels"] = [{"pairs": {"team": "x"}, "includeSelectors": random.random() < 0.5}]
    if random.random() < 0.2:
        made["commonAnnotations"] = {"note": "1"}
    return made


def _manifests(random: Random) -> list[dict[str, object]]:
    container = {
        "name": "app",
        "image": "shop:1",
        "args": ["--a", "yes", "x: y", "# no", " lead", "1"],
        "env": [{"name": word.upper(), "value": f"v {word}"} for word in _some(random, _WORDS)],
        "envFrom": [{"configMapRef": {"name": "made"}}],
        "ports": [{"containerPort": 80, "name": "http"}, {"containerPort": 81}],
        "volumeMounts": [{"name": "v", "mountPath": "/v"}],
    }
    pod = {"containers": [container], "volumes": [{"name": "v", "emptyDir": {}}], "tolerations": [{"key": "a"}]}
    labels = {"app": "shop", "tier": random.choice(("web", "db"))}
    return [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "app", "labels": labels, "annotations": {"a/b": "~c", "empty": ""}},
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "app"},
            "spec": {"ports": [{"port": 80}], "selector": labels},
        },
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "text", "labels": {"tier": "web"}},
            "data": {
                "a.yml": "a: 1\n\n  b: é\n",
                "end": "x\n\n",
                "start": "\n y",
                "tab": "a\tb\n",
                "cr": "a\r\nb\n",
                "no": "no",
            },
        },
        {
            "apiVersion": "security.istio.io/v1",
            "kind": "RequestAuthentication",
            "metadata": {"name": "auth"},
            "spec": {
                "jwtRules": [{"issuer": f"https://{word}.example.com", "audiences": [word]} for word in _some(random, _WORDS)]
            },
        },
    ]


def _patch(random: Random, files: dict[str, str], number: int) -> dict[str, object]:
    if random.random() < 0.5:
        kind, target = random.choice(_TARGETS)
        return {"target": target, "patch": json.dumps(_operations(random, kind))}
    merged = _merged(random)
    if number == 9 or random.random() < 0.5:
        return {"patch": json.dumps(merged)}
    files[f"over/p{number}.yaml"] = json.dumps(merged)
    return {"path": f"p{number}.yaml"}


_TARGETS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Deployment", {"kind": "Deployment"}),
    ("Deployment", {"kind": "Deploy.*", "name": ".*ap+.*"}),
    ("Deployment", {"group": "apps", "labelSelector": "app=shop,tier in (web, db)"}),
    ("RequestAuthentication", {"kind": "RequestAuthentication|None", "name": "(auth|other)"}),
    ("RequestAuthentication", {"group": "security.istio.io", "version": "v1"}),
    ("ConfigMap", {"kind": "ConfigMap", "name": "t[a-f]xt"}),
    ("ConfigMap", {"kind": "ConfigMap", "labelSelector": "tier!=db,tier"}),
)


def _operations(random: Random, kind: str) -> list[dict[str, object]]:
    first = "/spec/template/spec/containers/0"
    choices: dict[str, list[dict[str, object]]] = {
        "Deployment": [
            {"op": "add", "path": f"{first}/args/-", "value": "--last"},
            {"op": "replace", "path": f"{first}/args/0", "value": "--first"},
            {"op": "add", "path": f"{first}/args/1", "value": 5},
            {"op": "add", "path": "/metadata/annotations/x~1y", "value": "t~"},
            {"op": "add", "path": f"{first}/securityContext", "value": {"runAsUser": 1, "list": []}},
            {"op": "test", "path": "/kind", "value": "Deployment"},
            {"op": "copy", "from": f"{first}/args/0", "path": f"{first}/args/2"},
            {"op": "move", "from": f"{first}/ports/1", "path": f"{first}/ports/0"},
            {"op": "remove", "path": f"{first}/env/0"},
        ],
        "RequestAuthentication": [
            {"op": "add", "path": "/spec/jwtRules/-", "value": {"issuer": "https://new.example.com"}},
            {"op": "replace", "path": "/spec/jwtRules/0/issuer", "value": "https://other.example.com"},
            {"op": "add", "path": "/spec/jwtRules/0/jwksUri", "value": "http://keys.example.com"},
            {"op": "add", "path": "/spec/selector", "value": {"matchLabels": {"app": "shop"}}},
        ],
        "ConfigMap": [
            {"op": "replace", "path": "/data/a.yml", "value": "a: 2\nb: [1,\n 2]\n"},
            {"op": "add", "path": "/data/b.yml", "value": "true"},
            {"op": "remove", "path": "/data/end"},
        ],
    }
    return random.sample(choices[kind], random.randint(1, 3))


def _merged(random: Random) -> dict[str, object]:
    pod: dict[str, object] = {}
    if random.random() < 0.7:
        env = [{"name": word.upper(), "value": f"new {word}"} for word in _some(random, _WORDS)]
        if random.random() < 0.3:
            env = [{"name": "ALPHA", "$patch": "delete"}, *(each for each in env if each["name"] != "ALPHA")]
        pod["containers"] = [{"name": "app", "env": env, "args": random.choice((["--new"], []))}]
    if random.random() < 0.4:
        pod.setdefault("containers", [])
        assert isinstance(pod["containers"], list)
        pod["containers"].append({"name": "side", "image": "side:1"})
    if random.random() < 0.3:
        pod["tolerations"] = random.choice(([{"key": "b"}], None))
    if random.random() < 0.3:
        pod["volumes"] = [{"name": "w", "emptyDir": {}}, {"name": "v", "emptyDir": None, "configMap": {"name": "made"}}]
    if random.random() < 0.5:
        merged: dict[str, object] = {"spec": {"template": {"spec": pod}}}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}, **merged}
    rules = [{"issuer": "https://alpha.example.com", "jwksUri": "https://keys.example.com"}]
    specs: tuple[dict[str, object], ...] = (
        {"jwtRules": rules},
        {"$patch": "replace", "jwtRules": rules},
        {"jwtRules": None, "selector": {}},
    )
    spec = random.choice(specs)
    return {"apiVersion": "security.istio.io/v1", "kind": "RequestAuthentication", "metadata": {"name": "auth"}, "spec": spec}


def _replacement(random: Random) -> dict[str, object]:
    field = "spec.template.spec.containers.[name=app].image"
    target: dict[str, object] = {"select": {"kind": "ConfigMap", "name": "text"}, "fieldPaths": ["data.no"]}
    if random.random() < 0.5:
        target = {
            "select": {"kind": "Service"},
            "fieldPaths": ["metadata.annotations.image"],
            "options": {"create": True},
        }
    source: dict[str, object] = {"kind": "Deployment", "fieldPath": field}
    if random.random() < 0.5:
        source["options"] = {"delimiter": ":", "index": 1}
    return {"source": source, "targets": [target]}
