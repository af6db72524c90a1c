"""The door of the room: which format a file has, and its bytes as a tree. Never raises, whatever the bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scanner.files.limits import LARGEST_FILE, Refused
from scanner.files.tree import Fault, Format, InlineWaiver, Node, Parsed, Unparsed

if TYPE_CHECKING:
    from scanner.files.template_masks import Masked

# each format's reader is imported when a file of it comes: a hook on one file needs one

_ENDINGS: dict[str, Format] = {
    ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".jsonc": "json", ".jwks": "json", ".jwk": "json",
    ".properties": "properties",
}  # fmt: skip
_TEMPLATE_ENDINGS = (".tmpl", ".tpl", ".j2", ".template", ".tera", ".gotmpl")
# every ending that a file of ours may have
ENDINGS = (*_ENDINGS, *_TEMPLATE_ENDINGS)
_YAML_LINE = re.compile(rb"^(?:---|-\s+[\w.-]+:|[\w.-]+:)(?:\s|$)", re.MULTILINE)


def format_of(path: str, data: bytes) -> Format | None:
    """The format by the file's name (template endings taken off), by a look at the first KiB where the name has none."""
    name = path.rsplit("/", 1)[-1].lower()
    is_template = name.endswith(_TEMPLATE_ENDINGS)
    if is_template:
        name = name[: name.rfind(".")]
    for ending, format_ in _ENDINGS.items():
        if name.endswith(ending):
            return format_
    return _sniff(data[:1024]) if is_template or "." not in name else None


def _sniff(head: bytes) -> Format | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    # `{{` opens a template, not an object
    if start[:1] in (b"{", b"[") and start[:2] not in (b"{{", b"{%", b"{#"):
        return "json"
    return "yaml" if _YAML_LINE.search(head) else None


def read(data: bytes, format_: Format, *, templates: bool = True) -> Parsed | Unparsed:
    """The bytes as trees, or the reason why not. `templates=False`: the file is known to be no template."""
    if len(data) > LARGEST_FILE:
        return Unparsed(f"it is larger than {LARGEST_FILE // 1024 // 1024} MiB")
    try:
        text, faults = _decode(data)
        return _read(text, format_, faults, templates and format_ != "properties")
    except Refused as refused:
        return Unparsed(refused.because, refused.line, refused.column)


def read_text(text: str, format_: Format) -> Parsed | Unparsed:
    """Text as trees, or the reason why not: a string of another file, say."""
    try:
        return _read(text, format_, [], format_ != "properties")
    except Refused as refused:
        return Unparsed(refused.because, refused.line, refused.column)


def _decode(data: bytes) -> tuple[str, list[Fault]]:
    """Text and what its encoding does that RFC 8259 §8.1 forbids."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            fault = Fault("byte-order-mark", f"the file begins with a byte order mark ({encoding})", 1, 1)
            return _text(data[len(mark) :], encoding), [fault]
    return _text(data, "utf-8"), []


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(f"it is not {encoding.upper()} text", data[: error.start].count(b"\n") + 1) from None


def _read(text: str, format_: Format, faults: list[Fault], may_mask: bool) -> Parsed:
    masked = _masked(text, only_if_needed=True) if may_mask else None
    try:
        documents, found = _trees(text, format_, masked)
    except Refused:
        masked = _masked(text, only_if_needed=False) if masked is None and may_mask else None
        if masked is None:
            raise
        documents, found = _trees(text, format_, masked)
    return Parsed(format_, documents, (*faults, *found), _waivers(text, documents), masked is not None, text)


def _masked(text: str, *, only_if_needed: bool) -> Masked | None:
    """The text masked; with `only_if_needed` None where it can be parsed as it is, which most files can."""
    if only_if_needed and not any(mark in text for mark in ("{{", "{%", "@")):
        return None
    from scanner.files.template_masks import mask, needs_mask

    return mask(text) if not only_if_needed or needs_mask(text) else None


def _waivers(text: str, documents: tuple[Node, ...]) -> tuple[InlineWaiver, ...]:
    if "jwksgov:" not in text:
        return ()
    from scanner.files.inline_waivers import find_waivers

    return find_waivers(text, documents)


def _trees(text: str, format_: Format, masked: Masked | None) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    if format_ == "properties":
        from scanner.files.properties_reader import read_properties

        return read_properties(text)
    if format_ == "yaml":
        from scanner.files.yaml_reader import read_yaml

        return read_yaml(masked.text, masked.unmask) if masked else read_yaml(text)
    from scanner.files.json_reader import read_json

    node, faults = read_json(masked.text if masked else text)
    return (node,), faults
