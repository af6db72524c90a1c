"""One document on the whole path of a scan, in memory: bytes → evidence → subjects → facts → judgement → report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from scanner.findings.collect import Findings
from scanner.policy.judge import Judge

from scanner.config.model import Config
from scanner.evidence.read_document import Collector
from scanner.findings.model import Report, Run
from scanner.pack.shipped import shipped_pack
from scanner.policy.select import select
from scanner.sources.document import Document
from scanner.subjects.document_subjects import subjects_of

AT = datetime(2026, 11, 1, tzinfo=UTC)
# RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2 and `priv` of AKP, written down again: a test does not ask what it tests
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "priv"})
_LONG_ENOUGH = 12  # a shorter text may stand in a report by chance


class OneDocument:
    """The rules of the `baseline` profile, compiled once and asked about one document at a time."""

    def __init__(self) -> None:
        self.pack = shipped_pack(examples=True)
        self.rules = select(self.pack, profile="baseline", changes={}, places={})
        self.collector = Collector(self.pack.platforms)
        self.judge = Judge(self.rules, at=AT)

    def report(self, path: str, data: bytes) -> Report:
        """What a scan of this document alone reports at AT."""
        findings = Findings(self.rules, pack=self.pack, at=AT, config=Config(), targets=(path,))
        document = Document(path, data, is_named=True)
        evidence = self.collector.evidence(document)
        if evidence is not None:
            judged = ((subject, self.judge.judge(subject)) for subject in subjects_of(evidence))
            findings.document(evidence, judged, data)
        run = Run("2026-11-01T00:00:00Z", (path,), "baseline", None, None, "medium")
        return findings.report(run, version="0", not_applicable={}, faults=self.judge.faults(), fail_on_undetermined=False)


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
