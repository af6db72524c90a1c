"""The version of a platform: in the document of a binding, in its unit, then in the nearest folder that names one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from scanner.evidence.versions.folders import FolderMention, FolderVersions, find_in_file
from scanner.evidence.versions.mention import Mention, line_at
from scanner.evidence.versions.seen import SeenVersion
from scanner.files.encodings import as_utf8
from scanner.pack.platform import Platform, VersionPlaces
from scanner.pack.versions import join_spans
from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import Listings, UnitFiles
from scanner.units.made import Made

# a place of a text: its path in reports, and its line
Place = Callable[[int], "tuple[str, int]"]
# folders whose answers are kept for the next documents of a run
_MOST_KEPT = 2_000
# how many different versions a text names
_MOST_SHOWN = 3


@record
class Surroundings:
    """What is asked around a binding: the text that holds it, under its base name, and the place of an offset in it; the files
    around it and its folder, where it is in one; and the files of its variant.
    """

    name: str
    data: bytes
    place: Place
    files: UnitFiles | None = None
    folder: str = ""
    variant: tuple[str, ...] = ()


class VersionSearch:
    """Finds versions around one document."""

    def __init__(self, platforms: Mapping[str, Platform], around: Callable[[], Surroundings]) -> None:
        self._platforms = platforms
        self._make_around = around
        self._around: Surroundings | None = None
        self._known: dict[str, SeenVersion | None] = {}

    def find(self, platform: str) -> SeenVersion | None:
        """The version of a platform; None where no file names one."""
        if platform not in self._known:
            self._known[platform] = self._find(platform)
        return self._known[platform]

    def _find(self, platform: str) -> SeenVersion | None:
        known = self._platforms.get(platform)
        places = known.versions if known is not None else None
        if places is None:
            return None
        self._around = around = self._around or self._make_around()
        own = list(find_in_file(around.name, around.data, places))
        if own:
            return _join([(each, *around.place(each.offset)) for each in own], platform)
        if around.files is None:
            return None
        found = _find_in_folders(platform, places, around, around.files)
        files = around.files
        return _join([(each.mention, files.report_path(each.origin), each.line) for each in found], platform)


def _find_in_folders(platform: str, places: VersionPlaces, around: Surroundings, files: UnitFiles) -> list[FolderMention]:
    """What the folders around say; once for all documents of a folder."""
    kept = files.kept.setdefault(("versions",), {})
    assert isinstance(kept, dict)
    key = around.folder, files.root, platform, around.variant
    if key not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = FolderVersions(files, places).find(around.folder, around.variant)
    found: list[FolderMention] = kept[key]
    return found


def _join(found: Sequence[tuple[Mention, str, int]], platform: str) -> SeenVersion | None:
    """What a place says: one version, or all between the first and the last of several; None where one of them is open."""
    spans = [mention.span for mention, _, _ in found if mention.span is not None]
    if not spans or len(spans) < len(found):
        return None
    exact = [each for each in found if each[0].is_exact]
    counted = exact or list(found)
    texts = list(dict.fromkeys(mention.text for mention, _, _ in counted))
    text = " or ".join(texts[:_MOST_SHOWN]) + (" …" if len(texts) > _MOST_SHOWN else "")
    mention, path, line = counted[0]
    span = join_spans(each[0].span for each in counted if each[0].span is not None)
    return SeenVersion(text, span, path, line, mention.by, platform)


def around_document(document: Document, listings: Listings) -> Surroundings:
    """What is asked around a binding that a document itself has."""
    data = as_utf8(document.data)
    files = UnitFiles(document, listings) if document.origin is not None and document.root is not None else None
    return Surroundings(
        document.path.rpartition("/")[2],
        data,
        lambda offset: ("", line_at(data, offset)),
        files,
        files.folder if files is not None else "",
    )


def around_made(made: Made, files: UnitFiles) -> Surroundings:
    """What is asked around a binding of a text that a unit makes: all of that text, then the files of its variant."""
    text = made.text.text

    def find_place(offset: int) -> tuple[str, int]:
        before = text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace")
        found = made.text.find(before.count("\n") + 1, len(before) - before.rfind("\n"))
        return (found.at.path, found.at.line) if found is not None else ("", before.count("\n") + 1)

    home = next((piece.at.path for piece in made.text.pieces if piece.at is not None), None)
    folder = os.path.dirname(files.find_real(home)) if home is not None else files.folder
    variant = tuple(files.find_real(path) for path in (made.variant.paths if made.variant is not None else ()))
    return Surroundings(made.name, text.encode("utf-8", "surrogatepass"), find_place, files, folder, variant)
