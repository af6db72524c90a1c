"""Bindings of a text that has settings for several profiles: each once, with the profiles in which it says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.evidence.bindings.trusted_issuer import trusted_issuer
from scanner.evidence.model import Binding, Spot
from scanner.record import changed
from scanner.units.made import Variant


def merge_profiles(found: Iterable[tuple[str, Binding]]) -> Iterator[Binding]:
    """The bindings with their profiles as variants. Those at one place are one to a reader, whatever a profile changes."""
    merged: list[tuple[Binding, list[str]]] = []
    for name, binding in found:
        names = next((known for each, known in merged if each == binding), None)
        if names is None:
            merged.append((binding, [name]))
        else:
            names.append(name)
    labels: dict[tuple[str, str, Spot], str] = {}
    for binding, names in merged:
        label = labels.setdefault((binding.platform, binding.role, binding.spot), trusted_issuer(binding).label or "")
        yield changed(binding, variants=tuple(map(Variant, names)), home_label=label)
