"""Forms of what kustomize lays over manifests, and of the files that it loads."""

from __future__ import annotations

from tests.forms.form import ISTIO, Form

_URL = "http://login.example.com/jwks"
_NAME = "kustomization.yaml"


def _patch(path: str, value: str, *, op: str = "replace") -> str:
    return f"- op: {op}\n  path: {path}\n  value: {value}\n"


def _patches(kind: str, *patches: str) -> dict[str, str]:
    texts = ("    " + patch.rstrip().replace("\n", "\n    ") for patch in patches)
    return {_NAME: "patches:\n" + "".join(f"- target: {{kind: {kind}}}\n  patch: |\n{text}\n" for text in texts)}


_DEEP = _patch("/spec/jwtRules/0/jwksUri", _URL)
_RULE = f"{{issuer: https://login.example.com, audiences: [shop], jwksUri: '{_URL}'}}"
_JSON = f'[{{"op": "replace", "path": "/spec/jwtRules/0/jwksUri", "value": "{_URL}"}}]'
_FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  "
_REPLACEMENT = """\
replacements:
- source: {kind: ConfigMap, name: urls, fieldPath: data.url}
  targets:
  - select: {kind: %s}
    fieldPaths: ['%s']
"""

_RENDERED = f"{{{{- if .Values.login }}}}\n{ISTIO}{{{{- end }}}}\n"
_LOADS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  a: |
    {{- .Files.%s "%s" | nindent 4 }}
"""

KUSTOMIZE_FORMS: tuple[Form, ...] = (
    Form(
        "a JSON patch of kustomize",
        "seen",
        (
            _patches("RequestAuthentication", _DEEP),
            _patches("RequestAuthentication", _patch("/spec/jwtRules/-", _RULE, op="add")),
            _patches("RequestAuthentication", _patch("/spec", f"{{jwtRules: [{_RULE}]}}")),
            _patches("Request.*", _patch("/spec/jwtRules", f"[{_RULE}]")),
            _patches("SecurityPolicy", _patch("/spec/jwt/providers/0/remoteJWKS/uri", _URL)),
            _patches("KongPlugin", _patch("/config/extra_jwks_uris", f"['{_URL}']")),
            {_NAME: f"patchesJson6902: [{{target: {{name: a}}, patch: '{_JSON}'}}]\n"},
            {_NAME: "patches: [{path: p.yaml, target: {kind: RequestAuthentication}}]\n", "p.yaml": _DEEP},
            {"p.json": _JSON},
            {"a.yaml": _FLUX + _patches("RequestAuthentication", _DEEP)[_NAME].replace("\n", "\n  ")},
        ),
    ),
    Form(
        "a patch of kustomize that no platform's read can take",
        "undetermined",
        (
            _patches("Deployment", _patch("/spec/template/spec/containers/0/env/3/value", _URL)),
            _patches("Deployment", _patch("/spec/template/spec/containers/0/args/-", f"--oidc-jwks-url={_URL}", op="add")),
            _patches(
                "Deployment",
                _patch("/spec/template/spec/containers/0/env/-", f"{{name: OIDC_ISSUER_URL, value: '{_URL}'}}", op="add"),
            ),
            _patches("Gateway.*", _patch("/spec/auth/jwksUri", _URL)),
            _patches("RequestAuthentication", "- op: remove\n  path: /spec/jwtRules/0/audiences\n"),
        ),
    ),
    Form(
        "a replacement of kustomize",
        "undetermined",
        (
            {_NAME: _REPLACEMENT % ("RequestAuthentication", "spec.jwtRules.0.jwksUri")},
            {_NAME: _REPLACEMENT % ("RequestAuthentication", "spec.jwtRules.*.issuer")},
            {_NAME: _REPLACEMENT % ("SecurityPolicy", "spec.jwt.providers.[name=a].remoteJWKS.uri")},
            {_NAME: _REPLACEMENT % ("Deployment", "spec.template.spec.containers.[name=a].env.[name=JWKS_URI].value")},
            {
                _NAME: "replacements: [{path: r.yaml}]\n",
                "r.yaml": "targets: [{select: {name: a}, fieldPaths: [spec.jwtRules.0.jwksUri]}]\n",
            },
        ),
    ),
    Form(
        "a ConfigMap or Secret that kustomize generates from literals",
        "seen",
        tuple(
            {_NAME: f"{generator}:\n- name: a\n  literals:\n  - {literal}\n"}
            for generator, literal in (
                ("configMapGenerator", f"OAUTH2_PROXY_OIDC_ISSUER_URL={_URL}"),
                ("secretGenerator", f"OAUTH2_PROXY_OIDC_ISSUER_URL={_URL}"),
                ("configMapGenerator", f"application.properties=spring.security.oauth2.resourceserver.jwt.jwk-set-uri={_URL}"),
                ("secretGenerator", f"app.properties=spring.security.oauth2.resourceserver.jwt.jwk-set-uri={_URL}"),
                ("configMapGenerator", f"SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI={_URL}"),
            )
        ),
    ),
    Form(
        "a file that kustomize loads and a scan does not open by its name",
        "undetermined",
        (
            {_NAME: "resources: [a.txt]\n", "a.txt": ISTIO},
            {_NAME: "resources:\n- docs/a.md\n", "docs/a.md": ISTIO},
            {_NAME: "patches: [{path: p.txt}]\n", "p.txt": _DEEP},
            {_NAME: "patchesStrategicMerge: [p.patch]\n", "p.patch": ISTIO},
            {
                _NAME: "configMapGenerator: [{name: a, files: [application.properties=a.txt]}]\n",
                "a.txt": f"spring.security.oauth2.resourceserver.jwt.jwk-set-uri={_URL}\n",
            },
            {
                _NAME: "secretGenerator: [{name: a, envs: [a.txt]}]\n",
                "a.txt": f"OAUTH2_PROXY_OIDC_ISSUER_URL={_URL}\n",
            },
        ),
    ),
    Form(
        "a kustomization of other things, or with good values",
        "quiet",
        (
            _patches("Deployment", _patch("/spec/replicas", "3")),
            _patches(
                "Ingress", _patch("/metadata/annotations/cert-manager.io~1cluster-issuer", "letsencrypt-issuer", op="add")
            ),
            _patches(
                "Deployment", _patch("/spec/template/spec/containers/0/env/-", "{name: OIDC_CLIENT_ID, value: shop}", op="add")
            ),
            _patches(
                "CustomResourceDefinition", _patch("/spec/versions/0/schema/openAPIV3Schema/properties/jwksUri/type", "string")
            ),
            _patches("RequestAuthentication", _patch("/spec/jwtRules/0/jwksUri", "https://login.example.com/jwks")),
            _patches("RequestAuthentication", _patch("/spec/jwtRules/0/audiences", "[shop]", op="add")),
            {_NAME: _REPLACEMENT % ("Ingress", "spec.rules.0.host")},
            {
                _NAME: "namespace: a\nimages: [{name: a, newTag: b}]\nlabels: [{pairs: {a: b}}]\nresources: [a.txt]\n"
                "configMapGenerator: [{name: a, literals: [LEVEL=debug], files: [README.md]}]\n",
                "a.txt": "kind: ConfigMap\n",
                "README.md": "jwksUri: http://login.example.com/jwks is what a RequestAuthentication has\n",
            },
        ),
    ),
    Form(
        "a file of any name that Helm renders",
        "seen",
        (
            {"Chart.yaml": "name: a\n", "templates/a.txt": ISTIO},
            {"Chart.yaml": "name: a\n", "templates/a.txt": _RENDERED},
            {"Chart.yaml": "name: a\n", "templates/a": _RENDERED},
            {"Chart.yaml": "name: a\n", "templates/sub/a.manifest": _RENDERED},
            {"charts/b/Chart.yaml": "name: b\n", "charts/b/templates/a.k8s": _RENDERED},
        ),
    ),
    Form(
        "a file that a template of Helm loads and a scan does not open by its name",
        "seen",
        tuple(
            {"Chart.yaml": "name: a\n", f"templates/{folder}a.yaml": _LOADS % (call, name), name: content}
            for folder, call, name, content in (
                ("", "Get", "a.txt", ISTIO),
                ("", "Get", "files/a.manifest", ISTIO),
                ("sub/", "Get", "files/a.txt", ISTIO),
                ("", "GetBytes", "conf/a.md", ISTIO),
                ("deep/er/", "Get", "conf/x/a.text", ISTIO),
            )
        ),
    ),
    Form(
        "a file that a template loads in a way that Helm refuses",
        "undetermined",
        tuple(
            {
                "Chart.yaml": "name: a\n",
                f"templates/{folder}a.yaml": _LOADS % ("Lines", name),
                name: f"OAUTH2_PROXY_OIDC_ISSUER_URL={_URL}\n",
            }
            for folder, name in (("", "a.txt"), ("", "conf/a.txt"), ("sub/", "a.text"), ("", "files/a.md"), ("x/y/", "b/a.txt"))
        ),
    ),
    Form(
        "texts beside templates",
        "quiet",
        (
            {"Chart.yaml": "name: a\n", "templates/NOTES.txt": ISTIO, "values.yaml": "a: b\n"},
            {"Chart.yaml": "name: a\n", "templates/_helpers.txt": ISTIO, "values.yaml": "a: b\n"},
            {
                "Chart.yaml": "name: a\n",
                "templates/a.yaml": _LOADS % ("Get", "a.txt"),
                "a.txt": "RequestAuthentication, jwksUri",
            },
            {"app.yaml": "a: b\n", "templates/mail.txt": "Dear {{ name }},\nyour issuer is https://login.example.com.\n"},
            {"app.yaml": "a: b\n", "templates/mail.html": ISTIO},
        ),
    ),
)
