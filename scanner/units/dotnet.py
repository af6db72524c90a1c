"""ASP.NET Core: appsettings.json, and the appsettings.X.json of each environment laid over it.

dotnet/aspnetcore, WebApplicationBuilder: appsettings.json, then appsettings.{Environment}.json, then environment variables and
arguments. Names count in any case, `:` in a name separates sections, a list is a section whose names are numbers, so lists
merge item by item, and a value that is null or empty takes nothing away below its name. The environment is Production where
nothing else is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from scanner.files.limits import Refused
from scanner.files.read import read
from scanner.files.tree import Parsed, Scalar, Unparsed
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import UnitFiles
from scanner.units.layers import LaidSetting, LayerFile, LayerSetting, flatten, lay, write
from scanner.units.made import Made, OpenPart, Origin, Variant
from scanner.units.stages import is_for_production
from scanner.units.unit import MOST_VARIANTS, Unit

_NAME = lazy_pattern(r"appsettings(?:\.([^/\\]{1,100}))?\.json", re.IGNORECASE)


@record
class _Layer:
    """One file of settings."""

    path: str
    text: str
    settings: tuple[LayerSetting, ...]


class AppSettings:
    """The settings of one application. Without a file for production, production has those of appsettings.json alone."""

    def __init__(
        self, name: str, base: _Layer | None, layers: dict[str, _Layer], left_out: int, parts: tuple[OpenPart, ...]
    ) -> None:
        self.name = name
        self.variants = tuple(Variant(each, (layer.path,)) for each, layer in layers.items())
        self.left_out_variants = left_out
        self.is_base_deployed = not any(is_for_production(each) for each in layers)
        self._layers = (*((base,) if base is not None else ()), *layers.values())
        self.replaces = frozenset(layer.path for layer in self._layers)
        self._parts = parts
        self._made = tuple(_make_all(base, zip(self.variants, layers.values(), strict=True)))

    def make(self, document: Document) -> tuple[Made, ...]:
        """All of the texts: each file is in one of them."""
        return self._made if document.path in self.replaces else ()

    def borrowed(self, document: Document) -> bytes:
        """The other files: only all of them may tell what is configured."""
        others = (layer.text for layer in self._layers if layer.path != document.path)
        return "\n".join(others).lower().encode("utf-8", "surrogatepass") if document.path in self.replaces else b""

    def lent(self, document: Document, lines: frozenset[int]) -> frozenset[int]:  # noqa: ARG002
        """None: each file makes texts itself."""
        return frozenset()

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """The files that could not be laid over the others."""
        return tuple(part for part in self._parts if part.at.path == document.path)


class DotNet:
    """Knows a folder with several files of settings."""

    name = "dotnet"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of an appsettings file that is not alone."""
        assert document.origin is not None
        folder, name = os.path.split(os.path.realpath(document.origin))
        if _NAME.fullmatch(name) is None or len(_settings_in(folder, files)) < 2:
            return None
        return folder

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The settings of a folder, those for production first."""
        known = _settings_in(folder, files)
        parts: list[OpenPart] = []
        base = _read_layer(known.pop("", None), files, parts)
        names = sorted(known, key=lambda name: (not is_for_production(name), name.lower()))
        found = {name: _read_layer(known[name], files, parts) for name in names[:MOST_VARIANTS]}
        layers = {name: layer for name, layer in found.items() if layer is not None}
        return AppSettings(files.report_path(folder), base, layers, max(len(names) - MOST_VARIANTS, 0), tuple(parts))

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The other files of settings in the folder."""
        folder, name = os.path.split(path)
        if _NAME.fullmatch(name) is not None:
            yield from (each for each in _settings_in(folder, files).values() if each != path)


def _settings_in(folder: str, files: UnitFiles) -> dict[str, str]:
    """The paths of the files of settings in a folder, by their environment, which is empty for that of all."""
    return {found[1] or "": os.path.join(folder, found[0]) for found in files.find_names(folder, _NAME)}


def _read_layer(path: str | None, files: UnitFiles, parts: list[OpenPart]) -> _Layer | None:
    file = files.read(path) if path is not None else None
    if file is None:
        return None
    parsed = read(file.data, "json")
    if isinstance(parsed, Unparsed):
        because = f"it is not laid over the settings of the other files: {parsed.because}"
        parts.append(OpenPart(because, Origin(file.path, parsed.line or 1, parsed.column or 1)))
        return None
    try:
        return _Layer(file.path, parsed.text, tuple(_flatten(parsed, LayerFile(file.path, parsed.text))))
    except Refused as refused:
        parts.append(OpenPart(refused.because, Origin(file.path, refused.line or 1, 1)))
        return None


def _flatten(parsed: Parsed, file: LayerFile) -> Iterator[LayerSetting]:
    for node in parsed.documents:
        yield from flatten(node, file, _split)


def _split(name: str) -> tuple[str, ...]:
    """The sections of a name; a number is that of a list's item."""
    return tuple(f"[{int(part)}]" if _is_index(part) else part for part in name.split(":"))


def _is_index(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) < 5


def _make_all(base: _Layer | None, variants: Iterable[tuple[Variant, _Layer]]) -> Iterator[Made]:
    below = base.settings if base is not None else ()
    if base is not None:
        yield _make([below], "appsettings.json", None)
    for variant, layer in variants:
        yield _make([below, layer.settings], f"appsettings.{variant.name}.json", variant)


def _make(layers: list[tuple[LayerSetting, ...]], name: str, variant: Variant | None) -> Made:
    laid = lay(layers, str.lower, replaces_lists=False)
    return Made(write(_keep_values(laid), str.lower), "json", name, variant)


def _keep_values(laid: tuple[LaidSetting, ...]) -> Iterator[LaidSetting]:
    """The settings without those that have others below their name and no value of their own, as null and `{}` have none."""
    names = [tuple(map(str.lower, each.top.parts)) for each in laid]
    sections = {name[:number] for name in names for number in range(1, len(name))}
    for name, each in zip(names, laid, strict=True):
        value = each.top.value
        if name not in sections or (isinstance(value, Scalar) and value.value is not None):
            yield each
