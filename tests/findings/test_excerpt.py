"""A source line is shown only where it gives no secret away."""

from __future__ import annotations

import pytest

from scanner.errors import Place
from scanner.findings.excerpt import Excerpts, FileExcerpts
from scanner.units.files import UnitFile

VALUE = "vxl-izYqhEcnB9jXl4TyQduRYy_GljK7hihYTkOXWcg"


def line(text: str) -> str | None:
    return FileExcerpts(text.encode(), has_secrets=False).line(1)


class TestALine:
    @pytest.mark.parametrize(
        "text",
        [
            "        jwksUri: https://login.example.com/realms/Acme1/protocol/openid-connect/certs",
            "spring.security.oauth2.resourceserver.jwt.jws-algorithms=ES256,HS256",
            "  name: a-rather-long-name-of-some-service-account",
            "  key_file: /etc/Keys1/a-rather-long-name-of-some-key.pem",
        ],
    )
    def test_of_configuration_is_shown_as_it_is(self, text: str) -> None:
        assert line(text) == text

    @pytest.mark.parametrize("text", [f'{{"kty": "oct", "\'": "{VALUE}"}}', f"x = {VALUE}", f"x={VALUE}=="])
    def test_with_a_value_under_any_name_is_shown_without_it(self, text: str) -> None:
        """Found by mutation: a `k` that had become another name."""
        shown = line(text)
        assert shown is not None
        assert not any(VALUE[at : at + 12] in shown for at in range(len(VALUE) - 12))
        assert len(shown) == len(text)

    @pytest.mark.parametrize("text", ['"k": "AAAA"', "client_secret: a", "d : x", "-----BEGIN PRIVATE KEY-----", "x" * 200])
    def test_that_looks_sensitive_or_is_long_is_not_shown(self, text: str) -> None:
        assert line(text) is None

    def test_of_a_document_with_secrets_is_not_shown(self) -> None:
        assert FileExcerpts(b"issuer: a", has_secrets=True).line(1) is None


def beside(path: str, data: bytes) -> Excerpts:
    files = {path: UnitFile(f"/work/{path}", path, data, data)}
    return Excerpts("a.yaml", b"own: line", has_secrets=False, beside=files)


class TestALineOfAnotherFileOfTheUnit:
    def test_is_shown_by_its_path(self) -> None:
        excerpts = beside("b.yaml", b"\nissuer: b")
        assert excerpts.line(Place("b.yaml", 2)) == "issuer: b"
        assert excerpts.line(Place("a.yaml", 1)) == "own: line"

    def test_is_not_shown_where_that_file_may_hold_a_private_key_or_is_not_known(self) -> None:
        excerpts = beside("c.pem", b"x: PRIVATE")
        assert excerpts.line(Place("c.pem", 1)) is None
        assert excerpts.line(Place("d.yaml", 1)) is None
