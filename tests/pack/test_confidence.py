"""What a fact of a platform claims is what it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.errors import PolicyError
from scanner.pack.platform import Behaviour, Platform, UnusedSetting
from scanner.pack.shipped import shipped_pack
from tests.pack.checking import check

# what acts is written in one of these (a template makes the configuration of nginx); documentation, samples, schemas and
# manifests only describe it
_CODE = re.compile(r"\.(go|c|cc|cpp|h|rs|java|kt|scala|py|js|ts|mjs|cjs|lua|erl|ex|cs|rb|php|hs|tf|sql|njs|sh|tmpl)\b")
# the types of an API, whose comments say what their author meant
_API = re.compile(
    r"_types\.go|types_[a-z_]*\.go|\.proto\b|(^|[ /])(api|apis)/[^ ]*types?[^ ]*\.go|config_entry[a-z_]*\.go"
    r"|zz_generated|\.d\.ts\b|/crds?/"
)

PLATFORM = """\
id: ours
name: Our gateway
category: gateway
version_read: "1"
reads:
  - {formats: [yaml], at: a, fields: {issuer: issuer}}
behaviour:
  cache_s: {value: 300, FACT}
examples: []
"""


def folder_with(fact: str, folder: Path) -> Path:
    (folder / "platforms").mkdir()
    (folder / "platforms" / "ours.yaml").write_text(PLATFORM.replace("FACT", fact))
    return folder


def facts_of(platform: Platform) -> Iterator[tuple[str, Behaviour | UnusedSetting]]:
    for behaviours in (platform.behaviour, *(read.behaviour for read in platform.reads)):
        for name, behaviour in behaviours.items():
            for each in behaviour if isinstance(behaviour, list) else [behaviour]:
                yield name, each
    for read in platform.reads:
        for unused in read.unused_settings:
            yield unused.setting, unused


PLATFORMS = shipped_pack(examples=False).platforms


class TestTheShippedPlatforms:
    @pytest.mark.parametrize("name", sorted(PLATFORMS))
    def test_no_api_type_or_page_makes_a_fact_verified(self, name: str) -> None:
        """The comment of an API type says what its author meant, and the code may do something else."""
        wrong = [
            (fact, each.read.commit)
            for fact, each in facts_of(PLATFORMS[name])
            if each.confidence == "verified"
            and each.read is not None
            and not any(_CODE.search(place) and not _API.search(place) for place in re.split(r"[,;] ", each.read.commit or ""))
        ]
        assert wrong == []


class TestAFact:
    @pytest.mark.parametrize(
        "fact",
        [
            "confidence: verified, read: {at: 2026-11-30, by: docs, page: x}",
            "confidence: verified, read: {at: 2026-11-30, by: comment, commit: x}",
            "confidence: measured, read: {at: 2026-11-30, by: code, commit: x}",
            "confidence: docs-only, read: {at: 2026-11-30, by: code, commit: x}",
            "confidence: verified",
            "confidence: verified, read: {at: yesterday, by: code, commit: x}",
            "confidence: verified, read: {at: 2026-11-30, by: code}",
            "confidence: docs-only, read: {at: 2026-11-30, by: docs, commit: x}",
            "confidence: measured, read: {at: 2026-11-30, by: measured, how: a drill}",
            "confidence: unverified, since: newest",
        ],
    )
    def test_that_claims_more_than_its_reading_is_refused(self, fact: str, tmp_path: Path) -> None:
        with pytest.raises(PolicyError) as caught:
            check(folder_with(fact, tmp_path))
        assert caught.value.remedy

    @pytest.mark.parametrize(
        "fact",
        [
            "confidence: verified, read: {at: 2026-11-30, by: code, commit: x}, since: '2.4', until: '2.9.1'",
            "confidence: measured, read: {at: 2026-11-30, by: measured, version: '1.40', how: a drill}",
            "confidence: unverified",
        ],
    )
    def test_that_claims_what_its_reading_allows_is_taken(self, fact: str, tmp_path: Path) -> None:
        check(folder_with(fact, tmp_path))
