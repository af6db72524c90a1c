"""Our rendering of charts against Helm's own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from scanner.units.helm.kind import Helm
from tests.units.unit_trees import document_of, find_unit, plant

PROGRAM = shutil.which("helm")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="helm: it is not installed (.ci/run installs it)")

VALUES = """\
text: some text
quoted: "true"
number: 8080
large: 1234567
small: 0.25
flag: yes
octal: 010
empty: ""
none: null
list: [a, "b: c", 1, true, null, "2020-01-01", "- x", " x", "x ", "#", "", "~", "0x1f", "12:30", "é"]
lines: |
  one
    two

  three
dict:
  a10: 1
  a2: {x: []}
  A: {}
  "on": [[1], {b: 2}]
  url: https://login.example.com/?a=b&c=<d>
env: {B: "2", A: 1}
anchor: &anchor {x: 1, z: {w: 2}}
merged: {<<: *anchor, x: 3}
template: "{{ .Values.text | upper }} {{ include `c.name` . }}"
"""
HELPERS = """\
{{- define "c.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "c.labels" }}
app: {{ template "c.name" . }}
{{- with .Values.env }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- define "c.render" -}}
{{- $value := typeIs "string" .value | ternary .value (.value | toYaml) }}
{{- if contains "{{" (toJson .value) }}{{ tpl $value .context }}{{ else }}{{ $value }}{{ end }}
{{- end -}}
"""
# an expression a line
EXPRESSIONS = r"""
{{ .Values.text }}
{{ .Values.quoted }}
{{ .Values.quoted | quote }}
{{ .Values.number }}
{{ .Values.large }}
{{ .Values.large | int }}
{{ .Values.small }}
{{ .Values.flag }}
{{ .Values.octal }}
{{ .Values.list }}
{{ .Values.lines | quote }}
{{ .Values.lines | nindent 2 | quote }}
{{ toJson .Values.dict }}
{{ toYaml .Values.dict | quote }}
{{ toYaml .Values.list | quote }}
{{ toPrettyJson .Values.env | quote }}
{{ toRawJson .Values.dict }}
{{ .Values.merged | toJson }}
{{ tpl .Values.template . }}
{{ include "c.name" . | upper | quote }}
{{ include "c.labels" . | trim | quote }}
{{ include "c.render" (dict "value" .Values.template "context" $) }}
{{ include "c.render" (dict "value" .Values.env "context" $) | quote }}
{{ printf "%s-%d-%v-%q" .Values.text 3 .Values.flag "x" }}
{{ printf "%v %v" .Values.list nil }}
{{ default "x" .Values.empty }}
{{ .Values.none | default "y" }}
{{ coalesce .Values.none .Values.empty "z" }}
{{ ternary "a" "b" .Values.flag }}
{{ empty .Values.empty }} {{ not .Values.flag }}
{{ and 1 "" "x" | quote }}
{{ or "" 0 "x" }}
{{ eq .Values.text "some text" "x" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ ge "b" "a" }}
{{ eq (.Values.number | int) 8080 }}
{{ hasKey .Values.dict "A" }} {{ get .Values.env "A" }} {{ get .Values.env "no" }}
{{ dig "a2" "x" "none" .Values.dict | toJson }} {{ dig "no" "x" "none" .Values.dict }}
{{ index .Values.list 1 }}
{{ index .Values.dict "a2" "x" | toJson }}
{{ keys .Values.env | sortAlpha | join `,` }}
{{ len .Values.list }}
{{ first .Values.list }} {{ last (list 1 2) }} {{ rest (list 1 2) }} {{ initial (list 1 2) }} {{ reverse (list 1 2) }}
{{ append (list 1) 2 | toJson }} {{ prepend (list 1) 2 | toJson }} {{ concat (list 1) (list 2) | toJson }}
{{ uniq (list 1 1 2) | toJson }} {{ without (list 1 2) 1 | toJson }}
{{ has 1 (list 1) }} {{ compact (list 0 1) | toJson }}
{{ slice (list 1 2 3) 1 2 | toJson }} {{ until 3 | toJson }} {{ untilStep 1 9 3 | toJson }} {{ seq 3 }}
{{ merge (dict "a" 1 "b" (dict "c" 0)) (dict "a" 2 "b" (dict "c" 1 "d" 2)) | toJson }}
{{ mergeOverwrite (dict "a" 1 "b" (dict "c" 0)) (dict "a" 2 "b" (dict "d" 2)) | toJson }}
{{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $_ := unset $d "a" }}{{ toJson $d }}
{{ pick .Values.env "A" | toJson }} {{ omit .Values.env "A" | toJson }} {{ pluck "A" .Values.env | toJson }}
{{ "a-b-c" | replace "-" "_" }} {{ "ABC" | lower }}
{{ "some words" | title }} {{ "aXb" | untitle }} {{ "x" | repeat 3 }}
{{ trimAll "-" "--a--" }} {{ trimPrefix "a" "ab" }}
{{ trimSuffix "b" "ab" }} {{ substr 1 3 "hello" }} {{ nospace "a b" }}
{{ contains "b" "abc" }} {{ hasPrefix "a" "abc" }} {{ hasSuffix "c" "abc" }} {{ cat "a" 1 }} {{ print 1 2 "x" 3 }}
{{ split "," "a,b" | toJson }} {{ splitList "," "a,b" | toJson }} {{ join "," (list 1 "b") }}
{{ b64enc "x" }} {{ b64dec "eA==" }} {{ sha256sum "x" }} {{ urlquery "a b&c" }} {{ toString 1 | quote }}
{{ add 1 2 3 }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }}
{{ mod 7 3 }} {{ add1 1 }} {{ max 1 2 }} {{ min 1 2 }} {{ round 1.25 1 }}
{{ kindOf .Values.dict }} {{ kindIs "slice" .Values.list }}
{{ typeOf .Values.number }} {{ typeOf .Values.env }} {{ kindOf 1 }}
{{ fromYaml "a: {b: 1}" | toJson }} {{ fromJson `{"a": 1}` | toJson }} {{ fromYamlArray "[1, 2]" | toJson }}
{{ camelcase "some_words-x" }} {{ snakecase "SomeWords" }} {{ kebabcase "SomeWords" }}
{{ 0x10 }} {{ 1e3 }} {{ 'a' }} {{ `r` }}
{{- $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}
{{ range $i, $v := .Values.env }}{{ $i }}={{ $v }};{{ end }}
{{ range list 1 2 3 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ if eq . 3 }}{{ break }}{{ end }}{{ . }}{{ end }}
{{ range .Values.none }}x{{ else }}none{{ end }}
{{ with .Values.env }}{{ .A }}{{ end }}
{{ with .Values.none }}a{{ else }}b{{ end }}
{{ if .Values.none }}a{{ else if .Values.flag }}b{{ else }}c{{ end }}
{{/* a comment */}}x{{- /* another */ -}} y
{{ (.Values.none).a | default 1 }}
{{ .Values.env.A | quote }}
{{ .Chart.Name }} {{ .Chart.Version }} {{ .Release.Service }}
{{ lookup `v1` `Secret` `a` `b` | toJson }}
{{ .Files.Get "files/a.txt" | quote }} {{ (.Files.Glob "files/*").AsConfig | quote }}
{{ .Values.dict.a2 | toYaml | b64enc }}
""".strip().split("\n")


def _run(folder: Path) -> list[object]:
    assert PROGRAM is not None
    command = [PROGRAM, "template", "release", str(folder), "--values", str(folder / "values.yaml")]
    # Helm's own errors name the expression
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"HOME": str(folder), "PATH": ""})
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def _render(root: Path) -> list[object]:
    unit = find_unit(Helm(), root, "c/templates/a.yaml")
    assert unit is not None
    made = unit.make(document_of(root, "c/templates/a.yaml"))
    assert not unit.open_parts(document_of(root, "c/templates/a.yaml"))
    return [each for text in made for each in yaml.safe_load_all(text.text.text)]


def _chart(template: str, values: str = VALUES, **more: str) -> Mapping[str, str]:
    return {
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "c/values.yaml": values,
        "c/templates/a.yaml": template,
        "c/templates/_helpers.tpl": HELPERS,
        "c/files/a.txt": "one\ntwo\n",
        **more,
    }


class TestExpressions:
    def test_give_what_helm_writes(self, tmp_path: Path) -> None:
        """Each in a template of its own line, so that Helm starts once."""
        lines = [f"e{number}: |-\n  {text}" for number, text in enumerate(EXPRESSIONS)]
        plant(tmp_path, _chart("\n".join(lines) + "\n"))
        ours, theirs = _render(tmp_path), _run(tmp_path / "c")
        assert isinstance(ours[0], dict)
        assert isinstance(theirs[0], dict)
        differing = {text for number, text in enumerate(EXPRESSIONS) if ours[0][f"e{number}"] != theirs[0][f"e{number}"]}
        assert not differing

    def test_are_known(self, tmp_path: Path) -> None:
        plant(tmp_path, _chart("\n".join(f"e{number}: |-\n  {text}" for number, text in enumerate(EXPRESSIONS)) + "\n"))
        found = _render(tmp_path)[0]
        assert isinstance(found, dict)
        assert [name for name, text in found.items() if re.search(r"\{\{", str(text))] == []


class TestManifests:
    TEMPLATE = """\
{{- if .Values.env -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "c.name" . }}
  labels: {{- include "c.labels" . | nindent 4 }}
data:
  {{- range $name, $value := .Values.env }}
  {{ $name }}: {{ $value | quote }}
  {{- end }}
  all.yaml: |
    {{- toYaml .Values.dict | nindent 4 }}
  lines: {{ .Values.lines | toJson }}
  {{- with .Values.none }}
  none: {{ . }}
  {{- end }}
{{- end }}
---
{{- range without .Values.list "" }}
---
item: {{ toYaml . }}
{{- end }}
"""

    def test_are_the_same(self, tmp_path: Path) -> None:
        plant(tmp_path, _chart(self.TEMPLATE))
        assert [each for each in _render(tmp_path) if each] == [each for each in _run(tmp_path / "c") if each]

    def test_of_charts_within_a_chart_are_the_same(self, tmp_path: Path) -> None:
        template = "a: {{ toJson .Values }}\nb: {{ .Chart.Name }}\n"
        more = {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n  - {name: d, version: 1.0.0, alias: e}\n",
            "c/charts/d/Chart.yaml": "apiVersion: v2\nname: d\nversion: 1.0.0\n",
            "c/charts/d/values.yaml": "global: {own: 1}\na: {b: 1, c: 2}\nd: 1\n",
        }
        values = "global: {g: 1}\ne: {a: {b: null, x: 1}, d: 2}\nf: {a: 1}\n"
        plant(tmp_path, _chart(template, values, **more))
        assert _render(tmp_path) == _run(tmp_path / "c")
