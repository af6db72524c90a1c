"""Documents of other protocols are no configuration, whatever their file is called; what stands beside their members is."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

READER = DocumentReader(shipped_pack(examples=False).platforms)
ISSUER = "https://login.example.com"
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks.json",
    "response_types_supported": ["code"],
}
JWT = {"Issuer": ISSUER, "Audience": "shop", "Key": "a-secret-that-everybody-reads"}
SAMPLE = {"schema": {"example": {"Jwt": JWT}}}
OTHERS: Mapping[str, object] = {
    "metadata of an authorization server": METADATA,
    "metadata with members of its maker": {**METADATA, "cloud_instance_name": "example.com", "scopes_supported": ["openid"]},
    "metadata in a recorded answer": {"request": {"url": "/"}, "response": {"jsonBody": METADATA}},
    "metadata in a list": [METADATA, METADATA],
    "metadata of credentials": {"credential_issuer": ISSUER,
                                "credential_endpoint": ISSUER, "issuer": ISSUER, "jwks_uri": ISSUER},
    "a statement of a federation": {"iss": ISSUER, "sub": ISSUER, "iat": 1, "jwks": {"keys": []}, "metadata": {"op": METADATA}},
    "a JWK Set": {"issuer": ISSUER, "keys": [{"kty": "EC", "crv": "P-256", "Issuer": ISSUER, "Key": "x"}]},
    "a client": {"client_id": "a",
                 "redirect_uris": [ISSUER], "client_name": "a", "grant_types": [], "issuer": ISSUER, "jwks_uri": ISSUER},
    "the claims of a token": {"iss": ISSUER, "sub": "a", "exp": 1, "issuer": ISSUER, "audience": "shop"},
    "an OpenAPI document": {"openapi": "3.1.0", "info": {"title": "shop"}, "paths": {"/": {"get": SAMPLE}}},
    "a Swagger document": {"swagger": "2.0", "definitions": {"Settings": {"example": {"Jwt": JWT}}}},
    "a JSON Schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {}, "examples": [{"Jwt": JWT}]},
    "a schema without its name": {"type": "object", "properties": {"Jwt": {"type": "object", "default": JWT}}},
    "a package manifest": {"name": "shop", "version": "1.0.0", "dependencies": {"jsonwebtoken": "^9"}, "config": {"Jwt": JWT}},
}  # fmt: skip
SETTINGS: Mapping[str, object] = {
    "settings": {"Jwt": JWT},
    "settings beside metadata": {**METADATA, "Jwt": JWT},
    "settings beside claims": {"iss": ISSUER, "sub": "a", "exp": 1, "Jwt": JWT},
    "settings beside a schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {}, "Jwt": JWT},
    "settings beside an OpenAPI document": {"openapi": "3.1.0", "paths": {}, "Jwt": JWT},
    "settings beside dependencies": {"name": "shop", "dependencies": {"a": "1"}, "Jwt": JWT},
    "a client's own settings": {"Oidc": {"issuer": ISSUER, "token_endpoint": ISSUER, "userinfo_endpoint": ISSUER,
                                         "ClientId": "a",
                                         "Key": "a-secret-that-everybody-reads"}},
}  # fmt: skip


def count(content: object, name: str) -> int:
    found = READER.read(Document(name, json.dumps(content).encode()))
    return len(found.bindings) if found is not None else 0


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("name", ["configuration.json", "appsettings.json", "shop.settings.json"])
def test_are_no_configuration(kind: str, name: str) -> None:
    assert count(OTHERS[kind], name) == 0


@pytest.mark.parametrize("kind", SETTINGS)
def test_hide_no_configuration(kind: str) -> None:
    assert count(SETTINGS[kind], "appsettings.json") == 1


def test_hide_no_manifest() -> None:
    """A resource of Kubernetes may have any further members."""
    manifest = {
        "openapi": "3.0.0",
        "paths": {},
        "apiVersion": "security.istio.io/v1",
        "kind": "RequestAuthentication",
        "spec": {"jwtRules": [{"issuer": ISSUER, "jwksUri": f"{ISSUER}/jwks.json"}]},
    }
    assert count(manifest, "istio.yaml") == 1


def test_extensions_of_an_openapi_document_are_configuration() -> None:
    scheme = {"x-amazon-apigateway-authorizer": {"type": "jwt", "jwtConfiguration": {"issuer": ISSUER}}}
    other = {"type": "oauth2", "x-google-issuer": ISSUER, "x-google-jwks_uri": f"{ISSUER}/jwks.json"}
    assert count({"openapi": "3.0.1", "info": {}, "components": {"securitySchemes": {"a": scheme}}}, "api.json") == 1
    assert count({"swagger": "2.0", "info": {}, "securityDefinitions": {"a": other}}, "api.json") == 1
