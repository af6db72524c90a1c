"""Checks of a rule's examples before they run: each gives one thing to judge, with correctly spelled members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from scanner.errors import PolicyError, did_you_mean
from scanner.files.tree import Mapping as MappingNode
from scanner.files.tree import Sequence
from scanner.pack.locate import ValuePath, locate, node_at
from scanner.pack.model import Rule
from scanner.pack.shipped import shipped_folder
from scanner.policy.fetched_shape import check_fetched

_SOURCES = ("jwks", "metadata", "files", "config", "binding", "waiver", "nested", "fetched")


def check_examples(rule: Rule) -> None:
    """PolicyError with its place for the first invalid example."""
    for number, example in enumerate(rule.examples):
        given = [name for name in _SOURCES if getattr(example, name) is not None]
        if len(given) != 1:
            raise PolicyError(
                what=f"the example `{example.it}` gives {' and '.join(given) or 'nothing'} to judge",
                where=locate(rule.place, ("examples", number)),
                remedy=f"Write exactly one of {', '.join(_SOURCES)}.",
            )
        if given[0] in ("jwks", "metadata", "files", "fetched"):
            _check_samples(rule, getattr(example, given[0]), ("examples", number, given[0]))
    if any(example.fetched is not None for example in rule.examples):
        _check_fetched(rule)


def _check_fetched(rule: Rule) -> None:
    examples = node_at(rule.place, ("examples",))
    for node in examples.items if isinstance(examples, Sequence) else ():
        fetched = node.get("fetched") if isinstance(node, MappingNode) else None
        if fetched is not None:
            check_fetched(fetched, rule.place.path)


def _check_samples(rule: Rule, value: object, way: ValuePath) -> None:
    for found, sample in _samples(value, way):
        known = _known_samples()
        if sample not in known:
            raise PolicyError(
                what=f"no sample `{sample}`",
                where=locate(rule.place, found),
                remedy=f"{did_you_mean(str(sample), known)}policies/samples/ has {len(known)} of them.",
            )


@cache
def _known_samples() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (shipped_folder() / "samples").glob("*.json")))


def _samples(value: object, way: ValuePath) -> Iterator[tuple[ValuePath, object]]:
    """Every `sample: NAME` in a document of an example, with the way to the name."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name == "sample":
                yield (*way, name), item
            else:
                yield from _samples(item, (*way, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _samples(item, (*way, number))
