"""Edits of the user's own YAML that leave comments, order and quotes as they are (with ruamel.yaml, only here)."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, ScalarString

from scanner.files.limits import Refused

_WIDTH = 4096  # a line that the user wrote is not folded


def append_item(text: str, name: str, item: Mapping[str, Any]) -> str:
    """`text` with `item` at the end of its top list `name`, which is added if it is missing. Refused where the text cannot be
    kept unchanged. Line ends stay.
    """
    if "\r\n" in text:
        return append_item(text.replace("\r\n", "\n"), name, item).replace("\n", "\r\n")
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        document = yaml.load(text)
    except YAMLError as error:
        raise Refused(f"it cannot be edited: {getattr(error, 'problem', None) or 'not YAML'}") from None
    if document is None:
        # only comments, which are in no document
        return _split_lines(text) + _dump_text(yaml, CommentedMap({name: _make_list([item])}))
    if not isinstance(document, CommentedMap):
        raise Refused("it cannot be edited: it is not a mapping")
    listed = document.get(name)
    if not listed:
        document[name] = _make_list([item])
    elif isinstance(listed, CommentedSeq):
        _set_indent(yaml, listed, text)
        listed.append(_make_map(item))
    else:
        raise Refused(f"it cannot be edited: `{name}` is not a list")
    return _dump_text(yaml, document)


def dump_item(item: Mapping[str, str]) -> str:
    """A new list of one mapping, its dash in the first column. Bidirectional controls in text are escaped."""
    yaml = YAML(typ="rt")
    yaml.width = _WIDTH
    yaml.allow_unicode = all(map(str.isprintable, item.values()))
    return _dump_text(yaml, _make_list([item]))


def _set_indent(yaml: YAML, listed: CommentedSeq, text: str) -> None:
    """Write lists like the user's: the dash in the column of the first one, the item in its column."""
    line, column = listed.lc.item(0)
    dash = text.split("\n")[line].find("-")
    if not listed.fa.flow_style() and 0 <= dash < column:
        yaml.indent(mapping=2, sequence=column, offset=dash)


def _make_list(items: list[Mapping[str, Any]]) -> CommentedSeq:
    made = CommentedSeq([_make_map(item) for item in items])
    made.fa.set_block_style()
    return made


def _make_map(item: Mapping[str, Any]) -> CommentedMap:
    """Members in order. Text that YAML 1.1 readers would take for a date, number or boolean gets quotes from the library; so
    does a glob, which would begin an alias.
    """
    made = CommentedMap(
        {name: _make_map(value) if isinstance(value, Mapping) else _text(value) for name, value in item.items()}
    )
    made.fa.set_block_style()
    return made


def _text(value: Any) -> Any:
    is_odd = isinstance(value, str) and not isinstance(value, ScalarString) and not value.isprintable()
    return DoubleQuotedScalarString(value) if is_odd else value


def _dump_text(yaml: YAML, document: Any) -> str:
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _split_lines(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
