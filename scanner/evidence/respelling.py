r"""Other spellings of a text: what its parser sees where the bytes say something else (`\u006awt`, `!!binary and0`).

Recognition searches bytes. A cheap test finds the few files with a spelling that yields letters of a name; of these `spell_out`
gives a second text to search, in which all such spellings are undone, whatever the format. It has more than any one parser
sees, so it decides only whether a file is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from scanner.evidence.bindings.signs import UNKNOWN, Look, SignGroup
from scanner.files.encodings import as_utf8
from scanner.files.tree import Mapping, Parsed, Scalar, list_nodes
from scanner.patterns import lazy_pattern
from scanner.record import record

# `\u0041`, `\x41`, `\U00000041`, `\u{41}`, `\101` of letters, digits and `-_.`; not the `\u003c` of HTML in JSON
_HEX_OF_NAMES = rb"(?:2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9Aa])"
_ESCAPED = lazy_pattern(rb"\\(?:(?:u{1,20}00|U000000|x|[ux]\{0{0,4})" + _HEX_OF_NAMES + rb"|1[0-7]{2})")
# a backslash at the end of a line, which joins the next one (inside a word it is no layout); a backslash before a letter in the
# name of a setting (`\jwt.x=`), which properties drop
_DROPPED = lazy_pattern(rb"\\(?:(?<!\s\\)(?:\r\n?|\n)[ \t\f]*+[\w.\\-]|[A-Za-eg-mo-qsv-z_.-][\w.-]*+(?:[ \t]*+[=:]|[ \t\f]))")
_ESCAPE = lazy_pattern(rb"\\(?:(?:u{1,20}00|U000000|x|[ux]\{0{0,4})([2-7][0-9A-Fa-f])\}?|(1[0-7]{2}))")
_JOIN = lazy_pattern(rb"\\(?:\r\n?|\n)[ \t\f]*+")
# quotes or backslashes inside the name of an option or a variable: `--oidc-'issuer'-url`, `export GF_"AUTH"_JWT`
_QUOTED_OPTION = lazy_pattern(rb"--(?<![\w-]--)[\w-]*+[\"'\\]{1,9}[\w-]")
_QUOTED_DASH = lazy_pattern(rb"-[\"'\\]{1,9}-(?=[\w\"'\\])")
_QUOTED_VARIABLE = lazy_pattern(rb"\b(?:export|env)[ \t]+\w++[\"'\\]|\b(?:export|env)[ \t]+[\"'\\]{1,9}\w++[\"'\\]{1,9}\w")
_REFERENCES = lazy_pattern(
    rb"&#(?:[xX]0{0,20}" + _HEX_OF_NAMES + rb"|0{0,20}(?:4[56]|4[89]|5[0-7]|6[5-9]|[78][0-9]|90|95|9[7-9]|1[01][0-9]|12[0-2]));"
)
_REFERENCE = lazy_pattern(rb"&(?:amp;)?#(?:[xX]0{0,20}([2-7][0-9A-Fa-f])|0{0,20}(1?[0-9]{2}));")
_SPLIT = lazy_pattern(rb"<(?:!(?:--(?<=[\w.-]<!--)|\[CDATA\[(?<=[\w.-]<!\[CDATA\[)|ENTITY\s)|\?(?<=[\w.-]<\?))")
_ENTITY = lazy_pattern(rb"<!ENTITY\s++([\w.:-]++)\s++(?:\"([^\"]{0,4096})\"|'([^']{0,4096})')")
_ENTITY_USE = lazy_pattern(rb"&([A-Za-z_][\w.:-]*+);")
_MOST_ENTITY_TEXT = 2 * 1024 * 1024
_DEEPEST_ENTITY = 4
# YAML's tag for base64, also through a handle of `%TAG` or with an escaped letter
_TAGGED = lazy_pattern(rb"!(?<![^\s\[{,:?-]!)[^\s%]{0,80}?(?:binary|%[0-9A-Fa-f]{2})")
# the values of these are whole files in base64
_ENCODED = lazy_pattern(rb"binaryData|\bb(?:ase)?64(?:decode\b|\b(?!-))|decodebase64")
_SECRET = lazy_pattern(rb"kind[\"']?[ \t]*+:[ \t]*+[\"']?Secret\b")
_WRAPPED = lazy_pattern(rb"[A-Za-z0-9+/_-]{16,}+(?:\s++[A-Za-z0-9+/_-]{4,}+(?![\w.:=\"']))*+")


@record
class Respelled:
    """The text with its spellings undone, in lower case, and whether only the parsed tree tells what it says."""

    text: bytes
    needs_tree: bool = False


def spell_out(data: bytes, look: Look = UNKNOWN, *, tells: bool = True) -> Respelled | None:
    """The other text that UTF-8 bytes may mean to a parser; None for ordinary bytes, which mean what they say. `look`: the
    signs in them, where they were looked for; `tells`: whether these make the file relevant. That search leaves out quotes and
    backslashes, so words that have some are not looked for where it found nothing.
    """
    groups = look.groups
    needs_tree = "tag" in groups and (b"%TAG" in data or _TAGGED.search(data) is not None)
    may_differ = needs_tree or _is_wrapped(data, groups) or _has_escapes(data, look)
    if not may_differ and not ((look.has_keywords or tells) and _has_split_name(data)):
        return None
    text = _undo(data)
    return Respelled(b"\n".join((text, *_unwrap(data), *_unwrap(text))).lower(), needs_tree)


def add_spelling(lower: bytes, respelled: Respelled | None) -> bytes:
    """The lower-case text to search: what the bytes say, then what they may mean."""
    return lower if respelled is None else b"%b\n%b" % (lower, respelled.text)


def texts_of(parsed: Parsed) -> bytes:
    """Every key and value of the trees, as their parser sees them, in lower case."""
    found: list[str] = []
    for node in list_nodes(*parsed.documents):
        if isinstance(node, Scalar):
            found.append(node.text)
        elif isinstance(node, Mapping):
            found += node.names()
    return "\n".join(found).lower().encode("utf-8", "surrogatepass")


def _is_wrapped(data: bytes, groups: Set[SignGroup]) -> bool:
    """Whether some value may be a whole file in base64."""
    if "encoded" in groups and _ENCODED.search(data):
        return True
    return "secret" in groups and b"Secret" in data and _SECRET.search(data) is not None


def _has_escapes(data: bytes, look: Look) -> bool:
    """Whether some letter of a name is an escape or a reference, or something of XML is in the middle of a name."""
    if look.may_escape and b"\\" in data and _ESCAPED.search(data):
        return True
    groups = look.groups
    if "reference" in groups and _REFERENCES.search(data):
        return True
    return "markup" in groups and _SPLIT.search(data) is not None


def _has_split_name(data: bytes) -> bool:
    """Whether quotes, a dropped backslash or the end of a line is in the middle of a name."""
    if b"\\" in data and _DROPPED.search(data):
        return True
    if b"--" in data and (_QUOTED_OPTION.search(data) or _QUOTED_DASH.search(data)):
        return True
    return (b"export" in data or b"env" in data) and _QUOTED_VARIABLE.search(data) is not None


def _may_wrap(data: bytes) -> bool:
    return b"binaryData" in data or b"Secret" in data or b"b64" in data or b"base64" in data


def _undo(data: bytes) -> bytes:
    """The text without escapes, references, comments and quotes."""
    text = data
    if b"&" in text or b"<" in text:
        text = _expand_entities(_REFERENCE.sub(_read_reference, text))
        for start, end in ((b"<!--", b"-->"), (b"<?", b"?>")):
            text = _drop_between(text, start, end)
        text = text.replace(b"<![CDATA[", b"").replace(b"]]>", b"")
    if b"\\" in text:
        text = _JOIN.sub(b"", _ESCAPE.sub(_read_escape, text))
    return text.translate(None, b"\\\"'")


def _read_escape(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16) if found[1] else int(found[2], 8),))


def _read_reference(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    return bytes((code,)) if 0x20 <= code < 0x7F else b" "


def _drop_between(text: bytes, start: bytes, end: bytes) -> bytes:
    """The text without its comments or instructions; one without an end has all that follows."""
    first, *others = text.split(start)
    return b"".join((first, *(each.partition(end)[2] for each in others)))


def _expand_entities(text: bytes) -> bytes:
    """The text with the entities that it declares itself; unchanged where they would grow too much."""
    known = {found[1]: found[2] or found[3] or b"" for found in _ENTITY.finditer(text)} if b"<!ENTITY" in text else {}
    for _ in range(_DEEPEST_ENTITY if known else 0):
        if sum(len(known.get(name, b"")) for name in _ENTITY_USE.findall(text)) > _MOST_ENTITY_TEXT:
            return text
        text = _ENTITY_USE.sub(lambda found: known.get(found[1], found[0]), text)
    return text


def _unwrap(text: bytes) -> Iterator[bytes]:
    """The texts in base64."""
    if not _may_wrap(text):
        return
    import base64  # few files have any
    import binascii

    for found in _WRAPPED.finditer(text):
        letters = b"".join(found[0].split()).replace(b"-", b"+").replace(b"_", b"/")
        try:
            octets = base64.b64decode(letters[: len(letters) // 4 * 4])
        except binascii.Error:
            continue
        inside = as_utf8(octets)
        if b"\0" not in inside:
            yield inside
