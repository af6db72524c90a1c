"""The files of a named file's unit are read as well, as a scan of their folder would read them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import jwksgov

# what the changed file says decides about the other's
SPRING = "spring: {security: {oauth2: {resourceserver: {jwt: {issuer-uri: https://login.example.com, audiences: [a],\n"
JWKS = "  jwk-set-uri: '${base:https://login.example.com}/keys'}}}}}\n"
APPLICATION = SPRING + JWKS
BAD = "base: http://login.example.com\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with an application."""
    (tmp_path / ".git").mkdir()
    put(tmp_path, {"shop/application.yml": APPLICATION})
    return tmp_path


def put(tree: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)


class Told:
    """What a scan of named files said."""

    def __init__(self, tree: Path, *words: str) -> None:
        done = jwksgov("scan", "--format", "json", *words, cwd=tree)
        assert done.stdout, done.stderr
        self.code = done.returncode
        self.report: dict[str, Any] = json.loads(done.stdout)
        self.read = self.report["summary"]["files"]
        self.failed = {(each["location"]["path"], each["rule"]) for each in self.report["findings"] if each["result"] == "fail"}
        self.notices = "\n".join(each["message"] for each in self.report["notices"])


HTTP = ("shop/application.yml", "jwks-uri-over-http-public")


POLICY = """apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop}
spec:
  jwtRules:
    - issuer: https://login.example.com
      audiences: [shop]
      jwksUri: %s
"""
MODULE = """variable "base" {}
resource "aws_apigatewayv2_authorizer" "shop" {
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  jwt_configuration {
    audience = ["shop"]
    issuer   = "${var.base}/realms/shop"
  }
}
"""
COMPOSE = """services:
  proxy:
    image: quay.io/oauth2-proxy/oauth2-proxy:v7.7.1
    environment:
      OAUTH2_PROXY_PROVIDER: oidc
      OAUTH2_PROXY_OIDC_ISSUER_URL: ${BASE}/realms/shop
"""
TEMPLATE = POLICY % "{{ .Values.base }}/jwks"
# each: the files of a unit, and the one that changes, which has no word about keys
UNITS: dict[str, tuple[dict[str, str], str]] = {
    "values": (
        {
            "chart/Chart.yaml": "name: shop\n",
            "chart/values.yaml": "base: http://login.example.com\n",
            "chart/templates/p.yaml": TEMPLATE,
        },
        "chart/values.yaml",
    ),
    "values of a variant": (
        {
            "chart/Chart.yaml": "name: shop\n",
            "chart/values.yaml": "base: https://login.example.com\n",
            "chart/values-prod.yaml": "base: http://login.example.com\n",
            "chart/templates/p.yaml": TEMPLATE,
        },
        "chart/values-prod.yaml",
    ),
    "helper": (
        {
            "chart/Chart.yaml": "name: shop\n",
            "chart/templates/_helpers.tpl": '{{- define "base" -}}http://login.example.com{{- end -}}\n',
            "chart/templates/p.yaml": POLICY % '{{ include "base" . }}/jwks',
        },
        "chart/templates/_helpers.tpl",
    ),
    "tfvars": ({"tf/main.tf": MODULE, "tf/prod.tfvars": 'base = "http://login.example.com"\n'}, "tf/prod.tfvars"),
    "tfvars of a module of several files": (
        {
            "tf/a.tf": MODULE.partition("\n")[2],
            "tf/variables.tf": MODULE.partition("\n")[0] + "\n",
            "tf/prod.tfvars": 'base = "http://login.example.com"\n',
        },
        "tf/prod.tfvars",
    ),
    "env": ({"run/compose.yaml": COMPOSE, "run/.env": "BASE=http://login.example.com\n"}, "run/.env"),
    "patch": (
        {
            "base/kustomization.yaml": "resources: [p.yaml]\n",
            "base/p.yaml": POLICY % "https://login.example.com/jwks",
            "prod/kustomization.yaml": "resources: [../base]\npatches:\n- {path: uri.yaml, target: {name: shop}}\n",
            "prod/uri.yaml": "- {op: replace, path: /spec/jwtRules/0/jwksUri, value: 'http://login.example.com/x'}\n",
        },
        "prod/uri.yaml",
    ),
}


class TestEachKind:
    @pytest.mark.parametrize("name", sorted(UNITS))
    def test_of_a_changed_file_shows_what_a_scan_of_the_folder_shows(self, tree: Path, name: str) -> None:
        files, changed = UNITS[name]
        put(tree, files)
        folder, named = Told(tree, changed.partition("/")[0]), Told(tree, changed)
        assert folder.code == named.code == 1
        assert named.failed == folder.failed


class TestAFolderBelowTheRepository:
    """What its files load from elsewhere is judged with them: alone they say nothing."""

    def test_brings_the_base_of_an_overlay(self, tree: Path) -> None:
        put(tree, UNITS["patch"][0])
        assert {path for path, _ in Told(tree, "prod").failed} == {"prod/uri.yaml"}

    def test_brings_the_module_that_it_calls(self, tree: Path) -> None:
        module = MODULE.partition("\n")
        put(tree, {"modules/api/main.tf": 'variable "base" {}\n' + module[2]})
        put(
            tree,
            {"envs/prod/main.tf": 'module "api" {\n  source = "../../modules/api"\n  base = "http://login.example.com"\n}\n'},
        )
        assert "modules/api/main.tf" in {path for path, _ in Told(tree, "envs/prod").failed}


class TestAChangedFile:
    def test_brings_the_files_that_it_decides_about(self, tree: Path) -> None:
        """It has no word about keys itself."""
        put(tree, {"shop/application-prod.yml": BAD})
        told = Told(tree, "shop/application-prod.yml")
        assert (told.code, told.read) == (1, 2)
        assert HTTP in told.failed

    def test_brings_none_where_it_is_in_no_unit(self, tree: Path) -> None:
        put(tree, {"deploy/other.yaml": "kind: Service\n"})
        assert Told(tree, "deploy/other.yaml").read == 1

    def test_is_read_once(self, tree: Path) -> None:
        put(tree, {"shop/application-prod.yml": BAD})
        told = Told(tree, "shop/application-prod.yml", "shop/application.yml", "shop")
        assert (told.read, len(told.failed)) == (2, 1)

    def test_brings_its_unit_from_any_folder(self, tree: Path) -> None:
        """Reports name the files as they would name them there."""
        put(tree, {"shop/application-prod.yml": BAD})
        told = Told(tree / "shop", "application-prod.yml")
        assert HTTP in told.failed

    def test_brings_its_unit_outside_of_repositories(self, tmp_path: Path) -> None:
        put(tmp_path, {"shop/src/main/resources/application.yml": APPLICATION, "shop/config/application-prod.yml": BAD})
        told = Told(tmp_path, "shop/config/application-prod.yml")
        assert {path for path, _ in told.failed} == {"shop/src/main/resources/application.yml"}

    def test_of_another_repository_brings_its_unit(self, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        other = tmp_path_factory.mktemp("other")
        (other / ".git").mkdir()
        put(other, {"application.yml": APPLICATION, "config/application-prod.yml": BAD})
        told = Told(tree, str(other / "config" / "application-prod.yml"))
        assert {path for path, _ in told.failed} == {str(other / "application.yml")}

    def test_tells_of_itself_alone_where_it_cannot_be_read(self, tree: Path) -> None:
        assert Told(tree, "shop/application-missing.yml").code == 3


class TestACompanion:
    """A file that was not named."""

    @pytest.fixture(autouse=True)
    def _changed(self, tree: Path) -> None:
        put(tree, {"shop/application-prod.yml": BAD})

    def test_that_is_excluded_is_not_judged(self, tree: Path) -> None:
        put(tree, {".jwksgov.yaml": "exclude: [shop/application.yml]\n"})
        told = Told(tree, "shop/application-prod.yml")
        assert (told.code, told.read) == (0, 1)
        assert told.report["run"]["not_read"] == [
            {"reason": "excluded", "files": 1, "folders": 0, "first": ["shop/application.yml"]}
        ]

    def test_in_an_excluded_folder_is_not_judged(self, tree: Path) -> None:
        put(tree, {".jwksgov.yaml": "exclude: [shop/]\n"})
        assert Told(tree, "shop/application-prod.yml").read == 1

    def test_that_git_ignores_is_not_judged(self, tree: Path) -> None:
        put(tree, {"shop/.gitignore": "application.yml\n"})
        assert Told(tree, "shop/application-prod.yml").read == 1

    def test_that_git_tracks_is_judged_though_ignored(self, tree: Path) -> None:
        (tree / ".git").rmdir()
        put(tree, {"shop/.gitignore": "application.yml\n"})
        for words in (["init", "-q"], ["add", "-f", "shop/application.yml"]):
            subprocess.run(["git", *words], cwd=tree, check=True, capture_output=True)
        assert HTTP in Told(tree, "shop/application-prod.yml").failed

    def test_that_leads_out_of_the_tree_is_not_read(self, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        outside = tmp_path_factory.mktemp("outside") / "a.yml"
        outside.write_text(APPLICATION)
        (tree / "shop" / "application-other.yml").symlink_to(outside)
        told = Told(tree, "shop/application-prod.yml")
        assert told.read == 2
        assert [(row["reason"], row["first"]) for row in told.report["run"]["not_read"]] == [
            ("link", ["shop/application-other.yml"])
        ]

    def test_has_the_configuration_of_its_folder(self, tree: Path) -> None:
        """Also where that lies beside what was named."""
        resources = "shop/src/main/resources"
        put(tree, {f"{resources}/application.yml": APPLICATION, f"{resources}/.jwksgov.yaml": "profile: strict\n"})
        put(tree, {"shop/config/application-prod.yml": BAD})
        named, folder = Told(tree, "shop/config/application-prod.yml"), Told(tree, ".")
        assert {rule for path, rule in named.failed} > {"jwks-uri-over-http-public"}
        assert named.failed == folder.failed

    def test_that_cannot_be_read_does_not_end_the_run_with_3(self, tree: Path) -> None:
        (tree / "shop" / "application.yml").write_text("spring: {security: {oauth2: {resourceserver: {jwt: [")
        assert Told(tree, "shop/application.yml").code == 3
        assert Told(tree, "shop/application-prod.yml").code == 0
        assert Told(tree, "shop/application-prod.yml", "--fail-on-undetermined").code == 3


class TestALargeUnit:
    @staticmethod
    def profiles(tree: Path, numbers: Iterable[int]) -> None:
        put(tree, {f"shop/application-p{number}.yml": "a: 1\n" for number in numbers})

    def test_is_read_as_a_whole(self, tree: Path) -> None:
        self.profiles(tree, range(39))
        told = Told(tree, "shop/application-p7.yml")
        assert told.read == 40
        assert "the named files" not in told.notices

    def test_is_read_up_to_a_limit_and_what_is_left_out_is_told(self, tree: Path) -> None:
        self.profiles(tree, range(600))
        told = Told(tree, "shop/application-p7.yml")
        assert told.read == 501
        assert "100 files more belong to the units of the named files" in told.notices
        quiet = jwksgov("scan", "--quiet", "shop/application-p7.yml", cwd=tree)
        assert (quiet.returncode, "100 files more" in quiet.stdout) == (0, True)

    def test_whose_files_are_all_named_has_no_others(self, tree: Path) -> None:
        self.profiles(tree, range(600))
        told = Told(tree, *sorted(f"shop/{name}" for name in os.listdir(tree / "shop")))
        assert told.read == 601
        assert "the named files" not in told.notices
