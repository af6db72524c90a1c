r"""Names that are spelt without an honest use: an escape for a plain letter (`"k\u0069nd"`), base64, a line end in the middle
of a word, an invisible character.

A parser sees the same name, and a reader or a search does not. Values are left out, but for those that say what an object is:
tools escape letters in values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.evidence.model import Binding
from scanner.files.align import Lines
from scanner.files.tree import Mapping, Node, Parsed, Scalar, list_nodes
from scanner.patterns import lazy_pattern
from scanner.record import changed

_SIGNS = ("\\", "!", "&#")
# formats in which a name may be spelt in two ways, and whose places are those of the written text
_FORMATS = frozenset({"yaml", "json", "toml", "hcl", "properties"})
_IDENTITIES = frozenset({"kind", "apiVersion"})
# what is written for a name, up to its end: quoted, or up to a blank or a separator
_QUOTED = lazy_pattern(r'"(?:[^"\\]|\\[\s\S])*+"')
_PLAIN = lazy_pattern(r"(?:\\(?:\r\n?|\n)[ \t\f]*+|\\.|[^\s:=\\])++")
_ESCAPED = lazy_pattern(
    r"\\(?:u+00|U000000|x|u\{0*)(?:2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9Aa])|\\(?:\r\n?|\n)[ \t\f]*+\w"
)
# in properties a backslash before such a letter says nothing
_DROPPED = lazy_pattern(r"\\[A-Za-eg-mo-qsv-z0-9_.-]")
_BINARY = lazy_pattern(r"!(?:!|<tag:yaml\.org,2002:|[\w-]*!)binary")
# a plain letter as a reference, in the XML form of properties
_REFERRED = lazy_pattern(
    r"[\"']?[^\"'<>]*?&#(?:[xX]0{0,20}(?:2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9Aa])"
    r"|0{0,20}(?:4[56]|4[89]|5[0-7]|6[5-9]|[78][0-9]|90|95|9[7-9]|1[01][0-9]|12[0-2]));"
)
# characters that are shown as nothing (Unicode's Default_Ignorable_Code_Point) between plain ones or at an end; other scripts
# and emoji join and divide letters with some of them
_INVISIBLE = lazy_pattern(
    r"(?<![^ -~])[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\U000e0000-\U000e0fff]++(?![^ -~])"
)
_MOST = 5
# of characters between the place of a string and its first word: a sign of a block, a comment, an indent
_MOST_BEFORE = 200


def may_have_odd_names(text: str) -> bool:
    """Whether there is a sign of such a spelling in the text."""
    return not text.isascii() or any(sign in text for sign in _SIGNS)


def mark_odd_names(parsed: Parsed, bindings: Iterable[Binding]) -> Iterator[Binding]:
    """The bindings of a file, each with the odd names of its document."""
    return _mark(bindings, tuple(_find_odd_names(parsed, Lines(parsed.text))))


def mark_odd_names_inside(inner: Parsed, string: Scalar, outer: Lines, bindings: Iterable[Binding]) -> Iterator[Binding]:
    """The bindings of a document in a string, whose places are those of the file around it. Only a string that stands there as
    it is (a block of YAML, a heredoc) shows how its names are spelt.
    """
    at = outer.offset(string.line, string.column)
    first = inner.text.strip().split("\n", 1)[0].strip()
    stands_plain = outer.text[at : at + 1] not in "\"'" and first in outer.text[at : at + len(first) + _MOST_BEFORE]
    return _mark(bindings, tuple(_find_odd_names(inner, outer)) if stands_plain else ())


def _mark(bindings: Iterable[Binding], odd: tuple[tuple[int, int, tuple[str, ...]], ...]) -> Iterator[Binding]:
    for binding in bindings:
        names = next((names for first, last, names in odd if first <= binding.spot.line <= last), ())
        yield changed(binding, odd_names=(*binding.odd_names, *names)[:_MOST]) if names else binding


def _find_odd_names(parsed: Parsed, lines: Lines) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """For each document with such names: its first and last line, and the first of them, each with its line."""
    if parsed.format not in _FORMATS:
        return
    # Java's properties may be XML
    is_xml = parsed.format == "properties" and lines.text.lstrip().startswith("<")
    for node in parsed.documents:
        found = []
        for scalar in _list_names(node):
            if _is_odd(lines, scalar, "xml" if is_xml else parsed.format):
                found.append(f"`{scalar.text[:80]}` in line {scalar.line}")
                if len(found) == _MOST:
                    break
        if found:
            yield node.line, max(node.end_line, node.line), tuple(found)


def _list_names(node: Node) -> Iterator[Scalar]:
    """The names of a tree in order, and the values that say what an object is."""
    for each in list_nodes(node):
        for entry in each.entries if isinstance(each, Mapping) else ():
            yield entry.key
            if entry.key.text in _IDENTITIES and isinstance(entry.value, Scalar):
                yield entry.value


def _is_odd(lines: Lines, scalar: Scalar, format_: str) -> bool:
    if not scalar.text.isascii() and _INVISIBLE.search(scalar.text):
        return True
    at = lines.offset(scalar.line, scalar.column)
    if lines.text.startswith(scalar.text, at) or lines.text.startswith(scalar.text, at + 1):
        return False  # as it is read
    if format_ == "yaml" and _BINARY.match(lines.text, at):
        return True
    if format_ == "xml":
        return _REFERRED.match(lines.text, at) is not None
    if format_ == "properties":
        written = _PLAIN.match(lines.text, at)
        return written is not None and (_ESCAPED.search(written[0]) or _DROPPED.search(written[0])) is not None
    written = _QUOTED.match(lines.text, at)
    return written is not None and _ESCAPED.search(written[0]) is not None
