"""Reads a file that may be a template: as it is wherever its parser can, else with its actions masked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.files.align import Lines
from scanner.files.limits import Refused
from scanner.files.read import find_waivers
from scanner.files.template_masks import Action, Masked, find_actions, mask, needs_mask
from scanner.files.tree import Fault, Format, HiddenText, Mapping, Node, Parsed, Scalar, Sequence

Trees = Callable[[str, Format, "Masked | None"], "tuple[tuple[Node, ...], tuple[Fault, ...]]"]
# in these a value that begins with an action is another value, not an error
_TAKES_ACTIONS = frozenset({"yaml", "erlang"})
_BROKEN = "unparsed-document"


def read_template(text: str, format_: Format, faults: list[Fault], trees: Trees) -> Parsed:
    """The text as trees; Refused where it cannot be read in any way. The first way that reads all of it counts, else the one
    that reads most.
    """
    best: tuple[Masked | None, tuple[Node, ...], tuple[Fault, ...]] | None = None
    refused: Refused | None = None
    for masked in _list_ways(text, format_, trees):
        try:
            documents, found = trees(text, format_, masked)
        except Refused as error:
            refused = refused or error
            continue
        if best is None or _count_broken(found) < _count_broken(best[2]):
            best = masked, documents, found
        if not _count_broken(found):
            break
    if best is None:
        assert refused is not None
        raise refused
    masked, documents, found = best
    waivers = find_waivers(text, documents)
    hidden = tuple(_list_hidden(text, masked)) if masked is not None else ()
    return Parsed(format_, documents, (*faults, *found), waivers, masked is not None, text, hidden)


def _list_ways(text: str, format_: Format, trees: Trees) -> Iterator[Masked | None]:
    """The masks to try, None for none: each is made only where those before it did not do."""
    word = "1" if format_ in ("json", "toml") else "x"  # bare words are not values there
    actions = find_actions(text)
    if format_ == "yaml" and any("\n" in text[each.start : each.end] for each in actions):
        actions = list(_drop_live_text(text, actions, trees))
    strict = mask(text, actions, word=word)
    if strict is None or format_ not in _TAKES_ACTIONS or not needs_mask(text, actions):
        yield None
    if strict is not None:
        yield strict
    doubtful = find_actions(text, strict=False)
    if len(doubtful) != len(actions) or any(each.is_doubtful for each in doubtful):
        yield mask(text, doubtful, word=word)


def _drop_live_text(text: str, actions: list[Action], trees: Trees) -> Iterator[Action]:
    """The actions without those over several lines of documents that are no templates: every document that they touch can be
    read as it is, by readers that know no templates.
    """
    from scanner.files.yaml_reader import split_documents

    edges = [(start, start + len(part)) for start, _, part in split_documents(text)]
    is_plain: dict[int, bool] = {}
    for action in actions:
        touched = [start for start, end in edges if start < action.end and action.start < end]
        if "\n" in text[action.start : action.end]:
            for start, end in edges:
                if start in touched and start not in is_plain:
                    is_plain[start] = _is_plain(text[start:end], trees)
            if all(is_plain[start] for start in touched):
                continue
        yield action


def _is_plain(document: str, trees: Trees) -> bool:
    """Whether a document can be read as it is, and has no key that is a collection, as `{{ x }}` is."""
    try:
        nodes, faults = trees(document, "yaml", None)
    except Refused:
        return False
    return not faults and not any(map(_has_collection_key, nodes))


def _has_collection_key(node: Node) -> bool:
    waiting: list[Node] = [node]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            if any(entry.key.value is None and not entry.key.text and not entry.key.is_quoted for entry in node.entries):
                return True
            waiting += (entry.value for entry in node.entries)
    return False


def _count_broken(faults: tuple[Fault, ...]) -> int:
    return sum(fault.kind == _BROKEN for fault in faults)


def _list_hidden(text: str, masked: Masked) -> Iterator[HiddenText]:
    lines = Lines(text) if masked.hidden else None
    for offset, hidden in masked.hidden:
        assert lines is not None
        yield HiddenText(hidden, *lines.place(offset))
