"""What may be written down of what a server said and of URLs: no cookies, no credentials, no private keys."""

from __future__ import annotations

from collections.abc import Callable

_LONGEST = 8192

Fields = tuple[tuple[str, str], ...]
# octets → the same with private values replaced (None: they may not be kept at all), and the names of what was replaced
Clean = Callable[[bytes], tuple[bytes | None, tuple[str, ...]]]


def recordable(headers: Fields, clean: Clean) -> tuple[Fields, tuple[str, ...]]:
    """Headers without cookies' values, credentials in a Location and private keys, and the names of what was taken out."""
    # all at once first: hardly ever is anything found
    _, found = clean("\n".join(value for _, value in headers).encode("utf-8", "surrogatepass"))
    kept: list[tuple[str, str]] = []
    removed: list[str] = []
    for name, value in headers:
        safe = "" if name == "set-cookie" else without_userinfo(value) if name == "location" else value
        if found:
            octets, _ = clean(safe.encode("utf-8", "surrogatepass"))
            safe = (octets or b"").decode("utf-8", "surrogatepass")
        if safe != value and name not in removed:
            removed.append(name)
        kept.append((name, safe))
    return tuple(kept), tuple(removed)


def recordable_url(text: str) -> str:
    """A URL as it may be recorded, however a server spelled it: no credentials, not too long, no half characters."""
    return without_userinfo(text[:_LONGEST]).encode("utf-8", "replace").decode("utf-8")


def without_userinfo(text: str) -> str:
    """`text` as it may be recorded: what stands before `@` in the authority of a URL is a credential."""
    before, slashes, after = text.partition("//")
    end = next((at for at, sign in enumerate(after) if sign in "/?#\\"), len(after))
    return before + slashes + after[:end].rpartition("@")[2] + after[end:]
