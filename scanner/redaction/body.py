"""Redacts private values in the bytes that a server sent, before anything is stored: the evidence shows that a private key was
published, but never its value.

A value is replaced by the same number of characters, so that lines and columns stay the same. Rules still find the private
member, the PEM block or the PKCS#8 structure, without its value. Bytes without private values are returned unchanged.
"""

from __future__ import annotations

import re
import zlib

from scanner.files.encodings import as_utf8, encoding_of
from scanner.files.limits import LARGEST_FILE, Refused
from scanner.patterns import lazy_pattern
from scanner.redaction.body_json import JsonRedactor
from scanner.redaction.body_text import has_private_members, redact_member_values, redact_text
from scanner.redaction.signs import GZIP, is_private_file, might_hold_private
from scanner.redaction.text import holds_key, may_hold_private
from scanner.redaction.urls import mask_credentials

_MAX_NAMES = 100
_DEEPEST = 4  # levels of texts nested in texts
_SHORTEST = 16  # characters; shorter values are not searched elsewhere in the body
_TOKEN = lazy_pattern(r"[A-Za-z0-9+/=_-]{16,}")
_NUMBER = lazy_pattern(r"[0-9eE+-]+")  # may be written without quotes
_ANY = lazy_pattern(r"[A-Za-z0-9+/=_-]")
_VALUE = lazy_pattern(r"[\[{]\s*[\[{\"]")  # the beginning of JSON in the middle of a text
_MIN_BUDGET = 1_000_000  # at least this many characters are read in search of JSON
_NOT_TEXT = "the whole body: it is not text, and it contains a private key"
_NOT_READABLE = "the whole body: it shows signs of a private key and is not valid JSON"


def redact_private(data: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    """Redact private values. Returns the bytes and the places of redacted values, such as `keys[0].d`. The bytes are None if
    they must not be stored at all: they show signs of a private key, but it is unclear where it begins and ends.
    """
    if not (might_hold_private(data) or might_hold_private(as_utf8(data))):
        return data, ()
    if is_private_file(data) or _has_private_in_gzip(data):
        return None, (_NOT_TEXT,)
    mark, encoding = encoding_of(data)
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        mark, encoding, text = b"", "latin-1", data.decode("latin-1")
    redactor = _BodyRedactor()
    redacted = redactor.redact_body(text)
    if redacted is None:
        return None, (_NOT_READABLE,)
    # the encoding may not have a character that was written with an escape
    return (mark + redacted.encode(encoding, "replace"), redactor.removed_names()) if redactor.removed else (data, ())


def _has_private_in_gzip(data: bytes) -> bool:
    """Whether undeclared gzip contains a private key. Only one layer is decompressed, because some files decompress to
    themselves for ever; a body with more layers is not stored.
    """
    if not data.startswith(GZIP):
        return False
    try:
        inside = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, LARGEST_FILE)
    except zlib.error:
        return False
    return inside.startswith(GZIP) or bool(redact_private(inside)[1])


class _BodyRedactor:
    """Redacts one body. The private values are in memory only as long as this object."""

    def __init__(self) -> None:
        self.removed: list[str] = []
        self.values: set[str] = set()
        self.depth = 0

    def redact_body(self, text: str) -> str | None:
        redacted = self.redact_json(text, "") if len(text) <= LARGEST_FILE else None
        if redacted is None:
            redacted = mask_credentials(self.redact_plain(text, ""))
            bare = redacted.replace("\0", "")
            if has_private_members(bare) or holds_key(bare):
                return None
            if redacted != text and not self.removed:
                self.removed.append("a password in a URL")
        return self.redact_copies(redacted)

    def removed_names(self) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(self.removed))
        return names if len(names) <= _MAX_NAMES else (*names[:_MAX_NAMES], f"and {len(names) - _MAX_NAMES} more")

    def redact_json(self, text: str, where: str) -> str | None:
        """Redact the text as JSON; None if it is not JSON."""
        try:
            return JsonRedactor(text, self.removed, self.values, self.redact_nested).redact(where)
        except Refused:
            return None

    def redact_nested(self, text: str, where: str) -> str:
        """Redact a text nested in another one. At the deepest level the whole text is masked."""
        if not (might_hold_private(text.encode("utf-8", "surrogatepass")) or may_hold_private(text)):
            return text
        if self.depth == _DEEPEST:
            self.removed.append(where or "a text nested in texts")
            return _ANY.sub("x", text)
        self.depth += 1
        try:
            found = self.redact_json(text, f"{where}: " if where else "") if text.lstrip().startswith(("{", "[", '"')) else None
            if found is None:
                found = redact_member_values(self.redact_plain(text, where), where, self.removed)
            return self.mask_rest(found, where)
        finally:
            self.depth -= 1

    def mask_rest(self, text: str, where: str) -> str:
        """Mask the credentials of URLs; and a text that holds a key in a form that cannot be taken apart, as a whole."""
        masked = mask_credentials(text)
        if masked != text:
            self.removed.append(f"{where}: a password in a URL" if where else "a password in a URL")
        if not holds_key(masked):
            return masked
        self.removed.append(where or "a private key in a text")
        return _ANY.sub("x", masked)

    def redact_plain(self, text: str, where: str) -> str:
        """Redact text that is not JSON: a page that contains JSON, PEM, base64."""
        return redact_text(self.redact_embedded(text, where), where, self.removed, self.redact_nested)

    def redact_embedded(self, text: str, where: str) -> str:
        """Redact JSON values in a text. Each attempt costs as much as the rest of the text, so a budget limits the attempts."""
        parts, at, budget = [], 0, max(_MIN_BUDGET, 4 * len(text))
        while budget > 0 and (begin := _VALUE.search(text, at)):
            budget -= len(text) - begin.start()
            try:
                value = JsonRedactor(text[begin.start() :], self.removed, self.values, self.redact_nested)
                found = value.redact(where, is_whole=False)
            except Refused:
                found = text[begin.start()]
            parts += [text[at : begin.start()], found]
            at = begin.start() + len(found)
        return "".join([*parts, text[at:]])

    def redact_copies(self, text: str) -> str:
        """Redact other copies of the same values, which may have a harmless name."""

        def fill(token: re.Match[str]) -> str:
            if token[0] not in self.values:
                return token[0]
            return ("1" if _NUMBER.fullmatch(token[0]) else "*") * len(token[0])

        return _TOKEN.sub(fill, text) if any(len(value) >= _SHORTEST for value in self.values) else text
