"""A consumer platform in one run: its defaults, and how many bindings rely on them."""

from __future__ import annotations

from scanner.record import record
from scanner.subjects.identifiers import label_of
from scanner.subjects.kinds.setting_row import JsonValue, describe_behaviour
from scanner.subjects.model import PlatformUse, Subject


@record(slots=True)
class DefaultRow:
    """A default, with its confidence and source. `bindings`: how many rely on it. `note`: how it was chosen among those of
    several versions.
    """

    value: JsonValue
    state: str
    confidence: str | None
    source: str | None
    line: int | None
    column: int | None
    bindings: int
    note: str | None = None


@record(slots=True)
class PlatformRow:
    """`bindings`: how many the platform has. `defaults`: by setting or behaviour."""

    id: str
    path: str
    line: int | None
    column: int | None
    platform: str
    bindings: int
    defaults: dict[str, DefaultRow]


Row = PlatformRow


def make_row(subject: Subject) -> PlatformRow:
    """The platform as a report lists it."""
    use: PlatformUse = subject.about
    place = subject.ref.place
    defaults = {}
    for name, setting in use.defaults.items():
        said = describe_behaviour(setting)
        defaults[name] = DefaultRow(
            said.value, said.state, said.confidence, said.source, said.line, said.column, use.relying[name], said.note
        )
    return PlatformRow(subject.ref.id, place.path, place.line, place.column, use.platform, use.bindings, defaults)


def identify(subject: Subject) -> tuple[str, ...]:
    """Its label: the platform."""
    return (label_of(subject),)
