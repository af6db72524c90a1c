"""What a finding says of its unit, in words: its variants, the further places of its value, and which file to change."""

from __future__ import annotations

from scanner.findings.model import Finding, RelatedPlace
from scanner.units.made import UNDECIDING

# what stands at a further place
_ROLES = {
    "value": "the value",
    "part": "a part of the value",
    "default": "the default",
    "base": "what it replaces",
    "definition": "the definition",
    "argument": "the argument",
    "helper": "the named template",
    "file": "the file",
}
_MOST_VARIANTS = 8
_NOT_TO_EDIT = UNDECIDING | {"part"}


def say_variants(finding: Finding) -> str:
    """`in prod, stage`; empty where its unit has no variants."""
    names = [each.name for each in finding.variants]
    more = f" and {len(names) - _MOST_VARIANTS} more" if len(names) > _MOST_VARIANTS else ""
    return f"in {', '.join(names[:_MOST_VARIANTS])}{more}" if names else ""


def say_place(place: RelatedPlace) -> str:
    """A further place, and what stands there: `values.yaml:8 (the value)`."""
    return f"{place.path}:{place.line} ({_ROLES.get(place.role, place.role)})"


def list_others(finding: Finding) -> tuple[RelatedPlace, ...]:
    """The further places without the one to change."""
    deciding = _find_deciding(finding)
    return tuple(each for each in finding.related if each is not deciding)


def _find_deciding(finding: Finding) -> RelatedPlace | None:
    return next((each for each in finding.related if each.role not in _NOT_TO_EDIT), None)


def say_edit(finding: Finding) -> str:
    """Which file to change, where that is another one than the finding's own."""
    place = _find_deciding(finding)
    return f"Change it in {place.path}, line {place.line}." if place is not None else ""
