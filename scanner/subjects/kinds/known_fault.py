"""A consumer of a version that may have a known fault: a binding, or a package in a lock file."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.trusted_issuer import trusted_issuer
from scanner.evidence.model import Evidence, KnownFault
from scanner.record import changed, record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.kinds.binding import VariantRow, VersionRow, describe_version
from scanner.subjects.model import Subject


@record(slots=True, kw_only=True)
class KnownFaultRow:
    """An advisory (`advisory`, `identifiers`) about a consumer of a `version` that may have the fault: a binding of a
    `platform`, or a `package` in a lock file. `fixed_in`: the first versions without it. `condition`: under which
    configuration alone, null where under any; `is_met`: whether that is so, null where it is not known. `sources`: where the
    fault is described.
    """

    id: str
    path: str
    line: int | None
    column: int | None
    advisory: str
    identifiers: tuple[str, ...]
    severity: str
    platform: str | None
    package: str | None
    version: VersionRow
    fixed_in: tuple[str, ...]
    condition: str | None
    is_met: bool | None
    sources: tuple[str, ...]
    unit: str = ""
    variants: tuple[VariantRow, ...] = ()


Row = KnownFaultRow


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """Each advisory about each consumer, at the consumer's place."""
    homes: dict[object, str] = {}
    for fault in evidence.known_faults:
        made = ids.subject("known_fault", f"{_name_product(fault)} {fault.advisory.id}", fault, fault.spot, {})
        if (binding := fault.binding) is not None:
            home = homes.setdefault((binding.platform, binding.role, binding.spot, fault.advisory.id), made.ref.id)
            is_of_unit = binding.home_label is not None
            made = changed(made, ref=changed(made.ref, home_id=home if is_of_unit else ""), variants=binding.variants)
        yield made


def _name_product(fault: KnownFault) -> str:
    return fault.package or (fault.binding.platform if fault.binding is not None else fault.version.of)


def make_row(subject: Subject) -> KnownFaultRow:
    """The known fault as a report lists it."""
    fault: KnownFault = subject.about
    place, advisory = subject.ref.place, fault.advisory
    variants = fault.binding.variants if fault.binding is not None else ()
    return KnownFaultRow(
        id=subject.ref.id,
        path=place.path,
        line=place.line,
        column=place.column,
        advisory=advisory.id,
        identifiers=tuple(advisory.identifiers),
        severity=advisory.severity,
        platform=fault.binding.platform if fault.binding is not None else None,
        package=fault.package or None,
        version=describe_version(fault.version, place.path),
        fixed_in=tuple(advisory.fixed_in),
        condition=advisory.condition,
        is_met=fault.is_met,
        sources=tuple(each.page for each in advisory.sources),
        unit=fault.binding.unit if fault.binding is not None else "",
        variants=tuple(VariantRow(each.name, each.paths) for each in variants),
    )


def identify(subject: Subject) -> tuple[str, ...]:
    """The advisory, the product, and what a binding trusts."""
    fault: KnownFault = subject.about
    trusted = ""
    if fault.binding is not None:
        trusted = fault.binding.home_label or trusted_issuer(fault.binding).label
    return fault.advisory.id, _name_product(fault), trusted


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The issuer that a binding trusts."""
    fault: KnownFault = subject.about
    issuer = trusted_issuer(fault.binding).written_issuer if fault.binding is not None else None
    return WaiverNames((issuer,) if issuer else ())
