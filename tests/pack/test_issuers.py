"""Public issuers: which texts name one, and what a file about one may not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import ScannerError
from scanner.pack.issuers import is_like, plain_form, wrong_pattern
from scanner.pack.shipped import shipped_pack
from tests.pack.checking import check

ISSUERS = shipped_pack(examples=False).issuers
TENANT = "11111111-2222-4333-8444-555555555555"
FILE = """\
id: ours
name: Our issuer
keys: own
tenant: realm
issuers: ["https://{tenant}.example.com/"]
jwks_uris: ["https://{tenant}.example.com/keys"]
read: [{at: 2026-11-30, by: docs, page: here}]
"""


class TestFinding:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            (f"https://login.microsoftonline.com/{TENANT}/v2.0", "microsoft-entra"),
            ("https://login.microsoftonline.com/common/discovery/v2.0/keys", "microsoft-entra"),
            ("https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration", "microsoft-entra"),
            (f"https://sts.windows.net/{TENANT}", "microsoft-entra"),
            ("https://login.microsoftonline.com/${var.tenant_id}/v2.0", "microsoft-entra"),
            ("https://LOGIN.microsoftonline.com:443/common/v2.0/", "microsoft-entra"),
            ("https://www.googleapis.com/oauth2/v3/certs", "google-accounts"),
            ("accounts.google.com", "google-accounts"),
            ("https://securetoken.google.com/shop", "google-firebase"),
            ("https://token.actions.githubusercontent.com/acme", "github-actions"),
            ("https://dev-shop.eu.auth0.com/.well-known/jwks.json", "auth0"),
            ("https://acme.okta.com/oauth2/default/v1/keys", "okta"),
            ("http://keycloak:8080/realms/shop/protocol/openid-connect/certs", "keycloak"),
            ("https://login.example.com/auth/realms/shop", "keycloak"),
            ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc/.well-known/jwks.json", "amazon-cognito"),
        ],
    )
    def test_a_text_names_its_issuer(self, text: str, name: str) -> None:
        found = ISSUERS.find(text)
        assert found is not None
        assert found.id == name

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "https://login.example.com/jwks.json",
            "https://login.microsoftonline.com/shop/discovery/v2.0/keys?p=b2c_1_sign_in",
            "https://login.microsoftonline.com.example.com/common/v2.0",
            "https://example.com/login.microsoftonline.com/common/v2.0",
            "https://auth0.com/.well-known/jwks.json",
            "https://.auth0.com/",
            "https://oidc.vercel.com/acme",
            "https://login.example.com/realms/shop/other",
            "https://gitlab.example.com/oauth/discovery/keys",
            "x" * 5000,
        ],
    )
    def test_any_other_text_names_none(self, text: str) -> None:
        """A query names keys of one policy; a host that only contains another is not that host."""
        assert ISSUERS.find(text) is None

    def test_only_issuers_whose_host_fits_are_looked_at(self) -> None:
        assert next(iter(ISSUERS.index.candidates("acme.okta.com"))) == "okta"
        assert set(ISSUERS.index.candidates("login.example.com")) == {"keycloak"}

    @pytest.mark.parametrize("issuer", ISSUERS.values(), ids=lambda issuer: issuer.id)
    def test_every_pattern_finds_its_own_file(self, issuer: object) -> None:
        for pattern in issuer.patterns:  # type: ignore[attr-defined]
            text = pattern.replace("{", "").replace("}", "")
            assert ISSUERS.find(text) is issuer, pattern


class TestAPattern:
    def test_a_name_is_never_empty_and_ends_at_a_slash(self) -> None:
        pattern = plain_form("https://{tenant}.example.com/a-{b}-c/{d}")
        assert is_like("shop.example.com/a-x-c/y", pattern)
        assert not is_like("shop.example.com/a--c/y", pattern)
        assert not is_like("shop.example.com/a-x-c/", pattern)
        assert not is_like("shop/x.example.com/a-x-c/y", pattern)

    @pytest.mark.parametrize(
        "text", ["", "https://{Tenant}.example.com", "https://{a}{b}.example.com", "https://{a", "https://a}"]
    )
    def test_a_wrong_one_is_told(self, text: str) -> None:
        assert wrong_pattern(text) is not None


class TestAFile:
    def test_is_right(self, tmp_path: Path) -> None:
        _write(tmp_path, FILE)
        check(tmp_path)

    @pytest.mark.parametrize(
        ("right", "wrong", "said"),
        [
            ("keys: own", "keys: owm", "Did you mean `own`?"),
            ("tenant: realm", "tennant: realm", "Did you mean `tenant`?"),
            ("{tenant}.example.com/keys", "{tenant.example.com/keys", "a name in braces"),
            ("read: [{at: 2026-11-30, by: docs, page: here}]", "read: []", "Say when and where"),
            (", page: here", "", "Add the member `page`"),
            ("at: 2026-11-30", "at: yesterday", "Write the day"),
            ('issuers: ["https://{tenant}.example.com/"]', "issuers: []", "List the `iss`"),
        ],
    )
    def test_cannot_lie_by_a_misspelling(self, tmp_path: Path, right: str, wrong: str, said: str) -> None:
        _write(tmp_path, FILE.replace(right, wrong))
        with pytest.raises(ScannerError) as caught:
            check(tmp_path)
        assert said in caught.value.remedy or said in caught.value.what
        assert caught.value.where is not None
        assert caught.value.where.line is not None


def _write(folder: Path, text: str) -> None:
    (folder / "issuers").mkdir()
    (folder / "issuers" / "ours.yaml").write_text(text)
