"""Fuzzing guided by coverage, for fuzz.py --guided.

The first octet of an input chooses the door. Behind most of them the others are the choices of fuzz_documents.py, so every
document keeps the promise of that module and the same oracle searches its reports. Behind the rest they are the document
itself, for one reader each: no exception, and no place outside of the text.
"""

from __future__ import annotations

import pkgutil
import random
import re
import sys
import time
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["scanner"]):
    from benchmarks.fuzz_checks import Checks
    from benchmarks.fuzz_documents import DocumentMaker, FuzzDocument
    from scanner.evidence.issuers.metadata import read_metadata
    from scanner.evidence.keys.jwk_set import read_jwk_set
    from scanner.files.read import read
    from scanner.files.tree import Format, Mapping, Node, Parsed, Sequence
    from scanner.redaction.body import redact_private
    from scanner.redaction.text import redact
    from tests.redaction.scans import formats, quick_formats

    # what a scan imports when it is needed must be imported here to be counted
    for room in ("files", "redaction", "evidence", "subjects", "facts", "policy", "findings", "renderers"):
        for module in pkgutil.walk_packages(import_module(f"scanner.{room}").__path__, f"scanner.{room}."):
            import_module(module.name)

FORMATS: tuple[Format, ...] = (
    "json", "yaml", "hcl", "toml", "xml", "ini", "env", "directives", "nginx", "erlang", "jaas", "flags", "properties",
)  # fmt: skip
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # all that any of the formats takes for one
_BATCH = 50  # documents of which one report is made in all formats: the policies' own texts take the longest


class InputChance(random.Random):
    """Random choices that the octets of an input make; where they end, by chance that depends on them alone, since choices
    that are all alike may be refused for ever.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._rest = random.Random(data)
        self._data = data
        self._at = 0

    def getrandbits(self, k: int, /) -> int:
        size = (k + 7) // 8
        taken = self._data[self._at : self._at + size]
        self._at += size
        if len(taken) < size:
            return self._rest.getrandbits(k)
        return int.from_bytes(taken, "big") >> (8 * size - k)

    def random(self) -> float:
        return self.getrandbits(16) / 65536


class GuidedFuzz:
    """What is called with each input."""

    def __init__(self, seed: int, minutes: float) -> None:
        self._maker = DocumentMaker(seed)
        self.checks = Checks(self._maker.oracle)
        self._end = time.monotonic() + 60 * minutes
        self._inputs = 0
        self._batch: list[FuzzDocument] = []

    def take(self, data: bytes) -> None:
        """Try one input; a find is written down and fuzzing goes on."""
        self._inputs += 1
        door = data[0] if data else 255
        if door >= 2 * len(FORMATS):
            self._try_document(self._maker.document(InputChance(data[1:]), len(self._batch)))
        else:
            self._try_reader(FORMATS[door % len(FORMATS)], data[1:])
        if time.monotonic() > self._end:
            self.tell()
            sys.stdout.flush()
            raise KeyboardInterrupt

    def tell(self) -> None:
        """Say how far it came."""
        print(f"{self._inputs} inputs, {self.checks.finds.total()} finds", flush=True)

    def _try_document(self, document: FuzzDocument) -> None:
        """Guided by the quick formats; the others see it with the next ones."""
        self.checks.run([document], quick_formats)
        self._batch.append(document)
        if len(self._batch) == _BATCH:
            self.checks.run(self._batch, formats)
            self._batch = []

    def _try_reader(self, format_: Format, data: bytes) -> None:
        with self.checks.watch(FuzzDocument(f"0/reader.{format_}", data, ())):
            parsed = read(data, format_)
            if isinstance(parsed, Parsed):
                last = len(_LINE_END.split(parsed.text))
                for node in parsed.documents:
                    _check_places(node, last)
                    read_jwk_set(node, path="jwks.json")
                    read_metadata(node, path="openid-configuration")
            redact(data.decode("utf-8", "replace"))
            redact_private(data)


def _check_places(node: Node, last: int) -> None:
    waiting, seen = [node], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        assert 1 <= each.line <= last, (each.line, last)
        assert each.column >= 1, each.column
        if isinstance(each, Mapping):
            waiting += [part for entry in each.entries for part in (entry.key, entry.value)]
        elif isinstance(each, Sequence):
            waiting += each.items


def run_guided(minutes: float, seed: int, corpus: str) -> None:
    """Fuzz for so long; ends the process."""
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    fuzz = GuidedFuzz(seed, minutes)
    chance = random.Random(seed)
    if not any(folder.iterdir()):
        for number in range(2000):
            (folder / f"seed-{number}").write_bytes(bytes([255]) + chance.randbytes(120))
    options = ["-max_len=4096", "-timeout=600", "-rss_limit_mb=2000", f"-seed={seed}", f"-max_total_time={int(60 * minutes)}"]
    atheris.Setup([sys.argv[0], *options, str(folder)], fuzz.take)
    atheris.Fuzz()
