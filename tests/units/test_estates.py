"""Four estates with planted problems: each problem is told once, in the variants that have it, with both places."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import TypeAlias

import pytest

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.pack.shipped import shipped_pack
from scanner.record import record
from scanner.scan import ScanOptions, scan

# rule, place of the finding, its variants, and the file to change or what it replaces
Problem: TypeAlias = tuple[str, str, tuple[str, ...], tuple[str, ...]]


@record
class Planted:
    """An estate and its problems."""

    files: Mapping[str, str]
    problems: tuple[Problem, ...]


_AUTH = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: gw, namespace: shop}
spec:
  jwtRules:
    - issuer: %s
      jwksUri: %s
"""
_CHART = Planted(
    {
        "gw/Chart.yaml": "apiVersion: v2\nname: gw\nversion: 1.0.0\n",
        "gw/values.yaml": "issuer: https://login.example.com\njwks: https://login.example.com/jwks\naudiences: [shop]\n",
        "gw/values-dev.yaml": "jwks: http://dev.example.com/jwks\nissuer: https://dev.example.com\n",
        "gw/values-stage.yaml": "audiences: []\n",
        "gw/values-prod.yaml": "issuer: http://login.example.org\njwks: https://login.example.org/jwks\n",
        "gw/templates/auth.yaml": _AUTH % ("{{ .Values.issuer }}", '{{ include "jwks" . | quote }}')
        + "      {{- with .Values.audiences }}\n      audiences: {{- toYaml . | nindent 8 }}\n      {{- end }}\n",
        "gw/templates/_helpers.tpl": '{{- define "jwks" -}}{{ .Values.jwks }}{{- end -}}\n',
    },
    (
        ("jwks-uri-over-http-public", "gw/templates/auth.yaml:7", ("dev",), ("gw/values-dev.yaml:1",)),
        ("audience-not-restricted", "gw/templates/auth.yaml:7", ("stage",), ()),
        ("issuer-over-http-public", "gw/templates/auth.yaml:6", ("prod",), ("gw/values-prod.yaml:1",)),
    ),
)
_OVERLAYS = Planted(
    {
        "base/kustomization.yaml": "resources: [auth.yaml]\n",
        "base/auth.yaml": _AUTH % ("https://login.example.com", "https://login.example.com/jwks"),
        "overlays/dev/kustomization.yaml": "resources: [../../base]\n"
        "patches: [{path: dev.yaml, target: {kind: RequestAuthentication}}]\n",
        "overlays/dev/dev.yaml": "- op: replace\n  path: /spec/jwtRules/0/jwksUri\n  value: http://login.example.com/jwks\n",
        "overlays/prod/kustomization.yaml": "resources: [../../base]\npatches: [{path: prod.yaml}]\n",
        "overlays/prod/prod.yaml": _AUTH % ("https://login.example.com", "https://login.example.com/jwks")
        + "      audiences: [shop]\n",
    },
    (
        ("jwks-uri-over-http-public", "overlays/dev/dev.yaml:3", ("dev",), ("base/auth.yaml:7",)),
        ("audience-not-restricted", "base/auth.yaml:7", ("dev",), ()),
    ),
)
_AUTHORIZER = """\
variable "issuer" { type = string }
variable "audiences" {
  type    = list(string)
  default = ["shop"]
}
resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = "x"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  name             = "jwt"
  jwt_configuration {
    audience = var.audiences
    issuer   = var.issuer
  }
}
"""
_TRUST = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.provider_arn]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [var.subject]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}
"""
_MODULES = Planted(
    {
        "modules/gateway/main.tf": _AUTHORIZER,
        "modules/role/policy.tf": _TRUST,
        "modules/role/variables.tf": 'variable "provider_arn" {}\nvariable "subject" {}\n',
        "modules/role/role.tf": 'resource "aws_iam_role" "ci" {\n  name               = "ci"\n'
        "  assume_role_policy = data.aws_iam_policy_document.trust.json\n}\n",
        "live/prod/main.tf": 'module "gateway" {\n  source = "../../modules/gateway"\n  issuer = local.issuer\n}\n'
        'locals {\n  issuer = "http://login.example.com"\n}\n',
        "live/dev/main.tf": 'module "gateway" {\n  source = "../../modules/gateway"\n  issuer = "https://dev.example.com"\n}\n'
        'module "role" {\n  source       = "../../modules/role"\n  provider_arn = "arn:aws:iam::1:oidc-provider/x"\n'
        '  subject      = "repo:*"\n}\n',
    },
    (
        (
            "issuer-over-http-public",
            "modules/gateway/main.tf:13",
            ("prod/gateway",),
            ("live/prod/main.tf:6",),
        ),
        ("subject-too-broad", "modules/role/policy.tf:11", ("dev/role",), ("live/dev/main.tf:8",)),
    ),
)
_JWT = "spring.security.oauth2.resourceserver.jwt"
_R = "src/main/resources"
_PROFILES = Planted(
    {
        f"{_R}/application.yml": f"{_JWT}:\n  issuer-uri: https://login.example.com\n",
        f"{_R}/application-dev.yml": f"{_JWT}:\n  audiences: [shop]\n  jwk-set-uri: http://dev.example.com/jwks\n",
        f"{_R}/application-stage.properties": f"{_JWT}.issuer-uri=http://stage.example.com\n{_JWT}.audiences=shop\n",
        f"{_R}/application-prod.yml": f"{_JWT}:\n  issuer-uri: https://login.example.org\n",
    },
    (
        ("jwks-uri-over-http-public", f"{_R}/application-dev.yml:3", ("dev",), ()),
        ("issuer-over-http-public", f"{_R}/application-stage.properties:1", ("stage",), (f"{_R}/application.yml:2",)),
        ("audience-not-restricted", f"{_R}/application.yml:2", ("prod",), ()),
    ),
)
ESTATES = {"chart": _CHART, "overlays": _OVERLAYS, "modules": _MODULES, "profiles": _PROFILES}


def problems_of(files: Mapping[str, str], folder: Path) -> list[Problem]:
    """What a scan fails at medium or above."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    options = ScanOptions((".",), Config(), jobs=1, takes_ignore_files=False)
    with chdir(folder):
        report = scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z"))
    return [
        (
            finding.rule,
            f"{finding.location.path}:{finding.location.line}",
            tuple(sorted(each.name for each in finding.variants)),
            tuple(f"{each.path}:{each.line}" for each in finding.related),
        )
        for finding in report.findings
        if finding.result == "fail" and finding.severity in ("medium", "high", "critical")
    ]


@pytest.mark.parametrize("name", ESTATES)
def test_each_planted_problem_is_told_once_in_its_variants_with_both_places(name: str, tmp_path: Path) -> None:
    planted = ESTATES[name]
    assert sorted(problems_of(planted.files, tmp_path)) == sorted(planted.problems)
