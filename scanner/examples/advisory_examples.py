"""Running an advisory's examples: a consumer of some version, and what the rule about known faults says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.errors import PolicyError
from scanner.evidence.model import Evidence
from scanner.evidence.read_document import DocumentReader
from scanner.evidence.versions.known_faults import find_faults_of_version
from scanner.evidence.versions.seen import version_from_text
from scanner.examples.rule_examples import (
    EXAMPLES_AT,
    ExampleOutcome,
    KeptJudgements,
    apply_defaults,
    find_worst,
    make_evidence,
)
from scanner.pack.advisory import Advisories, Advisory, AdvisoryExample
from scanner.pack.pack import Pack
from scanner.pipeline import Pipeline
from scanner.policy.select import rule_set
from scanner.record import changed
from scanner.sources.document import Document

_RULES = {
    "critical": "consumer-has-critical-fault",
    "high": "consumer-has-known-fault",
    "medium": "consumer-has-lesser-fault",
}


def run_advisory_examples(pack: Pack, advisories: Iterable[Advisory]) -> Iterator[ExampleOutcome]:
    """Every example of every advisory, each judged with that advisory alone."""
    for advisory in advisories:
        reader = DocumentReader(pack.platforms, advisories=Advisories({advisory.id: advisory}))
        for example in advisory.examples:
            yield ExampleOutcome(advisory.id, example.it, tuple(_find_faults(pack, advisory, example, reader)))


def _find_faults(pack: Pack, advisory: Advisory, example: AdvisoryExample, reader: DocumentReader) -> Iterator[str]:
    rule = pack.rules[_RULES[advisory.severity]]
    pipeline = Pipeline(pack, rule_set([apply_defaults(rule)]), at=EXAMPLES_AT, reader=reader)
    part = KeptJudgements(pipeline.part(), "known_fault")
    for evidence in _read(advisory, example, reader):
        pipeline.judge(evidence, b"", part)
    given = find_worst(part.judgements) if part.judgements else "not_applicable"
    if given != example.gives:
        reasons = "; ".join(result.message for each in part.judgements for result in each.results)
        yield f"it gives {given}, not {example.gives}" + (f" ({reasons})" if reasons else "")
    yield from (f"the rule reads a fact without a value: {because}" for because in pipeline.faults().values())


def _read(advisory: Advisory, example: AdvisoryExample, reader: DocumentReader) -> list[Evidence]:
    if example.binding is not None:
        given = changed(example.binding, platform=advisory.platform or "", version=example.version)
        return [make_evidence(reader, given)]
    if example.config is not None:
        found = reader.read(Document(example.config.file, example.config.text.encode(), is_named=True))
        if found is None or not found.bindings:
            raise PolicyError(
                what=f"the example `{example.it}` of `{advisory.id}` has no binding",
                where=advisory.place,
                remedy="Write a document that a scan would recognise.",
            )
        seen = version_from_text(example.version, advisory.platform or "")
        bindings = tuple(changed(each, version=seen) for each in found.bindings)
        return [reader.add_known_faults(changed(found, bindings=bindings))]
    ecosystem, names = next(iter(advisory.packages.items()))
    faults = find_faults_of_version(f"{ecosystem}:{names[0]}", example.version, Advisories({advisory.id: advisory}))
    return [Evidence("example", "0" * 64, 0, known_faults=tuple(faults))]
