"""One document on the whole path of a scan, in memory: bytes → evidence → subjects → facts → judgement → report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from scanner.evidence.read_document import DocumentReader, FileContent
from scanner.findings.model import Report, Run
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Pipeline
from scanner.policy.select import select
from scanner.scan import Decisions, finish
from scanner.sources.document import Document

AT = datetime(2026, 11, 1, tzinfo=UTC)
# RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2 and `priv` of AKP, written down again: a test does not ask what it tests
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "priv"})
_LONG_ENOUGH = 12  # a shorter text may stand in a report by chance


class OneDocument:
    """The rules of the `baseline` profile, compiled once and asked about one document at a time."""

    def __init__(self) -> None:
        self.pack = shipped_pack(examples=True)
        self.rules = select(self.pack, profile="baseline", changes={}, places={})
        self.reader = DocumentReader(self.pack.platforms)
        self.pipeline = Pipeline(self.pack, self.rules, at=AT, reader=self.reader)

    def report(self, path: str, data: bytes) -> Report:
        """What a scan of this document alone reports at AT."""
        return self.report_of_files({path: data})

    def report_of_files(self, files: Mapping[str, bytes]) -> Report:
        """What a scan of all these files together reports at AT."""
        part = self.pipeline.part()
        for path, data in files.items():
            self.pipeline.read(FileContent(self.reader.read(Document(path, data, is_named=True)), data), part)
        run = Run(clock="2026-11-01T00:00:00Z", scope=tuple(files), profile="baseline", fail_on="medium")
        return finish(self.pipeline, part, run, Decisions())


def secrets_of(data: bytes) -> set[str]:
    """The private values of a JSON document that stand in it once, and the lines of its PEM: none may be seen again."""
    try:
        text = data.decode()
        found = {value for value in _private(json.loads(text)) if len(value) >= _LONG_ENOUGH}
    except (ValueError, RecursionError):
        return set()
    return {value for value in found if text.count(value) == 1}


def _private(value: object) -> Iterator[str]:
    """The text of every private member of every JWK inside of a value, however deep, and the body of every private PEM."""
    if isinstance(value, str) and "PRIVATE KEY-----" in value:
        yield from (line for line in value.split("\n") if "-----" not in line)
    elif isinstance(value, list):
        for item in value:
            yield from _private(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in PRIVATE and "kty" in value and isinstance(item, str):
                yield item
            yield from _private(item)
