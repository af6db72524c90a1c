"""SARIF 2.1.0 (OASIS, Errata 01): for an auditor everything, for a code-scanning service what it can use.

Fails and undetermined results are results; passes are counted with the policy's rules, since viewers show every result as an
alert. The rules that no schema checks (§3.27.9 level, §3.27.23 suppressions, §3.27.24 baselineState) have tests of their own.
"""

from __future__ import annotations

from scanner.findings.model import Report
from scanner.renderers.json_text import rows
from scanner.renderers.sarif.run import run_of
from scanner.renderers.sarif.services import run_for

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report, *, service: str | None) -> str:
    """One run, in a stable order; the same input and clock give the same bytes."""
    run = run_of(report) if service is None else run_for(report, service)
    return f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [\n{rows(run, depth=3)}\n]}}'
