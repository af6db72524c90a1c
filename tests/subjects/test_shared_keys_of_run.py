"""What a whole run tells of keys that share something."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from scanner.evidence.model import Jwk, Octets
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Pipeline
from scanner.policy.select import select
from scanner.sources.document import Document
from tests.subjects.published_keys import ONE, OTHER, TEST, THIRD, P, Q, R, S, key

AT = datetime(2026, 11, 1, tzinfo=UTC)


def _told(pipeline: Pipeline, parts: Sequence[Mapping[str, object]]) -> list[tuple[str, ...]]:
    """What is found about the fleet and the keys that share something."""
    first, *others = [pipeline.part() for _ in parts]
    for part, files in zip([first, *others], parts, strict=True):
        for path, found in files.items():
            evidence = pipeline.reader.read(Document(path, json.dumps(found).encode(), is_named=True))
            assert evidence is not None
            pipeline.judge(evidence, b"", part)
    for each in others:
        first.merge(each)
    pipeline.join(first)
    findings = [each.finding for each in first.findings.found]
    told = [(each.rule, each.result, each.subject.id, each.message, each.stable_fingerprint) for each in findings]
    return sorted(each for each in told if each[0] in ABOUT)


def _as_document(found: Jwk) -> dict[str, str]:
    octets = {name: each.data for name, each in found.octets.items() if isinstance(each, Octets)}
    return {**found.texts, **{name: urlsafe_b64encode(data).decode().rstrip("=") for name, data in octets.items()}}


def _documents(issuer: str, *keys: Jwk) -> dict[str, object]:
    metadata = {"issuer": issuer, "token_endpoint": f"{issuer}/token", "response_types_supported": ["code"]}
    return {"openid-configuration.json": metadata, "jwks.json": {"keys": list(map(_as_document, keys))}}


PACK = shipped_pack(examples=False)
ABOUT = {rule.id for rule in PACK.rules.values() if rule.about == "shared_key"} | {"keys-not-compared"}
RULES = select(PACK, profile="baseline", changes={}, places={})
RUN: dict[str, dict[str, object]] = {
    "a": _documents(ONE, key(15), key(P * Q, 1, "p"), key(9, 2, "1")),
    "b": _documents(OTHER, key(15), key(P * R, 1, "q"), key(21, 2, "1")),
    "c": _documents(THIRD, key(15), key(33, 1, "1")),
    "d": _documents(TEST, key(15), key(39, 1)),
    "e": {"jwks.json": {"keys": [_as_document(key(51))]}},
    "f": {"jwks.json": {"keys": [_as_document(key(51))]}},
}


class TestARun:
    @pytest.mark.parametrize("seed", range(5))
    def test_tells_the_same_however_its_documents_are_parted(self, seed: int) -> None:
        files = {f"{name}/{document}": found for name, given in RUN.items() for document, found in given.items()}
        expected = _told(Pipeline(PACK, RULES, at=AT), [files])
        paths = sorted(files)
        random.Random(seed).shuffle(paths)
        parts = [{path: files[path] for path in paths[at::3]} for at in range(3)]
        assert _told(Pipeline(PACK, RULES, at=AT), parts) == expected
        assert len(expected) > 10

    def test_with_copies_of_unknown_issuers_is_undetermined_once(self) -> None:
        document = {"keys": [_as_document(key(number, at)) for at, number in enumerate((P * Q, R * S))]}
        found = _told(Pipeline(PACK, RULES, at=AT), [{f"{name}/jwks.json": document for name in "abc"}])
        assert [(rule, answer) for rule, answer, *_ in found] == [("keys-not-compared", "undetermined")]
