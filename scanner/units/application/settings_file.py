"""A file of settings as documents, each with the profiles for which it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Protocol

from scanner.files.tree import Node
from scanner.record import record
from scanner.units.application.conditions import Condition
from scanner.units.layers import LaidSetting, LayerFile, LayerSetting, lay
from scanner.units.unit import MOST_VARIANTS

# of all variants together
_MOST_SETTINGS = 200_000
# more names than these are no plan of profiles
_MOST_ACTIVE = 32


@record(slots=True)
class SettingsDocument:
    """Settings that hold together. `imports`: the files that it imports, which count above it."""

    condition: Condition
    settings: tuple[LayerSetting, ...]
    imports: tuple[SettingsFile, ...] = ()


@record
class SettingsFile:
    """A file of settings: its report path; where it comes in the order of places, the later over the earlier; the profile that
    its name has, empty for none; and the rank of its format among files of one place and name.
    """

    path: str
    documents: tuple[SettingsDocument, ...]
    place: int = 0
    profile: str = ""
    rank: int = 0


@record
class Active:
    """The profiles that are active together, the later over the earlier, and how people call them."""

    name: str
    profiles: tuple[str, ...]


@record
class Plan:
    """What is deployed: `base`, with the profiles that are active where nobody chooses any, and the variants; `left_out`: how
    many more there are.
    """

    base: Active
    variants: tuple[Active, ...] = ()
    is_base_deployed: bool = True
    left_out: int = 0


class Dialect(Protocol):
    """How a framework reads its settings."""

    @staticmethod
    def same(part: str) -> str:
        """A part of a name in one form for all its spellings."""

    def rank(self, ending: str) -> int:
        """Where the format of that ending comes among the files of one place and name."""

    def split(self, nodes: Sequence[Node], file: LayerFile) -> tuple[SettingsDocument, ...]:
        """The documents of a file."""

    def order(self, file: SettingsFile, active: tuple[str, ...]) -> tuple[int, ...]:
        """Where a file comes among those that are laid over each other."""

    def order_document(self, document: SettingsDocument, active: tuple[str, ...]) -> int:
        """Where a document comes among those of its file; equal ones stay in the file's order."""

    def plan(self, files: Sequence[SettingsFile], most: int) -> Plan:
        """What is deployed of an application with these files, with that many variants at most."""


def count_variants(files: Iterable[SettingsFile]) -> int:
    """How many variants of these files may be laid: fewer where they are large."""
    settings = sum(len(document.settings) for _, document in list_documents(files))
    return max(min(MOST_VARIANTS, _MOST_SETTINGS // max(settings, 1)), 1)


def lay_files(files: Iterable[SettingsFile], active: tuple[str, ...], dialect: Dialect) -> tuple[LaidSetting, ...]:
    """The settings of an application when these profiles are active."""
    # a file that is imported twice counts where it counts most
    documents = {id(each.settings): each for each in reversed(list(list_active(files, active, dialect)))}
    return lay((each.settings for each in reversed(documents.values())), dialect.same)


def list_active(files: Iterable[SettingsFile], active: tuple[str, ...], dialect: Dialect) -> Iterator[SettingsDocument]:
    """The documents that hold when these profiles are active, the lowest first; imported ones come after what imports them."""
    named = sorted((each for each in files if _is_named(each, active)), key=lambda each: dialect.order(each, active))
    for _, group in groupby(named, key=lambda each: dialect.order(each, active)[0]):
        late: list[SettingsDocument] = []
        for file in group:
            yield from _list_in(file, active, dialect, None if file.profile else late)
        yield from late


def _list_in(
    file: SettingsFile, active: tuple[str, ...], dialect: Dialect, late: list[SettingsDocument] | None
) -> Iterator[SettingsDocument]:
    """The documents of a file that hold, each with what it imports. `late`: where imported files with a profile go that count
    over all other files of the group (Spring Boot moves them so).
    """
    holding = [each for each in file.documents if each.condition.holds(active)]
    for document in sorted(holding, key=lambda each: dialect.order_document(each, active)):
        yield document
        named = [each for each in document.imports if _is_named(each, active)]
        for imported in sorted(named, key=lambda each: (each.place, active.index(each.profile) if each.profile else -1)):
            if imported.profile and late is not None:
                late += _list_in(imported, active, dialect, None)
            else:
                yield from _list_in(imported, active, dialect, late)


def _is_named(file: SettingsFile, active: tuple[str, ...]) -> bool:
    """Whether the name of a file has no profile, or one that is active."""
    return not file.profile or file.profile in active


def list_documents(files: Iterable[SettingsFile]) -> Iterator[tuple[SettingsFile, SettingsDocument]]:
    """Every document of the files and of those that they import, with its file."""
    waiting = list(files)
    while waiting:
        file = waiting.pop(0)
        for document in file.documents:
            yield file, document
            waiting += document.imports


def list_files(files: Iterable[SettingsFile]) -> Iterator[SettingsFile]:
    """The files and those that they import."""
    waiting = list(files)
    while waiting:
        file = waiting.pop(0)
        yield file
        waiting += [each for document in file.documents for each in document.imports]


def texts_of(settings: Iterable[LayerSetting], name: tuple[str, ...], same: Callable[[str], str]) -> tuple[str, ...]:
    """The texts of a setting that is a list, or a text with commas; `name` is in the form of `same`."""
    found: list[str] = []
    for setting in settings:
        parts = tuple(map(same, setting.parts))
        if parts[: len(name)] == name and all(part.startswith("[") for part in parts[len(name) :]):
            found += (text.strip() for text in setting.text.split(","))
    return tuple(text for text in found if text)[:_MOST_ACTIVE]


@lru_cache(maxsize=4096)
def relaxed(part: str) -> str:
    """A part of a name without case, dashes and underscores."""
    return part.lower().replace("-", "").replace("_", "")
