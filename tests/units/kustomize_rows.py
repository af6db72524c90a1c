"""What of kustomize is resolved: a row of the table of `docs/units.md` each, with small trees that show it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.units.row import OutcomeRow

_BASE = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: login, labels: {tier: web}}
spec:
  jwtRules:
  - issuer: https://login.example.com
    audiences: [shop]
    jwksUri: https://login.example.com/jwks
"""
_OPEN = _BASE.replace("    audiences: [shop]\n", "")
_HTTP = "http://login.example.com/jwks"
_K = "kustomization.yaml"


def _tree(overlay: str, base: str = _BASE, **more: str) -> Mapping[str, str]:
    named = {name.replace("__", "/").replace("_", "."): text for name, text in more.items()}
    return {
        f"base/{_K}": "resources: [auth.yaml]\n",
        "base/auth.yaml": base,
        f"overlays/prod/{_K}": f"resources: [../../base]\n{overlay}",
        **named,
    }


def _patch(operations: str, target: str = "{kind: RequestAuthentication}") -> str:
    return f"patches:\n- target: {target}\n  patch: '{operations}'\n"


_BREAK = f'[{{"op": "replace", "path": "/spec/jwtRules/0/jwksUri", "value": "{_HTTP}"}}]'
_REPAIR = '[{"op": "add", "path": "/spec/jwtRules/0/audiences", "value": ["shop"]}]'
_WHOLE = "apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: login}\nspec:\n"
_RULES = f"{_WHOLE}  jwtRules:\n  - issuer: https://login.example.com\n    audiences: [shop]\n"
_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  template:
    spec:
      containers:
      - name: proxy
        image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
        args: [--provider=oidc, --email-domain=*]
        env:
        - name: OAUTH2_PROXY_OIDC_ISSUER_URL
          value: VALUE
"""
_ENV_PATCH = """\
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: app}
    spec: {template: {spec: {containers: [{name: proxy, env: [{name: OAUTH2_PROXY_OIDC_ISSUER_URL, value: "VALUE"}]}]}}}
"""
_USES = "components: [../../auth]\n"
_GOOD, _BAD = "https://login.example.com", "http://login.example.com"
_SETTINGS = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http{}://login.example.com/jwks\n"


def _deployment(overlay: str, issuer: str) -> Mapping[str, str]:
    return _tree(overlay, _DEPLOYMENT.replace("VALUE", issuer))


ROWS: tuple[OutcomeRow, ...] = (
    OutcomeRow(
        "an overlay and its base, and a base that nobody deploys alone",
        "resolved",
        (
            ("quiet", _tree(_patch(_REPAIR), _OPEN)),
            ("seen", _tree("", _OPEN)),
            ("seen", {**_tree(_patch(_REPAIR), _OPEN), f"overlays/dev/{_K}": "bases: [../../base]\n"}),
        ),
    ),
    OutcomeRow(
        "JSON patches, in a file or in the kustomization, with targets by pattern and label",
        "resolved",
        (
            ("seen", _tree(_patch(_BREAK))),
            ("seen", _tree(_patch(_BREAK, '{name: "log.*", labelSelector: "tier in (web)"}'))),
            ("quiet", _tree(_patch(_REPAIR, '{kind: "Request.*", version: v1}'), _OPEN)),
            ("seen", _tree("patches: [{path: p.json, target: {name: login}}]\n", overlays__prod__p_json=_BREAK)),
            ("quiet", _tree("patchesJson6902: [{path: p.yaml, target: {group: security.istio.io, version: v1, "
                            "kind: RequestAuthentication, name: login}}]\n", _OPEN, overlays__prod__p_yaml=_REPAIR)),
        ),
    ),
    OutcomeRow(
        "strategic-merge patches; a list of a custom resource is replaced as a whole",
        "resolved",
        (
            ("seen", _tree("patches: [{path: p.yaml}]\n", overlays__prod__p_yaml=f"{_RULES}    jwksUri: {_HTTP}\n")),
            ("quiet", _tree("patchesStrategicMerge: [p.yaml]\n", _OPEN,
                            overlays__prod__p_yaml=f"{_RULES}    jwksUri: https://login.example.com/jwks\n")),
            ("quiet", _tree("patches: [{path: p.yaml}]\n", _BASE.replace("https://login.example.com/jwks", _HTTP),
                            overlays__prod__p_yaml=_WHOLE.replace("spec:\n", "$patch: delete\n"))),
            ("seen", _deployment(_ENV_PATCH.replace("VALUE", _BAD), _GOOD)),
            ("quiet", _deployment(_ENV_PATCH.replace("VALUE", _GOOD), _BAD)),
        ),
    ),
    OutcomeRow(
        "components",
        "resolved",
        (
            ("quiet", _tree(_USES, _OPEN, auth__kustomization_yaml=f"kind: Component\n{_patch(_REPAIR)}")),
            ("seen", _tree(_USES, auth__kustomization_yaml=f"kind: Component\n{_patch(_BREAK)}")),
        ),
    ),
    OutcomeRow(
        "generated ConfigMaps and Secrets: literals, files, variables; merged or replaced",
        "resolved",
        (
            ("quiet", {
                f"base/{_K}": "configMapGenerator: [{name: app, files: [application.properties]}]\n",
                "base/application.properties": _SETTINGS.format(""),
                f"prod/{_K}": "resources: [../base]\n"
                              "configMapGenerator: [{name: app, behavior: merge, files: [application.properties]}]\n",
                "prod/application.properties": _SETTINGS.format("s")
                + "spring.security.oauth2.resourceserver.jwt.audiences=shop\n"
                + "spring.security.oauth2.resourceserver.jwt.issuer-uri=https://login.example.com\n",
            }),
            ("seen", {
                f"base/{_K}": "configMapGenerator: [{name: app, literals: [A=b]}]\n",
                f"prod/{_K}": "resources: [../base]\n"
                              "configMapGenerator: [{name: app, behavior: merge, files: [application.properties]}]\n",
                "prod/application.properties": _SETTINGS.format(""),
            }),
        ),
    ),
    OutcomeRow(
        "replacements and vars with one source",
        "resolved",
        (
            ("seen", _tree(
                "configMapGenerator: [{name: c, literals: ['uri=http://login.example.com/jwks']}]\n"
                "replacements:\n- source: {kind: ConfigMap, name: c, fieldPath: data.uri}\n"
                "  targets: [{select: {kind: RequestAuthentication}, fieldPaths: [spec.jwtRules.0.jwksUri]}]\n")),
            ("seen", _deployment(
                "configMapGenerator: [{name: c, literals: ['uri=http://login.example.com']}]\n"
                "vars: [{name: URI, objref: {kind: ConfigMap, name: c, apiVersion: v1}, fieldref: {fieldpath: data.uri}}]\n",
                "$(URI)")),
        ),
    ),
    OutcomeRow(
        "a transformer that is a plugin",
        "undetermined",
        (
            ("undetermined", {
                _K: "resources: [auth.yaml]\ntransformers: [plugin.yaml]\n",
                "auth.yaml": _BASE,
                "plugin.yaml": "apiVersion: example.com/v1\nkind: SetIssuer\nmetadata: {name: a}\n",
            }),
        ),
    ),
    OutcomeRow(
        "a patch of a manifest that is elsewhere (a remote base)",
        "judged by what the patch sets alone",
        (
            ("seen", {_K: f"resources: [github.com/example/shop?ref=v1]\n{_patch(_BREAK)}"}),
        ),
    ),
    OutcomeRow(
        "a patch that does not fit its manifest",
        "undetermined",
        (
            ("undetermined", _tree(_patch('[{"op": "test", "path": "/spec/jwtRules/3", "value": 1}]'))),
        ),
    ),
    OutcomeRow(
        "kustomizations that include each other in a circle",
        "undetermined",
        (
            ("undetermined", {
                f"a/{_K}": "resources: [../b, auth.yaml]\n",
                f"b/{_K}": "resources: [../a]\n",
                "a/auth.yaml": _BASE,
            }),
        ),
    ),
)  # fmt: skip
