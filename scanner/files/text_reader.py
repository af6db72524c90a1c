"""What the readers that go through a text from mark to mark have in common: the place, the marks and the limits."""

from __future__ import annotations

from typing import ClassVar

from scanner.files.align import Lines
from scanner.files.limits import DEEPEST, MOST_NODES, Refused
from scanner.files.tree import Unmask


class TextReader:
    """Reads one text. `called`: the format, for a text that is none of it. `unmask` gives the original text of masked spans."""

    called: ClassVar[str]

    def __init__(self, text: str, unmask: Unmask | None) -> None:
        self.text = text
        self.unmask = unmask
        self.lines = Lines(text)
        self.at = 0
        self.count = 0

    def takes(self, mark: str) -> bool:
        """Skip `mark` if it comes next."""
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def refuse(self, because: str) -> Refused:
        """The refusal of the text, at this place."""
        return Refused(f"not {self.called}: {because}", *self.lines.place(self.at))

    def count_value(self, depth: int) -> None:
        """Count a value; Refused where it nests too deep, or there are too many."""
        self.count += 1
        if depth > DEEPEST:
            raise self.refuse("it nests too deep")
        if self.count > MOST_NODES:
            raise self.refuse("it has too many values")
