"""A place of a text that names a product, and the version that it gives."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.pack.versions import EVERY_VERSION, VersionSpan, read_version, span_of, span_of_constraint
from scanner.record import record

# of one name in one file; a text that repeats a name says nothing new after these
MOST_MENTIONS = 64
# characters of a version; a longer text is none
_LONGEST = 100
# before the version in tags of widely used images
_TAG_WORDS = ("distroless-", "contrib-", "tools-", "debug-", "release-", "version-", "server-", "release.", "v.")


@record(slots=True)
class Mention:
    """`text`: the version as written; `span`: the versions that this may be, None where the product is named without one
    (`latest`, a digest): then nothing else is asked. `offset`: of the text in its file. `by`: what names it, in words.
    `is_exact`: it says what runs, not only what may. `is_left_out`: the tag is left to somebody else, as to a chart.
    """

    text: str
    span: VersionSpan | None
    offset: int
    by: str
    is_exact: bool = True
    is_left_out: bool = False


def find_all(data: bytes, word: bytes) -> Iterator[int]:
    """Where a word begins, the first few dozen times."""
    at, left = data.find(word), MOST_MENTIONS
    while at >= 0 and left:
        yield at
        left -= 1
        at = data.find(word, at + len(word))


def line_at(data: bytes, offset: int) -> int:
    """The line of a place, from 1 on."""
    return data.count(b"\n", 0, offset) + 1


def decode(text: bytes) -> str:
    """A short piece of a file as text."""
    return text.decode("utf-8", "replace").strip()


def make_exact(text: bytes, offset: int, by: str) -> Mention | None:
    """The mention of a version that is written as it runs; None where that is no version."""
    written = decode(text)
    numbers = read_version(_without_epoch(written)) if len(written) <= _LONGEST else None
    return Mention(written, span_of(numbers), offset, by) if numbers is not None else None


def make_tag(text: bytes, offset: int, by: str) -> Mention:
    """The mention of an image by its tag; without a version where the tag is a name (`latest`)."""
    written = decode(text)
    lower = written.lower()
    bare = next((lower.removeprefix(word) for word in _TAG_WORDS if lower.startswith(word)), lower)
    numbers = read_version(bare) if len(written) <= _LONGEST else None
    return Mention(written, span_of(numbers) if numbers is not None else None, offset, by)


def make_allowed(text: bytes, offset: int, by: str) -> Mention | None:
    """The mention of a constraint: exact where it allows one version only (`==2.4.0`); None where it allows every version."""
    written = decode(text)
    if len(written) > _LONGEST:
        return None
    numbers = read_version(written.lstrip("=").strip()) if written.startswith("==") else None
    if numbers is not None and not any(mark in written for mark in ",|*"):
        return Mention(written.lstrip("= "), span_of(numbers), offset, by)
    span = span_of_constraint(written)
    return Mention(written, span, offset, by, is_exact=False) if span is not None and span != EVERY_VERSION else None


def make_range(text: bytes, offset: int, by: str) -> Mention | None:
    """The mention of a version of Maven or NuGet: `1.2.3` as it is written, `[1.0,2.0)` a range, `[1.2]` one version."""
    written = decode(text)
    if written[:1] not in "[(":
        floats = "*" in written or written.endswith("+")
        return make_allowed(text.replace(b"+", b"*"), offset, by) if floats else make_exact(text, offset, by)
    first, comma, last = written[1:].rstrip("])").partition(",")
    if not comma:
        return make_exact(first.encode(), offset, by)
    low, end = read_version(first), read_version(last)
    if len(written) > _LONGEST or (low is None and end is None):
        return None
    until = None if end is None else span_of(end).below if written.endswith("]") else span_of(end).low
    return Mention(written, VersionSpan(span_of(low).low if low is not None else (), until), offset, by, is_exact=False)


def _without_epoch(text: str) -> str:
    """A Debian version without its epoch (`1:2.4.16-1`)."""
    epoch, colon, rest = text.partition(":")
    return rest if colon and epoch.isdecimal() else text
