"""The type of a unit, and of the modules that know one kind of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from scanner.sources.document import Document
from scanner.units.files import UnitFiles
from scanner.units.made import Made, OpenPart, Variant

# more variants than this are counted, not read
MOST_VARIANTS = 16
# more files than this are not taken along for changed ones; a kind tells all that there are
MOST_COMPANIONS = 500


class Unit(Protocol):
    """What a platform would load together.

    `name`: the report path of its folder. `variants`: those that are read; `left_out_variants`: how many more there are.
    `is_base_deployed`: whether somebody may load the unit without any variant; the base alone is then one of them.
    `replaces`: the report paths of files whose own reading says nothing more: all that they say is in the made texts. Of other
    files, what is read in the file alone and in no made text counts as well: a branch that no values switch on.
    """

    name: str
    variants: tuple[Variant, ...]
    left_out_variants: int
    is_base_deployed: bool
    replaces: frozenset[str]

    def make(self, document: Document) -> tuple[Made, ...]:
        """The texts in which something of the document may stand: the same objects for each document of a unit that is made
        as a whole. Empty where the document has no part in it.
        """

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """What of the document could not be made."""


@runtime_checkable
class Borrower(Protocol):
    """A unit whose documents take words from other files, so that their own bytes need not show what they configure."""

    def borrowed(self, document: Document) -> bytes:
        """The text of other files, in lower case, of which something may get into the document's texts."""

    def lent(self, document: Document, lines: frozenset[int]) -> frozenset[int]:
        """Those lines of a document that makes no texts itself of which something is in the texts of others."""


class UnitKind(Protocol):
    """Knows one kind of unit."""

    name: str

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of the unit that the document belongs to, as a real path; None where it belongs to none of this kind.
        Looks at names first: most documents belong to none.
        """

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The unit of a folder."""

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The files, as real paths, whose bindings may change when the file at `path` does; without that file itself."""
