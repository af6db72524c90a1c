"""JSON with positions: it reports faults as strictly as RFC 8259, and reads as much as possible.

It reads what a lenient parser hides (repeated members, comments, a trailing comma, NaN, text after the value) as a fault,
because every consumer may read such a document differently.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from scanner.files.limits import DEEPEST, MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar, Sequence, Unmask, Value
from scanner.patterns import lazy_pattern

_BLANK = lazy_pattern(r"[ \t\r\n]*")
COMMENT = lazy_pattern(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
STRING = lazy_pattern(r'"([^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*)"')
_ESCAPE = lazy_pattern(r'\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))')
_WORD = lazy_pattern(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?(?![\w.])|true\b|false\b|null\b|(-?Infinity|NaN)\b")
_SIMPLE = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}
# an integer of more digits is kept as text: int() refuses beyond 4300, and no member of a JWK is one
_MOST_DIGITS = 400


def read_json(text: str, unmask: Unmask | None = None) -> tuple[Node, tuple[Fault, ...]]:
    """The first value of `text` and its faults; Refused with the place where it is not JSON. `unmask` gives the original text
    of masked spans.
    """
    (node, *_), faults = read_json_stream(text, unmask)
    return node, faults


def read_json_stream(text: str, unmask: Unmask | None = None) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """Every value of `text`, as kubectl and readers of JSON lines take them; after the first one they are a fault. A comma may
    stand between them, as in a part of a list that a template includes. Text that follows and is not JSON is not read.
    """
    reader = _JsonReader(text, unmask)
    nodes = [reader.value(0)]
    reader.skip()
    if reader.at < len(text):
        reader.fault("trailing-content", "there is text after the JSON value")
    while reader.at < len(text):
        at = reader.at
        if reader.skip_comma():
            continue
        try:
            nodes.append(reader.value(0))
            reader.skip()
        except Refused as refused:
            line, last = reader.place(at)[0], reader.place(len(text))[0]
            place = refused.line or line, refused.column or 1
            reader.faults.append(Fault("unparsed-document", refused.because, *place, line, last))
            break
    return tuple(nodes), tuple(reader.faults)


class _JsonReader:
    def __init__(self, text: str, unmask: Unmask | None) -> None:
        self.text = text
        self.unmask = unmask
        self.at = 0
        self.faults: list[Fault] = []
        self.count = 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1

    def refuse(self, because: str) -> Refused:
        return Refused(f"not JSON: {because}", *self.place(self.at))

    def fault(self, kind: str, message: str, at: int | None = None) -> None:
        self.faults.append(Fault(kind, message, *self.place(self.at if at is None else at)))

    def skip(self) -> None:
        """Skip blanks, and comments as faults."""
        while True:
            blank = _BLANK.match(self.text, self.at)
            self.at = blank.end() if blank else self.at
            comment = COMMENT.match(self.text, self.at) if self.text.startswith("/", self.at) else None
            if comment is None:
                return
            self.fault("comment", "JSON has no comments")
            self.at = comment.end()

    def skip_comma(self) -> bool:
        """Skip a comma and what is blank after it; whether there was one."""
        if not self.text.startswith(",", self.at):
            return False
        self.at += 1
        self.skip()
        return True

    def value(self, depth: int) -> Node:
        self.skip()
        self.count += 1
        if depth > DEEPEST:
            raise self.refuse("it nests too deep")
        if self.count > MOST_NODES:
            raise self.refuse("it has too many values")
        start = self.text[self.at : self.at + 1]
        if start == "{":
            return self.object(depth)
        if start == "[":
            return self.array(depth)
        return self.string() if start == '"' else self.word()

    def object(self, depth: int) -> Mapping:
        line, column = self.place(self.at)
        self.at += 1
        entries: list[Entry] = []
        seen: set[str] = set()
        while not self.close_or_continue("}", bool(entries)):
            if not self.text.startswith('"', self.at):
                entries.append(self.included_members())
                continue
            at = self.at
            key = self.string()
            if key.text in seen and self.unmask is None:  # a template's two branches may both be there
                name = key.text if key.text.isprintable() and len(key.text) < 80 else "a member"
                self.fault("duplicate-member", f"`{name}` stands twice", at)
            seen.add(key.text)
            self.skip()
            if not self.text.startswith(":", self.at):
                raise self.refuse("`:` is expected")
            self.at += 1
            entries.append(Entry(key, self.value(depth + 1)))
        return Mapping(tuple(entries), line, column, self.place(self.at - 1)[0])

    def included_members(self) -> Entry:
        """What an action of a template puts in the place of members: a key that is the action."""
        found = _WORD.match(self.text, self.at)
        written = self.restore(*found.span()) if found is not None else None
        if found is None or written is None:
            raise self.refuse("a member's name is expected")
        line, column = self.place(self.at)
        self.at = found.end()
        return Entry(Scalar(written, written, line, column, line, is_masked=True), Scalar("", None, line, column, line))

    def array(self, depth: int) -> Sequence:
        line, column = self.place(self.at)
        self.at += 1
        items: list[Node] = []
        while not self.close_or_continue("]", bool(items)):
            items.append(self.value(depth + 1))
        return Sequence(tuple(items), line, column, self.place(self.at - 1)[0])

    def close_or_continue(self, end: str, has_items: bool) -> bool:
        """Skip the closing bracket, or the comma before the next item; whether the collection ends."""
        self.skip()
        if self.text.startswith(end, self.at):
            self.at += 1
            return True
        if not has_items:
            if self.at >= len(self.text):
                raise self.refuse("it ends too early")
            return False
        if not self.text.startswith(",", self.at):
            raise self.refuse(f"`,` or `{end}` is expected" if self.at < len(self.text) else "it ends too early")
        self.at += 1
        comma = self.at - 1
        self.skip()
        if self.text.startswith(end, self.at):
            self.fault("trailing-comma", f"there is a comma before `{end}`", comma)
            self.at += 1
            return True
        return False

    def string(self) -> Scalar:
        found = STRING.match(self.text, self.at)
        if found is None:
            raise self.refuse("a string does not end, or holds a control character")
        line, column = self.place(self.at)
        written = self.restore(*found.span(1))
        text = found[1] if written is None else written
        if "\\" in text and written is None:
            text = self.unescape(text)
        self.at = found.end()
        return Scalar(text, text, line, column, line, is_quoted=True, is_masked=written is not None)

    def restore(self, start: int, end: int) -> str | None:
        """The original text of a span with a masked template action."""
        return self.unmask(start, end) if self.unmask else None

    def unescape(self, text: str) -> str:
        if re.sub(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})', "", text).count("\\"):
            raise self.refuse("a string holds an unknown escape")
        text = _ESCAPE.sub(lambda escape: _SIMPLE[escape[1]] if escape[1] else chr(int(escape[2], 16)), text)
        # two escapes may be the halves of one character
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if _is_pair(text) else text
        if any("\ud800" <= char <= "\udfff" for char in text):
            self.fault("lone-surrogate", "a string holds half of a character")
        return text

    def word(self) -> Scalar:
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise self.refuse("a value is expected" if self.at < len(self.text) else "it ends too early")
        line, column = self.place(self.at)
        text = found[0]
        self.at = found.end()
        if (written := self.restore(*found.span())) is not None:
            return Scalar(written, written, line, column, line, is_masked=True)
        value: Value
        if text in _WORDS:
            value = _WORDS[text]
        elif found[3]:
            self.fault("not-a-number", "NaN and Infinity are not JSON", found.start())
            value = float(text.replace("Infinity", "inf"))
        elif found[1] or found[2]:
            value = float(text)
        else:
            value = int(text) if len(text) <= _MOST_DIGITS else text
        return Scalar(text, value, line, column, line)


def _is_pair(text: str) -> bool:
    """Whether a high surrogate is followed by a low one: `utf-16` would join them."""
    return re.search("[\ud800-\udbff][\udc00-\udfff]", text) is not None
