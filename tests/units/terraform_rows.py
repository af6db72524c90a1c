"""Rows of the table in `docs/units.md` about Terraform and OpenTofu modules."""

from __future__ import annotations

from collections.abc import Mapping

from tests.units.row import FAULT, Answer, Row


def _resource(issuer: str, head: str = "", audience: str = '["shop"]') -> str:
    return (
        'resource "aws_apigatewayv2_authorizer" "jwt" {\n'
        f'{head}  api_id = "a1"\n  authorizer_type = "JWT"\n  name = "jwt"\n'
        '  identity_sources = ["$request.header.Authorization"]\n'
        f"  jwt_configuration {{\n    issuer   = {issuer}\n    audience = {audience}\n  }}\n}}\n"
    )


_OTHER = "https://a.example.com"
_VARIABLE = 'variable "issuer" { type = string }\n'
_CALL = 'module "api" {\n  source = "../api"\n  issuer = var.url\n}\n'
_ROLE = """\
resource "aws_iam_role" "ci" {
  assume_role_policy = local.policy
}
resource "aws_iam_openid_connect_provider" "ci" {
  url = local.url
}
"""
_POLICY = """\
locals {
  url    = "http://login.example.com"
  policy = jsonencode({
    Statement = [{
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.ci.arn }
    }]
  })
}
"""
_MANIFEST = """\
resource "kubectl_manifest" "jwt" {
  yaml_body = templatefile("${path.module}/jwt.yaml.tftpl", { url = var.url })
}
variable "url" {
  default = "http://login.example.com"
}
"""
_TEMPLATE = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: jwt}
spec:
  jwtRules:
  - issuer: ${url}
    jwksUri: ${url}/keys
"""


def _row(construct: str, answer: Answer, files: Mapping[str, str]) -> Row:
    return Row(f"Terraform: {construct}", answer, files)


def _locals(construct: str, issuer: str, text: str, answer: Answer = "resolved") -> Row:
    """An authorizer in one file, locals in another."""
    return _row(construct, answer, {"api.tf": _resource(issuer), "locals.tf": f"locals {{\n{text}\n}}\n"})


ROWS = (
    _row("default of a variable", "resolved", {
        "main.tf": _resource("var.issuer"), "variables.tf": f'variable "issuer" {{\n  default = "{FAULT}"\n}}\n',
    }),
    _row("`terraform.tfvars`, `*.auto.tfvars`", "resolved", {
        "main.tf": _resource("var.issuer") + _VARIABLE, "a.auto.tfvars": f'issuer = "{FAULT}"\n',
    }),
    _row("`terraform.tfvars.json`", "resolved", {
        "main.tf": _resource("var.issuer") + _VARIABLE, "terraform.tfvars.json": f'{{"issuer": "{FAULT}"}}\n',
    }),
    _row("named tfvars file as a variant", "resolved", {
        "main.tf": _resource("var.issuer") + _VARIABLE, "prod.tfvars": f'issuer = "{FAULT}"\n',
        "stage.tfvars": 'issuer = "https://login.example.com"\n',
    }),
    _row("tfvars in `env/`, `environments/prod/`", "resolved", {
        "main.tf": _resource("var.issuer") + _VARIABLE, "environments/prod/main.tfvars": f'issuer = "{FAULT}"\n',
    }),
    _row("variable without a value", "undetermined", {"main.tf": _resource("var.issuer") + _VARIABLE}),
    _locals("map of locals in another file", "local.idp.issuer", f'  idp = {{ issuer = "{FAULT}" }}'),
    _locals("index, list, nested map", 'local.idps["a"].issuers[0]', f'  idps = {{ a = {{ issuers = ["{FAULT}"] }} }}'),
    _locals("locals in a circle", "local.a", "  a = local.b\n  b = local.a", "undetermined"),
    _locals("`merge`, `lookup`", 'lookup(merge(local.a, local.b), "issuer", "")',
            f'  a = {{ issuer = "" }}\n  b = {{ issuer = "{FAULT}" }}'),
    _locals("`format`, `join`, `replace`", 'format("%s://%s", local.scheme, join(".", concat(["login"], local.parts)))',
            '  scheme = replace("https", "s", "")\n  parts = ["example", "com"]'),
    _locals("`try`, `coalesce`", "coalesce(try(local.idp.missing, null), local.idp.issuer)",
            f'  idp = {{ issuer = "{FAULT}" }}'),
    _locals("conditional", 'local.env == "prod" ? local.url : "https://a"',
            f'  env = "prod"\n  url = "{FAULT}"'),
    _locals("`for` expression", "[for each in local.idps : each.issuer if each.name == \"b\"][0]",
            f'  idps = [{{ name = "a", issuer = "{_OTHER}" }}, {{ name = "b", issuer = "{FAULT}" }}]'),
    _locals("interpolation", '"http://${local.host}"', '  host = "login.example.com"'),
    _locals("`terraform.workspace`", "local.issuers[terraform.workspace]",
            f'  issuers = {{ prod = "{FAULT}" }}', "undetermined"),
    _row("`yamldecode(file(…))`", "resolved", {
        "main.tf": _resource('yamldecode(file("${path.module}/idp.yaml")).issuer'), "idp.yaml": f"issuer: {FAULT}\n",
    }),
    _row("`for_each` over a map", "resolved", {
        "main.tf": _resource("each.value.issuer", "  for_each = local.idps\n"),
        "locals.tf": f'locals {{\n  idps = {{ a = {{ issuer = "{_OTHER}" }}, b = {{ issuer = "{FAULT}" }} }}\n}}\n',
    }),
    _row("`count` with `count.index`", "resolved", {
        "main.tf": _resource("local.issuers[count.index]", "  count = length(local.issuers)\n"),
        "locals.tf": f'locals {{\n  issuers = ["https://a.example.com", "{FAULT}"]\n}}\n',
    }),
    _row("`dynamic` block over a variable", "resolved", {
        "main.tf": _resource("var.issuer").replace(
            'jwt_configuration {\n    issuer   = var.issuer\n    audience = ["shop"]',
            'dynamic "jwt_configuration" {\n    for_each = var.idps\n    content {\n      issuer = jwt_configuration.value\n'
            '      audience = ["shop"]\n    }',
        ),
        "variables.tf": 'variable "idps" { type = list(string) }\n', "terraform.tfvars": f'idps = ["{FAULT}"]\n',
    }),
    _row("member that `optional(…)` fills in", "resolved", {
        "main.tf": _resource("var.idp.issuer"),
        "variables.tf": f'variable "idp" {{\n  type = object({{ name = string, issuer = optional(string, "{FAULT}") }})\n}}\n',
        "terraform.tfvars": 'idp = { name = "a" }\n',
    }),
    _row("attribute of another block", "resolved", {
        "main.tf": _resource("data.tls_certificate.idp.url"),
        "data.tf": f'data "tls_certificate" "idp" {{\n  url = "{FAULT}"\n}}\n',
    }),
    _row("argument of a local module", "resolved", {
        "modules/api/main.tf": _resource("var.issuer") + _VARIABLE,
        "envs/prod/main.tf": f'module "api" {{\n  source = "../../modules/api"\n  issuer = "{FAULT}"\n}}\n',
    }),
    _row("argument that the caller's tfvars give", "resolved", {
        "modules/api/main.tf": _resource("var.issuer") + _VARIABLE,
        "live/main.tf": 'module "api" {\n  source = "../modules/api"\n  issuer = var.idp\n}\nvariable "idp" {}\n',
        "live/prod.tfvars": f'idp = "{FAULT}"\n',
    }),
    _row("local module that a local module calls", "resolved", {
        "modules/api/main.tf": _resource("var.issuer") + _VARIABLE,
        "modules/app/main.tf": _CALL + 'variable "url" {}\n',
        "main.tf": f'module "app" {{\n  source = "./modules/app"\n  url = "{FAULT}"\n}}\n',
    }),
    _row("default of a called module", "resolved", {
        "modules/api/main.tf": _resource("var.issuer") + f'variable "issuer" {{\n  default = "{FAULT}"\n}}\n',
        "main.tf": 'module "api" {\n  source = "./modules/api"\n}\n',
    }),
    _row("Terragrunt `inputs`", "resolved", {
        "modules/api/main.tf": _resource("var.issuer") + _VARIABLE,
        "live/prod/api/terragrunt.hcl": 'terraform {\n  source = "../../../modules//api"\n}\n'
        f'locals {{\n  url = "{FAULT}"\n}}\ninputs = {{\n  issuer = local.url\n}}\n',
    }),
    _row("Terragrunt `dependency`", "undetermined", {
        "modules/api/main.tf": _resource("var.issuer") + _VARIABLE,
        "live/prod/api/terragrunt.hcl": 'terraform {\n  source = "${get_repo_root()}/modules/api"\n}\n'
        "inputs = {\n  issuer = dependency.idp.outputs.issuer\n}\n",
    }),
    _row("JSON syntax (CDKTF)", "resolved", {
        "cdk.tf.json": '{"locals": {"host": "login.example.com"},\n "resource": {"aws_apigatewayv2_authorizer": {"jwt":\n'
        ' {"api_id": "a", "jwt_configuration": {"issuer": "http://${local.host}", "audience": ["shop"]}}}}}\n',
    }),
    _row("output of a local module", "resolved", {
        "modules/idp/main.tf": f'output "issuer" {{\n  value = "{FAULT}"\n}}\n',
        "main.tf": 'module "idp" {\n  source = "./modules/idp"\n}\n' + _resource("module.idp.issuer"),
    }),
    _row("output of a registry module", "undetermined", {
        "main.tf": 'module "idp" {\n  source = "example/idp/aws"\n}\n' + _resource("module.idp.issuer"),
    }),
    _row("remote state, data source of a cloud", "undetermined", {
        "main.tf": 'data "terraform_remote_state" "idp" {\n  backend = "s3"\n}\n'
        + _resource("data.terraform_remote_state.idp.outputs.issuer"),
    }),
    _row("`assume_role_policy` from a local", "resolved", {"main.tf": _ROLE, "locals.tf": _POLICY}),
    _row("`.tofu` files", "resolved", {
        "main.tofu": _resource("local.issuer"), "locals.tofu": f'locals {{\n  issuer = "{FAULT}"\n}}\n',
    }),
    _row("Kubernetes manifest by `templatefile`", "resolved", {"main.tf": _MANIFEST, "jwt.yaml.tftpl": _TEMPLATE}),
)  # fmt: skip
