"""Terraform's functions on known values: from argument nodes to a node, or None where the result is not known.

Only functions that join, cut, choose and convert; each result has the place of the call, or of the value that it passes on.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from collections.abc import Sequence as SequenceOf

from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence, Value
from scanner.patterns import lazy_pattern

_VERB = lazy_pattern(r"%(?:[sqvdt]|%)")
# texts and lists of one file that grow beyond these are made for that
LONGEST_TEXT = 256 * 1024
MOST_ITEMS = 10_000

Arguments = SequenceOf[Node]


def call(name: str, arguments: Arguments, at: Scalar) -> Node | None:
    """What the function gives; None where that is not known. `at` is the call itself, for places."""
    function = _FUNCTIONS.get(name)
    found = function(arguments, at) if function is not None else None
    if isinstance(found, Scalar) and isinstance(found.value, str) and len(found.value) > LONGEST_TEXT:
        return None
    return None if isinstance(found, Sequence) and len(found.items) > MOST_ITEMS else found


def is_known(node: Node) -> bool:
    """Whether a scalar has a known value."""
    return isinstance(node, Scalar) and not node.is_unknown and not node.is_masked


def text_of(node: Node) -> str | None:
    """The text of a known scalar, as HCL converts numbers and booleans; None for any other node."""
    if not isinstance(node, Scalar) or not is_known(node) or node.value is None:
        return None
    if isinstance(node.value, str):
        return None if "${" in node.value or "%{" in node.value else node.value
    return str(node.value).lower() if isinstance(node.value, bool) else node.text if not node.is_expression else str(node.value)


def encode(node: Node) -> str | None:
    """The node as JSON, which is YAML as well; None where a part of it is not known."""
    try:
        text = json.dumps(_make_plain(node), ensure_ascii=False)
    except _Unknown:
        return None
    return text if len(text) <= LONGEST_TEXT else None


class _Unknown(Exception):
    """A part of a value is not known."""


def _make_plain(node: Node) -> object:
    if isinstance(node, Scalar):
        text = text_of(node)
        if text is None and (is_open(node) or node.value is not None):
            raise _Unknown
        return text if isinstance(node.value, str) else node.value
    if isinstance(node, Sequence):
        return [_make_plain(item) for item in node.items]
    if any(is_open(entry.key) for entry in node.entries):
        raise _Unknown
    return {text_of(entry.key) or entry.key.text: _make_plain(entry.value) for entry in node.entries}


def make_text(text: Value, at: Scalar) -> Scalar:
    """A known value at a place."""
    written = (
        text if isinstance(text, str) else "" if text is None else str(text).lower() if isinstance(text, bool) else str(text)
    )
    return Scalar(written, text, at.line, at.column, at.end_line, is_quoted=isinstance(text, str))


def make_list(items: SequenceOf[Node], at: Scalar) -> Sequence:
    """A list at a place."""
    return Sequence(tuple(items), at.line, at.column, at.end_line)


def is_open(node: Node) -> bool:
    """Whether a node is an expression of which nothing is known."""
    return isinstance(node, Scalar) and node.is_unknown


def _texts(arguments: Arguments) -> list[str] | None:
    """The texts of known scalars, and of collections, which only an encoding function can have made a text; None where one is
    not known, or together they are too long.
    """
    found = [text for each in arguments if (text := text_of(each) if isinstance(each, Scalar) else encode(each)) is not None]
    return None if len(found) < len(arguments) or sum(map(len, found)) > LONGEST_TEXT else found


def _on_text(change: Callable[..., str | None], least: int = 1, most: int = 1) -> Callable[[Arguments, Scalar], Node | None]:
    def function(arguments: Arguments, at: Scalar) -> Node | None:
        texts = _texts(arguments)
        if texts is None or not least <= len(texts) <= most:
            return None
        made = change(*texts)
        return None if made is None else make_text(made, at)

    return function


def _replace(text: str, old: str, new: str) -> str | None:
    is_pattern = old.startswith("/") and old.endswith("/") and len(old) > 1
    return None if is_pattern or (text.count(old) * len(new)) > LONGEST_TEXT else text.replace(old, new)


def _trim_space(arguments: Arguments, at: Scalar) -> Node | None:
    """The text without blanks around it; of a name the name, which other files may define."""
    text = text_of(arguments[0]) if len(arguments) == 1 else None
    if text is not None and not is_open(arguments[0]):
        return make_text(text.strip(), at)
    return arguments[0] if len(arguments) == 1 else None


def _title(text: str) -> str:
    return re.sub(r"(?<![^\W_])[^\W\d_]", lambda letter: letter[0].upper(), text)


def _decode(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (ValueError, binascii.Error):
        return None


def _substr(text: str, start: str, count: str) -> str | None:
    if re.fullmatch(r"\d{1,6}", start) is None or re.fullmatch(r"-1|\d{1,6}", count) is None:
        return None
    return text[int(start) :] if count == "-1" else text[int(start) : int(start) + int(count)]


def _format(arguments: Arguments, at: Scalar) -> Node | None:
    texts = _texts(arguments)
    if not texts:
        return None
    waiting = iter(texts[1:])
    parts: list[str] = []
    end = 0
    for verb in _VERB.finditer(texts[0]):
        said = "%" if verb[0] == "%%" else next(waiting, None)
        if said is None:
            return None
        parts += (texts[0][end : verb.start()], f'"{said}"' if verb[0] == "%q" else said)
        end = verb.end()
    rest = texts[0][end:]
    return None if any("%" in each for each in (*parts[::2], rest)) else make_text("".join((*parts, rest)), at)


def _join(arguments: Arguments, at: Scalar) -> Node | None:
    between = text_of(arguments[0]) if arguments else None
    items = [item for each in arguments[1:] for item in (each.items if isinstance(each, Sequence) else (each,))]
    texts = _texts(items)
    if between is None or texts is None or len(between) * len(texts) > LONGEST_TEXT:
        return None
    return make_text(between.join(texts), at)


def _split(arguments: Arguments, at: Scalar) -> Node | None:
    texts = _texts(arguments)
    if texts is None or len(texts) != 2 or not texts[0]:
        return None
    return make_list([make_text(part, at) for part in texts[1].split(texts[0])], at)


def _concat(arguments: Arguments, at: Scalar) -> Node | None:
    """All items; what is not known stays an item of its own."""
    return make_list([item for each in arguments for item in (each.items if isinstance(each, Sequence) else (each,))], at)


def _flatten(arguments: Arguments, at: Scalar) -> Node | None:
    items: list[Node] = []
    waiting = list(reversed(arguments))
    while waiting and len(items) <= MOST_ITEMS:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += reversed(node.items)
            if len(waiting) > MOST_ITEMS:
                return None
        else:
            items.append(node)
    return make_list(items, at)


def _merge(arguments: Arguments, at: Scalar) -> Node | None:
    """All members, the last of one name; what is not known is a member whose name is not known."""
    entries: dict[str, Entry] = {}
    for each in arguments:
        if isinstance(each, Mapping):
            for entry in each.entries:
                entries.pop(entry.key.text, None)
                entries[entry.key.text] = entry
        elif isinstance(each, Sequence) and len(arguments) == 1:
            return _merge(each.items, at)
        elif isinstance(each, Scalar) and is_open(each):
            entries[each.text] = Entry(each, each)
    return Mapping(tuple(entries.values()), at.line, at.column, at.end_line)


def _choose_first(arguments: Arguments, _at: Scalar) -> Node | None:
    """The first argument with a value: of `coalesce` and `try`."""
    for each in arguments:
        if is_open(each):
            return None
        if not isinstance(each, Scalar) or each.value not in (None, ""):
            return each
    return None


def _lookup(arguments: Arguments, _at: Scalar) -> Node | None:
    name = text_of(arguments[1]) if len(arguments) > 1 else None
    if name is None or not isinstance(arguments[0], Mapping):
        return None
    found = arguments[0].get(name)
    return found if found is not None or len(arguments) < 3 else arguments[2]


def _element(arguments: Arguments, _at: Scalar) -> Node | None:
    number = text_of(arguments[1]) if len(arguments) == 2 else None
    items = arguments[0].items if arguments and isinstance(arguments[0], Sequence) else ()
    if number is None or not items or re.fullmatch(r"\d{1,6}", number) is None:
        return None
    return items[int(number) % len(items)]


def _reverse(arguments: Arguments, at: Scalar) -> Node | None:
    is_list = len(arguments) == 1 and isinstance(arguments[0], Sequence)
    return make_list(arguments[0].items[::-1], at) if is_list and isinstance(arguments[0], Sequence) else None


def _pass_on(arguments: Arguments, _at: Scalar) -> Node | None:
    """The argument: only its type changes."""
    return arguments[0] if len(arguments) == 1 and not is_open(arguments[0]) else None


def _one(arguments: Arguments, at: Scalar) -> Node | None:
    """`one`: the only item of a list, nothing where it is empty."""
    found = arguments[0] if len(arguments) == 1 else None
    if not isinstance(found, Sequence) or len(found.items) > 1:
        return None
    return found.items[0] if found.items else make_text(None, at)


def _keep_some(arguments: Arguments, at: Scalar) -> Node | None:
    """The items of a list without empty texts, or of several lists: what repeats does no harm."""
    made = _concat(arguments, at)
    if not isinstance(made, Sequence):
        return None
    return make_list([each for each in made.items if not isinstance(each, Scalar) or each.value not in (None, "")], at)


def _keys(arguments: Arguments, at: Scalar) -> Node | None:
    found = arguments[0] if len(arguments) == 1 else None
    return make_list([entry.key for entry in found.entries], at) if isinstance(found, Mapping) else None


def _values(arguments: Arguments, at: Scalar) -> Node | None:
    found = arguments[0] if len(arguments) == 1 else None
    return make_list([entry.value for entry in found.entries], at) if isinstance(found, Mapping) else None


def _zipmap(arguments: Arguments, at: Scalar) -> Node | None:
    return Mapping(tuple(_list_pairs(arguments)), at.line, at.column, at.end_line) if len(arguments) == 2 else None


def _list_pairs(arguments: Arguments) -> Iterator[Entry]:
    names, values = arguments
    if isinstance(names, Sequence) and isinstance(values, Sequence):
        for name, value in zip(names.items, values.items, strict=False):
            if isinstance(name, Scalar) and (text := text_of(name)) is not None:
                yield Entry(make_text(text, name), value)


def _indent(width: str, text: str) -> str | None:
    if re.fullmatch(r"\d{1,3}", width) is None or text.count("\n") * int(width) > LONGEST_TEXT:
        return None
    return text.replace("\n", f"\n{' ' * int(width)}")


def _count(arguments: Arguments, at: Scalar) -> Node | None:
    """`length`; of a list with a part that is not known, neither is its length."""
    found = arguments[0] if len(arguments) == 1 else None
    if isinstance(found, Sequence):
        return None if any(map(is_open, found.items)) else make_text(len(found.items), at)
    if isinstance(found, Mapping):
        return None if any(is_open(entry.key) for entry in found.entries) else make_text(len(found.entries), at)
    text = text_of(found) if found is not None else None
    return None if text is None else make_text(len(text), at)


def _contains(arguments: Arguments, at: Scalar) -> Node | None:
    wanted = text_of(arguments[1]) if len(arguments) == 2 else None
    if wanted is None or not isinstance(arguments[0], Sequence):
        return None
    texts = [text_of(each) for each in arguments[0].items]
    return make_text(True, at) if wanted in texts else None if None in texts else make_text(False, at)


def _test(check: Callable[[str, str], bool]) -> Callable[[Arguments, Scalar], Node | None]:
    def function(arguments: Arguments, at: Scalar) -> Node | None:
        texts = _texts(arguments)
        return make_text(check(*texts), at) if texts is not None and len(texts) == 2 else None

    return function


def _range(arguments: Arguments, at: Scalar) -> Node | None:
    texts = _texts(arguments)
    if texts is None or not 1 <= len(texts) <= 3 or any(re.fullmatch(r"-?\d{1,7}", each) is None for each in texts):
        return None
    numbers = [int(each) for each in texts]
    if numbers[2:] == [0]:
        return None
    made = range(*numbers)
    return make_list([make_text(each, at) for each in made], at) if len(made) <= MOST_ITEMS else None


def _slice(arguments: Arguments, at: Scalar) -> Node | None:
    texts = _texts(arguments[1:])
    is_list = len(arguments) == 3 and isinstance(arguments[0], Sequence)
    if not is_list or texts is None or any(re.fullmatch(r"\d{1,6}", each) is None for each in texts):
        return None
    assert isinstance(arguments[0], Sequence)
    return make_list(arguments[0].items[int(texts[0]) : int(texts[1])], at)


def _format_list(arguments: Arguments, at: Scalar) -> Node | None:
    """`formatlist`: the pattern once for each item of the lists."""
    lists = [each for each in arguments[1:] if isinstance(each, Sequence)]
    count = max((len(each.items) for each in lists), default=1)
    made: list[Node] = []
    for number in range(min(count, MOST_ITEMS)):
        given = [each.items[number] if isinstance(each, Sequence) and number < len(each.items) else each for each in arguments]
        text = _format(given, at)
        if text is None:
            return None
        made.append(text)
    return make_list(made, at)


def _combine(arguments: Arguments, at: Scalar) -> Node | None:
    """`setproduct`: every combination of one item of each list."""
    rows: list[list[Node]] = [[]]
    for each in arguments:
        if not isinstance(each, Sequence) or len(rows) * len(each.items) > MOST_ITEMS:
            return None
        rows = [[*row, item] for row in rows for item in each.items]
    return make_list([make_list(row, at) for row in rows], at)


def _choose_items(*, keeps: bool) -> Callable[[Arguments, Scalar], Node | None]:
    """`setintersection` and `setsubtract` of two known lists of texts."""

    def function(arguments: Arguments, at: Scalar) -> Node | None:
        if len(arguments) != 2 or not all(isinstance(each, Sequence) for each in arguments):
            return None
        first, second = (_list_texts(each) for each in arguments)
        if first is None or second is None:
            return None
        assert isinstance(arguments[0], Sequence)
        found = [item for item, text in zip(arguments[0].items, first, strict=True) if (text in second) is keeps]
        return make_list(found, at)

    return function


def _list_texts(node: Node) -> list[str] | None:
    return _texts(node.items) if isinstance(node, Sequence) else None


_FUNCTIONS: dict[str, Callable[[Arguments, Scalar], Node | None]] = {
    "lower": _on_text(str.lower), "upper": _on_text(str.upper), "title": _on_text(_title),
    "trimspace": _trim_space, "chomp": _trim_space,
    "strrev": _on_text(lambda text: text[::-1]),
    "trim": _on_text(lambda text, marks: text.strip(marks), 2, 2), "trimprefix": _on_text(str.removeprefix, 2, 2),
    "trimsuffix": _on_text(str.removesuffix, 2, 2), "replace": _on_text(_replace, 3, 3), "substr": _on_text(_substr, 3, 3),
    "tostring": _on_text(str), "base64decode": _on_text(_decode),
    "base64encode": _on_text(lambda text: base64.b64encode(text.encode()).decode()),
    "format": _format, "join": _join, "split": _split, "concat": _concat, "setunion": _concat, "flatten": _flatten,
    "merge": _merge, "coalesce": _choose_first, "try": _choose_first, "lookup": _lookup, "element": _element,
    "reverse": _reverse, "sort": _pass_on, "compact": _keep_some, "distinct": _keep_some, "one": _one,
    "indent": _on_text(_indent, 2, 2), "startswith": _test(str.startswith), "endswith": _test(str.endswith),
    "strcontains": _test(lambda text, part: part in text), "length": _count, "contains": _contains, "range": _range,
    "slice": _slice, "formatlist": _format_list, "setproduct": _combine,
    "setintersection": _choose_items(keeps=True), "setsubtract": _choose_items(keeps=False),
    "coalescelist": _choose_first, "keys": _keys, "values": _values, "zipmap": _zipmap,
    **dict.fromkeys(("tolist", "toset", "tomap", "sensitive", "nonsensitive", "jsonencode", "yamlencode"), _pass_on),
}  # fmt: skip
