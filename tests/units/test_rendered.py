"""`--render`: what the installed programs write is judged as what we make ourselves, at the same places."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.findings.model import Report
from scanner.pack.shipped import shipped_pack
from scanner.scan import ScanOptions, scan
from scanner.sources.programs import Programs, find_programs
from tests.units.kustomize_rows import ROWS

_TREES = [
    pytest.param(tree, id=f"{row.construct}-{number}")
    for row in ROWS
    for number, (_, tree) in enumerate(row.trees)
    if row.answer == "resolved"
]
_CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "chart/values.yaml": "issuer: https://login.example.com\njwks: https://login.example.com/jwks\naudiences: [shop]\n",
    "chart/values-prod.yaml": "jwks: http://login.example.com/jwks\n",
    "chart/values-dev.yaml": "audiences: []\n",
    "chart/templates/_names.tpl": '{{- define "shop.name" -}}{{ .Release.Name }}-{{ .Chart.Name }}{{- end -}}\n',
    "chart/templates/auth.yaml": """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: {{ include "shop.name" . }}
spec:
  jwtRules:
  - issuer: {{ .Values.issuer | quote }}
    jwksUri: {{ .Values.jwks }}
    {{- with .Values.audiences }}
    audiences:
    {{- toYaml . | nindent 4 }}
    {{- end }}
""",
    "chart/templates/config.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "shop.name" . }}
data:
  application.yml: |
    spring:
      security:
        oauth2:
          resourceserver:
            jwt:
              issuer-uri: {{ .Values.issuer }}
              jwk-set-uri: {{ .Values.jwks }}
              audiences: {{ .Values.audiences | toJson }}
""",
}


def _programs() -> Programs:
    if shutil.which("helm") is None or shutil.which("kubectl") is None:
        pytest.skip("loader: helm or kubectl is not installed (.ci/run installs them)")
    return find_programs()


def _report(folder: Path, programs: Programs | None) -> Report:
    options = ScanOptions((".",), Config(), jobs=1, keeps_rows=False, takes_ignore_files=False, programs=programs)
    with chdir(folder):
        return scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z"))


def _scan(folder: Path, programs: Programs | None) -> list[tuple[Any, ...]]:
    return [
        (
            each.rule,
            each.result,
            each.message,
            f"{each.location.path}:{each.location.line}",
            tuple(variant.name for variant in each.variants),
            tuple((place.path, place.line, place.role) for place in each.related),
        )
        for each in _report(folder, programs).findings
    ]


def _write(folder: Path, tree: Mapping[str, str]) -> None:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("tree", [*_TREES, pytest.param(_CHART, id="a chart")])
def test_the_findings_are_those_of_our_own_reading(tree: Mapping[str, str], tmp_path: Path) -> None:
    programs = _programs()
    _write(tmp_path, tree)
    assert _scan(tmp_path, programs) == _scan(tmp_path, None)


def test_what_we_do_not_know_is_rendered(tmp_path: Path) -> None:
    """A function that our own evaluator leaves open: its value is known from the program."""
    programs = _programs()
    made = '{{ .Values.jwks | adler32sum | trunc 0 | printf "http://login.example.com/%s" }}'
    known = _CHART["chart/templates/auth.yaml"].replace("{{ .Values.jwks }}", made)
    _write(tmp_path, {**_CHART, "chart/templates/auth.yaml": known})
    rules = {each[0] for each in _scan(tmp_path, programs) if each[1] == "fail" and each[3].startswith("chart/templates/auth")}
    assert "jwks-uri-over-http-public" in rules


def test_what_a_program_refuses_is_told_and_read_by_ourselves(tmp_path: Path) -> None:
    programs = _programs()
    _write(tmp_path, {**_CHART, "chart/templates/fail.yaml": '{{ fail "no" }}\n'})
    report = _report(tmp_path, programs)
    assert any("helm does not render it" in each.message for each in report.notices)
    assert any(each.rule == "jwks-uri-over-http-public" for each in report.findings)


def test_a_tree_cannot_ask_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration starts a program."""
    started = tmp_path / "started"
    program = tmp_path / "bin" / "helm"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n/bin/touch {started}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    tree = tmp_path / "tree"
    _write(tree, _CHART)
    assert _scan(tree, None)
    assert not started.exists()
