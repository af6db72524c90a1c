"""A Terraform module as a unit: values, variants, places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.pack.shipped import shipped_pack
from scanner.units.files import UnitFiles
from scanner.units.terraform.kind import TerraformKind
from scanner.units.terraform.telling import tells
from tests.cli.commands import jwksgov
from tests.units.unit_trees import document_of, find_unit, place_of, plant, read_variants, spot_of

API = """\
resource "aws_apigatewayv2_authorizer" "jwt" {
  jwt_configuration {
    issuer   = var.issuer
    audience = ["shop"]
  }
}
variable "issuer" {}
"""
ROLE = """\
resource "aws_iam_role" "a" {
  assume_role_policy = templatefile("${path.module}/trust.json.tpl", { host = local.host })
}
locals {
  host = "ci.example.com"
}
"""
TRUST = """\
{"Statement": [{"Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {"StringLike": {"${host}:sub": "repo:*"}}
}]}
"""


def resources(made: Any) -> Any:
    return made["resource"]["aws_apigatewayv2_authorizer"]["jwt"]["jwt_configuration"]


def variants(root: Path, files: dict[str, str], name: str = "main.tf") -> dict[str, Any]:
    plant(root, files)
    return read_variants(TerraformKind(), root, name)


class TestPlaces:
    def test_are_that_of_the_expression_and_those_of_its_values(self, tmp_path: Path) -> None:
        """The argument decides first; the expression is what its own place has."""
        made = variants(
            tmp_path,
            {
                "modules/api/main.tf": API,
                "main.tf": 'module "api" {\n  source = "./modules/api"\n  issuer = "https://${local.host}/a"\n}\n',
                "locals.tf": 'locals {\n  host = "login.example.com"\n}\n',
            },
            "modules/api/main.tf",
        )
        (name, (plain, text)) = list(made.items())[1]
        assert (name, resources(plain)["issuer"]) == ("api", "https://login.example.com/a")
        found = place_of(text, "https://login.example.com/a")
        assert spot_of(text, "https://login.example.com/a") == ("modules/api/main.tf", 3, 16)
        assert found.written == "var.issuer"
        assert [(each.path, each.line, each.role) for each in found.origins] == [
            ("main.tf", 3, "argument"),
            ("locals.tf", 2, "definition"),
        ]

    def test_of_tfvars_are_values_and_of_defaults_defaults(self, tmp_path: Path) -> None:
        text = 'locals {\n  url = "https://${var.host}/${var.realm}"\n}\n'
        text += 'variable "realm" {\n  default = "a"\n}\nvariable "host" {}\n'
        made = variants(
            tmp_path,
            {
                "main.tf": API.replace("var.issuer", "local.url"),
                "v.tf": text,
                "terraform.tfvars": 'host = "login.example.com"\n',
            },
        )
        found = place_of(made[""][1], "https://login.example.com/a")
        assert [(each.path, each.line, each.role) for each in found.origins] == [
            ("v.tf", 2, "definition"),
            ("terraform.tfvars", 1, "value"),
            ("v.tf", 5, "default"),
        ]

    def test_within_an_expression_stay_where_they_are(self, tmp_path: Path) -> None:
        """Literal text beside something that is filled in keeps its own line."""
        text = API.replace("var.issuer", 'merge({}, {\n      a = "https://a.example.com"\n    }).a')
        made = variants(tmp_path, {"main.tf": text})
        assert spot_of(made[""][1], "https://a.example.com") == ("main.tf", 4, 11)

    def test_of_a_policy_in_a_template_are_in_the_template(self, tmp_path: Path) -> None:
        files = {"main.tf": ROLE, "trust.json.tpl": TRUST}
        made = variants(tmp_path, files)
        assert spot_of(made[""][1], "repo:*") == ("trust.json.tpl", 2, 48)
        found = place_of(made[""][1], "ci.example.com")
        assert (found.at.path, found.at.line, found.written) == ("trust.json.tpl", 2, "${host}")
        assert [(each.path, each.line) for each in found.origins] == [("main.tf", 5)]
        assert find_unit(TerraformKind(), tmp_path, "trust.json.tpl") is not None


class TestVariants:
    def test_are_the_named_tfvars(self, tmp_path: Path) -> None:
        files = {f"{name}.tfvars": f'issuer = "https://{name}.example.com"\n' for name in ("prod", "stage")}
        made = variants(tmp_path, {"main.tf": API, **files})
        assert {name: resources(plain)["issuer"] for name, (plain, _) in made.items()} == {
            "": "var.issuer",
            "prod": "https://prod.example.com",
            "stage": "https://stage.example.com",
        }
        unit = find_unit(TerraformKind(), tmp_path, "main.tf")
        assert unit is not None
        assert [each.paths for each in unit.variants] == [("prod.tfvars",), ("stage.tfvars",)]
        assert not unit.is_base_deployed

    def test_of_development_leave_the_base_deployed_that_needs_nothing(self, tmp_path: Path) -> None:
        plant(tmp_path, {"main.tf": API.replace("{}", '{ default = "https://a" }'), "dev.tfvars": 'issuer = "https://b"\n'})
        unit = find_unit(TerraformKind(), tmp_path, "main.tf")
        assert unit is not None
        assert unit.is_base_deployed
        (tmp_path / "main.tf").write_text(API)
        unit = find_unit(TerraformKind(), tmp_path, "main.tf")
        assert unit is not None
        assert not unit.is_base_deployed

    def test_of_other_modules_and_samples_are_none(self, tmp_path: Path) -> None:
        plant(tmp_path, {"main.tf": API, "other.tfvars": "x = 1\n", "example.tfvars": 'issuer = "https://a"\n'})
        unit = find_unit(TerraformKind(), tmp_path, "main.tf")
        assert unit is not None
        assert unit.variants == ()

    def test_are_at_most_sixteen_and_the_rest_is_counted(self, tmp_path: Path) -> None:
        plant(tmp_path, {"main.tf": API, **{f"v{number}.tfvars": f'issuer = "{number}"\n' for number in range(20)}})
        unit = find_unit(TerraformKind(), tmp_path, "main.tf")
        assert unit is not None
        assert (len(unit.variants), unit.left_out_variants) == (16, 4)

    def test_of_a_call_with_for_each_are_its_instances(self, tmp_path: Path) -> None:
        call = (
            'module "api" {\n  source = "./api"\n  for_each = { a = "https://a", b = "https://b" }\n  issuer = each.value\n}\n'
        )
        made = variants(tmp_path, {"live/api/main.tf": API, "live/main.tf": call}, "live/api/main.tf")
        assert {name: resources(plain)["issuer"] for name, (plain, _) in made.items()} == {
            "": "var.issuer",
            "live/api[a]": "https://a",
            "live/api[b]": "https://b",
        }


class TestInstances:
    def test_that_no_values_make_do_not_exist(self, tmp_path: Path) -> None:
        """A variant that switches a block off has none of it; what only a default says, a caller may change."""
        text = API.replace("  jwt_", "  count = var.on ? 1 : 0\n  jwt_") + 'variable "on" {\n  default = false\n}\n'
        made = variants(
            tmp_path, {"main.tf": text, "a.tfvars": "on = false\nissuer = 1\n", "b.tfvars": "on = true\nissuer = 1\n"}
        )
        assert "resource" in made[""][0]
        assert "resource" not in made["a"][0]
        assert "resource" in made["b"][0]

    def test_of_dynamic_blocks_that_only_a_default_leaves_out_stay(self, tmp_path: Path) -> None:
        """Whoever deploys a root module may say something else on the command line, or in a workspace."""
        text = (
            'resource "jwt" "a" {\n  dynamic "b" {\n    for_each = var.all\n    content {\n      c = b.value\n    }\n  }\n}\n'
        )
        made = variants(tmp_path, {"main.tf": text + 'variable "all" {\n  default = []\n}\n', "a.tfvars": "all = []\n"})
        assert "dynamic" in made[""][1].text.text
        assert "dynamic" not in made["a"][1].text.text

    def test_beyond_a_hundred_are_told(self, tmp_path: Path) -> None:
        text = API.replace("  jwt_", '  for_each = toset(formatlist("h%s", range(150)))\n  jwt_').replace(
            "var.issuer", "each.value"
        )
        plant(tmp_path, {"main.tf": text})
        unit = find_unit(TerraformKind(), tmp_path, "main.tf")
        assert unit is not None
        (part,) = unit.open_parts(document_of(tmp_path, "main.tf"))
        assert part.because == "50 of the 150 instances of this block are not assessed"


class TestHostileModules:
    @pytest.mark.parametrize(
        "text",
        [
            'module "a" {\n  source = "./"\n  issuer = module.a.x\n}\noutput "x" { value = module.a.x }\n',
            'module "a" {\n  source = "./a"\n  issuer = module.a.x\n}\n',
            "locals {\n"
            + "".join(f'  a{n} = "${{local.a{n + 1}}}${{local.a{n + 1}}}"\n' for n in range(60))
            + '  a60 = "token"\n}\n',
            "locals {\n  a = [for x in range(1000000) : x]\n  b = " + "merge(" * 300 + "{}" + ")" * 300 + "\n}\n",
            'locals {\n  a = setproduct(range(9999), range(9999))\n  b = templatefile("a.tpl", { a = local.b })\n}\n',
            "locals {\n  a = " + "[" * 2000 + "]" * 2000 + "\n}\n",
            'locals {\n  issuer = "%{ for a in range(9999) }%{ for b in range(9999) }token%{ endfor }%{ endfor }"\n}\n',
        ],
        ids=["itself", "circle", "growth", "range", "product", "depth", "loops"],
    )
    def test_end(self, tmp_path: Path, text: str) -> None:
        called = API + 'module "b" {\n  source = "../"\n}\noutput "x" {\n  value = module.b.x\n}\n'
        plant(tmp_path, {"main.tf": API + text, "a.tpl": '${templatefile("a.tpl", {})}\n', "a/main.tf": called})
        for name in ("main.tf", "a/main.tf"):
            assert find_unit(TerraformKind(), tmp_path, name) is not None

    def test_read_nothing_outside(self, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        outside = tmp_path_factory.mktemp("outside")
        plant(outside, {"m/main.tf": 'output "x" {\n  value = "https://a"\n}\n', "x.tpl": "https://a"})
        (tmp_path / "link").symlink_to(outside / "m")
        text = API.replace("var.issuer", "module.m.x") + 'module "m" {\n  source = "./link"\n}\n'
        made = variants(tmp_path, {"main.tf": text})
        assert resources(made[""][0])["issuer"] == "module.m.x"
        made = variants(tmp_path, {"main.tf": API.replace("var.issuer", f'templatefile("{outside}/x.tpl", {{}})')})
        assert "https://a" not in made[""][1].text.text


class TestCompanions:
    @pytest.mark.parametrize("changed", ["prod.tfvars", "env/prod.tfvars", "locals.tf", "trust.tpl"])
    def test_are_the_files_of_the_module_and_of_those_it_calls(self, tmp_path: Path, changed: str) -> None:
        plant(
            tmp_path,
            {
                "main.tf": 'module "api" {\n  source = "./modules/api"\n}\nlocals {\n  a = templatefile("trust.tpl", {})\n}\n',
                "locals.tf": "locals {}\n",
                "prod.tfvars": "a = 1\n",
                "env/prod.tfvars": "a = 1\n",
                "trust.tpl": "a\n",
                "modules/api/main.tf": API,
            },
        )
        files = UnitFiles(document_of(tmp_path, changed))
        found = set(TerraformKind().companions(str(tmp_path / changed), files))
        assert found >= {str(tmp_path / "main.tf"), str(tmp_path / "modules/api/main.tf")}


class TestAnEstate:
    def test_tells_each_problem_once_with_both_places(self, tmp_path: Path) -> None:
        """Four modules: two roots, one called by both, one of policies."""
        (tmp_path / ".git").mkdir()
        plant(
            tmp_path,
            {
                "modules/api/main.tf": API,
                "modules/roles/provider.tf": 'resource "aws_iam_openid_connect_provider" "gh" {\n'
                '  url = "https://token.actions.githubusercontent.com"\n  client_id_list = ["sts.amazonaws.com"]\n}\n',
                "modules/roles/role.tf": 'resource "aws_iam_role" "ci" {\n  assume_role_policy = jsonencode({\n'
                "    Statement = [{\n"
                '      Action = "sts:AssumeRoleWithWebIdentity"\n'
                "      Principal = { Federated = aws_iam_openid_connect_provider.gh.arn }\n      Condition = {\n"
                '        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }\n'
                '        StringLike = { "token.actions.githubusercontent.com:sub" = var.subject }\n      }\n    }]\n  })\n}\n'
                'variable "subject" {}\n',
                "live/prod/main.tf": 'module "api" {\n  source = "../../modules/api"\n  issuer = var.issuer\n}\n'
                'variable "issuer" {}\nmodule "roles" {\n  source = "../../modules/roles"\n  subject = "repo:*"\n}\n',
                "live/prod/terraform.tfvars": 'issuer = "http://login.example.com"\n',
                "live/stage/main.tf": 'module "api" {\n  source = "../../modules/api"\n  issuer = "https://login.example.com"\n}\n'
                'module "roles" {\n  source = "../../modules/roles"\n  subject = "repo:acme/shop:environment:stage"\n}\n',
            },
        )
        report = json.loads(jwksgov("scan", ".", "--isolated", "--format", "json", cwd=tmp_path).stdout)
        told = [
            (
                each["rule"],
                each["location"]["path"],
                each["location"]["line"],
                [variant["name"] for variant in each["variants"]],
                [(place["path"], place["line"]) for place in each["related"]],
            )
            for each in report["findings"]
            if each["result"] == "fail" and each["severity"] in ("critical", "high", "medium")
        ]
        assert told == [
            ("issuer-over-http-public", "modules/api/main.tf", 3, ["prod/api"], [("live/prod/terraform.tfvars", 1)]),
            ("subject-too-broad", "modules/roles/role.tf", 8, ["prod/roles"], [("live/prod/main.tf", 8)]),
        ]


def test_every_platform_has_a_telling_word() -> None:
    """What a module's text leaves out has no word of a platform's configuration."""
    silent = {
        (name, number)
        for name, reads in shipped_pack(examples=False).platforms.signs.items()
        for number, signs in enumerate(reads)
        if not tells(" ".join(signs.needles))
    }
    # what these read has a word as well: `OIDCProvider`; `BoundIssuer`, `JWKSURL`, `OIDCDiscoveryURL`. ASP.NET's switches stand
    # beside the setting of an issuer, which has one. SPIFFE bundles, bodies of Kong's API, servers of NATS and Python are not
    # written in Terraform
    switches = {("aspnet", 9), ("aspnet", 11), ("aspnet", 25), ("aspnet", 27)}
    elsewhere = {("kong", 16), ("nats", 3), ("nats", 4), ("nats", 7), ("python-jose", 0), ("python-jose", 1)}
    found = silent - switches - elsewhere
    assert found == {("aws-cloudformation", 4), ("keycloak-broker", 3), ("nomad", 3), ("nomad", 7)}
