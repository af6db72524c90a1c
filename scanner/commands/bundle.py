"""`jwksgov bundle verify|show`: checks that a bundle is unchanged, and shows its content."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from scanner.commands.streams import show
from scanner.redaction.text import redact
from scanner.redaction.values import redact_values
from scanner.renderers.escape import escape_text
from scanner.sources.bundle.format import SIGNATURE
from scanner.sources.bundle.keys import read_public_keys
from scanner.sources.bundle.manifest import Manifest
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.verify import VerificationResult, verify
from scanner.sources.exchange import Exchange, Visit

_NO_KEY = "without --key only the digests are checked: an attacker who changes a file can also write a matching manifest.json"


def run(arguments: argparse.Namespace) -> int:
    """Run one action. `verify` returns 1 if something was changed, or if a key is given and the bundle is not signed."""
    if arguments.action == "show":
        with BundleReader(arguments.bundle) as reader:
            (_show_json if arguments.format == "json" else _show_text)(reader)
        return 0
    found = verify(arguments.bundle, read_public_keys(arguments.key) if arguments.key else None)
    is_sound = not found.problems and found.signature_status in ("signed", "not checked")
    if arguments.format == "json":
        show(json.dumps(redact_values(_verified_members(found, is_sound=is_sound)), indent=2))
    else:
        _say(_verified_lines(found, is_sound=is_sound))
    return 0 if is_sound else 1


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        show(f"{escape_text(redact(line), longest=1000)}\n")


def _verified_lines(found: VerificationResult, *, is_sound: bool) -> Iterator[str]:
    for problem in found.problems:
        yield f"{problem.file}: {problem.because}"
    if found.unnamed:
        yield f"and {found.unnamed} more"
    yield f"signature: {_trust_words(found)}"
    if found.manifest is not None and found.manifest.state != "complete":
        yield f"the collection is not complete ({found.manifest.state}): missing lines at the end cannot be detected"
    verdict = "unchanged" if is_sound else "CHANGED" if found.problems else "NOT SIGNED"
    yield f"{verdict}: {found.lines} exchanges, {found.objects} objects checked"


def _trust_words(found: VerificationResult) -> str:
    if found.verified_signature is not None:
        return f"holds, {found.verified_signature.alg} by the key with the JWK Thumbprint {found.verified_signature.thumbprint}"
    if found.signature_status == "not checked":
        return f"{'not checked' if found.has_signature else 'none'}; {_NO_KEY}"
    return f"none: there is no {SIGNATURE}" if found.signature_status == "not signed" else "does not hold"


def _verified_members(found: VerificationResult, *, is_sound: bool) -> dict[str, Any]:
    return {
        "is_sound": is_sound,
        "signature": found.signature_status,
        "signed_by": vars(found.verified_signature) if found.verified_signature else None,
        "state": found.manifest.state if found.manifest else None,
        "exchanges": found.lines,
        "objects": found.objects,
        "problems": [vars(problem) for problem in found.problems],
        "unnamed_problems": found.unnamed,
    }


def _show_json(reader: BundleReader) -> None:
    """Print the manifest and the lines, one at a time: there may be many."""
    manifest = json.loads(reader.manifest.to_bytes())  # redacted already
    show(f'{{\n"manifest": {json.dumps(manifest, indent=1)},\n"exchanges": [')
    comma = ""
    for _, _, row in reader.rows():
        show(f"{comma}{json.dumps(redact_values(row.members))}")
        comma = ","
    show("]\n}")


def _show_text(reader: BundleReader) -> None:
    _say(_head(reader.manifest, reader.manifest_sha256))
    for visit in reader.visits():
        _say(_visit_lines(visit))


def _head(manifest: Manifest, sha256: str) -> Iterator[str]:
    yield f"{manifest.state}: collected by {manifest.tool.name} {manifest.tool.version}"
    yield f"started {manifest.started}, finished {manifest.finished or 'never'}"
    for moment in manifest.resumed:
        yield f"resumed {moment}"
    if manifest.configuration.path is not None:
        yield f"configuration {manifest.configuration.path}, SHA-256 {manifest.configuration.sha256}"
    counts = manifest.counts
    yield (
        f"{len(manifest.wanted)} issuers requested, {counts.exchanges} exchanges: {counts.documents} documents, "
        f"{counts.failures} without an answer"
    )
    yield f"manifest SHA-256 {sha256}"


def _visit_lines(visit: Visit) -> Iterator[str]:
    yield ""
    yield visit.wanted.issuer
    if not visit.exchanges:
        yield "  was not visited"
    for exchange in visit.exchanges:
        purpose = exchange.purpose + (f" {exchange.number + 1}" if exchange.number else "")
        yield f"  {exchange.role:<26} {purpose:<12} {_outcome(exchange)}  {exchange.final_url}"


def _outcome(exchange: Exchange) -> str:
    if exchange.failure is not None:
        return f"{exchange.failure.sort}: {exchange.failure.because}"
    size = f"{len(exchange.body)} bytes" if exchange.body is not None else "no body stored"
    redacted = ", private values redacted" if exchange.removed else ""
    return f"{exchange.status}, {size}{redacted}"
