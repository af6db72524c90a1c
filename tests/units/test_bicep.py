"""A Bicep template is read with the parameters that its callers give it."""

from __future__ import annotations

from pathlib import Path

from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document
from scanner.sources.targets import as_report_path
from scanner.units.bicep import Bicep
from scanner.units.files import UnitFiles

PLATFORMS = shipped_pack(examples=False).platforms

TEMPLATE = """param name string
@description('The issuer that is trusted')
param issuer string = 'https://default.example.com'
param subjects array
resource credential 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = {
  name: name
  properties: {
    issuer: issuer
    subject: subjects[0]
    audiences: ['api://AzureADTokenExchange']
  }
}
"""


def _document(root: Path, path: str) -> Document:
    file = root / path
    return Document(as_report_path(path), file.read_bytes(), origin=str(file), root=str(root))


def _write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def _bindings(root: Path, path: str) -> list[Binding]:
    evidence = DocumentReader(PLATFORMS).read(_document(root, path))
    return list(evidence.bindings) if evidence is not None else []


class TestAModule:
    def test_is_read_with_the_arguments_of_each_call(self, tmp_path: Path) -> None:
        main = """module one 'modules/credential.bicep' = {
  params: { name: 'one', issuer: 'https://one.example.com', subjects: ['repo:shop/cart:environment:prod'] }
}
module two './modules/credential.bicep' = {
  params: { name: 'it\\'s', subjects: ['x'] }
}
"""
        _write(tmp_path, {"modules/credential.bicep": TEMPLATE, "main.bicep": main})
        found = _bindings(tmp_path, "modules/credential.bicep")
        assert [(each.settings["issuer"].resolved, each.settings["subject"].resolved) for each in found] == [
            ("https://one.example.com", ["repo:shop/cart:environment:prod"]),
            ("https://default.example.com", ["x"]),
        ]
        assert [variant.name for each in found for variant in each.variants] == ["main.bicep:1", "main.bicep:4"]
        assert [each.spot.line for each in found] == [8, 8]

    def test_what_the_caller_does_not_tell_is_open_and_no_default(self, tmp_path: Path) -> None:
        call = "module one 'credential.bicep' = {\n  params: { issuer: 'https://${host}', subjects: [host] }\n}\n"
        main = f"param host string\n{call}"
        _write(tmp_path, {"credential.bicep": TEMPLATE, "main.bicep": main})
        (found,) = _bindings(tmp_path, "credential.bicep")
        assert found.settings["issuer"].state == "unresolved"
        assert found.settings["subject"].state == "unresolved"


class TestAFileOfParameters:
    def test_is_a_variant_of_its_template(self, tmp_path: Path) -> None:
        prod = "using '../main.bicep'\nparam issuer = 'https://prod.example.com'\nparam subjects = ['x']\n"
        _write(tmp_path, {"main.bicep": TEMPLATE, "params/prod.bicepparam": prod})
        (found,) = _bindings(tmp_path, "main.bicep")
        assert found.settings["issuer"].resolved == "https://prod.example.com"
        assert [variant.name for variant in found.variants] == ["prod"]

    def test_brings_its_template(self, tmp_path: Path) -> None:
        """A hook that is given the file reads the template again."""
        _write(tmp_path, {"main.bicep": TEMPLATE, "prod.bicepparam": "using 'main.bicep'\nparam name = 'x'\n"})
        files = UnitFiles(_document(tmp_path, "prod.bicepparam"))
        path = str((tmp_path / "prod.bicepparam").resolve())
        assert list(Bicep().companions(path, files)) == [str((tmp_path / "main.bicep").resolve())]


class TestATemplateByItself:
    def test_has_its_defaults(self, tmp_path: Path) -> None:
        _write(tmp_path, {"main.bicep": TEMPLATE, "other.bicep": "module x 'br/public:main.bicep:1' = { params: {} }\n"})
        (found,) = _bindings(tmp_path, "main.bicep")
        assert found.settings["issuer"].resolved == "https://default.example.com"
        assert found.variants == ()

    def test_of_broken_callers_is_read_alone(self, tmp_path: Path) -> None:
        _write(tmp_path, {"main.bicep": TEMPLATE, "broken.bicep": "module x 'main.bicep' = {\n"})
        assert len(_bindings(tmp_path, "main.bicep")) == 1
