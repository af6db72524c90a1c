"""Forms of Terraform: plain code that gives a manifest, its names and its values."""

from __future__ import annotations

from tests.forms.form import ISTIO, Form, Tree

_RULE = '{ issuer = "http://login.example.com", jwksUri = "http://login.example.com/jwks" }'
_KIND = 'kind = "RequestAuthentication"'
_SPEC = f"spec = {{ jwtRules = [{_RULE}] }}"


def _manifest(kind: str = _KIND, spec: str = _SPEC, more: str = "") -> dict[str, str]:
    return {"main.tf": f'resource "kubernetes_manifest" "m" {{\n  manifest = {{\n    {kind}\n    {spec}\n  }}\n}}\n{more}\n'}


def _block(text: str) -> Tree:
    return {"main.tf": f'resource "kubernetes_manifest" "m" {{\n  {text}\n}}\n'}


def _locals(text: str) -> str:
    return f"locals {{\n  {text}\n}}"


_HEREDOC = "<<-EOT\n" + "".join(f"  {line}\n" for line in ISTIO.splitlines()) + "  EOT\n"

TERRAFORM_FORMS: tuple[Form, ...] = (
    Form(
        "a name or kind that Terraform's code gives",
        "seen",
        (
            _manifest('("kind") = ("RequestAuthentication")'),
            _manifest('kind = "Request\\u0041uthentication"'),
            _manifest('kind = "${"Request"}Authentication"'),
            _manifest("kind = local.kind", more=_locals('kind = "RequestAuthentication"')),
            _manifest('kind = local.kinds["a"]', more=_locals('kinds = { a = "RequestAuthentication" }')),
            _manifest("kind = var.kind", more='variable "kind" { default = "RequestAuthentication" }'),
            _manifest('kind = "${local.begin}Authentication"', more=_locals('begin = "Request"')),
            _manifest('kind = format("%s%s", "Request", "Authentication")'),
            _manifest('kind = join("", ["Request", "Authentication"])'),
            _manifest('kind = title("requestAuthentication")'),
            _manifest('kind = replace("RequestXAuthentication", "X", "")'),
            _manifest('kind = trim("--RequestAuthentication--", "-")'),
            _manifest('kind = base64decode("UmVxdWVzdEF1dGhlbnRpY2F0aW9u")'),
            _manifest('kind = 1 == 1 ? "RequestAuthentication" : "ConfigMap"'),
            _manifest('kind = lookup({ a = "RequestAuthentication" }, "a", "b")'),
            _manifest('kind = element(split(",", "RequestAuthentication,b"), 0)'),
            _manifest(spec=f'spec = {{ "jwt${{"R"}}ules" = [{_RULE}] }}'),
            _manifest(spec=f'("spec") = {{ (format("%sRules", "jwt")) = [{_RULE}] }}'),
        ),
    ),
    Form(
        "lists and objects that Terraform's code gives",
        "seen",
        (
            _manifest(spec=f"spec = merge({{}}, {{ jwtRules = [{_RULE}] }})"),
            _manifest(spec=f"spec = tomap({{ jwtRules = concat([], flatten([[{_RULE}]])) }})"),
            _manifest(spec="spec = local.spec", more=_locals(f"spec = {{ jwtRules = [{_RULE}] }}")),
            _manifest(spec=f"spec = {{ jwtRules = var.is_on ? [{_RULE}] : [] }}", more='variable "is_on" {}'),
            _manifest(spec=f"spec = {{ jwtRules = var.is_on ? [] : [{_RULE}] }}", more='variable "is_on" {}'),
            _manifest(spec='spec = { jwtRules = [for u in ["http://a.example.com"] : { issuer = u, jwksUri = "${u}/jwks" }] }'),
            _manifest(spec=f'spec = {{ for name in ["jwtRules"] : name => [{_RULE}] }}'),
            _manifest(spec=f"spec = {{ jwtRules = [for each in var.all : {_RULE}] }}", more='variable "all" {}'),
            _manifest(spec=f"spec = jsondecode(jsonencode({{ jwtRules = [{_RULE}] }}))"),
            _block(f"manifest = merge({{ {_KIND} }}, {{ {_SPEC} }})"),
            _block(f'for_each = {{ a = "RequestAuthentication" }}\n  manifest = {{\n    kind = each.value\n    {_SPEC}\n  }}'),
            _block(f'for_each = toset(["RequestAuthentication"])\n  manifest = {{ kind = each.key, {_SPEC} }}'),
        ),
    ),
    Form(
        "a document that Terraform's code decodes or writes",
        "seen",
        (
            _block(f"manifest = yamldecode({_HEREDOC})"),
            _block(f"yaml_body = {_HEREDOC}"),
            _block(f"yaml_body = yamlencode({{ {_KIND}, {_SPEC} }})"),
            _block(f"manifest = jsondecode(jsonencode({{ {_KIND}, {_SPEC} }}))"),
            {"main.tf": f"locals {{\n  description = {_HEREDOC}}}\n"},
            {"main.tf": 'resource "x" "y" { manifest = yamldecode(file("${path.module}/a.data")) }\n', "a.data": ISTIO},
            {
                "main.tf": _locals('k = "RequestAuthentication"')
                + f'\nresource "x" "y" {{\n  yaml_body = {_HEREDOC}}}\n'.replace("RequestAuthentication", "${local.k}")
            },
        ),
    ),
    Form(
        "blocks of Terraform that a list repeats",
        "seen",
        tuple(
            {
                "main.tf": 'resource "aws_apigatewayv2_authorizer" "a" {\n  authorizer_type = "JWT"\n'
                f'  dynamic "jwt_configuration" {{\n    for_each = {each}\n    content {{\n      issuer = {value}\n'
                "      audience = []\n    }\n  }\n}\n" + _locals('all = ["http://a.example.com"]') + "\n"
            }
            for each, value in (
                ('["http://a.example.com"]', "jwt_configuration.value"),
                ("local.all", "jwt_configuration.value"),
                ('{ a = { url = "http://a.example.com" } }', "jwt_configuration.value.url"),
                ('toset(["http://a.example.com"])', "jwt_configuration.key"),
                ("var.is_on ? [1] : []", '"http://a.example.com"'),
            )
        ),
    ),
    Form(
        "a name or kind that Terraform's code gives only when it runs",
        "undetermined",
        (
            _manifest("kind = each.value.kind"),
            _manifest("kind = data.x.y.kind"),
            _manifest("kind = module.x.kind"),
            _manifest("kind = var.kind", more='variable "kind" {}'),
            _manifest('kind = var.x == "" ? "ConfigMap" : "RequestAuthentication"'),
            _manifest('kind = "Request${var.x}Authentication"'),
            _manifest('kind = "%{ if var.x }RequestAuthentication%{ endif }"'),
            _manifest(spec="spec = var.spec"),
            _manifest(spec="spec = { jwtRules = local.missing }"),
            _block(f"manifest = merge(var.base, {{ {_SPEC} }})"),
            _block(f"manifest = merge(var.base, {{ {_KIND} }})"),
            {
                "main.tf.json": '{"resource": {"x": {"y": {"manifest": {"kind": "${local.kind}", "spec": {"jwtRules": '
                '[{"issuer": "http://a.example.com"}]}}}}}}'
            },
        ),
    ),
    Form(
        "Terraform's code between two marks of a template that are no action",
        "seen",
        tuple(
            {"main.tf": f"{begin}\n{_manifest()['main.tf']}{end}\n"}
            for begin, end in (
                ("# x: {{ y", "# }}"),
                ("// {{/*", "// */}}"),
                ("/* {{ */", "/* }} */"),
                ("# {#", "# #}"),
                ('locals { a = "{{" }', 'locals { b = "}}" }'),
                ("# x: {{/*", "# */}}\nlocals {\n  a = {{ .x }}\n}"),
            )
        ),
    ),
    Form(
        "ordinary modules of Terraform",
        "quiet",
        (
            {"main.tf": 'resource "x" "m" {\n  for_each = var.all\n  manifest = yamldecode(file(each.value))\n}\n'},
            {"main.tf": 'resource "helm_release" "r" {\n  values = [templatefile("a.yaml", { issuer = var.issuer })]\n}\n'},
            {"main.tf": 'resource "x" "m" {\n  manifest = { kind = var.kind, spec = var.spec, data = { jwt = 1 } }\n}\n'},
            {"main.tf": 'locals {\n  tags = merge(var.tags, { "oidc" = "x" })\n  a = var.x ? [for k in y : k.jwt] : []\n}\n'},
            {"main.tf": 'module "m" {\n  source = "./m"\n  oidc_issuer = var.oidc_issuer\n  kind = each.value.kind\n}\n'},
            {"main.tf": 'variable "kind" {\n  description = <<-E\n    kind: RequestAuthentication of jwtRules\n  E\n}\n'},
        ),
    ),
)
