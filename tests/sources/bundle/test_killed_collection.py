"""The command itself, killed in the middle: nothing that was complete is lost, and `--resume` completes it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.verify import verify
from tests.servers.lab import Lab
from tests.sources.bundle.killing import DOCUMENTS, Estate


@pytest.mark.parametrize("target", ["evidence", "evidence.zip"])
def test_a_killed_collection_is_resumed(target: str, lab: Lab, tmp_path: Path) -> None:
    """`python benchmarks/kill.py` does it twenty times."""
    estate = Estate(lab, tmp_path, target, issuers=30)
    left = list(estate.kills(4, random.Random(target), most_s=0.15))
    assert left
    assert all(each.is_all_kept and each.is_sound for each in left)
    assert estate.complete()
    assert verify(estate.target, None).problems == ()
    with BundleReader(estate.target) as reader:
        assert reader.manifest.state == "complete"
        assert reader.manifest.resumed
        visits = list(reader.visits())
    assert {visit.wanted.issuer for visit in visits} == {each.issuer for each in estate.issuers}
    for visit in visits:
        assert sum(exchange.has_document for exchange in visit.exchanges) == DOCUMENTS
