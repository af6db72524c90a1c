"""Which issuer a binding trusts has one answer."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.evidence.bindings.reader import binding_from_settings
from scanner.evidence.bindings.trusted_issuer import TrustedIssuer, trusted_issuer
from scanner.evidence.model import Setting
from scanner.pack.model import BindingExample
from scanner.record import changed

A = "https://a.example.com"
DOCUMENT = f"{A}/.well-known/openid-configuration"


def trusted(**settings: Any) -> TrustedIssuer:
    """What a binding with these settings trusts; a Setting counts as it is."""
    plain = {name: value for name, value in settings.items() if not isinstance(value, Setting)}
    given = {name: value for name, value in settings.items() if isinstance(value, Setting)}
    binding = binding_from_settings(BindingExample(**plain))
    return trusted_issuer(changed(binding, settings={**binding.settings, **given}))


class TestTrustedIssuer:
    def test_is_what_the_file_says(self) -> None:
        found = trusted(issuer=A, jwks_uri=f"{A}/jwks", key_file="keys.json")
        assert (found.issuer, found.jwks_uri, found.discovery_url, found.key_file) == (A, f"{A}/jwks", None, "keys.json")
        assert (found.label, found.name, found.identifier, found.is_unresolved) == (A, A, A, False)

    def test_is_called_by_where_its_keys_come_from_when_no_issuer_is_named(self) -> None:
        assert trusted(jwks_uri=f"{A}/jwks", key_file="keys.json").label == f"{A}/jwks"
        assert trusted(discovery_url=DOCUMENT, key_file="keys.json").label == DOCUMENT
        assert trusted(key_file="keys.json").label == "keys.json"
        assert trusted().label == ""

    def test_keeps_the_label_as_it_is_written_and_resolves_the_rest(self) -> None:
        """Ids and fingerprints must not change with a file that defines a variable."""
        found = trusted(issuer=Setting("set", "${ISSUER}", A))
        assert (found.label, found.issuer, found.written_issuer, found.name) == ("${ISSUER}", A, A, A)

    def test_with_a_template_left_is_not_resolved(self) -> None:
        found = trusted(issuer=Setting("unresolved", "{{ .Values.issuer }}"))
        assert (found.issuer, found.written_issuer) == (None, "{{ .Values.issuer }}")
        assert (found.is_unresolved, found.name) == (True, "not resolved: a template")

    @pytest.mark.parametrize(
        ("settings", "identifier"),
        [
            ({"issuer": A, "discovery_url": "https://b.example.com"}, A),
            ({"discovery_url": DOCUMENT}, A),
            ({"discovery_url": A}, A),
            ({"jwks_uri": f"{A}/jwks"}, None),
        ],
    )
    def test_has_the_identifier_of_its_document(self, settings: dict[str, object], identifier: str | None) -> None:
        """OpenID Connect Discovery §4.1; some settings for the document take the issuer itself."""
        assert trusted(**settings).identifier == identifier

    def test_without_any_name_says_why(self) -> None:
        assert trusted(inline_keys=2).name == "keys written into the configuration"
        assert trusted().name == "no issuer named"
