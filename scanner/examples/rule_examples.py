"""Running a rule's examples: each goes through the same evidence → facts → verdict as a scan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scanner.config.model import Config, IssuerEntry
from scanner.errors import Place, PolicyError, did_you_mean
from scanner.evidence.bindings.reader import binding_from_settings
from scanner.evidence.issuers.fetched import evidence_of
from scanner.evidence.model import Evidence, Spot
from scanner.evidence.read_document import DocumentReader
from scanner.examples.fetched_examples import BadExample, read_fetched
from scanner.facts.registry import facts_about
from scanner.findings.sinks import ALONE, Surroundings
from scanner.pack.model import BindingExample, Example, Gives, Rule, WaiverExample
from scanner.pack.pack import Pack
from scanner.pack.shipped import shipped_folder
from scanner.pipeline import Part, Pipeline
from scanner.policy.compile import check_rule
from scanner.policy.result import FAIL, NOT_APPLICABLE, PASS, UNDETERMINED, Judgement
from scanner.policy.select import EffectiveRule, check_about, rule_set
from scanner.record import record
from scanner.sources.document import Document
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import kind_named
from scanner.subjects.model import NestedConfigUse, Waiver, WaiverUse

# a module of each extra
_MODULES = {"keys": "badkeys"}
# examples are judged at a fixed moment, so that dates in them stay valid
EXAMPLES_AT = datetime(2026, 6, 1, tzinfo=UTC)


_WORDS: tuple[tuple[int, Gives], ...] = (
    (FAIL, "fail"),
    (UNDETERMINED, "undetermined"),
    (PASS, "pass"),
    (NOT_APPLICABLE, "not_applicable"),
)


@record
class ExampleOutcome:
    """The outcome of an example: without `faults` it passed. `missing`: the missing extra that kept it from running."""

    rule: str
    it: str
    faults: tuple[str, ...]
    missing: str | None = None


class KeptJudgements(Part):
    """A part that keeps the judgements themselves, about subjects of one kind."""

    def __init__(self, empty: Part, kind: str) -> None:
        super().__init__(empty.joins, empty.findings)
        self._kind = kind
        self.judgements: list[Judgement] = []

    def take(self, judgement: Judgement, around: Surroundings = ALONE) -> None:  # noqa: ARG002
        """Keep it."""
        if judgement.subject.ref.kind == self._kind:
            self.judgements.append(judgement)


def run_examples(pack: Pack, rules: Iterable[Rule]) -> Iterator[ExampleOutcome]:
    """Every example of every rule, in order."""
    reader = DocumentReader(pack.platforms.values(), advisories=pack.advisories)
    for rule in rules:
        check_about(rule)
        check_rule(apply_defaults(rule), facts_about(rule.about))
        for example in rule.examples:
            if example.needs is not None and not is_installed(example.needs):
                yield ExampleOutcome(rule.id, example.it, (), missing=example.needs)
                continue
            yield ExampleOutcome(rule.id, example.it, tuple(_find_faults(pack, rule, example, reader)))


def is_installed(extra: str) -> bool:
    """Whether jwksgov's extra of that name is there."""
    return find_spec(_MODULES[extra]) is not None


def apply_defaults(rule: Rule) -> EffectiveRule:
    """The rule as its own file has it."""
    params = {name: param.default for name, param in rule.params.items()}
    return EffectiveRule(rule=rule, severity=rule.severity, params=params, is_preview=False)


def _find_faults(pack: Pack, rule: Rule, example: Example, reader: DocumentReader) -> Iterator[str]:
    judgements, faults = _judge(pack, rule, example, reader)
    if not judgements:
        # subjects of several documents exist only where there is something to judge
        if example.gives != "not_applicable" or kind_named(rule.about).join is None:
            yield f"the example has no {kind_named(rule.about).noun}"
        return
    yield from (f"the rule reads a fact without a value: {because}" for because in faults.values())
    given = find_worst(judgements)
    results = [result for each in judgements for result in each.results]
    if given != example.gives:
        reasons = "; ".join(result.message for result in results if result.message)
        yield f"it gives {given}, not {example.gives}" + (f" ({reasons})" if reasons else "")
    messages = [result.message for result in results if result.answer == given]
    if example.saying is not None and example.saying not in messages:
        yield f"it says {messages or 'nothing'}, not `{example.saying}`"


def find_worst(judgements: Sequence[Judgement]) -> Gives:
    """The worst answer of the subjects in one example."""
    answers = {each.answers[0] for each in judgements}
    return next(word for answer, word in _WORDS if answer in answers)


def _judge(pack: Pack, rule: Rule, example: Example, reader: DocumentReader) -> tuple[list[Judgement], dict[str, str]]:
    """What the rule says of each subject that it is about."""
    evidence, notes = _read_given(reader, rule, example)
    at = _read_moment(rule, example)
    pipeline = Pipeline(pack, rule_set([apply_defaults(rule)]), at=at, config=Config(issuers=notes), reader=reader)
    part = KeptJudgements(pipeline.part(), rule.about)
    for each in evidence:
        pipeline.judge(each, b"", part)
    pipeline.join(part)
    if example.waiver is not None:
        subject = SubjectIds("api.yaml").subject("waiver", example.waiver.rule, _waiver_use(example.waiver), Spot(1, 1), {})
        pipeline.take(subject, part)
    if example.nested is not None:
        use = NestedConfigUse(tuple(example.nested))
        pipeline.take(SubjectIds(".jwksgov.yaml").subject("nested_config", "settings", use, Spot(1, 1), {}), part)
    return part.judgements, pipeline.faults()


def _waiver_use(example: WaiverExample) -> WaiverUse:
    return WaiverUse(
        waiver=Waiver(
            rule=example.rule,
            selector="lines 2 to 3",
            reason=example.reason,
            source="inline",
            place=Place("api.yaml", 1),
            owner=example.owner,
            approver=example.approver,
            expires=example.expires,
            ticket=example.ticket,
            compensating_control=example.compensating_control,
        ),
        is_rule_known=example.is_rule_known,
        severity=example.severity,
        is_total=example.is_total,
        is_scope_complete=example.is_scope_complete,
        matches=example.matches,
        applies=example.applies,
    )


def _read_moment(rule: Rule, example: Example) -> datetime:
    if example.on is None:
        return EXAMPLES_AT
    try:
        return datetime.fromisoformat(example.on).replace(tzinfo=UTC)
    except ValueError:
        raise PolicyError(
            what=f"`on` of the example `{example.it}` is not a day", where=rule.place, remedy="Write it as 2031-01-01."
        ) from None


def _read_given(reader: DocumentReader, rule: Rule, example: Example) -> tuple[list[Evidence], tuple[IssuerEntry, ...]]:
    """The evidence of an example, and what an inventory says beside it."""
    if example.waiver is not None or example.nested is not None:
        return [], ()
    if example.fetched is None:
        return _read_evidence(reader, rule, example), ()
    try:
        fetched = read_fetched(example.fetched, lambda value: _expand(rule, value), lambda name: _read_sample(rule, name))
    except (BadExample, TypeError, KeyError) as wrong:
        raise PolicyError(
            what=f"the example `{example.it}` of `{rule.id}` cannot be read: {wrong}",
            where=rule.place,
            remedy="docs/writing-rules.md shows what `fetched` may hold.",
        ) from None
    return [evidence for evidence, _ in evidence_of(fetched.visit)], fetched.notes


def _read_evidence(reader: DocumentReader, rule: Rule, example: Example) -> list[Evidence]:
    sources: dict[str, Callable[[Any], list[Evidence]]] = {
        "jwks": lambda value: [_read(reader, rule, example, "jwks.json", _make_document(rule, value))],
        "metadata": lambda value: [_read(reader, rule, example, "openid-configuration.json", _make_document(rule, value))],
        "files": lambda value: [_read(reader, rule, example, name, _make_document(rule, each)) for name, each in value.items()],
        "config": lambda value: [_read(reader, rule, example, value.file, value.text.encode())],
        "binding": lambda value: [make_evidence(reader, value)],
    }
    given = [name for name in sources if getattr(example, name) is not None]
    if len(given) != 1:
        raise PolicyError(
            what=f"the example `{example.it}` gives {' and '.join(given) or 'nothing'} to judge",
            where=rule.place,
            remedy=f"Write exactly one of {', '.join(sources)}, fetched, waiver and nested.",
        )
    return sources[given[0]](getattr(example, given[0]))


def make_evidence(reader: DocumentReader, given: BindingExample) -> Evidence:
    """The evidence of a binding whose settings an example gives."""
    return reader.add_known_faults(Evidence("example", "0" * 64, 0, bindings=(binding_from_settings(given),)))


def _read(reader: DocumentReader, rule: Rule, example: Example, name: str, data: bytes) -> Evidence:
    found = reader.read(Document(name, data, is_named=True))
    if found is None or (found.unparsed is not None and not found.jwk_sets):
        because = "nothing is recognised in it" if found is None else found.unparsed
        raise PolicyError(
            what=f"the example `{example.it}` of `{rule.id}` cannot be judged: {because}",
            where=rule.place,
            remedy="Write a document that a scan would recognise.",
        )
    return found


def _make_document(rule: Rule, value: object) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(_expand(rule, value)).encode()


def _expand(rule: Rule, value: object) -> object:
    """`value` with every `{sample: name, …}` replaced by that sample and the other members laid over it (null removes)."""
    if isinstance(value, list):
        return [_expand(rule, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    rest = {name: _expand(rule, item) for name, item in value.items() if name != "sample"}
    if "sample" not in value:
        return rest
    merged = _read_sample(rule, str(value["sample"])) | rest
    return {name: item for name, item in merged.items() if item is not None}


def _read_sample(rule: Rule, name: str) -> dict[str, object]:
    folder = shipped_folder() / "samples"
    path: Path = folder / f"{name}.json"
    if not path.is_file():
        known = tuple(sorted(path.stem for path in folder.glob("*.json")))
        raise PolicyError(
            what=f"no sample `{name}`",
            where=rule.place,
            remedy=f"{did_you_mean(name, known)}Samples: {', '.join(known)}.",
        )
    loaded = json.loads(path.read_text())
    return dict(loaded)
