"""The variables of env files: of a project, for its texts (`.env`), and of a service (`env_file`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.files.align import Lines
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed, Scalar
from scanner.record import record
from scanner.units.compose.interpolation import Interpolation, Variable
from scanner.units.files import UnitFile
from scanner.units.layers import LayerFile
from scanner.units.made import Origin

# variables that are made of others, and those of others again
_DEEPEST = 16


@record(slots=True)
class EnvEntry:
    """One variable as an env file has it. `is_literal`: nothing is filled into it, as it has single quotes."""

    name: str
    key: Scalar
    value: Scalar
    file: LayerFile
    is_literal: bool

    def place(self) -> Origin:
        """The place of its value."""
        return Origin(self.file.path, self.value.line, self.value.column)


def read_entries(file: UnitFile) -> Iterator[EnvEntry]:
    """The variables of an env file, in order."""
    parsed = read(file.data, "env")
    if not isinstance(parsed, Parsed):
        return
    lines, layer = Lines(parsed.text), LayerFile(file.path, parsed.text)
    for node in parsed.documents:
        for entry in node.entries if isinstance(node, Mapping) else ():
            if isinstance(entry.value, Scalar):
                start = lines.offset(entry.value.line, entry.value.column)
                is_literal = parsed.text.startswith("'", start)
                yield EnvEntry(entry.key.text, entry.key, entry.value, layer, is_literal)


class Environment:
    """The variables of a project. Those of the project that includes it count first; in a value, those before it are filled."""

    def __init__(self, entries: Iterable[EnvEntry], interpolation: Interpolation, outer: Environment | None = None) -> None:
        self._entries = {entry.name: (number, entry) for number, entry in enumerate(entries)}
        self._interpolation = interpolation
        self._outer = outer
        self._known: dict[str, Variable | None] = {}
        self._depth = 0

    def lookup(self, name: str) -> Variable | None:
        """The variable of that name."""
        return self._lookup(name, None)

    def fill(self, entry: EnvEntry, before: int | None = None) -> Variable:
        """The value of an entry of a service's file; `before`: of an entry of this project, its number."""
        if entry.is_literal:
            return Variable(entry.value.text, ())
        return self._interpolation.fill(entry.value.text, lambda name: self._lookup(name, before))

    def _lookup(self, name: str, before: int | None) -> Variable | None:
        outer = self._outer.lookup(name) if self._outer is not None else None
        number, entry = self._entries.get(name, (0, None))
        if outer is not None or entry is None or (before is not None and number >= before) or self._depth == _DEEPEST:
            return outer
        if name not in self._known:
            self._depth += 1
            filled = self.fill(entry, number)
            self._depth -= 1
            self._known[name] = Variable(filled.text, (entry.place(), *filled.origins))
        return self._known[name]
