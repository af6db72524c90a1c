"""Rows about charts of Helm."""

from __future__ import annotations

from tests.units.row import FAULT, Row

_CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
_AUTH = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop}
spec:
  jwtRules:
    - issuer: %s
      jwksUri: https://keys.example.com/jwks
      audiences: [shop]
"""
_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
        - name: shop
          image: shop:1
          env:
            %s
"""
_NAME = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI"
_SPRING = "spring: {security: {oauth2: {resourceserver: {jwt: {issuer-uri: %s, audiences: shop}}}}}\n"
_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata:\n  application.yml: |\n    %s\n"


def _tree(template: str, values: str = "", helpers: str = "", **more: str) -> dict[str, str]:
    files = {"shop/Chart.yaml": _CHART, "shop/values.yaml": values, "shop/templates/a.yaml": template}
    if helpers:
        files["shop/templates/_helpers.tpl"] = helpers
    return files | {f"shop/{name.replace('__', '/')}": text for name, text in more.items()}


def _issuer(action: str, values: str = f"url: {FAULT}\n", helpers: str = "") -> dict[str, str]:
    return _tree(_AUTH % action, values, helpers)


_NAMED = '{{- define "shop.url" -}}\n{{ .Values.url }}\n{{- end -}}\n'
_LIBRARY = {
    "shop/Chart.yaml": f"{_CHART}dependencies:\n  - {{name: base, version: 1.0.0, repository: 'file://../base'}}\n",
    "shop/values.yaml": f"url: {FAULT}\n",
    "shop/templates/a.yaml": _AUTH % '{{ include "base.url" . }}',
    "base/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.0.0\ntype: library\n",
    "base/templates/_names.tpl": '{{- define "base.url" -}}{{ .Values.url }}{{- end -}}\n',
}
_SUBCHART = {
    "shop/Chart.yaml": f"{_CHART}dependencies:\n  - {{name: login, alias: front, version: 1.0.0, condition: front.enabled}}\n",
    "shop/values.yaml": f"front: {{enabled: true, url: {FAULT}}}\n",
    "shop/charts/login/Chart.yaml": "apiVersion: v2\nname: login\nversion: 1.0.0\n",
    "shop/charts/login/values.yaml": "url: https://login.example.com\n",
    "shop/charts/login/templates/a.yaml": _AUTH % "{{ .Values.url }}",
}

_LOOP = """\
{{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}"""

ROWS: tuple[Row, ...] = (
    Row("Helm: a value of `values.yaml`", "resolved", _issuer("{{ .Values.url | quote }}")),
    Row("Helm: `default` where the value is missing", "resolved", _issuer(f'{{{{ .Values.no | default "{FAULT}" }}}}', "")),
    Row(
        "Helm: a value of `values-prod.yaml`",
        "resolved",
        _tree(_AUTH % "{{ .Values.url }}", "url: https://a.example\n", **{"values-prod.yaml": f"url: {FAULT}\n"}),
    ),
    Row(
        "Helm: a values file in a folder of environments",
        "resolved",
        _tree(_AUTH % "{{ .Values.url }}", "url: https://a.example\n")
        | {"shop/environments/prod/values.yaml": f"url: {FAULT}\n"},
    ),
    Row(
        "Helm: `printf`, `replace`, `trimSuffix` and the like",
        "resolved",
        _issuer('{{ printf "%s" (.Values.url | trimSuffix "/") }}', f"url: {FAULT}/\n"),
    ),
    Row("Helm: `include` of a named template", "resolved", _issuer('{{ include "shop.url" . }}', helpers=_NAMED)),
    Row(
        "Helm: `tpl` of a value",
        "resolved",
        _issuer("{{ tpl .Values.real . }}", f"url: {FAULT}\nreal: '{{{{ .Values.url }}}}'\n"),
    ),
    Row(
        "Helm: `toYaml` of a list of settings",
        "resolved",
        _tree(
            _AUTH.partition("    - issuer")[0] + "    {{- toYaml .Values.rules | nindent 4 }}\n",
            f"rules:\n  - issuer: {FAULT}\n    jwksUri: https://keys.example.com/jwks\n    audiences: [shop]\n",
        ),
    ),
    Row(
        "Helm: `toJson` of a list of settings",
        "resolved",
        _tree(
            _AUTH.partition("\n    - issuer")[0] + " {{ toJson .Values.rules }}\n",
            f"rules:\n  - issuer: {FAULT}\n    jwksUri: https://keys.example.com/jwks\n    audiences: [shop]\n",
        ),
    ),
    Row(
        "Helm: `if` and `else` on values",
        "resolved",
        _issuer("{{ if .Values.live }}{{ .Values.url }}{{ else }}https://a.example{{ end }}", f"live: true\nurl: {FAULT}\n"),
    ),
    Row(
        "Helm: `range` over a dict of environment variables",
        "resolved",
        _tree(
            _DEPLOYMENT % _LOOP,
            f"env:\n  {_NAME}: {FAULT}\n",
        ),
    ),
    Row(
        "Helm: a manifest that stands in the values",
        "resolved",
        _tree(
            "{{- range .Values.extra }}\n---\n{{ toYaml . }}\n{{- end }}\n",
            "extra:\n  - " + (_AUTH % FAULT).replace("\n", "\n    ").rstrip() + "\n",
        ),
    ),
    Row(
        "Helm: a manifest that a named template makes",
        "resolved",
        _tree(
            '{{ include "shop.auth" . }}\n',
            f"url: {FAULT}\n",
            '{{- define "shop.auth" -}}\n' + _AUTH % "{{ .Values.url }}" + "{{- end }}\n",
        ),
    ),
    Row(
        "Helm: settings of an application in a ConfigMap",
        "resolved",
        _tree(_CONFIG % (_SPRING % "{{ .Values.url }}").strip(), f"url: {FAULT}\n"),
    ),
    Row(
        "Helm: a file of the chart by `.Files.Get` and `tpl`",
        "resolved",
        _tree(_CONFIG % '{{- tpl (.Files.Get "config/app.yml") . | nindent 4 }}', f"url: {FAULT}\n")
        | {"shop/config/app.yml": _SPRING % "{{ .Values.url }}"},
    ),
    Row("Helm: a library chart beside the chart", "resolved", _LIBRARY),
    Row("Helm: a subchart under an alias, with the values of its parent", "resolved", _SUBCHART),
    Row("Helm: a value that `values.yaml` leaves empty", "undetermined", _issuer("{{ .Values.url }}", "url: ''\n")),
    Row("Helm: `required` without a value", "undetermined", _issuer('{{ required "url!" .Values.url }}', "a: b\n")),
    Row(
        "Helm: what only a release or a cluster knows", "undetermined", _issuer("https://{{ .Release.Namespace }}.example.com")
    ),
    Row(
        "Helm: a condition on the abilities of the cluster",
        "undetermined",
        _issuer(
            '{{ if .Capabilities.APIVersions.Has "a/v1" }}{{ .Values.no.url }}{{ else }}{{ .Values.no.other }}{{ end }}',
            "a: b\n",
        ),
    ),
    Row(
        "Helm: a template that no values file switches on, with the chart's own values",
        "resolved",
        _tree(
            "{{- if .Values.auth.enabled }}\n" + _AUTH % "{{ .Values.auth.url }}" + "{{- end }}\n",
            f"auth: {{enabled: false, url: {FAULT}}}\n",
        ),
    ),
    Row(
        "Helm: a named template of a chart that is not in the repository",
        "undetermined",
        _issuer('{{ include "common.url" . }}', "a: b\n"),
    ),
    Row(
        "Helm: a template that does not end",
        "undetermined",
        _tree(
            '{{ include "a" . }}\n' + _AUTH % "{{ .Values.url }}", "a: b\n", '{{- define "a" }}{{ include "a" . }}{{ end }}\n'
        ),
    ),
)
