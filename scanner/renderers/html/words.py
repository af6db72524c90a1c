"""Words and figures of the report: sentences for counts, the verdict, digests in groups."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable

from scanner.errors import Place
from scanner.findings.model import Report
from scanner.findings.policies import FrameworkEntry
from scanner.pack.model import SEVERITIES
from scanner.record import record
from scanner.renderers.completeness import say_incomplete

_EXIT_CODES = {
    0: "no failed finding reaches the level at which this run fails",
    1: "at least one failed finding reaches the level at which this run fails",
    2: "a policy could not be evaluated",
    3: "a target was missing or unreadable, or something required could not be assessed",
}


@record
class Verdict:
    """The result of the run, in words that claim no more than was tested. `tone` chooses the mark: fail, open or clear."""

    tone: str
    headline: str
    detail: str


def verdict(report: Report) -> Verdict:
    """The first sentence of the report."""
    summary = report.summary
    failed = sum(summary.by_severity.values())
    incomplete = say_incomplete(report)
    open_ = f"not complete: {incomplete}" if incomplete else "every question asked was answered"
    if failed:
        counts = [f"{count:,} {each}" for each in SEVERITIES if (count := summary.by_severity.get(each, 0))]
        return Verdict(
            "fail",
            f"{count_nouns(failed, 'failed result')} to act on",
            f"By severity: {', '.join(counts)}. {_make_sentence(open_)}",
        )
    if not summary.relevant and not incomplete:
        return Verdict("open", "Nothing to assess was found", "No file in scope holds keys, issuer metadata or trust settings.")
    if incomplete:
        return Verdict("open", "No failing evidence, with open questions", f"{_make_sentence(open_)} Section 8 says which.")
    return Verdict("clear", "No failing evidence for the parts tested", f"Within the scope and rules of this run, {open_}.")


def _make_sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def exit_sentence(report: Report) -> str:
    """The exit code and what it means."""
    level = f"{report.run.fail_on} and above" if report.run.fail_on else "nothing"
    return f"Fails on {level}. Exit code {report.exit_code}: {_EXIT_CODES[report.exit_code]}."


def report_id(report: Report) -> str:
    """A UUID that is the same for the same evidence, policies, settings and clock (RFC 9562 §5.8, from SHA-256)."""
    parts = [report.version, repr(report.run), report.pack_digest]
    parts += [f"{row.path}\0{row.sha256}" for row in report.evidence]
    parts += [finding.fingerprint for finding in report.findings]
    digest = bytearray(hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


def count_nouns(number: int, noun: str, plural: str | None = None) -> str:
    """`1 finding`, `2 findings`, `1,200 findings`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def join_words(items: Iterable[str]) -> str:
    """`a, b and c`."""
    *most, last = list(items) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def spot(place: Place) -> str:
    """A place in the form that editors understand."""
    return str(place)


def short_name(framework: FrameworkEntry) -> str:
    """The name of a framework in tables."""
    name = framework.short or framework.title
    # "FAPI 2.0" includes its version
    return name if name.endswith(framework.version.split(" ")[0]) else f"{name} {framework.version}"


def prose(text: str) -> str:
    """A text from a policy file on one line."""
    return " ".join(text.split())
