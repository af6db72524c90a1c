"""Hostile servers: each ends in time with its reason, and keeps nobody else's documents from being collected."""

from __future__ import annotations

import time

import pytest

from scanner.sources.exchange import Wanted
from tests.servers.collecting import is_complete, keys_of, keys_through_metadata, outcome, visited
from tests.servers.hostile.behaviour import Hostile
from tests.servers.hostile.catalogue import CATALOGUE
from tests.servers.issuers import ordinary_issuer
from tests.servers.lab import Lab


@pytest.mark.parametrize("hostile", [pytest.param(each, id=each.name) for each in CATALOGUE])
def test_a_server_that(lab: Lab, hostile: Hostile) -> None:
    """The deadline of two seconds ends what nothing else ends; the time asserted is generous."""
    keys = hostile.serve(lab)
    front = ordinary_issuer(lab, "front", jwks_uri=keys)
    good = ordinary_issuer(lab, "good")
    begin = time.monotonic()
    bad_visit, good_visit = visited(lab, Wanted(issuer=front.issuer), Wanted(issuer=good.issuer), **hostile.settings)
    assert outcome(keys_of(bad_visit)) == hostile.outcome
    assert is_complete(good_visit)
    assert time.monotonic() - begin < 30


@pytest.mark.parametrize(
    "hostile", [pytest.param(each, id=each.name) for each in CATALOGUE if each.outcome == "tls-certificate"]
)
def test_nothing_is_said_to_a_server_that(lab: Lab, hostile: Hostile) -> None:
    """Its certificate is looked at once more without trusting it; a request is never sent."""
    keys = keys_through_metadata(lab, hostile.serve(lab), retries=2)
    assert keys.tls is not None
    assert keys.tls.problem
    assert keys.tls.certificate is not None
    assert keys.status is None
    assert [server.requests for server in lab.servers if server.name == "hostile.test"] == [[]]
