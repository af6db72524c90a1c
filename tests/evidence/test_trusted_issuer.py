"""Which issuer a binding trusts has one answer."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.evidence.bindings.reader import binding_from_settings
from scanner.evidence.bindings.trusted_issuer import TrustedIssuer, trusted_issuer
from scanner.evidence.model import Binding, Setting
from scanner.evidence.read_document import DocumentReader
from scanner.pack.model import BindingExample
from scanner.pack.platform import Platform, PlatformExample
from scanner.pack.shipped import shipped_pack
from scanner.record import changed
from scanner.sources.document import Document

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
            ({"issuer": DOCUMENT}, A),
            ({"issuer": f"{A}/.well-known/other"}, f"{A}/.well-known/other"),
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


def bindings_of(platform: Platform, example: PlatformExample, text: str) -> tuple[Binding, ...]:
    """What a platform reads in the file of an example with that text."""
    evidence = DocumentReader([platform]).read(Document(example.file, text.encode(), is_named=True))
    return evidence.bindings if evidence is not None else ()


def examples_with_a_plain_issuer() -> list[Any]:
    """The first example of each platform whose only binding has an https issuer that its file names once."""
    found = []
    for platform in shipped_pack(examples=True).platforms.values():
        for example in platform.examples:
            issuer = example.gives[0].get("issuer") if len(example.gives) == 1 else None
            if isinstance(issuer, str) and issuer.startswith("https://") and example.text.count(issuer) == 1:
                found.append(pytest.param(platform, example, issuer, id=platform.id))
                break
    return found


@pytest.mark.parametrize(("platform", "example", "issuer"), examples_with_a_plain_issuer())
def test_a_discovery_document_in_the_place_of_the_issuer_names_that_issuer(
    platform: Platform, example: PlatformExample, issuer: str
) -> None:
    """People paste the URL of the document where the issuer belongs, on any platform."""
    before, after = (
        [(trusted_issuer(each).identifier or "").rstrip("/") for each in bindings_of(platform, example, text)]
        for text in (example.text, example.text.replace(issuer, f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
    )
    assert before == after
