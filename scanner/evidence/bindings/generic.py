"""Bindings of applications that are known by the names of their settings alone (`generic: true`).

Such names say what a setting is, not what the application does where it is left out. A platform that is known by more has the
word about its own settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner.evidence.bindings.one_binding import TRUSTED_PLACES
from scanner.evidence.model import Binding, Spot
from scanner.patterns import lazy_pattern
from scanner.record import changed

# folders and files of tests, and files that people copy
_SAMPLE = lazy_pattern(
    r"(?:^|[/._-])(?:tests?|testing|testdata|e2e|fixtures?|mocks?|examples?|samples?|demos?)(?:[/._-]|$)"
    r"|\.(?:template|tmpl|dist|ci)$"
)
# a folder far above may be called anything
_NEAR = 5


def mark_generic(binding: Binding) -> Binding | None:
    """The binding as a part: the rest of it is the application's own code. None where all that it has is a secret that stands
    elsewhere, as secrets should.
    """
    states = {name: binding.settings[name].state for name in TRUSTED_PLACES}
    if states.pop("inline_keys") == "unresolved" and set(states.values()) == {"unknown"}:
        return None
    return changed(binding, is_generic=True, is_part=True)


def mark_samples(bindings: tuple[Binding, ...], path: str) -> tuple[Binding, ...]:
    """The bindings, the generic ones marked where the name of their file or of a near folder is that of samples or tests."""
    if _SAMPLE.search("/".join(path.lower().split("/")[-_NEAR:])) is None:
        return bindings
    return tuple(changed(each, is_sample=True) if each.is_generic else each for each in bindings)


def let_others_go_first(bindings: list[Binding], sections: Mapping[Spot, range]) -> Iterator[Binding]:
    """The bindings without the generic ones in whose section, or at whose settings, a known platform or an earlier one reads.
    `sections`: the lines of those of generic ones.
    """
    known = {spot for each in bindings if not each.is_generic for spot in _spots_of(each)}
    lines = {spot.line for spot in known}
    told: set[Spot] = set()
    for binding in bindings:
        if not binding.is_generic:
            yield binding
            continue
        spots = _spots_of(binding)
        if not spots <= told and known.isdisjoint(spots) and lines.isdisjoint(sections.get(binding.spot, ())):
            told |= spots
            yield binding


def _spots_of(binding: Binding) -> set[Spot]:
    """The places of what a binding trusts and asks for."""
    return {binding.spot, *(each.spot for each in binding.settings.values() if each.spot is not None)}
