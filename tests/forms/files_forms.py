"""Forms of trees: which of their files are read."""

from __future__ import annotations

import hashlib
import json

from tests.forms.form import ISTIO, Form, Tree
from tests.forms.git_index import make_index

_PLAIN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
_JSON = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}})
_KRAKEND = {
    "version": 3,
    "endpoints": [
        {"endpoint": "/a", "extra_config": {"auth/validator": {"alg": "RS256", "jwk_url": "http://login.example.com/jwks"}}}
    ],
}
_MANIFEST = (
    '{"format": "jwksgov-bundle/v1", "tool": {"name": "jwksgov", "version": "0.1.0"}, "state": "collecting",'
    ' "started": "2026-08-22T00:00:00Z", "resumed": [], "finished": null, "configuration": {"path": null, "sha256": null},'
    ' "settings": {}, "counts": {"exchanges": 0, "documents": 0, "failures": 0}, "exchanges": null, "wanted": []}'
)
_REPORT = '{"schema": "jwksgov-report/v2", "tool": {"name": "jwksgov", "version": "0.1.0"}, "findings": []}'
_WEAK_SET = '{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "a"}]}'


def tracked(tree: Tree, *others: str) -> Tree:
    """The tree as a repository that tracks all of it, apart from `others`."""
    return {**tree, ".git/HEAD": "ref: refs/heads/main\n", ".git/index": make_index(set(tree) - set(others))}


def with_object(path: str, text: str, *, manifest: str = _MANIFEST) -> Tree:
    """A bundle in the folder `b` with an object of that content; `path` may ask for its digest."""
    name = path.format(digest=(digest := hashlib.sha256(text.encode()).hexdigest()), shelf=digest[:2])
    return {
        "b/manifest.json": manifest,
        "b/exchanges.jsonl": "",
        f"b/{name}": text,
        "kustomization.yaml": f"resources: [b/{name}]\n",
    }


def with_mark(mark: str, value: str, *, is_first: bool = True) -> str:
    members = {mark: value, **_KRAKEND} if is_first else {**_KRAKEND, mark: value}
    return json.dumps(members)


FILES_FORMS: tuple[Form, ...] = (
    Form(
        "a file that `.gitignore` names",
        "seen",
        (
            {"a.yaml": ISTIO, ".gitignore": "a.yaml\n"},
            {"x/a.yaml": ISTIO, "x/.gitignore": "*\n"},
            {"build/a.yaml": ISTIO, ".gitignore": "build/\n"},
            {"a.yaml": ISTIO, ".gitignore": "*.y*ml\n!b.yaml\n"},
            {"x/y/a.yaml": ISTIO, ".gitignore": "**/y\n"},
            tracked({"x/a.yaml": ISTIO, ".gitignore": "/x\n"}),
        ),
    ),
    Form(
        "a file that git tracks in a folder of installed packages or of another tool",
        "seen",
        (
            tracked({"node_modules/a.yaml": ISTIO}),
            tracked({"x/.venv/lib/deep/a.yaml": ISTIO}),
            tracked({"__pycache__/a.yaml": ISTIO, "__pycache__/b.yaml": _PLAIN}, "__pycache__/b.yaml"),
            tracked({".tox/py/a.yml": ISTIO}),
            tracked({".svn/a.yaml": ISTIO, ".hg/b.yaml": _PLAIN}),
            tracked({"node_modules/a/node_modules/a.yaml": ISTIO, "node_modules/b/b.yaml": _PLAIN}, "node_modules/b/b.yaml"),
        ),
    ),
    Form(
        "installed packages that git does not track",
        "quiet",
        (
            tracked({"package.json": _JSON, "node_modules/a/a.yaml": ISTIO}, "node_modules/a/a.yaml"),
            tracked({"a.yaml": _PLAIN, ".venv/lib/a.yaml": ISTIO}, ".venv/lib/a.yaml"),
            tracked({"a.yaml": _PLAIN, "x/.tox/a.yaml": ISTIO}, "x/.tox/a.yaml"),
            {"a.yaml": _PLAIN, "x/__pycache__/a.yaml": ISTIO},
            tracked({"a.yaml": _PLAIN, "node_modules/b.json": _JSON, "node_modules/a.yaml": ISTIO}, "node_modules/a.yaml"),
        ),
    ),
    Form(
        "installed packages, and an index of git that cannot be read",
        "undetermined",
        tuple(
            {"a.yaml": _PLAIN, "node_modules/b.yaml": _PLAIN, ".git/HEAD": "x", **damaged}
            for damaged in (
                {".git/index": "DIRC"},
                {".git/index": make_index(["a.yaml"])[:-1]},
                {".git/index": make_index(["a.yaml"]).replace(b"yaml", b"yamk")},
                {".git/index": b""},
                {".git/packed-refs": ""},
            )
        ),
    ),
    Form(
        "a folder with the files of an evidence bundle that is none",
        "seen",
        (
            with_object("objects/a.yaml", ISTIO),
            with_object("objects/a.yaml", ISTIO, manifest='{"format": "jwksgov-bundle/v1"}'),
            with_object("objects/ab/a.yaml", ISTIO),
            with_object("deep/a.yaml", ISTIO),
            {"exchanges.jsonl": "", "manifest.json": _MANIFEST, "objects/a.yaml": ISTIO, "kustomization.yaml": ""},
            {"exchanges.jsonl": "{", "manifest.json": '{"format": "jwksgov-bundle/v9"', "a.yaml": ISTIO},
        ),
    ),
    Form(
        "an object of an evidence bundle inside the tree that is configuration",
        "seen",
        (
            with_object("objects/{shelf}/{digest}", ISTIO),
            with_object("objects/{shelf}/{digest}", f"# a\n{_PLAIN}---\n{ISTIO}"),
            with_object("objects/{shelf}/{digest}", f"---\n{ISTIO}"),
            with_object("objects/{shelf}/{digest}", json.dumps(_KRAKEND)),
            with_object("objects/00/" + "0" * 64, ISTIO),
        ),
    ),
    Form(
        "an evidence bundle inside the tree",
        "quiet",
        (
            with_object("objects/{shelf}/{digest}", _WEAK_SET),
            with_object(
                "objects/{shelf}/{digest}", '{"issuer": "http://login.example.com", "jwks_uri": "http://login.example.com/j"}'
            ),
            with_object("objects/{shelf}/{digest}", "<html>jwks_uri</html>"),
            with_object("objects/{shelf}/{digest}", ""),
            with_object("objects/{shelf}/{digest}", "upstream connect error or disconnect/reset before headers: jwks_uri\n"),
        ),
    ),
    Form(
        "configuration with a mark of jwksgov's own files",
        "seen",
        (
            {"krakend.json": with_mark("schema", "jwksgov-report/v2")},
            {"krakend.json": with_mark("schema", "jwksgov-baseline/v1")},
            {"krakend.json": with_mark("format", "jwksgov-bundle/v1")},
            {"jwksgov-report.json": with_mark("schema", "jwksgov-report/v2", is_first=False)},
            {"a.yaml": f"id: a-rule\n---\n{ISTIO}"},
            {".jwksgov.yaml": ISTIO},
            {"waivers.yaml": f"{ISTIO}waivers: []\n"},
        ),
    ),
    Form(
        "jwksgov's own files",
        "quiet",
        (
            {"jwksgov-baseline.json": '{"schema": "jwksgov-baseline/v1", "findings": []}'},
            {"jwks-report.json": _REPORT},
            {"jwksgov.json": '{"schema": "jwksgov-metrics/v1"}'},
            {"waivers.yaml": "waivers:\n- {rule: a, reason: the jwks_uri is fixed, owner: us, expires: 2027-01-01}\n"},
            {".jwksgov.yaml": "issuers:\n- {issuer: 'http://login.example.com', jwks_uri: 'http://login.example.com/jwks'}\n"},
        ),
    ),
)
