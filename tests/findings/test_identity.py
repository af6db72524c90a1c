"""What makes a finding the same one in the next run (`jwksFinding/v2`), of each kind: what may change, and what not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from scanner.pack.shipped import shipped_folder
from scanner.sources.bundle.format import CollectionRequest
from scanner.sources.bundle.writer import create
from scanner.sources.exchange import Exchange, Wanted
from tests.findings.estate import Estate, binding

ISSUER, OTHER = "https://login.example.com", "https://other.example.com"
Files = Mapping[str, str]


def sample(name: str, **members: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shipped_folder() / "samples" / f"{name}.json").read_text())
    return found | members


def key_set(*keys: dict[str, Any], **members: object) -> str:
    return json.dumps({"keys": keys} | members)


def metadata(issuer: str = ISSUER, **members: object) -> str:
    endpoint = f"{issuer}/authorize"
    return json.dumps({"issuer": issuer, "authorization_endpoint": endpoint, "response_types_supported": ["code"]} | members)


def embedded(keys: str, issuer: str = ISSUER) -> str:
    return f"kind: RequestAuthentication\nspec:\n  jwtRules:\n  - issuer: {issuer}\n    jwks: '{keys}'\n"


def identities(estate: Estate, rule: str, files: Files) -> list[str]:
    """The fingerprints of a rule's findings where a repository holds just these files."""
    for path in estate.root.rglob("*.*"):
        if path.is_file() and path.name != ".jwksgov.yaml":
            path.unlink()
    for name, text in files.items():
        (estate.root / name).parent.mkdir(parents=True, exist_ok=True)
        (estate.root / name).write_text(text)
    found = [each["stable_fingerprint"] for each in estate.findings(rule=rule)]
    assert found, "the rule finds nothing here, so that the test would show nothing"
    return found


SIGNS = sample("ec-p256", kid="a", use="sig", alg="ES256")
ANOTHER = sample("rsa-2048", kid="a", use="sig", alg="RS256")
DECRYPTS = sample("rsa-2048-other", kid="b", use="enc", alg="RSA-OAEP-256")
TWINS = (sample("rsa-2048", kid="a"), sample("rsa-2048-other", kid="a"))
SINGLE: Files = {"jwks.json": key_set(SIGNS)}
PKCE: Files = {"openid-configuration.json": metadata()}
WEAK: Files = {"jwks.json": key_set(sample("rsa-1024", kid="a"))}
TRUSTS: Files = {"api.yaml": binding()}
PEM = "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n"
NO_ISSUER = "kind: RequestAuthentication\nspec:\n  jwtRules:\n  - jwksUri: {}\n"

STAYS: list[tuple[str, str, Files, Files]] = [
    ("a set's file is renamed", "one-signing-key", SINGLE, {"keys/login.jwks": key_set(SIGNS)}),
    ("a set's key is replaced under its kid", "one-signing-key", SINGLE, {"jwks.json": key_set(ANOTHER)}),
    ("a set's keys change places", "one-signing-key",
     {"jwks.json": key_set(SIGNS, DECRYPTS)}, {"jwks.json": key_set(DECRYPTS, SIGNS)}),
    ("a set gains a member", "one-signing-key", SINGLE, {"jwks.json": key_set(SIGNS, comment="x")}),
    ("metadata moves to another folder", "pkce-not-announced", PKCE, {"login/openid-configuration.json": metadata()}),
    ("metadata says more", "pkce-not-announced", PKCE, {"openid-configuration.json": metadata(jwks_uri=f"{ISSUER}/jwks")}),
    ("a key moves to another set", "rsa-modulus-too-small", WEAK, {"b/jwks.json": key_set(sample("rsa-1024", kid="z"))}),
    ("a binding takes its keys from elsewhere", "audience-not-restricted",
     TRUSTS, {"api.yaml": binding().replace("/jwks.json", "/keys")}),
    ("a binding's resource is renamed", "audience-not-restricted", TRUSTS, {"api.yaml": binding("gateway")}),
]  # fmt: skip

DIFFERS: list[tuple[str, str, Files, Files]] = [
    ("sets with other kids", "one-signing-key", SINGLE, {"jwks.json": key_set(SIGNS | {"kid": "other"})}),
    ("sets with and without a kid", "one-signing-key",
     SINGLE, {"jwks.json": key_set({name: value for name, value in SIGNS.items() if name != "kid"})}),
    ("sets with one more kid", "one-signing-key", SINGLE, {"jwks.json": key_set(SIGNS, DECRYPTS)}),
    ("a JWK Set and a SPIFFE bundle", "kid-names-several-keys",
     {"jwks.json": key_set(*TWINS)}, {"jwks.json": key_set(*TWINS, spiffe_sequence=1)}),
    ("two issuers", "pkce-not-announced", PKCE, {"openid-configuration.json": metadata(OTHER)}),
    ("two kinds of metadata", "pkce-not-announced",
     PKCE, {"openid-configuration.json": metadata(subject_types_supported=["public"])}),
    ("two keys", "rsa-modulus-too-small", WEAK, {"jwks.json": key_set(sample("rsa-2047", kid="a"))}),
    ("a published key and its copy", "rsa-modulus-too-small",
     WEAK, {"api.yaml": embedded(key_set(sample("rsa-1024", kid="a")))}),
    ("two bindings", "audience-not-restricted", TRUSTS, {"api.yaml": binding(issuer="other.example.com")}),
    ("bindings without an issuer", "audience-not-restricted",
     {"api.yaml": NO_ISSUER.format(f"{ISSUER}/jwks")}, {"api.yaml": NO_ISSUER.format(f"{OTHER}/jwks")}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "before", "after"), [case[1:] for case in STAYS], ids=[case[0] for case in STAYS])
def test_is_the_same_where(estate: Estate, rule: str, before: Files, after: Files) -> None:
    assert identities(estate, rule, after) == identities(estate, rule, before)


@pytest.mark.parametrize(("rule", "before", "after"), [case[1:] for case in DIFFERS], ids=[case[0] for case in DIFFERS])
def test_tells_apart(estate: Estate, rule: str, before: Files, after: Files) -> None:
    """Apart from the number of twins, which says nothing about a subject."""
    one, other = ({each.partition(":")[0] for each in identities(estate, rule, files)} for files in (before, after))
    assert not one & other


def test_of_a_baseline_survives_a_rotation_of_a_renamed_set(estate: Estate) -> None:
    """The set is known by its kids, so another set beside it is new and this one is not."""
    estate.write(login_json=key_set(SIGNS), shop_json=key_set(SIGNS | {"kid": "shop"}))
    main(["scan", ".", "-q", "-o", "before.json", "--now", "2026-06-01"])
    (estate.root / "login.json").unlink()
    estate.write(idp_json=key_set(ANOTHER), portal_json=key_set(SIGNS | {"kid": "portal"}))
    found = estate.findings(".", "--baseline", "before.json", rule="one-signing-key")
    states = {each["location"]["path"]: each["baseline_state"] for each in found}
    assert states == {"idp.json": "unchanged", "shop.json": "unchanged", "portal.json": "new"}


class TestEndpoints:
    def bundle(self, folder: Path, issuer: str = ISSUER, path: str = "/jwks", started: str = "2026-06-01T00:00:00Z") -> str:
        """One answer in a bundle of its own: a JWK Set whose caching nothing is said about."""
        wanted = Wanted(issuer=issuer, jwks_uri=issuer + path)
        with create(str(folder), CollectionRequest(version="0.1.0", started=started, wanted=(wanted,))) as writer:
            writer.add(
                Exchange(
                    issuer=issuer, role="jwks", url=issuer + path, started=started, status=200, body=key_set(SIGNS).encode(),
                    headers=(("content-type", "application/json"),),
                )
            )  # fmt: skip
            writer.finish(started)
        return folder.name

    def identity(self, estate: Estate, name: str) -> set[str]:
        found = estate.findings(name, rule="caching-not-stated")
        assert found
        return {each["stable_fingerprint"].partition(":")[0] for each in found}

    def test_are_the_same_at_another_url_and_on_another_day(self, estate: Estate) -> None:
        first = self.bundle(estate.root / "first")
        later = self.bundle(estate.root / "later", path="/keys", started="2026-06-02T00:00:00Z")
        assert self.identity(estate, first) == self.identity(estate, later)

    def test_of_two_issuers_are_told_apart(self, estate: Estate) -> None:
        one, two = self.bundle(estate.root / "one"), self.bundle(estate.root / "two", OTHER)
        assert not self.identity(estate, one) & self.identity(estate, two)
