"""Documents that Terraform writes as expressions are read like the files that they become."""

from __future__ import annotations

import pytest

from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

PLATFORMS = shipped_pack(examples=False).platforms
READER = DocumentReader(PLATFORMS)

POLICY = """{
  apiVersion = "gateway.envoyproxy.io/v1alpha1"
  kind       = "SecurityPolicy"
  metadata   = { name = "shop" }
  spec       = { jwt = { providers = [{ issuer = "https://login.example.com", remoteJWKS = { uri = var.jwks } }] } }
}"""
KRAKEND = (
    '{ endpoints = [{ extra_config = { "auth/validator" = { alg = "RS256", jwk_url = "https://login.example.com/jwks" } } }] }'
)


def _found(text: str) -> list[tuple[str, object, int]]:
    evidence = READER.read(Document("main.tf", text.encode(), is_named=True))
    bindings = evidence.bindings if evidence is not None else ()
    return [(each.platform, each.settings["issuer"].value, each.spot.line) for each in bindings]


class TestAManifest:
    @pytest.mark.parametrize(
        "text",
        [
            f'resource "kubernetes_manifest" "a" {{\n  manifest = {POLICY}\n}}\n',
            f'resource "kubectl_manifest" "a" {{\n  yaml_body = yamlencode({POLICY})\n}}\n',
            f"locals {{\n  manifests = [{POLICY}]\n}}\n",
        ],
    )
    def test_is_read_with_the_reads_for_yaml(self, text: str) -> None:
        assert _found(text) == [("envoy-gateway", "https://login.example.com", 6)]

    def test_is_told_once_where_a_read_is_for_terraform_too(self) -> None:
        text = """resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "security.istio.io/v1"
    kind       = "RequestAuthentication"
    spec       = { jwtRules = [{ issuer = "https://login.example.com" }] }
  }
}
"""
        assert _found(text) == [("istio", "https://login.example.com", 5)]

    def test_without_a_kind_is_none(self) -> None:
        found = _found(f"locals {{\n  a = {POLICY.replace('kind ', 'sort ')}\n}}\n")
        assert {platform for platform, _, _ in found} <= {"generic-jwt"}, "names alone say no more than that"


class TestAFile:
    def test_is_read_by_its_name(self) -> None:
        text = f'resource "kubernetes_config_map" "a" {{\n  data = {{ "krakend.json" = jsonencode({KRAKEND}) }}\n}}\n'
        assert [(platform, line) for platform, _, line in _found(text)] == [("krakend", 2)]


class TestTheValuesOfAChart:
    def test_are_read_with_the_reads_for_values(self) -> None:
        config = 'yamlencode({ name = "login", issuer = "https://login.example.com", clientID = "argo" })'
        values = f'yamlencode({{ configs = {{ cm = {{ "oidc.config" = {config} }} }} }})'
        text = f'resource "helm_release" "a" {{\n  values = [{values}]\n}}\n'
        assert _found(text) == [("argocd", "https://login.example.com", 2)]
