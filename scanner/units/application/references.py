"""`${name:default}` filled in from the settings of the same application, each with the place of what it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scanner.files.tree import Scalar
from scanner.record import changed
from scanner.units.layers import LaidSetting, LayerSetting, split_name
from scanner.units.made import Origin

_DEEPEST = 6
_LONGEST = 4096
_MOST_STEPS = 200


def fill_in(laid: Iterable[LaidSetting], same: Callable[[str], str]) -> tuple[LaidSetting, ...]:
    """The settings with the references in their texts filled in, where all that a text names is known. A text that only has
    defaults of its own stays: there is no further place to tell.
    """
    settings = tuple(laid)
    if not any("${" in each.top.text for each in settings):
        return settings
    filler = _Filler({".".join(map(same, each.top.parts)): each.top for each in settings}, same)
    return tuple(changed(each, top=filler.fill(each.top)) if "${" in each.top.text else each for each in settings)


class _Filler:
    def __init__(self, known: dict[str, LayerSetting], same: Callable[[str], str]) -> None:
        self._known = known
        self._same = same

    def fill(self, setting: LayerSetting) -> LayerSetting:
        """The setting filled in; as it is where a part stays open."""
        used: dict[Origin, None] = {}
        self._steps = 0
        filled = self._fill(setting.text, 0, used)
        return changed(setting, filled=filled, origins=tuple(used)) if filled is not None and used else setting

    def _fill(self, text: str, depth: int, used: dict[Origin, None]) -> str | None:
        made, at = [], 0
        while (start := text.find("${", at)) >= 0:
            end = _find_end(text, start)
            self._steps += 1
            if end < 0 or depth == _DEEPEST or self._steps > _MOST_STEPS:
                return None
            value = self._look_up(text[start + 2 : end], depth, used)
            if value is None:
                return None
            made += [text[at:start], value]
            at = end + 1
        filled = "".join([*made, text[at:]])
        return filled if len(filled) <= _LONGEST else None

    def _look_up(self, inside: str, depth: int, used: dict[Origin, None]) -> str | None:
        name, colon, default = _split_default(inside)
        if "${" in name:
            found = self._fill(name, depth + 1, used)
            if found is None:
                return None
            name = found
        setting = self._find(name.strip())
        if setting is None:
            # Micronaut quotes a default with a colon
            return (self._fill(default.removeprefix("-").strip("`"), depth + 1, used) or None) if colon else None
        used[Origin(setting.file.path, setting.value.line, setting.value.column, "definition")] = None
        return self._fill(setting.text, depth + 1, used)

    def _find(self, name: str) -> LayerSetting | None:
        """The setting of a name. A name in capitals is a variable of the environment."""
        if not name or name.isupper():
            found = self._known.get(name)
        else:
            found = self._known.get(".".join(map(self._same, split_name(name))))
        return found if found is not None and isinstance(found.value, Scalar) and found.text else None


def _find_end(text: str, start: int) -> int:
    """Where the reference that begins at `start` ends; -1 where it does not."""
    depth, at = 0, start
    while at < len(text):
        if text.startswith("${", at):
            depth += 1
            at += 2
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at
            at += 1
        else:
            at += 1
    return -1


def _split_default(inside: str) -> tuple[str, str, str]:
    """The name, whether a default follows, and the default; a colon inside a nested reference is its own."""
    depth = 0
    for at, char in enumerate(inside):
        if inside.startswith("${", at):
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == ":" and not depth:
            return inside[:at], ":", inside[at + 1 :]
    return inside, "", ""
