"""What the names in expressions of HCL mean: in one file here, in a whole module in `units.terraform`; and from which places a
value is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from scanner.files.limits import Refused
from scanner.files.syntax import list_children
from scanner.files.tree import Node, Scalar
from scanner.record import record

if TYPE_CHECKING:
    import tree_sitter

# line and column, where several texts share one count of lines
Place = tuple[int, int]
# of one value; a value made of more is made of everything
_MOST_PLACES = 24
_MOST_STEPS = 150_000


@record(slots=True)
class Part:
    """A stretch of a text that a template makes: where it stands, the further places that it comes from, and what stands there
    instead. `is_open`: it is an expression of which nothing is known, as written.
    """

    text: str
    place: Place
    places: tuple[Place, ...] = ()
    written: str = ""
    is_open: bool = False


@record(slots=True)
class LocalFile:
    """The text of a file that an expression reads; its lines are counted on from `before`."""

    text: str
    before: int


class Scope(Protocol):
    """The meaning of names, for the expressions of one file or module."""

    def find(self, name: str, steps: Sequence[str], depth: int) -> tuple[Node | None, int]:
        """The value of a reference that begins with `name`, None where it is not known, and how many of the steps after it are
        used up. A step is the name of an attribute; empty for an index.
        """

    def read(self, path: str) -> LocalFile | None:
        """The file at a path that an expression gives; None where it is none that may be read."""


class Trace:
    """Where the values of a module come from. Refused where there are more steps than any module needs."""

    def __init__(self) -> None:
        self.used: list[Place] = []
        self.has_failed = False
        # by the id of a node, which is kept: the places that it is made of, and its parts
        self._made: dict[int, tuple[Node, tuple[Place, ...]]] = {}
        self._parts: dict[int, tuple[Node, tuple[Part, ...]]] = {}
        self._files: dict[int, tuple[Node, LocalFile]] = {}
        self._left = _MOST_STEPS

    def step(self) -> None:
        """Count one step."""
        self._left -= 1
        if self._left < 0:
            raise Refused("its expressions need too many steps")

    def use(self, node: Node) -> None:
        """Note that a value is used."""
        self.used.append((node.line, node.column))
        self.used += self.places_of(node)

    def note(self, node: Node, mark: int) -> None:
        """Note that a text is made of what was used since `mark`."""
        if isinstance(node, Scalar) and id(node) not in self._made and len(self.used) > mark:
            self._made[id(node)] = node, tuple(dict.fromkeys(self.used[mark:]))[:_MOST_PLACES]

    def places_of(self, node: Node) -> tuple[Place, ...]:
        """The further places that a value is made of."""
        known = self._made.get(id(node))
        return known[1] if known is not None else ()

    def note_parts(self, node: Node, parts: Sequence[Part]) -> None:
        """Note of which parts a text is made."""
        self._parts[id(node)] = node, tuple(parts)

    def parts_of(self, node: Node) -> tuple[Part, ...]:
        """The parts of a text; empty where it is one."""
        known = self._parts.get(id(node))
        return known[1] if known is not None else ()

    def note_file(self, node: Node, file: LocalFile) -> None:
        """Note that a text is the whole of a file."""
        self._files[id(node)] = node, file

    def file_of(self, node: Node) -> LocalFile | None:
        """The file that a text is the whole of."""
        known = self._files.get(id(node))
        return known[1] if known is not None else None


def list_definitions(root: tree_sitter.Node) -> Iterator[tuple[str, tree_sitter.Node]]:
    """The locals, and the variables that have a default, with their expressions: `local.x`, `var.x`."""
    bodies = [root, *list_children(root, "body")]
    for block in (each for body in bodies for each in list_children(body, "block")):
        kind = block.children[0].text
        body = next(list_children(block, "body"), None)
        attributes = list(list_children(body, "attribute")) if body is not None else []
        if kind == b"locals":
            for each in attributes:
                yield f"local.{(each.children[0].text or b'').decode()}", each.children[-1]
        elif kind == b"variable" and block.child_count > 1:
            name = (block.children[1].text or b"").decode().strip('"')
            for each in attributes:
                if each.children[0].text == b"default":
                    yield f"var.{name}", each.children[-1]
