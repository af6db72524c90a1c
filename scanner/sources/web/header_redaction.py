"""Redacts headers and URLs before they are recorded: cookies, credentials and private keys."""

from __future__ import annotations

from collections.abc import Callable

from scanner.redaction.text import cut

_LONGEST = 8192

Fields = tuple[tuple[str, str], ...]
# bytes → the same with private values replaced (None: they must not be kept at all), and the names of what was replaced
Redact = Callable[[bytes], tuple[bytes | None, tuple[str, ...]]]


def redact_headers(headers: Fields, redact: Redact) -> tuple[Fields, tuple[str, ...]]:
    """The headers without cookie values, credentials in a Location and private keys, and the names of the changed headers."""
    # check all at once first: headers rarely contain a private key
    _, found = redact("\n".join(value for _, value in headers).encode("utf-8", "surrogatepass"))
    kept: list[tuple[str, str]] = []
    removed: list[str] = []
    for name, value in headers:
        safe = "" if name == "set-cookie" else strip_userinfo(value) if name == "location" else value
        if found:
            data, _ = redact(safe.encode("utf-8", "surrogatepass"))
            safe = (data or b"").decode("utf-8", "surrogatepass")
        if safe != value and name not in removed:
            removed.append(name)
        kept.append((name, safe))
    return tuple(kept), tuple(removed)


def redact_url(text: str) -> str:
    """The URL as it may be recorded: without credentials, not too long, valid Unicode."""
    return cut(strip_userinfo(text), _LONGEST).encode("utf-8", "replace").decode("utf-8")


def strip_userinfo(text: str) -> str:
    """The URL without the credentials that stand before `@` in its authority."""
    before, slashes, after = text.partition("//")
    end = next((at for at, sign in enumerate(after) if sign in "/?#\\"), len(after))
    return before + slashes + after[:end].rpartition("@")[2] + after[end:]
