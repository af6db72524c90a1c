"""Templates of HCL: the text around `${…}` and `%{…}`, in quotes, in a heredoc, or in a file of its own.

The result is a list of parts, so that each of them keeps the place where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scanner.files.hcl_functions import LONGEST_TEXT, MOST_ITEMS, encode, text_of
from scanner.files.hcl_scope import Part, Place
from scanner.files.limits import DEEPEST
from scanner.files.syntax import list_children
from scanner.files.tree import Scalar
from scanner.record import record

if TYPE_CHECKING:
    import tree_sitter

    from scanner.files.hcl_expressions import Expressions

_OPEN = ("template_interpolation", "template_directive")
_ENCODES = (b"jsonencode", b"yamlencode")


@record(slots=True)
class Stretch:
    """A stretch of a template between two offsets: copied literally, filled with `text`, or left as it is written.
    `places`: the further places that the text comes from.
    """

    start: int
    end: int
    text: str = ""
    places: tuple[Place, ...] = ()
    is_copy: bool = False
    is_open: bool = False


def fill(expressions: Expressions, nodes: Sequence[tree_sitter.Node], start: int, end: int, depth: int) -> list[Stretch]:
    """The stretches of a template from `start` to `end`, whose open parts are among `nodes`. Strip markers take away the blanks
    beside them.
    """
    if depth > DEEPEST:
        return [Stretch(start, end, is_open=True)]
    made: list[Stretch] = []
    at, is_cut = start, False
    for node in nodes:
        if node.type not in _OPEN:
            continue
        made += _copy(expressions, at, node.start_byte, is_cut=is_cut, cuts=_strips(_first(node)))
        made += _fill_one(expressions, node, depth)
        at, is_cut = node.end_byte, _strips(_last(node), at_end=True)
        if sum(len(each.text) for each in made[-2:]) > LONGEST_TEXT or len(made) > MOST_ITEMS:
            return [Stretch(start, end, is_open=True)]
    made += _copy(expressions, at, end, is_cut=is_cut, cuts=False)
    return made


def _first(node: tree_sitter.Node) -> tree_sitter.Node:
    """The mark that begins a part: that of a directive's first line."""
    return _first(node.children[0]) if node.type in ("template_directive", "template_if", "template_for") else node


def _last(node: tree_sitter.Node) -> tree_sitter.Node:
    return _last(node.children[-1]) if node.type in ("template_directive", "template_if", "template_for") else node


def _strips(mark: tree_sitter.Node, *, at_end: bool = False) -> bool:
    """Whether there is a strip marker at the beginning, or the end, of a mark."""
    place = -2 if at_end else 1
    return mark.child_count > 2 and mark.children[place].type == "strip_marker"


def _copy(expressions: Expressions, start: int, end: int, *, is_cut: bool, cuts: bool) -> Iterator[Stretch]:
    """Literal text, without the blanks up to the line's end after a strip marker, and those before one."""
    text = expressions.written(start, end)
    if is_cut:
        kept = text.lstrip(" \t\r")
        kept = kept.removeprefix("\n")
        start += len(text) - len(kept)
        text = kept
    if cuts:
        end -= len(text) - len(text.rstrip(" \t"))
    if start < end:
        yield Stretch(start, end, is_copy=True)


def _fill_one(expressions: Expressions, node: tree_sitter.Node, depth: int) -> Iterator[Stretch]:
    if node.type == "template_directive":
        inner = node.children[0]
        found = _choose(expressions, inner, depth) if inner.type == "template_if" else _repeat(expressions, inner, depth)
        yield from [Stretch(node.start_byte, node.end_byte, is_open=True)] if found is None else found
        return
    expression = next(list_children(node, "expression"), None)
    mark = expressions.mark()
    text = None if expression is None else _text_of(expressions, expression, depth + 1)
    yield Stretch(node.start_byte, node.end_byte, text or "", expressions.used_since(mark), is_open=text is None)


def _text_of(expressions: Expressions, expression: tree_sitter.Node, depth: int) -> str | None:
    """What an interpolation writes. Only an encoding function makes a text of a collection, or puts a text in quotes."""
    value = expressions.value(expression, depth)
    inner = expression
    while inner.type == "expression" and inner.child_count == 1:
        inner = inner.children[0]
    is_encoded = inner.type == "function_call" and inner.children[0].text in _ENCODES
    is_text = isinstance(value, Scalar) and not is_encoded
    return text_of(value) if is_text else encode(value)


def _choose(expressions: Expressions, node: tree_sitter.Node, depth: int) -> list[Stretch] | None:
    """`%{ if … }`: the branch that a known condition leaves."""
    intro = node.children[0]
    condition = next(list_children(intro, "expression"), None)
    truth = expressions.test(condition, depth + 1) if condition is not None else None
    if truth is None:
        return None
    marks = [each for each in node.children if each.type in ("template_if_intro", "template_else_intro", "template_if_end")]
    if len(marks) == 2 and not truth:
        return []
    begin, end = marks[0 if truth else 1], marks[1 if truth else 2]
    return _fill_between(expressions, node, (begin, end), depth)


def _repeat(expressions: Expressions, node: tree_sitter.Node, depth: int) -> list[Stretch] | None:
    """`%{ for … }`: the body for each element of a known collection."""
    begin, end = node.children[0], node.children[-1]
    collection = next(list_children(begin, "expression"), None)
    names = [(each.text or b"").decode() for each in list_children(begin, "identifier")]
    elements = expressions.items(collection, depth + 1) if collection is not None else None
    if elements is None or end.type != "template_for_end":
        return None
    made: list[Stretch] = []
    for key, value in elements:
        given = dict(zip(names, (key, value) if len(names) == 2 else (value,), strict=False))
        made += expressions.within(given, lambda: _fill_between(expressions, node, (begin, end), depth))
        if len(made) > MOST_ITEMS:
            return None
    return made


def _fill_between(
    expressions: Expressions, node: tree_sitter.Node, marks: tuple[tree_sitter.Node, tree_sitter.Node], depth: int
) -> list[Stretch]:
    begin, end = marks
    inner = [each for each in node.children if begin.end_byte <= each.start_byte and each.end_byte <= end.start_byte]
    found = fill(expressions, inner, begin.end_byte, end.start_byte, depth + 1)
    if found and found[0].is_copy and _strips(begin, at_end=True):
        found[:1] = _copy(expressions, found[0].start, found[0].end, is_cut=True, cuts=False)
    if found and found[-1].is_copy and _strips(end):
        found[-1:] = _copy(expressions, found[-1].start, found[-1].end, is_cut=False, cuts=True)
    return found


def as_parts(expressions: Expressions, stretches: Sequence[Stretch], *, is_quoted: bool) -> Iterator[Part]:
    """The stretches as parts of a text: literal text line by line. `is_quoted`: it has escapes."""
    for each in stretches:
        written = expressions.written(each.start, each.end)
        place = expressions.place(each.start)
        if each.is_copy and is_quoted:
            yield Part(expressions.unescape(written), place)
        elif each.is_copy:
            line, column = place
            lines = written.split("\n")
            ended = [*(f"{text}\n" for text in lines[:-1]), lines[-1]]
            for number, text in enumerate(ended):
                yield Part(text, (line + number, 1 if number else column))
        else:
            yield Part(written if each.is_open else each.text, place, each.places, written, each.is_open)
