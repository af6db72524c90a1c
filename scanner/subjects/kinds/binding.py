"""A binding: one place where a consumer trusts keys."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.trusted_issuer import trusted_issuer
from scanner.evidence.bindings.values.placeholders import is_open
from scanner.evidence.model import Binding, Evidence, Setting, Spot
from scanner.evidence.versions.seen import SeenVersion
from scanner.pack.binding_terms import FIELDS
from scanner.record import changed, record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.kinds.setting_row import JsonValue, SettingRow, describe_behaviour, describe_setting
from scanner.subjects.model import ShownValue, Subject


@record(slots=True)
class MisspeltRow:
    """A setting that the platform does not know, near one that it knows."""

    written: str
    meant: str
    line: int
    column: int


@record(slots=True)
class VariantRow:
    """A variant of a unit, and the files that only this variant has."""

    name: str
    paths: tuple[str, ...]


@record(slots=True)
class VersionRow:
    """The version of a consumer as a file names it: `by` an image, a chart, a lock file, a constraint, …; `of`: the platform
    whose version it is.
    """

    text: str
    path: str
    line: int
    by: str
    of: str


@record(slots=True, kw_only=True)
class BindingRow:
    """`trusts`: the issuer that it trusts, or the place of the keys, as people name it. Settings as they are written, null
    where the file leaves them open; `…_resolved` after what the file and its unit define. `settings` has each one that is
    written or has a known default, `behaviour` what the platform does that no setting says by itself; what is not there is
    unknown. `unit`: the folder of the unit that it belongs to, empty for a file by itself; `variants`: those of the unit in
    which it is so, none where the unit has no variants. `version`: that of the platform, null where no file names it.
    """

    id: str
    path: str
    line: int | None
    column: int | None
    platform: str
    role: str
    trusts: str
    issuer: JsonValue
    issuer_resolved: JsonValue
    jwks_uri: JsonValue
    jwks_uri_resolved: JsonValue
    discovery_url: JsonValue
    inline_keys: JsonValue
    key_file: JsonValue
    audiences: JsonValue
    algorithms: JsonValue
    cache_s: JsonValue
    skew_s: JsonValue
    verifies_tls: JsonValue
    fails_open: JsonValue
    settings: dict[str, SettingRow]
    behaviour: dict[str, SettingRow]
    misspelt: tuple[MisspeltRow, ...]
    unit: str = ""
    variants: tuple[VariantRow, ...] = ()
    version: VersionRow | None = None


Row = BindingRow


# the settings that are also members beside `settings`
_FLAT = (
    "issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file", "audiences", "algorithms", "cache_s", "skew_s",
    "verifies_tls", "fails_open",
)  # fmt: skip


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """Each binding, then the keys that are embedded in it."""
    homes: dict[object, str] = {}
    for binding in evidence.bindings:
        label = _find_label(binding)
        made = ids.subject("binding", label, binding, binding.spot, _list_places(binding))
        if binding.home_label is not None:
            made = _add_unit(made, binding, homes)
        yield made
        if binding.embedded is not None:
            from scanner.subjects.kinds.key_set import set_and_keys  # few bindings embed keys

            for each in set_and_keys(binding.embedded, ids, label, binding=made.ref.id):
                yield each if binding.home_label is None else _add_home(each, binding, homes)


def _find_label(binding: Binding) -> str:
    label = _name_trusted(binding)
    return f"{binding.platform} {label}" if label else binding.platform


def _name_trusted(binding: Binding) -> str:
    """What it trusts as its file writes it; the same in all variants of its unit."""
    return binding.home_label if binding.home_label is not None else trusted_issuer(binding).label


def _add_unit(subject: Subject, binding: Binding, homes: dict[object, str]) -> Subject:
    """The subject with what its unit says of it. `homes`: the ids of those that came before, by what they are."""
    values = {name: shown for name, setting in binding.settings.items() if (shown := _show_value(name, setting)) is not None}
    return changed(_add_home(subject, binding, homes), values=values)


def _add_home(subject: Subject, binding: Binding, homes: dict[object, str]) -> Subject:
    """The subject with the id that it has in all variants, and with those of its binding."""
    kind, place = subject.ref.kind, subject.ref.place
    home = homes.setdefault((binding.platform, binding.role, binding.spot, kind, place), subject.ref.id)
    return changed(subject, ref=changed(subject.ref, home_id=home), variants=binding.variants)


def _show_value(name: str, setting: Setting) -> ShownValue | None:
    """The value of a setting that comes from elsewhere, to be shown; never that of keys."""
    if not setting.origins or name == "inline_keys":
        return None
    value = setting.resolved if setting.resolved is not None else setting.value
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    written = setting.value if isinstance(setting.value, str) else ""
    return ShownValue(text, setting.origins, begins_here=is_open(written) and written[:1].isalnum())


def _list_places(binding: Binding) -> dict[str, Spot]:
    misspelt = {each.written: each.spot for each in binding.misspelt}
    ineffective = {each.written: each.spot for each in binding.ineffective}
    written = {name: setting.spot for name, setting in binding.settings.items() if setting.spot is not None}
    return misspelt | ineffective | written


def make_row(subject: Subject) -> BindingRow:
    """The binding as a report lists it."""
    binding: Binding = subject.about
    place, settings = subject.ref.place, binding.settings
    return BindingRow(
        id=subject.ref.id,
        path=place.path,
        line=place.line,
        column=place.column,
        platform=binding.platform,
        role=binding.role,
        trusts=trusted_issuer(binding).name,
        issuer_resolved=settings["issuer"].resolved,
        jwks_uri_resolved=settings["jwks_uri"].resolved,
        **{name: _read_written(settings[name]) for name in _FLAT},
        settings={name: describe_setting(settings[name], place.path) for name in FIELDS if settings[name].state != "unknown"},
        behaviour={name: describe_behaviour(said) for name, said in binding.behaviour.items() if said.state != "unknown"},
        misspelt=tuple(MisspeltRow(each.written, each.meant, each.spot.line, each.spot.column) for each in binding.misspelt),
        unit=binding.unit,
        variants=tuple(VariantRow(each.name, each.paths) for each in binding.variants),
        version=describe_version(binding.version, place.path) if binding.version is not None else None,
    )


def describe_version(seen: SeenVersion, path: str) -> VersionRow:
    """The row of a version that was seen for a consumer in the file `path`."""
    return VersionRow(seen.text, seen.path or path, seen.line, seen.by, seen.of)


def _read_written(setting: Setting) -> JsonValue:
    """The value as written; None where the file leaves it open."""
    return setting.value if setting.state in ("set", "unresolved") else None


def identify(subject: Subject) -> tuple[str, ...]:
    """The platform, the role and the issuer that it trusts."""
    binding: Binding = subject.about
    return binding.platform, binding.role, _name_trusted(binding)


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The issuer that it trusts, resolved where the file allows it."""
    issuer = trusted_issuer(subject.about).written_issuer
    return WaiverNames((issuer,) if issuer else ())
