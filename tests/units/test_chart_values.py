"""Values that a file leaves to the files beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.evidence.model import Setting
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document
from tests.documents import collect

TEMPLATE = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - issuer: {{ .Values.auth.issuer | quote }}
    jwksUri: "https://{{ .Values.auth.host }}/jwks.json"
"""


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def settings(target: Path) -> dict[str, Setting]:
    reader = DocumentReader(shipped_pack(examples=False).platforms.values())
    bindings = [
        binding
        for document in collect([str(target)])
        if isinstance(document, Document)
        for evidence in [reader.read(document)]
        if evidence is not None
        for binding in evidence.bindings
    ]
    assert len(bindings) == 1
    return dict(bindings[0].settings)


@pytest.fixture
def chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    chart = tmp_path / "chart"
    write(chart, **{"templates__auth.yaml": TEMPLATE, "values.yaml": "auth: {issuer: 'https://login.example.com', host: a}\n"})
    return chart


class TestAChart:
    @pytest.mark.parametrize("target", ["chart", "chart/templates", "chart/templates/auth.yaml"])
    def test_says_the_values_of_its_templates(self, chart: Path, target: str) -> None:
        """Whatever is scanned of it, as long as it lies in the repository."""
        found = settings(chart.parent / target)
        assert (found["issuer"].state, found["issuer"].value) == ("set", "{{ .Values.auth.issuer | quote }}")
        assert found["issuer"].resolved == "https://login.example.com"
        assert found["jwks_uri"].resolved == "https://a/jwks.json"

    def test_leaves_open_what_it_does_not_say(self, chart: Path) -> None:
        write(chart, **{"values.yaml": "auth: {issuer: ''}\n"})
        assert settings(chart)["issuer"].state == "unresolved"

    def test_outside_of_what_is_scanned_is_not_read(self, chart: Path) -> None:
        (chart.parent / ".git").rmdir()
        assert settings(chart / "templates")["issuer"].state == "unresolved"

    def test_by_a_link_to_the_outside_is_not_read(self, chart: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        outside = tmp_path_factory.mktemp("outside") / "values.yaml"
        (chart / "values.yaml").rename(outside)
        (chart / "values.yaml").symlink_to(outside)
        assert settings(chart)["issuer"].state == "unresolved"
