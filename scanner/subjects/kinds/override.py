"""A policy that takes the place of a wider one that verifies tokens."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.model import Evidence, Override
from scanner.record import changed, record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.kinds.binding import VariantRow
from scanner.subjects.model import ShownValue, Subject
from scanner.units.made import Origin


@record(slots=True, kw_only=True)
class OverrideRow:
    """`policy` takes the place of `replaced` for `targets`. `replaced_path`, `replaced_line`: where the latter verifies tokens,
    of `issuers`. `verifies_tokens`: whether the policy does so itself; `checks`: what else it asks of a caller. `open`: why it
    is not certain that it takes the place, null where it is. `unit`, `variants`: see a binding's.
    """

    id: str
    path: str
    line: int | None
    column: int | None
    platform: str
    policy: str
    targets: tuple[str, ...]
    replaced: str
    replaced_target: str
    replaced_path: str
    replaced_line: int
    issuers: tuple[str, ...]
    verifies_tokens: bool
    checks: tuple[str, ...]
    open: str | None
    unit: str = ""
    variants: tuple[VariantRow, ...] = ()


Row = OverrideRow


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """Each policy that takes the place of another one."""
    for override in evidence.overrides:
        spots = {"policy": override.spot, "replaced": override.replaced_spot}
        made = ids.subject("override", override.policy, override, override.spot, spots)
        at = ids.place(override.replaced_spot)
        replaced = ShownValue("", (Origin(at.path, at.line or 1, at.column or 1, "base"),))
        yield changed(made, variants=override.variants, values={"policy": replaced})


def make_row(subject: Subject) -> OverrideRow:
    """The policy as a report lists it."""
    override: Override = subject.about
    place = subject.ref.place
    return OverrideRow(
        id=subject.ref.id,
        path=place.path,
        line=place.line,
        column=place.column,
        platform=override.platform,
        policy=override.policy,
        targets=override.targets,
        replaced=override.replaced,
        replaced_target=override.replaced_target,
        replaced_path=override.replaced_spot.path or place.path,
        replaced_line=override.replaced_spot.line,
        issuers=override.issuers,
        verifies_tokens=override.verifies_tokens,
        checks=override.checks,
        open=override.open_because or None,
        unit=override.unit,
        variants=tuple(VariantRow(each.name, each.paths) for each in override.variants),
    )


def identify(subject: Subject) -> tuple[str, ...]:
    """The platform and the two policies."""
    override: Override = subject.about
    return override.platform, override.policy, override.replaced


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The issuers whose tokens are no longer verified."""
    override: Override = subject.about
    return WaiverNames(override.issuers)
