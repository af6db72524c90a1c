"""The settings of a file's earlier documents, which hold in its later ones too (Spring Boot reads a file of several so)."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.evidence.bindings.paths.flat_settings import Flat, captures_of
from scanner.evidence.bindings.paths.selectors import relaxed
from scanner.evidence.bindings.paths.walk import Names
from scanner.evidence.bindings.values.placeholders import Lookup, lookup_in
from scanner.files.tree import Scalar


class EarlierSettings:
    """What the documents read so far have set: the last value of each name. A document costs its own length, however many
    came before it.
    """

    def __init__(self, prefix: str, spelling: Names) -> None:
        self._prefix = prefix
        self._spelling = spelling
        self._groups: dict[tuple[str, ...], dict[str, Flat]] = {}
        self._values: dict[str, str] = {}
        self._respelt: dict[str, str] = {}

    def add(self, flats: Iterable[Flat]) -> None:
        """Keep the settings of one more document."""
        for flat in flats:
            captured = captures_of(flat, self._prefix, self._spelling)
            if captured is not None:
                self._groups.setdefault(captured, {})[".".join(flat.parts)] = flat
        values = texts_by_name(flats)
        self._values |= values
        self._respelt |= {relaxed(name): value for name, value in values.items()}

    def beside(self, own: Iterable[Flat]) -> list[Flat]:
        """The earlier settings in the groups that a document's own settings belong to. Other groups are no concern of it."""
        touched = dict.fromkeys(captures_of(flat, self._prefix, self._spelling) for flat in own)
        return [flat for captured in touched if captured is not None for flat in self._groups.get(captured, {}).values()]

    def lookup(self, own: Iterable[Flat]) -> Lookup:
        """A lookup in a document's own settings, then in the earlier ones."""
        mine = lookup_in(texts_by_name(own))

        def find(name: str) -> str | None:
            found = mine(name)
            if found is None:
                found = self._values.get(name)
            return self._respelt.get(relaxed(name)) if found is None else found

        return find


def texts_by_name(flats: Iterable[Flat]) -> dict[str, str]:
    """The texts of settings by their dotted names; the last of equal ones."""
    return {".".join(flat.parts): flat.value.text for flat in flats if isinstance(flat.value, Scalar)}
