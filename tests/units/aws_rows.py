"""What of AWS trust that is split over files is resolved."""

from __future__ import annotations

from tests.units.row import FAULT, Row

_POLICY = """\
resource "aws_iam_role" "ci" {
  assume_role_policy = jsonencode({ Statement = [{
    Action    = "sts:AssumeRoleWithWebIdentity"
    Principal = { Federated = PROVIDER }
    Condition = { StringEquals = { "HOST:sub" = "repo:acme/shop:ref:refs/heads/main", "HOST:aud" = "sts.amazonaws.com" } }
  }] })
}
"""
_BARE = "\n".join(line for line in _POLICY.splitlines() if "Condition" not in line)


def _policy(provider: str, host: str = FAULT) -> str:
    return _POLICY.replace("PROVIDER", provider).replace("HOST", host)


ROWS: tuple[Row, ...] = (
    Row(
        "AWS: a trust policy and its provider in two files of a module",
        "resolved",
        {
            "provider.tf": f'resource "aws_iam_openid_connect_provider" "ci" {{\n  url = "{FAULT}"\n}}\n',
            "role.tf": _policy("aws_iam_openid_connect_provider.ci.arn", "login.example.com"),
        },
    ),
    Row(
        "AWS: a provider from a variable, another module or remote state, by the names of the policy's conditions",
        "resolved",
        {"role.tf": _policy("data.terraform_remote_state.base.outputs.arn")},
    ),
    Row(
        "AWS: the inputs of widely used IAM modules, also in Terragrunt",
        "resolved",
        {
            "terragrunt.hcl": 'terraform {\n  source = "tfr:///terraform-aws-modules/iam/aws//modules/iam-github-oidc-role?version=5.60.0"\n}\n'
            f'inputs = {{\n  provider_url = "{FAULT}"\n  subjects     = ["acme/shop:ref:refs/heads/main"]\n}}\n'
        },
    ),
    Row(
        "AWS: a trust policy without conditions whose provider is elsewhere",
        "undetermined",
        {"role.tf": _BARE.replace("PROVIDER", "var.provider_arn")},
    ),
    Row(
        "AWS: conditions that an expression makes",
        "undetermined",
        {
            "role.tf": _BARE.replace(
                "PROVIDER }", '"arn:aws:iam::111122223333:oidc-provider/login.example.com" }\n    Condition = var.conditions'
            )
        },
    ),
)
