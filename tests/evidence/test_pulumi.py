"""Programs of Pulumi in YAML are read as the Terraform of their providers."""

from __future__ import annotations

import pytest

from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

READER = DocumentReader(shipped_pack(examples=False).platforms)
PROGRAM = "name: shop\nruntime: yaml\nresources:\n"


def _bindings(text: str) -> list[Binding]:
    evidence = READER.read(Document("Pulumi.yaml", text.encode(), is_named=True))
    return list(evidence.bindings) if evidence is not None else []


class TestAResource:
    @pytest.mark.parametrize(
        ("kind", "properties", "platform"),
        [
            ("okta:idp/oidc:Oidc", 'issuerUrl: "https://login.example.com"', "okta-idp"),
            ("okta:idp:Oidc", 'issuerUrl: "https://login.example.com"', "okta-idp"),
            ("gcp:iam:WorkloadIdentityPoolProvider", 'oidc: {issuerUri: "https://login.example.com"}', "terraform-gcp-wif"),
            ("aws:apigatewayv2:Authorizer", 'authorizerType: JWT, jwtConfiguration: {issuer: "https://login.example.com"}',
             "terraform-aws-apigw"),
            ("azure-native:managedidentity:FederatedIdentityCredential", 'issuer: "https://login.example.com"',
             "azure-federated-identity"),
            ("azuread:index:ApplicationFederatedIdentityCredential", 'issuer: "https://login.example.com"',
             "azure-federated-identity"),
        ],
    )  # fmt: skip
    def test_has_the_type_and_names_of_terraform(self, kind: str, properties: str, platform: str) -> None:
        found = _bindings(f"{PROGRAM}  a:\n    type: {kind}\n    properties: {{{properties}}}\n")
        assert [(each.platform, each.settings["issuer"].value, each.spot.line) for each in found] == [
            (platform, "https://login.example.com", 6)
        ]

    def test_of_kubernetes_is_its_manifest(self) -> None:
        text = (
            f"{PROGRAM}  a:\n    type: kubernetes:security.istio.io/v1:RequestAuthentication\n"
            '    properties:\n      spec: {jwtRules: [{issuer: "https://login.example.com"}]}\n'
        )
        assert [(each.platform, each.spot.line) for each in _bindings(text)] == [("istio", 7)]

    def test_refers_to_another_one_and_to_a_setting(self) -> None:
        text = """name: shop
runtime: yaml
configuration:
  issuer: {type: string, default: "https://ci.example.com"}
resources:
  ci:
    type: aws:iam:OpenIdConnectProvider
    properties: {url: "${issuer}", clientIdLists: [sts.amazonaws.com]}
  deploy:
    type: aws:iam:Role
    properties:
      assumeRolePolicy:
        fn::toJSON:
          Statement:
          - {Effect: Allow, Action: "sts:AssumeRoleWithWebIdentity", Principal: {Federated: "${ci.arn}"},
             Condition: {StringEquals: {"ci.example.com:sub": "repo:shop/cart:ref:refs/heads/main"}}}
"""
        (found,) = _bindings(text)
        assert found.settings["issuer"].resolved == "https://ci.example.com"
        assert found.settings["audiences"].value == ["sts.amazonaws.com"]
        assert found.settings["subject"].value == ["repo:shop/cart:ref:refs/heads/main"]


class TestAnotherFile:
    def test_with_such_types_is_none(self) -> None:
        text = 'resources:\n  a:\n    type: okta:idp:Oidc\n    properties: {issuerUrl: "https://login.example.com"}\n'
        assert _bindings(text) == []

    @pytest.mark.parametrize(
        "body", ["[]", "{a: 1}", "{a: {type: 1}}", "{a: {type: x}}", '{a: {type: ":", properties: {b: 1}}}']
    )
    def test_with_odd_resources_gives_nothing(self, body: str) -> None:
        assert _bindings(f"name: a\nruntime: yaml\nresources: {body}\n") == []
