#!/usr/bin/env python3
"""Random mutations of the demo estate, the samples and the platforms' examples through the whole scan, in one process.

usage: mutate.py COUNT [SEED]. Any exception is a defect; so is a private value of a source in any output.
"""

from __future__ import annotations

import json
import pathlib
import random
import re
import sys
import time
from datetime import UTC, datetime

from scanner.findings.collect import Findings
from scanner.policy.judge import Judge

from scanner.config.model import Config
from scanner.evidence.read_document import Collector
from scanner.findings.model import Run
from scanner.pack.shipped import shipped_folder, shipped_pack
from scanner.policy.select import select
from scanner.renderers.choose import render
from scanner.sources.document import Document
from scanner.subjects.document_subjects import subjects_of

ROOT = pathlib.Path(__file__).parent.parent
AT = datetime(2026, 6, 1, tzinfo=UTC)
PIECES = [
    b"{{",
    b"}}",
    b"${",
    b"}",
    b"[",
    b"]",
    b"{",
    b'"',
    b"'",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b": ",
    b"- ",
    b"\n",
    b"&a ",
    b"*a",
]
PIECES += [
    b"\\ud800",
    b"null",
    b"9" * 5000,
    b"<<: ",
    b"!!x ",
    b"---\n",
    b"|\n",
    b"#",
    b"\t",
    b"https://",
    b"@x@",
    b"NaN",
    b"true",
]


def sources() -> list[tuple[str, bytes]]:
    """Names and bytes to begin with."""
    found = [(path.name, path.read_bytes()) for path in (ROOT / "examples" / "acme").rglob("*") if path.is_file()]
    for path in (shipped_folder() / "samples").glob("*.json"):
        found.append(("jwks.json", json.dumps({"keys": [json.loads(path.read_text())]}).encode()))
    for platform in shipped_pack(examples=True).platforms.values():
        found += [(example.file, example.text.encode()) for example in platform.examples]
    return found


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to four random changes."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 2, 8, 40]))
        choice = chance.random()
        if choice < 0.4:
            new = chance.choice(PIECES)
        elif choice < 0.7:
            new = bytes(chance.randrange(256) for _ in range(chance.randint(0, 3)))
        else:
            other = chance.randrange(len(data) + 1)
            new = data[other : other + chance.randint(0, 60)]
        data = data[:start] + new + data[end:]
    return data


def main() -> None:
    """Mutate, scan, render, and look for what must not be there."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    chance = random.Random(seed)
    pack = shipped_pack(examples=True)
    rules = select(pack, profile="baseline", changes={}, places={})
    collector, judge = Collector(pack.platforms), Judge(rules, at=AT)
    begun, slowest, leaks, relevant = time.monotonic(), 0.0, 0, 0
    originals = sources()
    run = Run(
        clock="2026-06-01T00:00:00Z", targets=(".",), profile="baseline", config_path=None, config_digest=None, fail_on="medium"
    )
    secrets = {
        value.decode()
        for _, data in originals
        for value in re.findall(rb'"(?:d|k|p|q|dp|dq|qi)\\?"\s*:\s*\\?"([A-Za-z0-9_-]{12,})', data)
    }
    for _ in range(count):
        name, data = chance.choice(originals)
        document = Document(name, mutated(data, chance))
        start = time.monotonic()
        evidence = collector.evidence(document)
        findings = Findings(rules, pack=pack, at=AT, config=Config(), targets=(".",))
        if evidence is not None:
            relevant += 1
            findings.document(evidence, ((each, judge.judge(each)) for each in subjects_of(evidence)), document.data)
        faults = judge.faults()
        report = findings.report(run, version="0", not_applicable={}, faults=faults, fail_on_undetermined=False)
        shown = render(report, "text") + (render(report, "json") + render(report, "sarif") if chance.random() < 0.02 else "")
        leaks += any(secret in shown for secret in secrets)
        slowest = max(slowest, time.monotonic() - start)
    print(f"{count} mutations, {relevant} relevant, {leaks} leaks, rule faults {judge.faults()}")
    print(f"slowest {slowest:.2f} s, {time.monotonic() - begun:.0f} s in all")
    sys.exit(1 if leaks or judge.faults() else 0)


if __name__ == "__main__":
    main()
