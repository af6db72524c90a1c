"""What fuzz.py asks of each batch of documents, and how it finds the document at fault."""

from __future__ import annotations

import hashlib
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fuzz_documents import FuzzDocument
from scanner.cpu_clock import CPU_SECONDS, Overtime
from scanner.findings.model import Report
from tests.redaction.oracle import LeakOracle
from tests.redaction.scans import BatchScan

FINDS = Path(__file__).parent.parent / "out" / "fuzz-finds"
Outputs = Callable[[Report], Iterable[tuple[str, str]]]
SLOW = 10  # seconds of processor time for one document: the clock around each stops it much later


@dataclass
class Checks:
    """Runs batches and keeps what was found: `finds` by kind, each document written to FINDS."""

    oracle: LeakOracle
    scan: BatchScan = field(default_factory=BatchScan)
    finds: Counter[str] = field(default_factory=Counter)
    documents: int = 0

    def run(self, documents: Sequence[FuzzDocument], outputs: Outputs) -> None:
        """Check a batch; where something is found, its halves, down to the documents at fault."""
        self.documents += len(documents)
        self._search(documents, outputs)

    @contextmanager
    def watch(self, document: FuzzDocument) -> Iterator[None]:
        """What raises in the body is a find of this document."""
        try:
            yield
        except Exception as fault:  # every one is a find, and fuzzing goes on
            self._keep(document, [_told(fault)])

    def _search(self, documents: Sequence[FuzzDocument], outputs: Outputs) -> None:
        faults = list(self._faults(documents, outputs))
        if not faults:
            return
        if len(documents) == 1:
            self._keep(documents[0], faults)
            return
        before, half = self.finds.total(), len(documents) // 2
        self._search(documents[:half], outputs)
        self._search(documents[half:], outputs)
        if self.finds.total() == before:  # only together do they show it
            self._keep(documents[0], [f"{fault} (with the others of its batch)" for fault in faults])

    def _faults(self, documents: Sequence[FuzzDocument], outputs: Outputs) -> Iterator[str]:
        """What is wrong with the outputs of some documents, in words."""
        begun = time.process_time()
        try:
            report = self.scan.report([(each.path, each.data) for each in documents])
            shown = list(outputs(report))
        except Exception as fault:  # every one is a find, and fuzzing goes on
            yield _told(fault)
            return
        except Overtime:
            yield f"over the clock of {CPU_SECONDS} s"
            return
        if time.process_time() - begun > SLOW * (1 + len(documents) / 20):
            yield "slow"
        names = [f"{name}: {leak.encoding}" for name, text in shown for leak in self.oracle.find(text)]
        if names:
            yield f"leak in {', '.join(dict.fromkeys(names))}"

    def _keep(self, document: FuzzDocument, faults: list[str]) -> None:
        FINDS.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(document.data).hexdigest()[:12]
        (FINDS / f"{name}-{document.path.rsplit('/', 1)[-1]}").write_bytes(document.data)
        told = "\n".join([document.path, *faults, *document.planted])
        (FINDS / f"{name}.txt").write_text(f"{told}\n", errors="backslashreplace")
        for fault in faults:
            self.finds[fault] += 1
        print(f"FIND {name} {document.path}: {'; '.join(faults)} | {'; '.join(document.planted)}"[:600], flush=True)


def _told(fault: Exception) -> str:
    where = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {Path(where.filename).name}:{where.lineno}"
