"""What a finding says of its unit: the variants in which it holds, and the further places of the value that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.findings.model import FindingVariant, RelatedPlace
from scanner.policy.result import Result
from scanner.units.made import Variant

if TYPE_CHECKING:
    from scanner.config.paths import Ownership

# of one value: a default may reach hundreds of places
_MOST_PLACES = 10
# what may give a part of a value that begins elsewhere
_PARTS = frozenset({"value", "default", "definition", "argument"})


def describe_variants(variants: tuple[Variant, ...], ownership: Ownership | None) -> tuple[FindingVariant, ...]:
    """The variants with the environment and owner that the configuration gives to the files that only they have."""
    return tuple(_describe(each, ownership) for each in variants)


def _describe(variant: Variant, ownership: Ownership | None) -> FindingVariant:
    said = [ownership.of(path) for path in variant.paths] if ownership is not None else []
    environment = next((environment for environment, _ in said if environment is not None), None)
    owner = next((owner for _, owner in said if owner is not None), None)
    return FindingVariant(variant.name, environment, owner)


def find_common(
    variants: tuple[FindingVariant, ...], environment: str | None, owner: str | None
) -> tuple[str | None, str | None]:
    """Environment and owner of a finding: those of its variants where they agree, else those of its path."""
    environments = {each.environment for each in variants}
    owners = {each.owner for each in variants}
    return (
        (environments.pop() if len(environments) == 1 else None) or environment,
        (owners.pop() if len(owners) == 1 else None) or owner,
    )


def list_related(result: Result) -> tuple[RelatedPlace, ...]:
    """The further places of the value that a result is about, the one to change first."""
    shown = result.shown
    if shown is None:
        return ()
    return tuple(
        RelatedPlace(each.path, each.line, each.column, "part" if shown.begins_here and each.role in _PARTS else each.role)
        for each in shown.origins[:_MOST_PLACES]
    )
