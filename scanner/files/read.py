"""Reads a file: finds its format and gives its bytes as a tree. Never raises, for any bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.files.encodings import declared_encoding, encoding_of
from scanner.files.limits import LARGEST_FILE, Refused
from scanner.files.tree import Fault, Format, InlineWaiver, Node, Parsed, Unparsed

if TYPE_CHECKING:
    from scanner.files.template_masks import Masked

TOO_LARGE = f"it is larger than {LARGEST_FILE // 1024 // 1024} MiB"
# the other formats need no masks: a template action is ordinary text in them
_MASKABLE = frozenset({"yaml", "json", "hcl", "toml", "erlang"})


def read(data: bytes, format_: Format, *, templates: bool = True) -> Parsed | Unparsed:
    """The bytes as trees, or the reason why not. `templates=False`: the file is known not to be a template."""
    if len(data) > LARGEST_FILE:
        return Unparsed(TOO_LARGE)
    try:
        text, faults = _decode(data, format_)
        return _read(text, format_, faults, templates and format_ in _MASKABLE)
    except Refused as refused:
        return Unparsed(refused.because, refused.line, refused.column)


def read_text(text: str, format_: Format) -> Parsed | Unparsed:
    """Text as trees, or the reason why not, for example a string of another file."""
    try:
        return _read(text, format_, [], format_ in _MASKABLE)
    except Refused as refused:
        return Unparsed(refused.because, refused.line, refused.column)


def _decode(data: bytes, format_: Format) -> tuple[str, list[Fault]]:
    """The text, and the faults of its encoding under RFC 8259 §8.1."""
    mark, encoding = encoding_of(data)
    faults = [Fault("byte-order-mark", f"the file begins with a byte order mark ({encoding})", 1, 1)] if mark else []
    if format_ == "xml" and encoding == "utf-8":
        encoding = declared_encoding(data) or encoding
    return _text(data[len(mark) :], encoding, format_), faults


def _text(data: bytes, encoding: str, format_: Format) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        return data.decode("utf-8", "replace")
    except UnicodeDecodeError as error:
        if format_ == "properties" and encoding == "utf-8":
            return data.decode("latin-1")  # as Java reads these files
        if format_ != "json" and encoding == "utf-8" and b"\0" not in data:
            return data.decode(encoding, "replace")  # one odd octet in a comment must not hide the rest
        raise Refused(f"it is not {encoding.upper()} text", data[: error.start].count(b"\n") + 1) from None


def _read(text: str, format_: Format, faults: list[Fault], may_mask: bool) -> Parsed:
    masked = _mask_text(text, format_, only_if_needed=True) if may_mask else None
    try:
        documents, found = _trees(text, format_, masked)
    except Refused:
        masked = _mask_text(text, format_, only_if_needed=False) if masked is None and may_mask else None
        if masked is None:
            raise
        documents, found = _trees(text, format_, masked)
    return Parsed(format_, documents, (*faults, *found), _waivers(text, documents), masked is not None, text)


def _mask_text(text: str, format_: Format, *, only_if_needed: bool) -> Masked | None:
    """The text masked; with `only_if_needed` None where it can be parsed unchanged, as most files can."""
    if only_if_needed and not any(mark in text for mark in ("{{", "{%", "@")):
        return None
    from scanner.files.template_masks import mask, needs_mask

    if only_if_needed and not needs_mask(text):
        return None
    return mask(text, word="1" if format_ in ("json", "toml") else "x")  # bare words are not values there


def _waivers(text: str, documents: tuple[Node, ...]) -> tuple[InlineWaiver, ...]:
    if "jwksgov:" not in text:
        return ()
    from scanner.files.inline_waivers import find_waivers

    return find_waivers(text, documents)


def _trees(text: str, format_: Format, masked: Masked | None) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The trees of a text. Each format's reader is imported at first use: a hook on one file needs one."""
    text, unmask = (masked.text, masked.unmask) if masked else (text, None)
    if format_ == "yaml":
        from scanner.files.yaml_reader import read_yaml

        return read_yaml(text, unmask)
    if format_ == "json":
        from scanner.files.json_reader import read_json_stream

        return read_json_stream(text, unmask)
    if format_ == "hcl":
        from scanner.files.hcl_reader import read_hcl

        node, faults = read_hcl(text, unmask)
    elif format_ == "toml":
        from scanner.files.toml_reader import read_toml

        node, faults = read_toml(text, unmask)
    elif format_ == "erlang":
        from scanner.files.erlang_reader import read_erlang

        return read_erlang(text, unmask)
    else:
        return _list_unmasked_formats(text, format_)
    return (node,), faults


def _list_unmasked_formats(text: str, format_: Format) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The formats in which a template action is ordinary text."""
    if format_ == "properties":
        from scanner.files.properties_reader import read_properties

        return read_properties(text)
    if format_ == "jaas":
        from scanner.files.jaas_reader import read_jaas

        return read_jaas(text)
    if format_ == "flags":
        from scanner.files.flags_reader import read_flags

        return read_flags(text)
    if format_ == "ini":
        from scanner.files.ini_reader import read_ini

        node, faults = read_ini(text)
    elif format_ == "env":
        from scanner.files.env_reader import read_env

        node, faults = read_env(text)
    elif format_ == "directives":
        from scanner.files.directives_reader import read_directives

        node, faults = read_directives(text)
    else:
        from scanner.files.xml_reader import read_xml

        node, faults = read_xml(text)
    return (node,), faults
