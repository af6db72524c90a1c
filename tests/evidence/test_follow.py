"""Which issuers `--follow` adds: those that configuration names in full, each once, and none that the inventory speaks of."""

from __future__ import annotations

import pytest

from scanner.config.model import IssuerEntry
from scanner.evidence.bindings.followed_issuers import Followed, find_followable
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document
from scanner.sources.exchange import Wanted
from scanner.sources.web.well_known import issuer_of_document

READER = DocumentReader(shipped_pack(examples=False).platforms)
A, B = "https://a.example.com", "https://b.example.com"


def rules(*bindings: tuple[str | None, str | None]) -> str:
    """An Istio policy with one rule for each issuer and JWKS URL."""
    lines = ["kind: RequestAuthentication", "metadata: {name: api}", "spec:", "  jwtRules:"]
    for issuer, jwks_uri in bindings:
        lines += [f'    - issuer: "{issuer}"' if issuer else "    - audiences: [shop]"]
        lines += [f'      jwksUri: "{jwks_uri}"'] if jwks_uri else []
    return "\n".join(lines) + "\n"


def followed(*texts: str, name: str = "mesh.yaml") -> Followed:
    made = Followed()
    for text in texts:
        evidence = READER.read(Document(name, text.encode(), is_named=True))
        assert evidence is not None
        made.note(evidence)
    return made


class TestWhatIsFollowed:
    def test_is_an_issuer_with_its_keys(self) -> None:
        assert followed(rules((A, f"{A}/jwks"))).wanted() == (Wanted(issuer=A, jwks_uri=f"{A}/jwks", source="followed"),)

    def test_is_a_set_by_its_own_url_where_no_issuer_is_named(self) -> None:
        assert followed(rules((None, f"{A}/jwks"))).wanted() == (
            Wanted(issuer=f"{A}/jwks", jwks_uri=f"{A}/jwks", source="followed", is_declared=False),
        )

    def test_is_a_set_only_once_where_another_consumer_names_its_issuer(self) -> None:
        """Whatever the order of files: the set is asked for with its issuer."""
        found = followed(rules((None, f"{A}/jwks")), rules((A, None)), rules((A, f"{A}/jwks")))
        assert found.wanted() == (Wanted(issuer=A, jwks_uri=f"{A}/jwks", source="followed"),)

    def test_is_no_second_place_of_keys_that_a_consumer_takes_from_elsewhere(self) -> None:
        """The issuer's own metadata says where its keys are; that a consumer disagrees is not for the collection."""
        found = followed(rules((A, f"{A}/jwks"), (A, f"{B}/copy")))
        assert found.wanted() == (Wanted(issuer=A, jwks_uri=f"{A}/jwks", source="followed"),)

    def test_is_the_issuer_of_a_discovery_document(self) -> None:
        text = f"OAUTH2_PROXY_OIDC_ISSUER_URL={A}\n"
        assert followed(text, name=".env").wanted() == (Wanted(issuer=A, source="followed"),)
        apisix = f"plugins:\n  openid-connect:\n    client_id: a\n    discovery: {B}/.well-known/openid-configuration\n"
        assert followed(apisix).wanted() == (
            Wanted(issuer=B, source="followed", is_declared=False, document_url=f"{B}/.well-known/openid-configuration"),
        )

    def test_is_the_issuer_that_stands_where_others_take_a_document(self) -> None:
        vault = f'resource "vault_jwt_auth_backend" "a" {{\n  oidc_discovery_url = "{B}"\n}}\n'
        assert followed(vault, name="vault.tf").wanted() == (Wanted(issuer=B, source="followed"),)

    @pytest.mark.parametrize(
        "issuer",
        [
            "http://a.example.com",
            "a.example.com",
            "spiffe://example.org",
            "https://{{ .Values.host }}/realms/a",
            "https://${ISSUER_HOST}/a",
            "https://YOUR_DOMAIN.example.com",
            "https://login.example.com/<tenant>",
            "https://login.example.com/{tenantid}/v2.0",
            "https://*.example.com",
            "^https://.*$",
            "https://user:secret@a.example.com",
            "https://",
            "https://127.1/",
        ],
    )
    def test_is_nothing_that_a_file_leaves_open_or_that_is_not_https(self, issuer: str) -> None:
        assert followed(rules((issuer, None))).wanted() == ()


class TestTheInventory:
    def test_decides_about_its_own_issuers(self) -> None:
        """A retired issuer is not contacted because a consumer still trusts it."""
        notes = [
            IssuerEntry(issuer=A, state="retired", aliases=[B]),
            IssuerEntry(issuer="https://c.example.com", jwks_uri=f"{B}/k"),
        ]
        found = followed(rules((A, f"{A}/jwks"), (B, None), (None, f"{B}/k")))
        assert found.wanted(notes) == ()


class TestTheBound:
    def test_is_told(self) -> None:
        found = followed(rules(*((f"https://{number}.example.com", None) for number in range(7))))
        assert len(found.wanted(most=5)) == 5
        assert found.left_out == 2


class TestPlaces:
    def test_are_those_of_the_urls(self) -> None:
        evidence = READER.read(Document("mesh.yaml", rules((A, None), ("{{ x }}", f"{A}/jwks")).encode()))
        assert evidence is not None
        assert [(each.trusts.issuer, each.trusts.jwks_uri, str(each.place)) for each in find_followable(evidence)] == [
            (A, None, "mesh.yaml:5:15"),
            (None, f"{A}/jwks", "mesh.yaml:7:16"),
        ]


class TestTheIssuerOfADocument:
    @pytest.mark.parametrize(
        ("url", "issuer"),
        [
            (f"{A}/.well-known/openid-configuration", A),
            (f"{A}/realms/shop/.well-known/openid-configuration", f"{A}/realms/shop"),
            (f"{A}/.well-known/oauth-authorization-server/realms/shop", f"{A}/realms/shop"),
            (f"{A}/.well-known/openid-configuration/realms/shop", f"{A}/realms/shop"),
            (f"{A}/realms/shop/.well-known/oauth-authorization-server", f"{A}/realms/shop"),
            (f"{A}/.well-known/openid-configuration?p=policy", A),
            (f"{A}/a/.well-known/openid-configuration/b", None),
            (f"{A}/.well-known/openid-configurations", None),
            (f"{A}/.well-known/jwks.json", None),
            (f"{A}", None),
        ],
    )
    def test_is_worked_out_of_where_it_stands(self, url: str, issuer: str | None) -> None:
        """OpenID Connect Discovery §4 appends, RFC 8414 §3.1 inserts."""
        assert issuer_of_document(url) == issuer
