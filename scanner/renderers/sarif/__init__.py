"""SARIF 2.1.0 (OASIS, Errata 01): everything for an auditor, the usable part for a code-scanning service.

Fails and undetermined results are results; passes are counted with the policy's rules, since viewers show every result as an
alert. The requirements that the schema cannot check (§3.27.9 level, §3.27.23 suppressions, §3.27.24 baselineState) have tests
of their own.
"""

from __future__ import annotations

from typing import TextIO

from scanner.findings.model import Report
from scanner.renderers.json_text import write_rows
from scanner.renderers.sarif.run import run_of
from scanner.renderers.sarif.services import run_for

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(report: Report, out: TextIO, *, service: str | None = None) -> None:
    """One run, in a stable order; the same input and clock give the same bytes."""
    run = run_of(report) if service is None else run_for(report, service)
    out.write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [\n')
    write_rows(run, out, depth=3)
    out.write("\n]}\n")
