"""Redacts private keys in text that is not JSON: PEM blocks, DER and OpenSSH keys in base64, also encoded in base64 twice.

The length and the lines stay the same, and so does the part at the beginning that identifies the form of the key.
"""

from __future__ import annotations

import base64
import html
import re
import urllib.parse
from bisect import bisect_left
from collections.abc import Callable, Iterator

from scanner.patterns import lazy_pattern
from scanner.redaction.base64_runs import is_text
from scanner.redaction.der import base64_octets, begins_as_private_der
from scanner.redaction.key_text import OPENSSH, PUTTY, private_key_in_text
from scanner.redaction.signs import PRIVATE_NAMES

RedactNested = Callable[[str, str], str]  # (a text found in another one, its place) → the redacted text

_BEGIN = lazy_pattern(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_END = "-----END"
_LONGEST = 64 * 1024
# what may follow a BEGIN without an END. In a block, escapes and the headers of RFC 1421 §4.6.1 stay
_BLOCK = lazy_pattern(r"(?:[A-Za-z0-9+/=\s,:_-]|\\[nrt])*")
_LETTER = lazy_pattern(r"(?:Proc-Type|DEK-Info): [A-Z0-9,-]{1,60}(?=\s|\\[nr])|\\[nrt]|[A-Za-z0-9+/=_-]")
_RUN = lazy_pattern(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}(?:\s+[A-Za-z0-9+/_-]{40,})*(?:\s+[A-Za-z0-9+/_-]+)?={0,2}")
_IN_BASE64 = lazy_pattern(r"[A-Za-z0-9+/_-]")
_HEAD = 12  # letters that encode only the head of the structure

_MEMBER = "|".join(sorted(PRIVATE_NAMES))
# members with a value in any notation, and half of a key in XML
_QUOTED_VALUE = lazy_pattern(rf"""(["'](?:{_MEMBER})\\*["']\s*:\s*\\*["'])([^"'\\]+)""", re.IGNORECASE)
_SHOWN = lazy_pattern(
    rf"""(?:^|[\s{{,"'\\&?;])(?:{_MEMBER})["'\\]*\s*[:=]\s*["'\\]*[A-Za-z0-9+/_=-]{{16}}""", re.IGNORECASE | re.MULTILINE
)
_SHOWN_IN_XML = lazy_pattern(r"<(?:D|P|Q|DP|DQ|InverseQ)>\s*[A-Za-z0-9+/=]{16}")
_OTHER_PRIMES = lazy_pattern(r"""["']oth\\*["']\s*:\s*\[\s*\{""")
_LONG_WORD = lazy_pattern(r"(?:(?<!\\)\\++u[0-9a-fA-F]{4}|[A-Za-z0-9+/=_-]){16,}+")
_ESCAPED = lazy_pattern(r"(?<!\\)\\++u00([2-7][0-9a-fA-F])")
_LONG = lazy_pattern(rf"""["'](?:{_MEMBER})\\*["']\s*:\s*\\*["'][A-Za-z0-9+/_=-]{{40}}""", re.IGNORECASE)


def has_private_members(text: str) -> bool:
    """Whether the text has something like private members of a key, in any notation."""
    return any(_has_private_in_notation(written) for written in dict.fromkeys((text, *_unescape(text))))


def _unescape(text: str) -> Iterator[str]:
    """The text without the escapes of JSON, HTML and URLs."""
    yield _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    yield html.unescape(text)
    yield urllib.parse.unquote(text)


def _has_private_in_notation(text: str) -> bool:
    is_half = "<Modulus>" in text and _SHOWN_IN_XML.search(text)
    return bool(is_half or ("kty" in text and _SHOWN.search(text)) or _LONG.search(text) or _OTHER_PRIMES.search(text))


def redact_member_values(text: str, where: str, removed: list[str]) -> str:
    """Redact text with private members that is not JSON, such as half of a key in a string: all long words are masked."""
    if not has_private_members(text):
        return text
    removed.append(f"{where}: private members" if where else "private members")
    masked = _QUOTED_VALUE.sub(lambda found: found[1] + "*" * len(found[2]), text)
    return _LONG_WORD.sub(lambda word: "*" * len(word[0]), masked)


def redact_text(text: str, where: str, removed: list[str], redact_nested: RedactNested) -> str:
    """Redact the private keys in a text."""
    form = private_key_in_text(text) if "-----BEGIN" not in text else None
    if form is not None and not text.lstrip().startswith("{"):
        removed.append(_make_label(where, form))
        return _keep_beginning(text, form)
    if "PRIVATE KEY" in text:
        text = _redact_pem_blocks(text, where, removed)
    return _Base64Redactor(where, removed, redact_nested).redact(text)


def _make_label(where: str, form: str) -> str:
    return f"{where}: {form}" if where else form


def _redact_pem_blocks(text: str, where: str, removed: list[str]) -> str:
    parts, at = [], 0
    for start, end in _find_blocks(text):
        removed.append(_make_label(where, "a private key in PEM"))
        parts += [text[at:start], _mask_block(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _find_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the bodies of PEM blocks. A block without an END ends where the text cannot belong to it."""
    at, end = 0, -1
    while begin := _BEGIN.search(text, at):
        if end < begin.end():  # searched once, even if many blocks begin before it
            end = text.find(_END, begin.end())
            end = len(text) + _LONGEST + 1 if end < 0 else end
        # only without a near END, because this may read to the end of the text
        like = _BLOCK.match(text, begin.end()) if end - begin.end() > _LONGEST else None
        at = like.end() if like else end
        yield begin.end(), at


def _mask_block(body: str) -> str:
    return _LETTER.sub(lambda letter: "A" if len(letter[0]) == 1 else letter[0], body)


class _Base64Redactor:
    """Redacts the base64 runs of one text."""

    def __init__(self, where: str, removed: list[str], redact_nested: RedactNested) -> None:
        self.where = where
        self.removed = removed
        self.redact_nested = redact_nested
        self.is_open = False  # a key began in an earlier run and has not ended

    def redact(self, text: str) -> str:
        return _RUN.sub(lambda run: self.redact_run(run[0]), text)

    def redact_run(self, run: str) -> str:
        """Redact a run that encodes a private key, in DER or as text. A word may follow the key."""
        if self.is_open:
            return _IN_BASE64.sub("A", run)
        for part in dict.fromkeys((run, run[: len(run.rstrip("=")) - len(run.rstrip("=").split()[-1])])):
            # the first letters may be the end of an escape: `\nLS0tLS1CRUdJTi`
            for at in range(4 if part else 0):
                redacted = self.redact_key(part[at:])
                if redacted != part[at:]:
                    return part[:at] + redacted + run[len(part) :]
        return run

    def redact_key(self, run: str) -> str:
        form = private_key_in_text(run) if run.startswith(("M", OPENSSH)) else None
        if form is not None:
            self.removed.append(_make_label(self.where, form))
            return _keep_beginning(run, form)
        data = base64_octets(run) or base64_octets(run.rstrip("=")[:-1])  # one letter too many encodes nothing
        if begins_as_private_der(data):  # without its end: damaged, or divided
            self.is_open = True
            self.removed.append(_make_label(self.where, "half a private key in DER"))
            return run[:_HEAD] + _IN_BASE64.sub("A", run[_HEAD:])
        if not is_text(data[:30]):
            return run
        redacted = _redact_bytes(data, self.where, self.redact_nested)
        self.is_open = b"PRIVATE KEY-----" in redacted and _END.encode() not in redacted
        return _overwrite(run, redacted) if redacted != data else run


def _redact_bytes(data: bytes, where: str, redact_nested: RedactNested) -> bytes:
    redacted = redact_nested(data.decode("utf-8", "surrogateescape"), f"{where}: base64" if where else "base64")
    # a masked multi-byte letter is shorter
    return redacted.encode("utf-8", "surrogateescape").ljust(len(data), b" ")


def _keep_beginning(text: str, form: str) -> str:
    """The text of a key with only the first bytes, as many as identify its form; the others are zero."""
    for mark in (PUTTY, OPENSSH):
        if text.lstrip().startswith(mark):
            start = text.index(mark) + len(mark)
            return text[:start] + _IN_BASE64.sub("A", text[start:])
    data = base64_octets(text)

    def truncate(size: int) -> str:
        return _overwrite(text, data[:size] + bytes(len(data) - size))

    # if some bytes identify the form, more bytes do as well
    sizes = range(len(data) + 1)
    return truncate(bisect_left(sizes, True, key=lambda size: private_key_in_text(truncate(size)) == form))


def _overwrite(text: str, data: bytes) -> str:
    """Write other bytes in base64 over the text, keeping its lines and alphabet."""
    letters = iter(base64.b64encode(data).decode())
    is_url = "-" in text or "_" in text
    return _IN_BASE64.sub(lambda old: _encode_letter(next(letters, old[0]), is_url), text)


def _encode_letter(letter: str, is_url: bool) -> str:
    return {"+": "-", "/": "_"}.get(letter, letter) if is_url else letter
