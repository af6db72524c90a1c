"""Which globs of the configuration match none of the files that a run lists: most likely they are misspelt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.config.globs import Globs, covers
from scanner.config.model import Config
from scanner.record import record
from scanner.sources.consumers import consumer_patterns
from scanner.sources.document import File, Unreadable

if TYPE_CHECKING:
    from scanner.sources.scope import Scope


@record
class _Waiting:
    """A member of the configuration whose globs have matched nothing yet."""

    member: str
    written: str
    matchers: tuple[Callable[[str], bool], ...]

    def matches(self, path: str) -> bool:
        """Whether one of the globs matches a report path."""
        return any(matches(path) for matches in self.matchers)


class GlobUse:
    """The globs of one configuration, over one run. `exclude` is for the listing of folders."""

    def __init__(self, config: Config, targets: Sequence[str]) -> None:
        self.exclude = Globs(config.exclude)
        self._waiting = [_Waiting("paths", entry.path, (covers(entry.path),)) for entry in config.paths]
        for entry in config.consumers:
            if patterns := tuple(consumer_patterns(config, entry, targets)):
                self._waiting.append(_Waiting("consumers", entry.folder, tuple(map(covers, patterns))))

    def note(self, files: Iterable[File | Unreadable]) -> Iterator[File | Unreadable]:
        """The same files; what their paths match is taken note of."""
        for file in files:
            if self._waiting:
                self._note_path(file.path)
            yield file

    def _note_path(self, path: str) -> None:
        self._waiting = [each for each in self._waiting if not each.matches(path)]

    def unmatched(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Each member with a glob that matched nothing, where the run saw all that it could match."""
        if not scope.is_whole:
            return
        for url in scope.urls:
            self._note_path(url)
        yield from (("exclude", glob) for glob in self.exclude.unmatched)
        for each in self._waiting:
            if "://" not in each.written or scope.is_inventory_visited:
                yield each.member, each.written
