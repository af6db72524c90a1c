"""A binding: one place where a consumer trusts keys."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.bindings.trusted_issuer import trusted_issuer
from scanner.evidence.model import Binding, Evidence, Setting, Spot
from scanner.pack.binding_terms import FIELDS
from scanner.record import record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.kinds.setting_row import JsonValue, SettingRow, describe_behaviour, describe_setting
from scanner.subjects.model import Subject


@record(slots=True)
class MisspeltRow:
    """A setting that the platform does not know, near one that it knows."""

    written: str
    meant: str
    line: int
    column: int


@record(slots=True, kw_only=True)
class BindingRow:
    """`trusts`: the issuer that it trusts, or the place of the keys, as people name it. Settings as they are written, null
    where the file leaves them open; `…_resolved` after what the file itself defines. `settings` has each one that is written
    or has a known default, `behaviour` what the platform does that no setting says by itself; what is not there is unknown.
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


Row = BindingRow


# the settings that are also members beside `settings`
_FLAT = (
    "issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file", "audiences", "algorithms", "cache_s", "skew_s",
    "verifies_tls", "fails_open",
)  # fmt: skip


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """Each binding, then the keys that are embedded in it."""
    for binding in evidence.bindings:
        label = _find_label(binding)
        made = ids.subject("binding", label, binding, binding.spot, _list_places(binding))
        yield made
        if binding.embedded is not None:
            from scanner.subjects.kinds.key_set import set_and_keys  # few bindings embed keys

            yield from set_and_keys(binding.embedded, ids, label, binding=made.ref.id)


def _find_label(binding: Binding) -> str:
    trusts = trusted_issuer(binding)
    return f"{binding.platform} {trusts.label}" if trusts.written else binding.platform


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
        settings={name: describe_setting(settings[name]) for name in FIELDS if settings[name].state != "unknown"},
        behaviour={name: describe_behaviour(said) for name, said in binding.behaviour.items() if said.state != "unknown"},
        misspelt=tuple(MisspeltRow(each.written, each.meant, each.spot.line, each.spot.column) for each in binding.misspelt),
    )


def _read_written(setting: Setting) -> JsonValue:
    """The value as written; None where the file leaves it open."""
    return setting.value if setting.state in ("set", "unresolved") else None


def identify(subject: Subject) -> tuple[str, ...]:
    """The platform, the role and the issuer that it trusts."""
    binding: Binding = subject.about
    return binding.platform, binding.role, trusted_issuer(binding).label


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The issuer that it trusts, resolved where the file allows it."""
    issuer = trusted_issuer(subject.about).written_issuer
    return WaiverNames((issuer,) if issuer else ())
