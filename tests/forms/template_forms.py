"""Forms of templates: Helm and Go, Jinja, envsubst, ytt and others."""

from __future__ import annotations

from itertools import product

from tests.forms.form import ISTIO, Form, Tree

_HEAD, _RULES = ISTIO.split("spec:\n")
_SIGNS = ("# ", "# x: ", "# - ")
_MARKS = (("{{", "}}"), ("{{/*", "*/}}"), ("{#", "#}"), ("{%", "%}"), ("{{ a }} {#", "#}"), ("{{ `", "` }}"))


def _with_kind(kind: str) -> Tree:
    return {"a.yaml": ISTIO.replace("kind: RequestAuthentication", f"kind: {kind}")}


def _with_name(name: str) -> Tree:
    return {"a.yaml": ISTIO.replace("jwtRules:", f"{name}:")}


def _list_between_marks() -> tuple[Tree, ...]:
    """A manifest between two marks that are no action: in comments, strings and block scalars."""
    trees: list[Tree] = []
    for sign, (begin, end) in product(_SIGNS, _MARKS):
        trees += (
            {"a.yaml": f"{sign}{begin}\n{ISTIO}# {end}\n"},
            {"a.yaml": f"a: b {sign}{begin}\n---\n{ISTIO}---\na: c # {end}\n"},
        )
    for begin, end in _MARKS:
        trees += (
            {"a.yaml": f'a: "x: {begin}"\n---\n{ISTIO}---\na: "y {end}"\n'},
            {"a.yaml": f"a: |\n  x: {begin}\n---\n{ISTIO}---\na: |\n  {end}\n"},
            {"krakend.json": _KRAKEND % (begin, end)},
        )
    return tuple(trees)


def _in_branches(begin: str, between: str, end: str) -> str:
    """The URL of the keys in two branches: the one that a reader takes, the last, is sound."""
    sound = ISTIO.replace("issuer: http:", "issuer: https:")
    url = "    jwksUri: http://login.example.com/jwks\n"
    return sound.replace(url, f"    {begin}\n{url}    {between}\n{url.replace('http:', 'https:')}    {end}\n")


_KRAKEND = (
    '{"version": 3, "note": "y: {{ q }} %s", "endpoints": [{"endpoint": "/a", "extra_config": {"auth/validator":'
    ' {"alg": "RS256", "jwk_url": "http://login.example.com/jwks", "disable_jwk_security": true}}}], "z": "b %s"}'
)
_DEPLOYMENT = """\
apiVersion: apps/v1
kind: {{ .Values.kind | default "Deployment" }}
metadata:
  name: {{ include "app.fullname" . }}
  labels: {{- include "app.labels" . | nindent 4 }}
    app.kubernetes.io/part-of: shop
spec:
  {{- with .Values.strategy }}
  strategy: {{- toYaml . | nindent 4 }}
  {{- end }}
  template:
    spec:
      containers:
      - name: {{ .Chart.Name }}
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
        env:
        {{- range $name, $value := .Values.env }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
        - {name: JWT_COOKIE, value: "{{ .Values.jwt.cookie }}"}
"""

TEMPLATE_FORMS: tuple[Form, ...] = (
    Form("configuration between two marks of a template that are no action", "seen", _list_between_marks()),
    Form(
        "a name or kind that a template's literals give",
        "seen",
        (
            _with_kind('{{ "RequestAuthentication" }}'),
            _with_kind("{{ `RequestAuthentication` | quote }}"),
            _with_kind('Request{{ "" }}Authentication'),
            _with_kind('{{ printf "%sAuthentication" "Request" }}'),
            _with_kind("{{ 'Request' ~ 'Authentication' }}"),
            _with_name('jwt{{ "" }}Rules'),
            _with_name('{{ printf "jwt%s" "Rules" }}'),
            {
                "c/Chart.yaml": "name: c\nversion: 1.0.0\n",
                "c/values.yaml": "kind: RequestAuthentication\n",
                "c/templates/a.yaml": _with_kind("{{ .Values.kind }}")["a.yaml"],
            },
        ),
    ),
    Form(
        "a name or kind that an expression gives, beside the rest of a binding",
        "undetermined",
        tuple(
            _with_kind(kind)
            for kind in (
                "{{ .Values.kind }}",
                "{{- .Values.kind | quote }}",
                '"{{ kind }}"',
                "{{ include `x` . }}",
                "Request${X}Authentication",
                "${KIND}",
                "$(KIND)",
                "$KIND",
                "<%= kind %>",
                "#@ data.values.kind",
                "#{kind}",
                "__KIND__",
                "@kind@",
            )
        )
        + tuple(
            _with_name(name) for name in ("{{ .Values.key }}", "jwt${X}Rules", "${KEY}", '"jwt{{ x }}Rules"', "{{ $key }}")
        ),
    ),
    Form(
        "the rest of a binding that an expression gives",
        "undetermined",
        (
            {"a.yaml": f"{_HEAD}spec:\n  {{{{- toYaml .Values.spec | nindent 2 }}}}\n"},
            {"a.yaml": f"{_HEAD}spec: {{{{- toYaml .Values.spec | nindent 2 }}}}\n"},
            {"a.yaml": f'{_HEAD}spec:\n  selector: {{matchLabels: {{a: b}}}}\n  {{{{- include "r" . | nindent 2 }}}}\n'},
            {"a.yaml": f"{_HEAD}spec: ${{SPEC}}\n"},
            {"a.yaml": f"{_HEAD}spec:\n  {{{{ .Values.key }}}}: {{{{ .Values.rules | toJson }}}}\n"},
        ),
    ),
    Form(
        "a manifest in a string of a template's action",
        "undetermined",
        (
            {"a.yaml": f"x: 1\n---\n{{{{ `{ISTIO}` }}}}\n"},
            {"a.yaml": f"{{{{- $x := `\n{ISTIO}` }}}}\n{{{{ $x }}}}\n"},
            {"a.yaml": f"{{{{ tpl `{ISTIO}` . }}}}\n"},
            {"a.yaml": '{% set m = "' + ISTIO.replace("\n", "\\n") + '" %}\n{{ m }}\n'},
            {"a.yaml": f"kind: ConfigMap\n---\n{{{{- print `{ISTIO}` -}}}}\n"},
        ),
    ),
    Form(
        "branches of a template",
        "seen",
        (
            _with_kind("ConfigMap\n{{- if .a }}\nkind: RequestAuthentication\n{{- end }}"),
            _with_kind("RequestAuthentication\n{{- if .a }}\nkind: ConfigMap\n{{- end }}"),
            {"a.yaml": _in_branches("{{- if .Values.dev }}", "{{- else }}", "{{- end }}")},
            {"a.yaml": _in_branches("{% if dev %}", "{% else %}", "{% endif %}")},
            {"a.yaml": f"{{{{- define `x` -}}}}\n{ISTIO}{{{{- end }}}}\n"},
            {"a.yaml": f"{{% raw %}}\n{ISTIO}{{% endraw %}}\n"},
            {"a.yaml": f"{{{{- range .Values.x }}}}\n---\n{ISTIO}{{{{- end }}}}\n"},
        ),
    ),
    Form(
        "ordinary templates",
        "quiet",
        (
            {"a.yaml": _DEPLOYMENT},
            {"a.yaml": f"# summary: {{{{ $labels.pod\n{_DEPLOYMENT}# }}}}\n"},
            {"a.yaml": "- name: x\n  template: {src: a.j2, dest: '{{ dest }}'}\n  when: issuer is defined and {{ kind }}\n"},
            {"a.yaml": "{{- /* RequestAuthentication and jwtRules:\n*/ -}}\nkind: {{ .Values.kind }}\nspec: {}\n"},
            {".github/workflows/a.yml": "on: push\njobs:\n  a:\n    steps:\n    - run: echo ${{ secrets.JWT }}\n"},
            {"a.yaml": "kind: {{ .Values.kind }}\nspec:\n  issuerRef: {name: '{{ .Values.issuer }}', kind: ClusterIssuer}\n"},
            {"a.yaml": "kind: Pod\nspec: {{- toYaml .Values.spec | nindent 2 }}\n---\nkind: ${KIND}\ndata: {jwt: ${JWT}}\n"},
        ),
    ),
)
