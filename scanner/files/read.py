"""Reads a file: finds its format and gives its bytes as a tree. Never raises, for any bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.files.encodings import declared_encoding, encoding_of
from scanner.files.formats import CODE
from scanner.files.limits import LARGEST_CODE, LARGEST_FILE, Refused
from scanner.files.tree import Fault, Format, InlineWaiver, Node, Parsed, Unparsed

if TYPE_CHECKING:
    from scanner.files.template_masks import Masked

TOO_LARGE = f"it is larger than {LARGEST_FILE // 1024 // 1024} MiB"
# the other formats need no masks: a template action is ordinary text in them
_MASKABLE = frozenset({"yaml", "json", "hcl", "toml", "erlang", "hocon"})
# one of these is in every template
_MARKS = ("{{", "{%", "{#", "@", "[#", "[/", "%{")


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
    if format_ == "json" and not mark and encoding != "utf-8":
        faults = [Fault("byte-order-mark", f"the file is not UTF-8, but {encoding}", 1, 1)]
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
    if may_mask and any(mark in text for mark in _MARKS):
        from scanner.files.template_reading import read_template

        return read_template(text, format_, faults, _trees)
    documents, found = _trees(text, format_, None)
    return Parsed(format_, documents, (*faults, *found), find_waivers(text, documents), text=text)


# as people write it; a comment that is meant as a waiver and is none is told
_OUR_NAMES = ("jwksgov", "Jwksgov", "JwksGov", "JWKSGOV")


def find_waivers(text: str, documents: tuple[Node, ...]) -> tuple[InlineWaiver, ...]:
    """The waivers in the comments of a text."""
    if not any(name in text for name in _OUR_NAMES):
        return ()
    from scanner.files.inline_waivers import find_waivers as find_in_comments

    return find_in_comments(text, documents)


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
    elif format_ == "hocon":
        from scanner.files.hocon_reader import read_hocon

        node, faults = read_hocon(text, unmask)
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
    if format_ in CODE:
        from scanner.files.code import read as code

        if len(text) > LARGEST_CODE:
            raise Refused(f"it is larger than {LARGEST_CODE // 1024} KiB")
        readers = {"python": code.read_python, "javascript": code.read_javascript, "ruby": code.read_ruby}
        return (readers[format_](text),), ()
    if format_ == "bicep":
        from scanner.files.bicep_reader import read_bicep

        node, faults = read_bicep(text)
    elif format_ == "ini":
        from scanner.files.ini_reader import read_ini

        node, faults = read_ini(text)
    elif format_ == "env":
        from scanner.files.env_reader import read_env

        node, faults = read_env(text)
    elif format_ == "directives":
        from scanner.files.directives_reader import read_directives

        node, faults = read_directives(text)
    elif format_ == "nginx":
        from scanner.files.directives_reader import read_nginx

        node, faults = read_nginx(text)
    else:
        from scanner.files.xml_reader import read_xml

        node, faults = read_xml(text)
    return (node,), faults
