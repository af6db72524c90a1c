"""Container images in any text: `name:tag` in one word, or a name and a tag on lines of their own."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Sequence

from scanner.evidence.versions.mention import MOST_MENTIONS, Mention, decode, make_allowed, make_tag
from scanner.patterns import lazy_pattern
from scanner.record import record

# a name with its registry, tag and digest has at most so many characters
_LONGEST = 300
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:@${}-")
_NAME_KEY = lazy_pattern(rb"(?:[\w-]{0,40}_?(?:repository|repo|image|name|newname))[\"']?\s{0,4}[:=]\s{0,4}[\"']?\Z", 2)
_TAG_KEY = lazy_pattern(rb"[\"']?(?:tag|newtag|version|image_?tag)[\"']?\s{0,4}[:=]\s{0,4}[\"']?([^\"'\s#,]{0,100})", 2)
_CHART_KEY = lazy_pattern(rb"(?:- )?[\"']?(?:chart|name)[\"']?\s{0,20}[:=]\s{0,20}[\"']?", 2)
_CHART_VERSION = lazy_pattern(rb"[\"']?(?:version|targetrevision)[\"']?\s{0,20}[:=]\s{0,20}[\"']?([^\"'\s#,]{0,100})", 2)
_VARIABLE = lazy_pattern(r"\$\{?([A-Za-z_]\w{0,80})(?::?-([^}$]{0,80}))?\}?")
# what may stand before and after the name of an image
_BEFORE = (b"", b" ", b"\t", b"\n", b'"', b"'", b"/", b"=", b":")
_AFTER = (b"", b" ", b"\t", b"\n", b"\r", b'"', b"'", b":", b"@", b",", b"}", b"]", b"#", b";")
_COMMENTS = (b"#", b"//", b"*")
# lines around a name in which its tag may stand
_NEAR = 8
Lookup = Callable[[str], "str | None"]


def know_nothing(_: str) -> str | None:
    """Where no variable has a value."""
    return None


@record(slots=True)
class Image:
    """The parts of a reference to an image; the name is without the registry."""

    name: str
    tag: str | None
    has_digest: bool


def find_images(data: bytes, globs: Sequence[str], by: str = "image", lookup: Lookup = know_nothing) -> Iterator[Mention]:
    """The mentions of the images whose names (without registry and tag) are like one of `globs`. A tag with a variable that
    `lookup` does not know says nothing.
    """
    seen: set[int] = set()
    for glob in globs:
        for at in _find_likely(data, glob):
            start, end = _find_word(data, at)
            if start in seen:
                continue
            seen.add(start)
            mention = _read(data, start, end, globs, by, lookup)
            if mention is not None:
                yield mention


def _find_likely(data: bytes, glob: str) -> Iterator[int]:
    """Where a name like the glob may stand: the places of its longest part, without those that go on as another word. A name as
    `envoy` stands a thousand times in its own configuration, and once as an image.
    """
    parts = glob.replace("?", "*").replace("[", "*").split("*")
    part = max(parts, key=len)
    word = part.strip("/").encode()
    is_last, is_first = part is parts[-1], part is parts[0] or part.startswith("/")
    at, left = data.find(word) if len(word) > 1 else -1, MOST_MENTIONS
    while at >= 0 and left:
        after, before = data[at + len(word) : at + len(word) + 1], data[at - 1 : at] if at else b""
        if (not is_last or after in _AFTER) and (not is_first or before in _BEFORE):
            left -= 1
            yield at
        at = data.find(word, at + len(word))


def _find_word(data: bytes, at: int) -> tuple[int, int]:
    """The word around a place."""
    start, end = at, at
    while start > 0 and at - start < _LONGEST and data[start - 1] in _WORD:
        start -= 1
    while end < len(data) and end - at < _LONGEST and data[end] in _WORD:
        end += 1
    return start, end


def _read(data: bytes, start: int, end: int, globs: Sequence[str], by: str, lookup: Lookup) -> Mention | None:
    line = data.rfind(b"\n", max(start - 2 * _LONGEST, 0), start) + 1
    before = data[max(line, start - 2 * _LONGEST) : start]
    word = decode(data[start:end])
    if before.lstrip().startswith(_COMMENTS) or "//" in word:
        return None
    image = parse_image(word.rstrip(":/.-"))
    if not is_one_of(image.name, globs):
        return None
    if image.tag is None and not image.has_digest and _NAME_KEY.search(before):
        near = _find_tag_near(data, start, by, lookup)
        if near is not None:
            return near
    if image.tag is None:
        # a plain word elsewhere is no image; after `image:` and `FROM` it is the newest one
        is_image = image.has_digest or before.rstrip(b" \t\"'").lower().endswith((b"image:", b"from", b'image":', b"image ="))
        return Mention("", None, start, by) if is_image else None
    tag = fill_in(image.tag, lookup)
    return make_tag(tag.encode(), start, by) if tag is not None else None


def parse_image(word: str) -> Image:
    """The parts of a reference to an image."""
    rest, digest, _ = word.partition("@")
    slash = rest.rfind("/")
    # the mark in `${TAG:-1.2}` begins no tag
    colon = rest.find(":", slash + 1)
    name, tag = (rest[:colon], rest[colon + 1 :]) if colon >= 0 and "${" not in rest[slash + 1 : colon] else (rest, None)
    first, mark, path = name.partition("/")
    if mark and ("." in first or ":" in first or "$" in first or first == "localhost"):
        name = path
    return Image(name, tag or None, bool(digest))


def is_one_of(name: str, globs: Sequence[str]) -> bool:
    """Whether an image is like one of the globs; one that has a slash may be mirrored below other names."""
    lower = name.lower()
    parts = lower.split("/")
    tails = ["/".join(parts[number:]) for number in range(len(parts))]
    for glob in (each.lower() for each in globs):
        names = tails if "/" in glob else [lower, *(tails[-1:] if parts[0] == "library" else ())]
        if any(fnmatch.fnmatchcase(each, glob) for each in names):
            return True
    return False


def fill_in(text: str, lookup: Lookup) -> str | None:
    """A text with its variables filled in; None where one is not known."""
    if "{{" in text:
        return None
    for found in list(_VARIABLE.finditer(text)):
        value = lookup(found[1]) or found[2]
        if value is None:
            return None
        text = text.replace(found[0], value)
    return text if "$" not in text and "{" not in text else None


def find_charts(data: bytes, names: Sequence[str]) -> Iterator[Mention]:
    """The versions of charts that somebody installs: `chart: name` beside `version` or `targetRevision`, in any format."""
    for name in names:
        for at in _find_likely(data, name):
            line = data.rfind(b"\n", max(at - 2 * _LONGEST, 0), at) + 1
            if _CHART_KEY.fullmatch(data[line:at].lstrip(b" \t")) is None:
                continue
            found = _find_tag_near(data, at, "chart", know_nothing, _CHART_VERSION)
            if found is not None and found.span is None and not found.is_left_out:
                found = make_allowed(found.text.encode(), at, "chart")
            if found is not None and found.span is not None:
                yield found


def _find_tag_near(data: bytes, start: int, by: str, lookup: Lookup, tag_key: re.Pattern[bytes] = _TAG_KEY) -> Mention | None:
    """The tag on a line of its own, in the same block as the name."""
    line = data.rfind(b"\n", max(start - 2 * _LONGEST, 0), start) + 1
    depth = _depth_at(data, line)
    for ahead in (True, False):
        at = line
        for _ in range(_NEAR):
            if not ahead and data[at : at + 2 * _LONGEST].lstrip(b" \t").startswith(b"- "):
                break  # the item of a list begins here
            found = _step(data, at, ahead=ahead)
            if found is None:
                break
            at = found
            text = data[at : at + 2 * _LONGEST].partition(b"\n")[0]
            stripped = text.lstrip(b" \t")
            if not stripped.rstrip() or stripped.startswith(b"#"):
                continue
            if _depth_at(data, at) < depth or (ahead and stripped.startswith(b"- ")):
                break
            if _depth_at(data, at) > depth:
                continue
            key = tag_key.match(stripped.removeprefix(b"- ").lstrip())
            if key is not None:
                return _make_near(key[1], start, by, lookup)
    return None


def _make_near(written: bytes, start: int, by: str, lookup: Lookup) -> Mention | None:
    text = decode(written)
    if text in ("", "null", "~"):
        return Mention("", None, start, by, is_left_out=True)
    tag = fill_in(text, lookup)
    return make_tag(tag.encode(), start, by) if tag is not None else None


def _depth_at(data: bytes, line: int) -> int:
    """The column of the first name on a line; the dash of a list's item counts as a blank."""
    text = data[line : line + 2 * _LONGEST].partition(b"\n")[0]
    rest = text.lstrip(b" \t")
    if rest.startswith(b"- "):
        rest = rest[1:].lstrip(b" ")
    return len(text) - len(rest)


def _step(data: bytes, line: int, *, ahead: bool) -> int | None:
    """The beginning of the next line, or of the one before."""
    if ahead:
        end = data.find(b"\n", line)
        return end + 1 if 0 <= end < len(data) - 1 else None
    if line == 0:
        return None
    return data.rfind(b"\n", 0, line - 1) + 1
