"""A document that did not come: what was asked of it is open, and what could not be in it is not asked."""

from __future__ import annotations

import pytest

from scanner.sources.bundle.format import CollectionRequest
from scanner.sources.bundle.writer import create
from scanner.sources.exchange import Exchange, Failure, Role, Wanted
from tests.findings.estate import Estate

ISSUER = "https://login.example.com"
DAY = "2026-06-01T00:00:00Z"
OF_SERVERS = "pkce-not-announced"
OF_OPENID_PROVIDERS = "rs256-not-offered"
OF_OTHERS = {
    "federation-keys-used-for-protocol",
    "entity-configuration-without-end",
    "entity-configuration-keys-in-several-forms",
    "resource-not-https",
    "resource-takes-query-tokens",
    "resource-without-servers",
}


def open_rules(estate: Estate, kind: str, *roles: Role) -> dict[str, str]:
    """The rules about one kind of subject that are undetermined where documents of these roles did not come, each with why."""
    wanted = Wanted(issuer=ISSUER, jwks_uri=f"{ISSUER}/jwks")
    with create(str(estate.root / "bundle"), CollectionRequest(version="0.1.0", started=DAY, wanted=(wanted,))) as writer:
        for role in roles:
            failure = Failure("dns", "there is no such name")
            writer.add(Exchange(issuer=ISSUER, role=role, url=f"{ISSUER}/{role}", started=DAY, failure=failure))
        writer.finish(DAY)
    found = [each for each in estate.findings("bundle") if each["subject"]["kind"] == kind]
    assert {each["result"] for each in found} == {"undetermined"}
    return {each["rule"]: each["message"] for each in found}


def test_of_an_openid_provider_leaves_open_what_is_asked_of_one(estate: Estate) -> None:
    found = open_rules(estate, "issuer", "openid-configuration")
    assert {OF_SERVERS, OF_OPENID_PROVIDERS} <= set(found)
    assert set(found.values()) == {"there is no such name"}


def test_of_a_plain_server_leaves_open_what_is_asked_of_every_server(estate: Estate) -> None:
    found = open_rules(estate, "issuer", "oauth-authorization-server")
    assert OF_SERVERS in found
    assert OF_OPENID_PROVIDERS not in found


@pytest.mark.parametrize("role", ["openid-configuration", "oauth-authorization-server"])
def test_is_not_asked_what_belongs_to_other_metadata(estate: Estate, role: Role) -> None:
    assert not OF_OTHERS & set(open_rules(estate, "issuer", role))


def test_of_a_key_set_leaves_open_whether_it_can_be_used(estate: Estate) -> None:
    found = open_rules(estate, "key_set", "openid-configuration", "jwks")
    assert {"no-usable-key", "set-empty", "kid-names-several-keys"} <= set(found)
    assert set(found.values()) == {"there is no such name"}
