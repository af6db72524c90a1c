"""An audience that an application names under a setting of its own, and texts that stand in the place of a key."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.own_audience import find_own_audience
from scanner.evidence.bindings.values.placeholders import describes_a_key, is_only_a_mark
from scanner.evidence.read_document import DocumentReader
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

READER = DocumentReader(shipped_pack(examples=False).platforms)
PREFIX = "spring.security.oauth2.resourceserver.jwt"
LIBRARY = f"{PREFIX}.issuer-uri=https://login.example.com"


def _found_in(name: str, text: str) -> list[str]:
    evidence = READER.read(Document(name, text.encode(), is_named=True))
    assert evidence is not None
    return [binding.own_audience for binding in evidence.bindings]


class TestFinding:
    @pytest.mark.parametrize(
        "name",
        [
            "shop.audience",
            "shop.security.jwt.audiences",
            "shop.identity.audience",
            "shop.jwt.audience.internal-api",
            "shopAudience",
        ],
    )
    def test_a_setting_of_the_application_counts(self, name: str) -> None:
        assert _found_in("application.properties", f"{LIBRARY}\n{name}=shop\n") == [name]

    @pytest.mark.parametrize(
        "line",
        [
            "shop.client.audience=orders",
            "shop.clientApiAudience=orders",
            "zeebe.token.audience=zeebe",
            "shop.audience=",
            "shop.audience-report.enabled=true",
            "spring.security.oauth2.client.registration.shop.audience=orders",
            "shop.audienceless=yes",
        ],
    )
    def test_no_other_setting_counts(self, line: str) -> None:
        """An audience that a client asks for, one of the library itself, one without a value."""
        assert _found_in("application.properties", f"{LIBRARY}\n{line}\n")[-1] == ""

    def test_variables_of_the_same_container_count(self) -> None:
        text = """\
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: shop
          env:
            - {name: SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI, value: "https://login.example.com/jwks.json"}
            - {name: SHOP_IDENTITY_AUDIENCE, value: shop}
"""
        assert _found_in("deployment.yaml", text) == ["SHOP_IDENTITY_AUDIENCE"]
        below = text.replace("SHOP_IDENTITY_AUDIENCE", "SHOP_JWT_AUDIENCE_PUBLIC_API")
        assert _found_in("deployment.yaml", below) == ["SHOP_JWT_AUDIENCE_PUBLIC_API"]
        assert _found_in("deployment.yaml", below.replace("value: shop", 'value: "true"')) == [""]
        apart = text.replace("            - {name: SHOP", "        - name: other\n          env:\n            - {name: SHOP")
        assert _found_in("deployment.yaml", apart) == [""]

    def test_rules_of_a_mesh_are_no_settings_of_an_application(self) -> None:
        text = """\
kind: RequestAuthentication
spec:
  jwtRules:
  - {issuer: "https://login.example.com", jwksUri: "https://login.example.com/jwks.json"}
  - {issuer: "https://other.example.com", audiences: [shop]}
"""
        assert _found_in("auth.yaml", text) == ["", ""]

    def test_a_group_without_settings_finds_nothing(self) -> None:
        parsed = read(b"a: {audience: x}", "yaml")
        assert isinstance(parsed, Parsed)
        assert find_own_audience(parsed.documents[0], PREFIX, Mapping((), 1, 1, 1)) == ""


class TestAKeyDescription:
    @pytest.mark.parametrize(
        "text",
        [
            "base64 encoded HMAC key or public RSA/ECDSA pem key",
            "Paste the public key in PEM format here",
            "<public key>",
            "[Enter the key]",
            "YOUR_SIGNING_KEY",
            "REPLACE-WITH-KEY",
        ],
    )
    def test_says_what_belongs_there(self, text: str) -> None:
        assert is_only_a_mark(text) or describes_a_key(text)

    @pytest.mark.parametrize(
        "text",
        [
            "correct horse battery staple",
            "my secret key for the shop",
            "your-256-bit-secret",
            "changeme",
            "c2VjcmV0",
            "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----",
            "-----BEGIN RSA PUBLIC KEY----- MFkw -----END RSA PUBLIC KEY-----",
            "",
        ],
    )
    def test_a_secret_says_nothing_of_forms(self, text: str) -> None:
        assert not is_only_a_mark(text)
        assert not describes_a_key(text)
