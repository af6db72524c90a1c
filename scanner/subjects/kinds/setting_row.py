"""A setting of a binding, as a report lists it: the value, how it is known, and where it is written."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, TypeAlias

from scanner.evidence.model import Setting
from scanner.record import changed, record

# any JSON value, as written
JsonValue: TypeAlias = Any
# the state of a behaviour, in the words of a report
_ORIGINS = {"set": "configured"}


@record(slots=True)
class SettingPlace:
    """A place of a setting. `role`: `written` for its own place, else what stands there: `value`, `default`, `base` (what a
    layer below says), `definition`, `argument`, `helper` or `file`.
    """

    path: str
    line: int
    column: int
    role: str


@record(slots=True)
class SettingRow:
    """`state`: `set` (`configured` for a behaviour), `default`, `unresolved` or `unknown`. A default has its confidence and
    source; a written setting has its line and column, and `places` where it comes from other places of its unit, too: its own
    first, then the one that decides. `note`: how a default was chosen among those of several versions, or why none was.
    """

    value: JsonValue
    state: str
    confidence: str | None
    source: str | None
    line: int | None
    column: int | None
    places: tuple[SettingPlace, ...] = ()
    note: str | None = None


def describe_setting(setting: Setting, path: str) -> SettingRow:
    """The row of a setting of a binding in the file `path`."""
    row = _describe(setting, setting.state)
    return changed(row, places=_list_places(setting, path)) if setting.origins or (setting.spot and setting.spot.path) else row


def _list_places(setting: Setting, path: str) -> tuple[SettingPlace, ...]:
    spot = setting.spot
    own = [SettingPlace(spot.path or path, spot.line, spot.column, "written")] if spot is not None else []
    return (*own, *(SettingPlace(each.path, each.line, each.column, each.role) for each in setting.origins))


def describe_behaviour(setting: Setting) -> SettingRow:
    """The row of a behaviour."""
    return _describe(setting, _ORIGINS.get(setting.state, setting.state))


def _describe(setting: Setting, state: str) -> SettingRow:
    value: Any = setting.value
    spot = setting.spot
    if spot is not None:
        return SettingRow(value, state, setting.confidence, setting.source, spot.line, spot.column)
    if isinstance(value, list | dict):
        return SettingRow(value, state, setting.confidence, setting.source, None, None, note=setting.note)
    return _make_unwritten_row(value.__class__, value, state, setting.confidence, setting.source, setting.note)


@lru_cache(maxsize=4096)
def _make_unwritten_row(
    _: Hashable, value: Any, state: str, confidence: str | None, source: str | None, note: str | None
) -> SettingRow:
    """The row of a setting that is not written. It is the same for thousands of bindings, which share one row. The type keeps 1
    apart from true.
    """
    return SettingRow(value, state, confidence, source, None, None, note=note)
