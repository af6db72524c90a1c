"""Makes trees with one unit each, of so many files, one of which changes; every twentieth file trusts keys."""

from __future__ import annotations

from pathlib import Path

_EVERY = 20
_ORDINARY = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: app-{number}, labels: {{app: app-{number}}}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: app-{number}}}}}
  template:
    metadata: {{labels: {{app: app-{number}}}}}
    spec:
      containers:
        - name: main
          image: registry.example.com/app:{number}
          args: [--log-level=info, --listen=8080]
          resources: {{limits: {{cpu: 500m, memory: 256Mi}}}}
"""
_TRUSTING = """apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {{name: jwt-{number}}}
spec:
  selector: {{matchLabels: {{app: app-{number}}}}}
  jwtRules:
    - issuer: https://login.example.com
      audiences: [app-{number}]
      jwksUri: {base}/jwks
"""
_OTHER_RESOURCE = """resource "aws_s3_bucket" "b{number}" {{
  bucket = "bucket-{number}"
  tags   = {{ team = var.team }}
}}
"""
_AUTHORIZER = """resource "aws_apigatewayv2_authorizer" "a{number}" {{
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  jwt_configuration {{
    audience = ["app-{number}"]
    issuer   = "${{var.base}}/realms/a{number}"
  }}
}}
"""


def make_chart(folder: Path, files: int) -> str:
    """A chart whose values change."""
    _put(folder, "chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    _put(folder, "chart/values.yaml", "base: https://login.example.com\nreplicas: 2\n")
    for number in range(files - 2):
        _put(folder, f"chart/templates/t{number}.yaml", _manifest(number, "{{ .Values.base }}", "{{ .Values.replicas }}"))
    return "chart/values.yaml"


def make_overlay(folder: Path, files: int) -> str:
    """A base with its overlay, whose patch changes."""
    count = files - 3
    _put(folder, "base/kustomization.yaml", "resources:\n" + "".join(f"- t{number}.yaml\n" for number in range(count)))
    for number in range(count):
        _put(folder, f"base/t{number}.yaml", _manifest(number, "https://login.example.com", "2"))
    patch = "patches: [{path: patch.yaml, target: {kind: RequestAuthentication}}]\n"
    _put(folder, "prod/kustomization.yaml", f"resources: [../base]\n{patch}")
    _put(folder, "prod/patch.yaml", "- {op: replace, path: /spec/jwtRules/0/jwksUri, value: 'https://login.example.com/x'}\n")
    return "prod/patch.yaml"


def make_module(folder: Path, files: int) -> str:
    """A module of Terraform whose values change."""
    _put(folder, "module/variables.tf", 'variable "base" {}\nvariable "team" { default = "a" }\n')
    _put(folder, "module/prod.tfvars", 'base = "https://login.example.com"\n')
    for number in range(files - 2):
        _put(folder, f"module/r{number}.tf", (_OTHER_RESOURCE if number % _EVERY else _AUTHORIZER).format(number=number))
    return "module/prod.tfvars"


def make_application(folder: Path, files: int) -> str:
    """An application with many profiles, one of which changes."""
    jwt = "issuer-uri: https://login.example.com, audiences: [a], jwk-set-uri: '${base:https://login.example.com}/keys'"
    settings = f"spring: {{security: {{oauth2: {{resourceserver: {{jwt: {{{jwt}}}}}}}}}}}\n"
    _put(folder, "app/application.yml", settings)
    for number in range(files - 1):
        _put(folder, f"app/application-p{number}.yml", f"server: {{port: {8000 + number}}}\n")
    return "app/application-p1.yml"


def _manifest(number: int, base: str, replicas: str) -> str:
    return (_ORDINARY if number % _EVERY else _TRUSTING).format(number=number, base=base, replicas=replicas)


def _put(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")
