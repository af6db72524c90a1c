"""Applications that are recognised by plain names of settings: what is one node, what is a key, and who goes first."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.paths.plain_settings import plain_auth, plain_jwt, plain_oidc
from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed, to_plain
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

READER = DocumentReader(shipped_pack(examples=True).platforms)


def nodes(text: str, path: str = "a.yaml") -> list[object]:
    """The nodes about JSON Web Tokens in a text."""
    parsed = read(text.encode(), "yaml" if path.endswith("yaml") else "env")
    assert isinstance(parsed, Parsed)
    return [to_plain(each) for each in plain_jwt(parsed.documents[0]).items]


def bindings(text: str, path: str = "compose.yaml") -> list[Binding]:
    """What all platforms read in a file."""
    found = READER.read(Document(path, text.encode(), is_named=True))
    return list(found.bindings) if found is not None else []


class TestNames:
    @pytest.mark.parametrize(
        "text",
        [
            "JWT_SECRET: x", "jwtSecret: x", "jwt-secret: x", "jwt.secret: x", "jwt: {secret: x}", "app: {jwt: {secretKey: x}}",
            "MY_JWT_SIGNING_KEY: x", "Jwt__Secret: x", "env: [{name: JWT_SECRET, value: x}]", "environment: [JWT_SECRET=x]",
            "- {jwt: {secret: x}}", "a: [{b: {jwtSecret: x}}]", "security: {jwt: {token: {secret-key: x}}}",
        ],
    )  # fmt: skip
    def test_of_a_secret_are_known_in_any_spelling_and_form(self, text: str) -> None:
        assert nodes(text) == [{"secret": "x"}]

    @pytest.mark.parametrize(
        "text",
        [
            "JWT_SECRET_NAME: x", "jwt: {secret: {name: x}}", "SESSION_SECRET: x", "jwt: {key: x}", "ISSUER: https://a.example.com",
            "JWT_AUDIENCE: x", "JWT_ALGORITHM: HS256", "JWT_ISSUER: shop", "OIDC_JWKS_URI: https://a.example.com/jwks",
            "jwtSecret: JWT_SECRET", "auth: {jwksUri: AUTH_JWKS_URI}",
        ],
    )  # fmt: skip
    def test_that_tell_nothing_alone_give_nothing(self, text: str) -> None:
        assert nodes(text) == []

    def test_of_a_section_that_signs_tell_nothing_of_trust(self) -> None:
        assert nodes("mutators: {id_token: {config: {jwks_url: https://keys.example.com/jwks.json}}}") == []

    def test_with_the_same_words_before_them_are_one_node(self) -> None:
        found = nodes("A_JWKS_URI: https://a.example.com/jwks\nA_ISSUER: shop\nB_JWT_SECRET: x\nISSUER: y\n")
        assert found == [{"jwks-uri": "https://a.example.com/jwks", "issuer": "shop"}, {"secret": "x"}]

    def test_of_openid_connect_are_nodes_of_their_own(self) -> None:
        parsed = read(b"OIDC_ISSUER: https://a.example.com\nOIDC_CLIENT_ID: shop\nJWT_SECRET: x\n", "yaml")
        assert isinstance(parsed, Parsed)
        found = [to_plain(each) for each in plain_oidc(parsed.documents[0]).items]
        assert found == [{"audiences": "shop", "issuer": "https://a.example.com"}]

    def test_of_several_secrets_leave_out_those_that_stand_elsewhere(self) -> None:
        assert nodes("JWT_SECRET: ${A}\nJWT_REFRESH_SECRET: x\nJWT_ACCESS_SECRET: y\n") == [{"secret": ["x", "y"]}]

    def test_of_the_own_issuer_beside_a_secret_trust_nobody_else(self) -> None:
        assert nodes("JWT_SECRET: x\nJWT_ISSUER: https://a.example.com\n") == [{"secret": "x"}]


class TestValues:
    @pytest.mark.parametrize(
        "value",
        [
            "/run/secrets/jwt", "./keys/jwt.key", "file:///etc/jwt", "op://vault/jwt/secret", "vault:secret/data/a#jwt",
            "ENC[AES256_GCM,data:x]", "arn:aws:secretsmanager:eu-west-1:1:secret:jwt", "true", "string", "3600", "********",
            "<a secret>", "env(JWT_SECRET)", "projects/1/secrets/jwt/versions/1", "process.env.JWT_SECRET",
        ],
    )  # fmt: skip
    def test_that_are_no_secret_themselves_give_nothing(self, value: str) -> None:
        assert nodes(f"JWT_SECRET: '{value}'") == []

    @pytest.mark.parametrize(
        "value", ["change-me", "your_secret_jwt_key", "secret", "a secret with blanks", "MDEyMzQ1Njc4OQ=="]
    )
    def test_that_are_or_that_everybody_knows_give_a_node(self, value: str) -> None:
        assert nodes(f"JWT_SECRET: '{value}'") == [{"secret": value}]

    def test_that_are_sentences_are_for_readers(self) -> None:
        assert nodes("jwtSecret: The secret of tokens") == []


class TestLines:
    def test_are_those_of_the_container(self) -> None:
        parsed = read(b"services:\n  api:\n    image: x\n    environment:\n      JWT_SECRET: x\n    ports: [1]\n", "yaml")
        assert isinstance(parsed, Parsed)
        (node,) = plain_jwt(parsed.documents[0]).items
        assert isinstance(node, Mapping)
        assert (node.line, node.end_line) == (3, 6)

    def test_of_a_flat_file_are_those_of_the_setting(self) -> None:
        parsed = read(b"A=1\nJWT_SECRET=x\nB=2\n", "env")
        assert isinstance(parsed, Parsed)
        (node,) = plain_jwt(parsed.documents[0]).items
        assert (node.line, node.end_line) == (2, 2)


class TestAKnownPlatform:
    def test_has_the_word_in_its_container(self) -> None:
        text = """\
services:
  engine:
    image: hasura/graphql-engine:v2.40.0
    environment:
      HASURA_GRAPHQL_JWT_SECRET: '{"type": "HS256", "key": "0123456789012345678901234567890123456789"}'
      JWT_SECRET: x
  shop:
    environment:
      JWT_SECRET: x
"""
        assert sorted((each.platform, each.spot.line) for each in bindings(text)) == [("generic-jwt", 9), ("hasura", 5)]

    def test_has_the_word_at_its_settings(self) -> None:
        text = """\
kind: RequestAuthentication
apiVersion: security.istio.io/v1
spec:
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/jwks.json
"""
        assert [each.platform for each in bindings(text)] == ["istio"]

    def test_leaves_the_rest_of_the_file(self) -> None:
        text = """\
spring.security.oauth2.resourceserver.jwt.issuer-uri=https://login.example.com
shop.jwt.secret=x
"""
        found = bindings(text, "application.properties")
        assert [each.platform for each in found] == ["generic-jwt", "spring-boot"]


class TestABinding:
    def test_is_only_a_part(self) -> None:
        """What the application does where a setting is left out is in its code."""
        (found,) = bindings("services: {api: {environment: {JWKS_URI: 'https://login.example.com/jwks.json'}}}")
        assert (found.is_generic, found.is_part) == (True, True)

    def test_of_an_anchor_is_told_once(self) -> None:
        text = "x-env: &env\n  JWT_SECRET: x\nservices:\n  a: {environment: *env}\n  b: {environment: *env}\n"
        assert len(bindings(text)) == 1

    @pytest.mark.parametrize(
        ("path", "is_sample"),
        [
            (".env", False), (".env.example", True), (".env.test", True), ("deploy/templates/secret.yaml", False),
            ("e2e/compose.yaml", True), ("src/test/resources/application.yml", True), ("docker-compose.test.yml", True),
            ("latest/compose.yaml", False), ("test/a/b/c/d/e/compose.yaml", False),
        ],
    )  # fmt: skip
    def test_of_a_sample_or_a_test_is_marked(self, path: str, is_sample: bool) -> None:
        text = "JWT_SECRET=x\n" if ".env" in path else "services: {api: {environment: {JWT_SECRET: x}}}"
        assert [each.is_sample for each in bindings(text, path)] == [is_sample]


class TestSectionsOfAuthentication:
    @pytest.mark.parametrize(
        ("text", "many"),
        [
            ("auth: {issuer: https://a.example.com, audience: x}", 1),
            ("a: {authentication: {issuerUrl: https://a.example.com, audiences: [x]}}", 1),
            ("AUTH_ISSUER: https://a.example.com\nAUTH_AUDIENCE: x", 1),
            ("auth: {issuer: https://a.example.com}", 0),
            ("auth: {issuer: shop, audience: x}", 0),
            ("oauth: {issuer: https://a.example.com, audience: x}", 0),
            ("auth: {issuer: https://a.example.com, audience: x, jwksUri: https://a.example.com/jwks}", 0),
        ],
    )
    def test_need_an_issuer_and_an_audience_and_are_read_once(self, text: str, many: int) -> None:
        parsed = read(text.encode(), "yaml")
        assert isinstance(parsed, Parsed)
        assert len(plain_auth(parsed.documents[0]).items) == many
