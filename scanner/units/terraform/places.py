"""One count of lines for all files of a module, its callers and its values, so that the line of a value tells its file."""

from __future__ import annotations

from bisect import bisect_right

from scanner.files.hcl_scope import Place
from scanner.units.made import Origin, Role


class FilePlaces:
    """The files that one load has read, in the order of their lines."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._paths: list[str] = []
        self._region_starts: list[int] = []
        self._regions: list[tuple[int, Role]] = []
        self._tables: list[tuple[Place, ...]] = []
        self._next = 0

    def add(self, path: str, text: str, role: Role | None = None, table: tuple[Place, ...] = ()) -> int:
        """Count the lines of a file, and give how many come before it. `role`: what all of the file is to a value. `table`: the
        places in the file of the lines of a text that is not the file's own.
        """
        before = self._next
        self._starts.append(before + 1)
        self._paths.append(path)
        self._tables.append(table)
        self._next += text.count("\n") + 2
        if role is not None:
            self.mark(before + 1, self._next, role)
        return before

    def mark(self, first: int, last: int, role: Role) -> None:
        """What the lines from `first` to `last` are to a value."""
        at = bisect_right(self._region_starts, first)
        self._region_starts.insert(at, first)
        self._regions.insert(at, (last, role))

    def origin(self, place: Place) -> Origin:
        """The place in its file."""
        line, column = place
        number = max(bisect_right(self._starts, line) - 1, 0)
        own, table = line - self._starts[number], self._tables[number]
        shown = table[min(own, len(table) - 1)] if table else (own + 1, column)
        return Origin(self._paths[number], *shown, self._role(line))

    def path_of(self, line: int) -> str:
        """The report path of the file that has a line."""
        return self._paths[max(bisect_right(self._starts, line) - 1, 0)]

    def _role(self, line: int) -> Role:
        number = bisect_right(self._region_starts, line) - 1
        if number < 0 or line > self._regions[number][0]:
            return "definition"
        return self._regions[number][1]
