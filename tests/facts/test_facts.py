"""Facts whose traps the rules' examples do not show."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.reader import binding_from_settings
from scanner.evidence.model import Jwk, Octets, Setting, Spot, Unread
from scanner.facts import binding as binding_facts
from scanner.facts.fact import Unknown, readable
from scanner.facts.key import rsa as key_rsa
from scanner.facts.key.members import shorten_names
from scanner.pack.model import BindingExample


def key(**octets: Octets | Unread) -> Jwk:
    return Jwk(0, Spot(1, 1), ("kty",), {"kty": "RSA"}, octets)


class TestReadableText:
    def test_a_nul_or_a_lone_surrogate_is_unknown(self) -> None:
        """CEL cuts a string at a NUL, so what follows it would not be compared."""
        assert isinstance(readable("https://good.example.com\0.evil"), Unknown)
        assert isinstance(readable("\ud800"), Unknown)
        assert readable("é😀") == "é😀"


class TestModulusBits:
    def test_leading_zero_octets_do_not_count(self) -> None:
        assert key_rsa.modulus_bits.ask(key(n=Octets(b"\0\0" + b"\x7f" + b"\xff" * 127))) == 1023

    def test_a_missing_or_unreadable_modulus_is_unknown(self) -> None:
        assert key_rsa.modulus_bits.ask(key()) == Unknown("n is missing")
        assert key_rsa.modulus_bits.ask(key(n=Unread("it is empty"))) == Unknown("n cannot be read: it is empty")


class TestHostScope:
    @pytest.mark.parametrize(
        ("url", "scope"),
        [
            ("http://localhost:8080/x", "loopback"),
            ("http://127.0.0.1", "loopback"),
            ("http://[::1]:9000/jwks", "loopback"),
            ("http://keycloak:8080/realms/a", "cluster"),
            ("http://jwt.default.svc.cluster.local/keys", "cluster"),
            ("http://files.test-infra/jwks", "cluster"),
            ("http://10.1.2.3/jwks", "cluster"),
            ("http://localhost:${port}/jwks", "loopback"),
            ("http://keycloak:{{ .Values.port }}/jwks", "cluster"),
            ("http://172.16.0.1", "cluster"),
            ("http://172.32.0.1", "public"),
            ("http://user@login.example.com:80/", "public"),
            ("http://localhost.example.com/", "public"),
            ("http://LOGIN.example.com.", "public"),
        ],
    )
    def test_goes_by_the_name(self, url: str, scope: str) -> None:
        assert binding_facts.jwks_uri_host_scope.ask(binding_from_settings(BindingExample(jwks_uri=url))) == scope

    def test_of_a_template_behind_a_written_scheme_is_said_to_be_one(self) -> None:
        found = binding_from_settings(BindingExample(jwks_uri="http://{{ .Values.host }}/jwks"))
        assert binding_facts.jwks_uri_host_scope.ask(found) == "template"

    def test_of_a_template_without_scheme_is_unknown(self) -> None:
        found = binding_from_settings(BindingExample(jwks_uri="{{ .Values.url }}"))
        assert isinstance(binding_facts.jwks_uri_host_scope.ask(found), Unknown)


class TestScheme:
    def test_of_a_template_is_known_where_it_is_written(self) -> None:
        binding = binding_from_settings(BindingExample())
        open_ = Setting("unresolved", "http://{{ .h }}/jwks")
        found = type(binding)(
            **{
                **{name: getattr(binding, name) for name in ("platform", "role", "spot")},
                "settings": {**binding.settings, "jwks_uri": open_},
            }
        )
        assert binding_facts.jwks_uri_is_http.ask(found) is True


class TestPlaceholders:
    @pytest.mark.parametrize(
        "value",
        [
            "PATCH_ME",
            "https://REPLACE_ME/x",
            "https://YOUR_DOMAIN/",
            "https://your-tenant.example.com",
            "<issuer>",
            "{DOMAIN}",
            "1111111111",
            "https://ISSUER_KEYCLOAK/auth/realms/REALM",
            "https://login.example.com/TENANT_ID/v2.0",
        ],
    )
    def test_are_seen(self, value: str) -> None:
        assert binding_facts.placeholders.ask(binding_from_settings(BindingExample(issuer=value))) == ["issuer"]

    @pytest.mark.parametrize(
        "value",
        [
            "https://login.example.com",
            "http://localhost:8080",
            "https://mycompany.example.com",
            "https://example.com/11111",
            "https://yourco.example.com",
            "https://login.example.com/realms/PROD",
            "https://login.example.com/realms/REALMS-eu",
            "https://login.example.com/projects/project-7",
        ],
    )
    def test_are_not_seen_in_real_values(self, value: str) -> None:
        assert binding_facts.placeholders.ask(binding_from_settings(BindingExample(issuer=value))) == []


class TestNamesInLists:
    def test_that_cel_would_misread_are_spelled_out(self) -> None:
        """Left out they would make a list look empty, and a rule that asks for an empty list pass."""
        assert shorten_names(["a\0b", "\ud800"]) == ["a\\u0000b", "\\ud800"]

    def test_are_as_many_and_as_long_as_a_message_bears(self) -> None:
        names = shorten_names(["x" * 10_000] * 1_000)
        assert len(names) < 20
        assert max(map(len, names)) < 200
