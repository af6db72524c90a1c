"""The filter over every string that is shown or written: it replaces private keys and credentials, and changes nothing else.

Keys are found in the forms in which people paste them: JWK, PEM, OpenSSH, PuTTY, XML, DER in base64; and in the shells
around them: escapes of JSON, URLs and HTML, base64 and base64url, gzip in base64, `data:` URLs. A key that was cut off counts,
since messages are cut. Where a shell holds a key, the text is shown without that shell.
"""

from __future__ import annotations

import re

from scanner.patterns import lazy_pattern
from scanner.redaction.base64_runs import OPENSSH, RUN, decode_run, is_cleared, is_telling
from scanner.redaction.der import find_private_der
from scanner.redaction.signs import PRIVATE_NAMES
from scanner.redaction.urls import hide_credentials

REMOVED = "[private key removed]"
_SHORTEST = 8  # characters: `//a:b@c`
_LONG_VALUE = 8  # characters of a member that is private wherever it stands
_DEEPEST = 6  # shells around a key
# what no key is without, but for base64 and URLs with credentials
_IN_JSON = ('":', "':", '" :', "' :")
_IN_LINES = ("kty:", "kty=", "kty =", "kty :", "PRIVATE", "PuTTY-User-Key-File-", "<")
_LOST = ("x22", "u0022")  # escapes of a quote whose backslash a reader of properties has taken away
_ESCAPES = ("\\", "%", "&", *_LOST)
_SIGNS = (*_IN_JSON, *_IN_LINES, *_ESCAPES)

# the pieces of a value over several lines: a short word after them is the text that goes on
_GAP = r"""(?:\\++[nrt]?|[\s"',#|;+])*+"""
_PIECE = r"(?!--)[A-Za-z0-9+/=_-]{8,}+"  # not the end of a block
_EACH_PIECE = lazy_pattern(_PIECE)
_PIECES = rf"(?:{_GAP}{_PIECE})*+"
_PEM = lazy_pattern(
    rf"-{{2,5}}BEGIN[A-Z0-9 +_]{{0,60}}?PRIVATE[ +_]?KEY(?:[ +_]?BLOCK)?-{{2,5}}"  # a form has `+` for a blank, some lose it
    rf"(?:{_GAP}[A-Z][A-Za-z-]{{2,30}}+: ?[^\n\\]{{0,200}}+)*+(?P<body>{_PIECES})"
    rf"(?:{_GAP}-{{2,5}}END[A-Z0-9 +_]{{0,80}}+-{{2,5}})?"
)
_END = lazy_pattern(r"-{2,5}END[A-Z0-9 +_]{0,60}?PRIVATE[ +_]?KEY")
_CODED = lazy_pattern(rf"[A-Za-z0-9+/_-]{{20,}}+={{0,2}}+{_PIECES}")
_PUTTY = lazy_pattern(r"(Private-Lines|Private-MAC)([^A-Za-z0-9+/]{1,4}(?:[0-9]{1,4}|[a-z0-9]{20,}+))" + _PIECES)
_XML = lazy_pattern(r"<(D|P|Q|DP|DQ|InverseQ)>([A-Za-z0-9+/=\s]++)", re.IGNORECASE)
_NAMES = "|".join(sorted(PRIVATE_NAMES, key=len, reverse=True))
# a member with a value: text, numbers, or a list of them. What a colon follows is a name
_MEMBER = lazy_pattern(
    rf"""(?<![A-Za-z0-9_])((?:{_NAMES})["'\\]*+\s*+[:=,]\s*+["'\\\[]*+)"""
    r"([0-9]{1,3}+(?:\s*+,\s*+[0-9]{1,3}+){7,}+"
    rf"""|[A-Za-z0-9+/_=.~-]{{4,}}+(?!["'\\]*+\s*+:)(?:{_GAP}[A-Za-z0-9+/_=-]{{16,}}+)*+)""",
    re.IGNORECASE,
)
_OTHER_PRIME = lazy_pattern(r"""(?<![A-Za-z0-9_])([rt]["'\\]*+\s*+:\s*+["'\\]*+)([A-Za-z0-9+/_=-]{8,}+)""")
# a name that says so, with a value that cannot be a word of a sentence
_SECRET = lazy_pattern(
    r"""((?:client_?secret|password|passwd|passphrase|private_?key\w{0,20}|secret_?key|api_?key|access_?token|refresh_?token)"""
    r"""["'\\]++\s*+:\s*+["'\\]*+|(?:password|passwd|passphrase|secret|token)=["'\\]*+)([^\s"'\\,;&]{4,}+)""",
    re.IGNORECASE,
)
_SYMMETRIC = lazy_pattern(r"""((?<![A-Za-z0-9_])(?:key|secret)["'\\]++\s*+:\s*+["'\\]*+)([^\s"'\\,]{8,}+)""", re.IGNORECASE)
_ESCAPE = lazy_pattern(r"(?<!\\)\\++(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\"'\\/nrtbf]))")
_BETWEEN = lazy_pattern(r"(?<!\\)\\++[nrt]?|[^A-Za-z0-9+/_\\-]++")
_LOST_ESCAPE = lazy_pattern(r"(?:x|u00)(2[0-9a-fA-F]|3[a-fA-F]|5[b-fB-F]|7[b-dB-D])")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def redact(text: str) -> str:
    """The text without private keys and credentials; the same object where it has none."""
    if not may_hold_private(text):
        return text
    redacted = _redact(text, 0)
    return text if redacted == text else redacted


def holds_key(text: str) -> bool:
    """Whether the filter would replace a private key in the text."""
    return may_hold_private(text) and REMOVED in _redact(text.replace(REMOVED, ""), 0)


def is_piece(text: str) -> bool:
    """Whether a text may be a line of a key."""
    return _EACH_PIECE.fullmatch(text) is not None


def cut(text: str, longest: int, *, end: str = "") -> str:
    """The beginning of a text, with `end` behind it where something is missing. It is redacted before: what the filter knows a
    private value by may be in the part that is missing.
    """
    return text if len(text) <= longest else redact(text)[:longest] + end


def may_hold_private(text: str) -> bool:
    """A quick test, wide on purpose: whether the filter has to look at the text. Several texts can be tested as one, with
    line ends between them.
    """
    if len(text) < _SHORTEST:
        return False
    if ("@" in text and (":" in text or "//" in text)) or ("=" in text and ("?" in text or "#" in text)):
        return True
    return any(sign in text for sign in _SIGNS) or any(map(is_telling, RUN.findall(text)))


def _redact(text: str, depth: int) -> str:
    # the escapes first: without them a key is in one piece
    if depth < _DEEPEST and (plain := _unescape(text)) != text:
        redacted = _redact(plain, depth + 1)
        if redacted != plain:
            return redacted
    return hide_credentials(_redact_coded(_redact_plain(text), depth))


def _redact_plain(text: str) -> str:
    """Redact keys without a shell."""
    if "PRIVATE" in text:
        text = _redact_beginning(_PEM.sub(lambda block: block[0] if _is_masked(block["body"]) else REMOVED, text))
    if "Private-" in text:
        text = _PUTTY.sub(rf"\g<1> {REMOVED}", text)
    if "<" in text:
        text = _XML.sub(lambda found: found[0] if _is_masked(found[2]) else f"<{found[1]}>{REMOVED}", text)
    return _redact_members(text)


def _redact_beginning(text: str) -> str:
    """Redact what stands before the end of a block that has lost its beginning, as in a list that was split."""
    end = _END.search(text)
    if end is None or "BEGIN" in text[: end.start()]:
        return text
    return _EACH_PIECE.sub(_hide_piece, text[: end.start()]) + text[end.start() :]


def _hide_piece(piece: re.Match[str]) -> str:
    return piece[0] if _is_masked(piece[0]) else REMOVED


def _redact_members(text: str) -> str:
    """Redact private members of JWKs in any notation, and members with a name for a secret."""
    if ":" not in text and "=" not in text:
        return text
    is_key = "kty" in text
    text = _MEMBER.sub(_hide if is_key else _hide_in_quotes, text)
    if is_key and "oth" in text:
        text = _OTHER_PRIME.sub(_hide, text)
    if "HS" in text:
        text = _SYMMETRIC.sub(_hide, text)
    return _SECRET.sub(_hide, text)


def _hide(member: re.Match[str]) -> str:
    is_done = member.string.startswith((REMOVED, REMOVED[1:]), member.start(2))
    return member[0] if is_done or _is_masked(member[2]) else f"{member[1]}{REMOVED}"


def _is_masked(value: str) -> bool:
    """Whether a value was masked before, as bodies are: one letter, again and again. So it is nobody's secret."""
    return len(set(_BETWEEN.sub("", value))) <= 1


def _hide_in_quotes(member: re.Match[str]) -> str:
    """Without `kty`, which a cut text may have lost, only a name in quotes with a long value is a member of a JWK."""
    is_member = len(member[2]) >= _LONG_VALUE and ('"' in member[1] or "'" in member[1])
    return _hide(member) if is_member else member[0]


def _redact_coded(text: str, depth: int) -> str:
    """Redact keys in base64: DER, OpenSSH, and texts that hold a key."""
    if depth > _DEEPEST or not any(map(is_telling, RUN.findall(text))):
        return text
    return _CODED.sub(lambda run: _redact_run(run[0], depth), text)


def _redact_run(run: str, depth: int) -> str:
    letters = _join(run)
    start = letters.find(OPENSSH) if OPENSSH in letters else find_private_der(letters)
    if start is not None and not is_cleared(letters[start:]):
        return REMOVED
    for inside in decode_run(letters):
        if may_hold_private(inside) and _redact(inside, depth + 1) != inside:
            return REMOVED
    return run


def _join(run: str) -> str:
    """The letters of a run over several lines."""
    return "".join(_EACH_PIECE.findall(run)) if not run.isalnum() else run


def _unescape(written: str) -> str:
    """The text without one level of the escapes of JSON, URLs and HTML."""
    text = written
    if "\\" in text:
        text = _ESCAPE.sub(_replace_escape, text)
    if "%" in text:
        import urllib.parse  # like `html`, not for the hook's usual file

        text = urllib.parse.unquote(text)
    plain = _unescape_html(text) if "&" in text else text
    if plain == written and any(quote in plain for quote in _LOST):
        return _LOST_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), plain)
    return plain


def _unescape_html(text: str) -> str:
    import html

    return html.unescape(text)


def _replace_escape(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _PLAIN.get(escape[3], escape[3])
