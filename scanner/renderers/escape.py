"""Makes text from scanned files safe for a terminal."""

from __future__ import annotations

import unicodedata

_LONGEST = 400


def escape_text(text: str, *, longest: int = _LONGEST) -> str:
    """`text` on one line, with control characters, bidirectional overrides and lone surrogates escaped, and long text cut."""
    if len(text) > longest:
        text = text[:longest] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_harmless(char) else _spell_out(char) for char in text)


def _is_harmless(char: str) -> bool:
    # Cc control, Cf format (bidi, zero width), Cs surrogate, Co private, Zl/Zp line ends
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _spell_out(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
