"""The filter over every string of a report, on its way into any format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.findings.model import Report
from scanner.findings.sinks import EncodedRow
from scanner.record import changed
from scanner.redaction.values import Value, redact_values

if TYPE_CHECKING:
    from scanner.findings.policies import Policies


def redact_report(report: Report) -> Report:
    """The report without private keys and credentials. Rows that are text went through the filter when they became it."""
    return changed(
        report,
        run=redact_values(report.run),
        policies=_redact_policies(report.policies),
        evidence=_redact_each(report.evidence),
        subjects={table: tuple(map(_redact_row, rows)) for table, rows in report.subjects.items()},
        findings=_redact_each(report.findings),
        notices=_redact_each(report.notices),
        absent=_redact_each(report.absent),
    )


def _redact_each(values: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(map(redact_values, values))


def _redact_row(row: Any) -> Any:
    return row if type(row) is EncodedRow else redact_values(row)


def _redact_policies(policies: Policies) -> Policies:
    """The policies; those that came with jwksgov need no filter."""
    if policies.are_ours:
        return policies
    from scanner.findings.policies import StoredPolicies  # not for the text of a hook

    return StoredPolicies(
        _redact_each(policies.rules),
        _redact_each(policies.objectives),
        _redact_each(policies.frameworks),
        _redact_each(policies.references),
    )
