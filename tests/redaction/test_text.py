"""The filter over strings: what it replaces, and what it leaves alone."""

from __future__ import annotations

import base64
import json
import random
import string
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.pack.shipped import shipped_pack
from scanner.record import record
from scanner.redaction.known_values import find_known_values
from scanner.redaction.text import REMOVED, cut, redact
from scanner.redaction.values import redact_values
from tests.redaction.planted import AGAIN, SEED, credentials, key_forms, keys, oracle
from tests.redaction.wraps import WRAPS

ROOT = Path(__file__).parents[2]


def wrapped(chance: random.Random, text: str) -> str:
    return WRAPS[chance.choice([*WRAPS])](text)


class TestKeys:
    def test_in_every_form(self) -> None:
        chance = random.Random(SEED)
        shown = {name: redact(wrapped(chance, text)) for name, text in key_forms()}
        assert [name for name, text in shown.items() if oracle().find(text)] == [], AGAIN

    def test_cut_anywhere(self) -> None:
        """Messages are cut: what is left of a key is one, too."""
        chance = random.Random(SEED)
        for name, text in chance.sample(key_forms(), 150):
            short = wrapped(chance, text)
            short = short[: chance.randrange(len(short))]
            assert not oracle().find(redact(short)), f"{name} after {len(short)}, {AGAIN}"

    def test_that_are_cut_by_us(self) -> None:
        """The text is redacted before: a password without the `@` behind it tells nothing."""
        assert cut("https://user:a-long-password@example.com", 20, end="…") == "https://***@example.…"

    def test_behind_a_list_that_was_split(self) -> None:
        for key in keys():
            for name in ("pkcs8-lines", "pem", "pem-encrypted"):
                lines = tuple(key.written.get(name, "").split("\n"))
                assert not oracle().find("\n".join(redact_values(lines))), f"{key.name} {name}, {AGAIN}"

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_again_changes_nothing(self, data: st.DataObject) -> None:
        _, text = data.draw(st.sampled_from(key_forms()))
        once = redact(text)
        assert redact(once) == once

    @settings(max_examples=300, deadline=None)
    @given(st.text(st.sampled_from("\\%&#;u00x22\"':,{}[]=-BEGINPRVATK kty d Mi3A/+@?\n")))
    def test_any_text(self, text: str) -> None:
        redact(text)


class TestCredentials:
    def test_in_every_url(self) -> None:
        assert [name for name, text in credentials() if oracle().find(redact(text))] == [], AGAIN

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("https://user:pw@example.com/jwks", "https://***@example.com/jwks"),
            ("https://token@example.com", "https://***@example.com"),
            ("http:/user:pw@example.com", "http:/***@example.com"),
            ("HTTPS:user:pw@example.com", "HTTPS:***@example.com"),
            ("http:\\\\user:pw@example.com", "http:\\\\***@example.com"),
            ("https://user:pw\\@example.com", "https://***@example.com"),
            ("https://user:p/w@example.com/jwks", "https://***@example.com/jwks"),
            ("postgresql://user:pw@db.example.com:5432/x", "postgresql://***@db.example.com:5432/x"),
            ("https://example.com/jwks?a=1&access_token=xyz&b=2", "https://example.com/jwks?a=1&access_token=***&b=2"),
            (
                "https://example.com/?next=https%3A%2F%2Fuser%3Apw%40example.com",
                "https://example.com/?next=https://***@example.com",
            ),
        ],
    )
    def test_are_hidden(self, written: str, shown: str) -> None:
        assert redact(written) == shown


class TestWhatStays:
    @pytest.mark.parametrize(
        "text",
        [
            "https://login.example.com:8443/realms/@acme/jwks?kid=a&use=sig#top",
            "see jane@example.com, or mailto:jane@example.com",
            "https://cdn.example.com/npm/@scope/package@1.2.3/jwks.json",
            "-----BEGIN PRIVATE KEY-----",
            "A PEM block begins with -----BEGIN PRIVATE KEY----- and ends with -----END PRIVATE KEY-----.",
            '{"kty": "RSA", "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc"}',
            "a key of kty: RSA with d = 7 bits",
            "C:\\new\\table\\%TEMP%\\x22",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZS5jb20ifQ.c2lnbmF0dXJl",
            "issuer=https://a.example.com password: see the manual",
        ],
    )
    def test_as_it_is(self, text: str) -> None:
        assert redact(text) is text

    def test_public_halves(self) -> None:
        for key in keys():
            if key.private is not None:
                public = key.private.public_key()
                pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
                der = base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
                jwk = {
                    name: value for name, value in key.jwk.items() if name in ("kty", "kid", "n", "e", "x", "y", "crv", "pub")
                }
                for text in (pem, der, json.dumps(jwk), base64.b64encode(json.dumps(jwk).encode()).decode()):
                    assert redact(text) == text

    def test_every_text_of_the_policies(self) -> None:
        rules = shipped_pack(examples=False).rules.values()
        texts = [text for rule in rules for text in (rule.title, rule.rationale, rule.remedy, rule.message)]
        assert [text for text in texts if redact(text) != text] == []

    def test_random_letters(self) -> None:
        """A modulus has high entropy, too."""
        chance = random.Random(SEED)
        letters = string.ascii_letters + string.digits + "+/"
        for _ in range(2_000):
            text = "".join(chance.choices(letters, k=342))
            assert redact(text) == text, AGAIN


class TestKnownValues:
    def test_of_a_document_are_hidden_where_nothing_tells_what_they_are(self) -> None:
        key = next(each for each in keys() if each.name == "ec")
        known = find_known_values(json.dumps({"keys": [key.jwk]}).encode(), ())
        assert known is not None
        assert known.hide(_Shown(key.jwk["d"], (key.jwk["kid"],))) == _Shown("***", (key.jwk["kid"],))

    def test_secrets_of_bindings_are_among_them(self) -> None:
        known = find_known_values(b"", ("a-secret-of-a-gateway",))
        assert known is not None
        assert known.hide("it says a-secret-of-a-gateway, here") == "it says ***, here"

    def test_of_a_template_has_none(self) -> None:
        assert find_known_values(b"a: ${JWT_SECRET}", ("${JWT_SECRET}",)) is None


class TestValues:
    def test_of_records_and_names(self) -> None:
        url = "https://user:pw@example.com"
        assert redact_values(_Shown(url, (url, "x"))) == _Shown("https://***@example.com", ("https://***@example.com", "x"))
        assert redact_values({url: [url, 1, None]}) == {"https://***@example.com": ["https://***@example.com", 1, None]}

    def test_without_any_are_the_same_object(self) -> None:
        value = _Shown("a", ("b",))
        assert redact_values(value) is value

    def test_say_what_was_there(self) -> None:
        assert REMOVED in redact_values(_Shown(keys()[0].written["pem"], ())).text


@record
class _Shown:
    text: str
    more: tuple[str, ...]
