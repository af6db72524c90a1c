"""Charts of Helm, rendered with the values of each variant."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.units.helm.kind import Helm
from scanner.units.made import Made
from scanner.units.unit import MOST_VARIANTS
from tests.units.unit_trees import companions_of, document_of, find_unit, origins_of, plant, read_variants, spot_of

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
AUTH = """\
kind: RequestAuthentication
spec:
  jwtRules:
    - issuer: {{ .Values.auth.issuer | quote }}
      jwksUri: "{{ .Values.auth.issuer }}/jwks.json"
      {{- with .Values.auth.audiences }}
      audiences:
        {{- toYaml . | nindent 8 }}
      {{- end }}
"""
VALUES = "auth:\n  issuer: https://login.example.com\n  audiences: []\n"
PRODUCTION = "auth:\n  issuer: http://login.example.com\n  audiences:\n    - shop\n"


def _plant(root: Path, template: str, values: str = "", helpers: str = "", **more: str) -> None:
    files = {"c/Chart.yaml": CHART, "c/values.yaml": values, "c/templates/a.yaml": template, "c/templates/_h.tpl": helpers}
    plant(root, files | {f"c/{name.replace('__', '/').replace('_yaml', '.yaml')}": text for name, text in more.items()})


def _make(root: Path, name: str = "c/templates/a.yaml") -> tuple[Made, ...]:
    unit = find_unit(Helm(), root, name)
    assert unit is not None
    return unit.make(document_of(root, name))


def _render(root: Path, template: str, values: str = "", helpers: str = "", **more: str) -> str:
    _plant(root, template, values, helpers, **more)
    return _make(root)[0].text.text


class TestPlaces:
    def test_a_value_has_its_place_in_the_template_and_in_the_values(self, tmp_path: Path) -> None:
        _plant(tmp_path, AUTH, VALUES)
        plant(tmp_path, {"c/values-prod.yaml": PRODUCTION})
        made = read_variants(Helm(), tmp_path, "c/templates/a.yaml")
        base, prod = made[""][1], made["prod"][1]
        assert spot_of(base, '"https://login.example.com"') == ("c/templates/a.yaml", 4, 15)
        assert origins_of(base, '"https://login.example.com"') == [("c/values.yaml", 2, "value")]
        assert origins_of(prod, '"http://login.example.com"') == [("c/values-prod.yaml", 2, "value")]
        assert prod.variant is not None
        assert prod.variant.paths == ("c/values-prod.yaml",)

    def test_a_list_has_the_place_of_each_item(self, tmp_path: Path) -> None:
        _plant(tmp_path, AUTH, PRODUCTION)
        (made,) = _make(tmp_path)
        assert origins_of(made, "shop") == [("c/values.yaml", 4, "value")]
        assert spot_of(made, "shop") == ("c/templates/a.yaml", 8, 9)

    def test_a_helper_is_a_further_place(self, tmp_path: Path) -> None:
        helpers = '{{- define "url" -}}\n{{ .Values.auth.issuer }}/jwks\n{{- end }}\n'
        _plant(tmp_path, 'a: {{ include "url" . }}\n', PRODUCTION, helpers)
        (made,) = _make(tmp_path)
        text = "http://login.example.com/jwks"
        assert origins_of(made, text) == [("c/values.yaml", 2, "value"), ("c/templates/_h.tpl", 2, "helper")]
        found = made.text.find(1, 4, len(text))
        assert found is not None
        assert found.written == '{{ include "url" . }}'

    def test_a_default_has_the_place_of_its_literal(self, tmp_path: Path) -> None:
        helpers = '{{- define "url" -}}\n{{ .Values.no | default "https://a.example" }}\n{{- end }}\n'
        _plant(tmp_path, 'a: {{ include "url" . }}\n', "b: c\n", helpers)
        (made,) = _make(tmp_path)
        assert ("c/templates/_h.tpl", 2, "default") in origins_of(made, "https://a.example")


class TestWhatIsThere:
    def test_an_empty_list_writes_nothing(self, tmp_path: Path) -> None:
        """`with` gives nothing, so that the setting is truly absent."""
        _plant(tmp_path, AUTH, VALUES)
        plain, _ = read_variants(Helm(), tmp_path, "c/templates/a.yaml")[""]
        assert plain["spec"]["jwtRules"][0] == {
            "issuer": "https://login.example.com",
            "jwksUri": "https://login.example.com/jwks.json",
        }

    @pytest.mark.parametrize(
        "action",
        [
            "{{ .Values.url }}",
            "{{ .Values.url | quote }}",
            "{{ .Values.none }}",
            '{{ required "url" .Values.none }}',
            "{{ .Values.no.such }}",
            "{{ toYaml .Values.none }}",
            '{{ include "none" . }}',
            "{{ .Capabilities.KubeVersion }}",
            "{{ now }}",
        ],
    )
    def test_what_nobody_gives_stays_as_it_is_written(self, tmp_path: Path, action: str) -> None:
        """A setting that is empty or not known is to be filled in: never a pass, and no failure either."""
        assert _render(tmp_path, f"a: {action}\nb: 1\n", "url: ''\n") == f"a: {action}\nb: 1\n"

    def test_what_a_release_tells_stays_within_the_text(self, tmp_path: Path) -> None:
        found = _render(tmp_path, 'a: {{ printf "http://login.%s.svc" .Release.Namespace }}\n')
        assert found == "a: http://login.{{ .Release.Namespace }}.svc\n"

    def test_null_takes_a_value_away(self, tmp_path: Path) -> None:
        plant(tmp_path, {"c/values-prod.yaml": "auth: {audiences: null}\n"})
        _plant(tmp_path, AUTH, PRODUCTION)
        plain, _ = read_variants(Helm(), tmp_path, "c/templates/a.yaml")["prod"]
        assert "audiences" not in plain["spec"]["jwtRules"][0]


class TestUndecided:
    def test_a_condition_that_nobody_can_decide_keeps_all_branches(self, tmp_path: Path) -> None:
        template = "{{- if .Capabilities.x }}\na: {{ .Values.b }}\n{{- else }}\na: 2\n{{- end }}\n"
        assert _render(tmp_path, template, "b: 1\n") == template.replace("{{ .Values.b }}", "1")

    def test_what_is_assigned_in_such_a_branch_is_not_known(self, tmp_path: Path) -> None:
        template = "{{ $x := 1 }}{{ if .Capabilities.x }}{{ $x = 2 }}{{ end }}\na: {{ $x }}\n"
        assert _render(tmp_path, template).endswith("a: {{ $x }}\n")

    def test_what_is_set_in_such_a_branch_is_not_known(self, tmp_path: Path) -> None:
        template = '{{ if .Capabilities.x }}{{ $_ := set .Values "b" 2 }}{{ end }}\na: {{ .Values.b }}\n'
        assert _render(tmp_path, template, "b: 1\n").endswith("a: {{ .Values.b }}\n")

    def test_a_loop_over_something_unknown_keeps_its_body_once(self, tmp_path: Path) -> None:
        template = "{{- range .Capabilities.x }}\n- {{ . }}\n- {{ $.Values.b }}\n{{- end }}\n"
        assert _render(tmp_path, template, "b: 1\n") == template.replace("{{ $.Values.b }}", "1")

    def test_a_helper_with_such_branches_is_no_value(self, tmp_path: Path) -> None:
        helpers = '{{- define "n" -}}\n{{- if contains "a" .Release.Name -}}\nx\n{{- else -}}\ny\n{{- end -}}\n{{- end -}}\n'
        template = 'a: {{ include "n" . }}\nb: {{ printf "%s-b" (include "n" .) }}\n'
        assert _render(tmp_path, template, "", helpers) == template

    def test_changes_of_values_do_not_reach_the_next_template(self, tmp_path: Path) -> None:
        plant(tmp_path, {"c/templates/b.yaml": "b: {{ .Values.b }}\n"})
        _plant(tmp_path, '{{ $_ := set .Values "b" 2 }}\nb: {{ .Values.b }}\n', "b: 1\n")
        unit = find_unit(Helm(), tmp_path, "c/templates/a.yaml")
        assert unit is not None
        texts = [unit.make(document_of(tmp_path, f"c/templates/{name}.yaml"))[0].text.text.strip() for name in "ab"]
        assert texts == ["b: 2", "b: 1"]


class TestVariants:
    def test_are_values_files_of_the_chart_and_of_folders(self, tmp_path: Path) -> None:
        names = ("values-a", "values.b", "c-values", "values_d", "values/e", "environments/f", "env/g/values", "ci/h-values")
        plant(tmp_path, {f"c/{name}.yaml": "x: 1\n" for name in (*names, "values.schema", "ci/other", "other")})
        _plant(tmp_path, "a: {{ .Values.x }}\n", "x: 0\n")
        unit = find_unit(Helm(), tmp_path, "c/templates/a.yaml")
        assert unit is not None
        assert [each.name for each in unit.variants] == ["a", "b", "c", "ci/h", "d", "e", "f", "g"]
        assert not unit.is_base_deployed

    @pytest.mark.parametrize("names", [(), ("dev",), ("ci", "local", "test-eu"), ("staging",)])
    def test_for_development_leave_production_to_the_base(self, tmp_path: Path, names: tuple[str, ...]) -> None:
        plant(tmp_path, {f"c/values-{name}.yaml": "x: 1\n" for name in names})
        _plant(tmp_path, "a: {{ .Values.x }}\n", "x: 0\n")
        unit = find_unit(Helm(), tmp_path, "c/templates/a.yaml")
        assert unit is not None
        assert unit.is_base_deployed

    def test_that_are_too_many_are_counted(self, tmp_path: Path) -> None:
        plant(tmp_path, {f"c/values-v{number:02}.yaml": "x: 1\n" for number in range(20)})
        _plant(tmp_path, "a: {{ .Values.x }}\n", "x: 0\n")
        unit = find_unit(Helm(), tmp_path, "c/templates/a.yaml")
        assert unit is not None
        assert (len(unit.variants), unit.left_out_variants) == (MOST_VARIANTS, 20 - MOST_VARIANTS)


SUBCHARTS = {
    "c/Chart.yaml": CHART + "dependencies:\n  - {name: in, alias: one, condition: one.enabled}\n  - {name: in, alias: two}\n",
    "c/values.yaml": "global: {g: 1}\none: {enabled: true, x: 1}\ntwo: {x: 2}\n",
    "c/charts/in/Chart.yaml": "name: in\nversion: 1.0.0\n",
    "c/charts/in/values.yaml": "x: 0\nz: 9\n",
    "c/charts/in/templates/a.yaml": "a: {{ .Values.x }} {{ .Values.z }} {{ .Values.global.g }} {{ .Chart.Name }}\n",
}


class TestSubcharts:
    def test_have_the_values_below_their_alias(self, tmp_path: Path) -> None:
        plant(tmp_path, SUBCHARTS)
        assert [made.text.text for made in _make(tmp_path, "c/charts/in/templates/a.yaml")] == [
            "a: 1 9 1 one\n",
            "a: 2 9 1 two\n",
        ]

    def test_that_are_switched_off_make_nothing(self, tmp_path: Path) -> None:
        plant(tmp_path, {**SUBCHARTS, "c/values.yaml": "one: {enabled: false}\ntwo: {x: 2}\nglobal: {g: 1}\n"})
        assert [made.text.text for made in _make(tmp_path, "c/charts/in/templates/a.yaml")] == ["a: 2 9 1 two\n"]

    def test_give_values_that_are_imported(self, tmp_path: Path) -> None:
        listed = "dependencies:\n  - {name: in, import-values: [{child: deep, parent: mine}, data]}\n"
        plant(
            tmp_path,
            {
                "c/Chart.yaml": CHART + listed,
                "c/templates/a.yaml": "a: {{ .Values.mine.x }} {{ .Values.z }}\n",
                "c/charts/in/Chart.yaml": "name: in\nversion: 1.0.0\n",
                "c/charts/in/values.yaml": "deep: {x: 1}\nexports: {data: {z: 2}}\n",
            },
        )
        assert _make(tmp_path)[0].text.text == "a: 1 2\n"

    def test_in_a_cycle_end(self, tmp_path: Path) -> None:
        entry = "dependencies:\n  - {name: %s, repository: 'file://../%s'}\n"
        plant(
            tmp_path,
            {
                "c/Chart.yaml": CHART + entry % ("d", "d"),
                "d/Chart.yaml": "name: d\n" + entry % ("shop", "c"),
                "c/templates/a.yaml": "a: {{ 1 }}\n",
            },
        )
        assert _make(tmp_path)[0].text.text == "a: 1\n"


class TestBounds:
    @pytest.mark.parametrize(
        "template",
        [
            '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
            '{{ define "a" }}{{ include "a" . }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
            "{{ $x := list 1 2 }}{{ range until 99999 }}{{ range until 99999 }}{{ . }}{{ end }}{{ end }}",
            '{{ $x := "{{ tpl .Values.t . }}" }}{{ tpl .Values.t . }}',
            '{{ $x := repeat 1000 "abcdefgh" }}{{ range until 1000 }}{{ repeat 400 $x }}{{ end }}',
            '{{ $x := "aaaaaaaa" }}{{ range until 99 }}{{ $x = print $x $x }}{{ end }}a: {{ $x }}',
        ],
    )
    def test_a_template_that_does_not_end_is_told(self, tmp_path: Path, template: str) -> None:
        _plant(tmp_path, template, "t: '{{ tpl .Values.t . }}{{ tpl .Values.t . }}'\n")
        unit = find_unit(Helm(), tmp_path, "c/templates/a.yaml")
        assert unit is not None
        document = document_of(tmp_path, "c/templates/a.yaml")
        assert unit.make(document) == ()
        assert [part.because for part in unit.open_parts(document)] == ["its template takes too long to render"]

    def test_a_manifest_that_is_all_of_a_missing_chart_is_told(self, tmp_path: Path) -> None:
        plant(tmp_path, {"c/Chart.yaml": CHART + "dependencies:\n  - {name: base, repository: 'oci://a.example'}\n"})
        plant(tmp_path, {"c/templates/a.yaml": '{{- include "base.all" . }}\n'})
        unit = find_unit(Helm(), tmp_path, "c/templates/a.yaml")
        assert unit is not None
        document = document_of(tmp_path, "c/templates/a.yaml")
        unit.make(document)
        assert [part.because for part in unit.open_parts(document)] == [
            "what it renders is in a chart that is not in the repository (base)"
        ]

    def test_files_outside_of_the_chart_are_not_read(self, tmp_path: Path) -> None:
        plant(tmp_path, {"secret.txt": "hidden"})
        assert "hidden" not in _render(tmp_path, 'a: {{ .Files.Get "../secret.txt" }}\n')


COMPANIONS = {
    "c/Chart.yaml": CHART,
    "c/values.yaml": "x: 1\n",
    "c/values-prod.yaml": "x: 2\n",
    "c/templates/a.yaml": "a: {{ .Values.x }}\n",
    "c/templates/plain.yaml": "a: 1\n",
    "c/templates/cm.yaml": '{{ (.Files.Glob "conf/*").AsConfig }}\n',
    "c/templates/_h.tpl": '{{ define "x" }}{{ end }}\n',
    "c/conf/app.yml": "a: b\n",
    "c/README.md": "a\n",
    "other/values.yaml": "x: 1\n",
}


class TestCompanions:
    @pytest.mark.parametrize("name", ["values.yaml", "values-prod.yaml", "Chart.yaml", "templates/_h.tpl", "conf/app.yml"])
    def test_are_the_templates_with_actions(self, tmp_path: Path, name: str) -> None:
        plant(tmp_path, COMPANIONS)
        assert companions_of(Helm(), tmp_path, f"c/{name}") == ["c/templates/a.yaml", "c/templates/cm.yaml"]

    @pytest.mark.parametrize("name", ["c/templates/a.yaml", "c/README.md", "other/values.yaml"])
    def test_are_none_of_other_files(self, tmp_path: Path, name: str) -> None:
        plant(tmp_path, COMPANIONS)
        assert companions_of(Helm(), tmp_path, name) == []
