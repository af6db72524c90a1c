"""Private keys in text that is no JSON: PEM blocks, DER and OpenSSH keys in base64, and either of them in base64 once more.

Each keeps its length and its lines, and as much of its beginning as tells what it is.
"""

from __future__ import annotations

import base64
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from scanner.evidence.private_signs import PRIVATE_NAMES, is_text
from scanner.evidence.secrets import base64_octets, private_key_in_text

Inside = Callable[[str, str], str]  # a text that was found in another, and where → the same without private values

_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_END = "-----END"
_LONGEST = 64 * 1024
# what may follow a BEGIN that nothing ends; in a block, what is kept: escapes, and what RFC 1421 §4.6.1 says before the key
_BLOCK = re.compile(r"(?:[A-Za-z0-9+/=\s,:_-]|\\[nrt])*")
_LETTER = re.compile(r"(?:Proc-Type|DEK-Info): [A-Z0-9,-]{1,60}(?=\s|\\[nr])|\\[nrt]|[A-Za-z0-9+/=_-]")
_RUN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}(?:\s+[A-Za-z0-9+/_-]{40,})*(?:\s+[A-Za-z0-9+/_-]+)?={0,2}")
_IN_BASE64 = re.compile(r"[A-Za-z0-9+/_-]")
_OPENSSH = "b3BlbnNzaC1rZXktdjEA"
_PUTTY = "PuTTY-User-Key-File-"

_MEMBER = "|".join(sorted(PRIVATE_NAMES))
# members with a value in any notation, and the half of a key in XML
_QUOTED_VALUE = re.compile(rf"""(["'](?:{_MEMBER})\\*["']\s*:\s*\\*["'])([^"'\\]+)""", re.IGNORECASE)
_SHOWN = re.compile(
    rf"""(?:^|[\s{{,"'\\])(?:{_MEMBER})["'\\]*\s*[:=]\s*["'\\]*[A-Za-z0-9+/_=-]{{16}}""", re.IGNORECASE | re.MULTILINE
)
_SHOWN_IN_XML = re.compile(r"<(?:D|P|Q|DP|DQ|InverseQ)>\s*[A-Za-z0-9+/=]{16}")
_ESCAPED = re.compile(r"\\u00([2-7][0-9a-fA-F])")
_LONG = re.compile(rf"""["'](?:{_MEMBER})\\*["']\s*:\s*\\*["'][A-Za-z0-9+/_=-]{{40}}""", re.IGNORECASE)


def shows_private_members(text: str) -> bool:
    """Whether text in whatever notation has what looks like private members of a key."""
    for written in (text, _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)):
        is_half = "<Modulus>" in written and _SHOWN_IN_XML.search(written)
        if is_half or ("kty" in written and _SHOWN.search(written)) or _LONG.search(written):
            return True
    return False


def without_member_values(text: str, where: str, removed: list[str]) -> str:
    """Text that looks like JSON and is none, with the values of private members filled: half a key in a string."""

    def filled(found: re.Match[str]) -> str:
        removed.append(f"{where}: private members" if where else "private members")
        return found[1] + "*" * len(found[2])

    return _QUOTED_VALUE.sub(filled, text)


def plain_text(text: str, where: str, removed: list[str], inside: Inside) -> str:
    """Text without the private keys in it."""
    form = private_key_in_text(text) if "-----BEGIN" not in text else None
    if form is not None and not text.lstrip().startswith("{"):
        removed.append(_named(where, form))
        return _beginning(text, form)
    if "PRIVATE KEY" in text:
        text = _without_blocks(text, where, removed)
    return _RUN.sub(lambda run: _without_inside(run[0], where, removed, inside), text)


def _named(where: str, form: str) -> str:
    return f"{where}: {form}" if where else form


def _without_blocks(text: str, where: str, removed: list[str]) -> str:
    parts, at = [], 0
    for start, end in _blocks(text):
        removed.append(_named(where, "a private key in PEM"))
        parts += [text[at:start], _filled_block(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where the bodies of blocks begin and end. A block without an end goes on as long as it may be one."""
    at = 0
    while begin := _BEGIN.search(text, at):
        end = text.find(_END, begin.end(), begin.end() + _LONGEST)
        # looked for only where there is no end: it may run to the end of the text
        like = _BLOCK.match(text, begin.end()) if end < 0 else None
        at = like.end() if like else end
        yield begin.end(), at


def _filled_block(body: str) -> str:
    return _LETTER.sub(lambda letter: "A" if len(letter[0]) == 1 else letter[0], body)


def _without_inside(run: str, where: str, removed: list[str], inside: Inside) -> str:
    """A run of base64 without the private key that it stands for: in DER, or as text. A word may stand behind it."""
    for part in dict.fromkeys((run, run[: len(run.rstrip("=")) - len(run.rstrip("=").split()[-1])])):
        # letters before it may be the end of an escape: `\nLS0tLS1CRUdJTi`
        for at in range(4 if part else 0):
            cleaned = _without_key(part[at:], where, removed, inside)
            if cleaned != part[at:]:
                return part[:at] + cleaned + run[len(part) :]
    return run


def _without_key(run: str, where: str, removed: list[str], inside: Inside) -> str:
    form = private_key_in_text(run) if run.startswith(("M", _OPENSSH)) else None
    if form is not None:
        removed.append(_named(where, form))
        return _beginning(run, form)
    octets = base64_octets(run) or base64_octets(run.rstrip("=")[:-1])  # one letter too many stands for nothing
    if not is_text(octets[:30]):
        return run
    cleaned = _cleaned_octets(octets, where, inside)
    return _written_over(run, cleaned) if cleaned != octets else run


def _cleaned_octets(octets: bytes, where: str, inside: Inside) -> bytes:
    cleaned = inside(octets.decode("utf-8", "surrogateescape"), f"{where}: base64" if where else "base64")
    # a letter of several octets is filled with one
    return cleaned.encode("utf-8", "surrogateescape").ljust(len(octets), b" ")


def _beginning(text: str, form: str) -> str:
    """The text of a key with no more of its octets than it takes to see what it is; the others are zero."""
    for mark in (_PUTTY, _OPENSSH):
        if text.lstrip().startswith(mark):
            start = text.index(mark) + len(mark)
            return text[:start] + _IN_BASE64.sub("A", text[start:])
    octets = base64_octets(text)

    def kept(size: int) -> str:
        return _written_over(text, octets[:size] + bytes(len(octets) - size))

    # whoever sees what it is with some octets sees it with more
    sizes = range(len(octets) + 1)
    return kept(bisect_left(sizes, True, key=lambda size: private_key_in_text(kept(size)) == form))


def _written_over(text: str, octets: bytes) -> str:
    """Base64 of other octets in the letters, the lines and the alphabet of the old."""
    letters = iter(base64.b64encode(octets).decode())
    is_url = "-" in text or "_" in text
    return _IN_BASE64.sub(lambda old: _letter(next(letters, old[0]), is_url), text)


def _letter(letter: str, is_url: bool) -> str:
    return {"+": "-", "/": "_"}.get(letter, letter) if is_url else letter
