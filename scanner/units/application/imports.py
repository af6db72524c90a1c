"""The files that Spring's `spring.config.import` names, as far as they lie in the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.units.application.settings_file import SettingsDocument, relaxed
from scanner.units.layers import LayerSetting

_IMPORT = ("spring", "config", "import")
_LOCATION = lazy_pattern(r"(?:optional:)?(?:(classpath|file):)?([^\[\]*?#{}]+)(?:\[\.?(ya?ml|properties)\])?")
_ENDING = lazy_pattern(r"\.(ya?ml|properties)$")


@record(slots=True)
class Import:
    """An import: the setting that has it, the real path it leads to, the ending of its format, whether it may be missing."""

    setting: LayerSetting
    path: str
    ending: str
    is_optional: bool


def list_imports(document: SettingsDocument, beside: str, resources: str, module: str) -> Iterator[Import]:
    """The imports of a document whose file lies in the folder `beside`, of an application with these resources and module."""
    for setting in document.settings:
        parts = tuple(map(relaxed, setting.parts))
        if parts[: len(_IMPORT)] != _IMPORT or any(not part.startswith("[") for part in parts[len(_IMPORT) :]):
            continue
        for text in setting.text.replace(";", ",").split(","):
            found = _LOCATION.fullmatch(text.strip())
            ending = (found[3] or _ending_of(found[2])) if found else ""
            if found and ending and ":" not in found[2]:
                start = {"classpath": resources, "file": module}.get(found[1] or "", beside)
                name = found[2].lstrip("/") if found[1] == "classpath" else found[2]
                yield Import(setting, os.path.normpath(os.path.join(start, name)), ending, text.strip().startswith("optional:"))


def _ending_of(name: str) -> str:
    found = _ENDING.search(name)
    return found[1] if found else ""


def split_profile(name: str, stem: str, ending: str) -> str:
    """The profile that a base name adds to that of an imported file (`shared-prod.yml`), empty for none."""
    return name[len(stem) + 1 : -len(ending)] if name.startswith(f"{stem}-") and ending and name.endswith(ending) else ""
