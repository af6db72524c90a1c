"""Checks of a rule's examples before they run: each gives one thing to judge, with correctly spelled members."""

from __future__ import annotations

from scanner.errors import PolicyError
from scanner.files.tree import Mapping, Sequence
from scanner.pack.locate import locate, node_at
from scanner.pack.model import Rule
from scanner.policy.fetched_shape import check_fetched

_SOURCES = ("jwks", "metadata", "files", "config", "binding", "waiver", "fetched")


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
    if any(example.fetched is not None for example in rule.examples):
        examples = node_at(rule.place, ("examples",))
        for node in examples.items if isinstance(examples, Sequence) else ():
            fetched = node.get("fetched") if isinstance(node, Mapping) else None
            if fetched is not None:
                check_fetched(fetched, rule.place.path)
