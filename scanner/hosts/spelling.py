"""Two spellings of one identifier: issuers are compared as text (RFC 8414 §3.3, OpenID Connect Discovery 1.0 §4.3), and people
take more for the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

# what may differ between two spellings, in the words of messages
_BLANKS = "blanks around it"
_SCHEME = "the scheme"
_CASE = "upper and lower case"
_UNICODE = "Unicode in the host"
_DOT = "a dot at the end of the host"
_PORT = "the port"
_PERCENT = "percent-encoding"
_DOTS = "dots in the path"
_DOUBLED = "doubled slashes"
_END = "a slash at the end"
_DIFFERENCES: Final = (_BLANKS, _SCHEME, _CASE, _UNICODE, _DOT, _PORT, _PERCENT, _DOTS, _DOUBLED, _END)
_PORTS: Final[Mapping[str, str]] = {"http": "80", "https": "443"}
_LONGEST: Final = 4096  # characters; a longer text has no other spelling here


def spelling_of(identifier: str, *, kept: str = "") -> str:
    """What all spellings of an identifier have in common: host and path without scheme, letter case, port, percent-encoding,
    needless slashes and dots (RFC 3986 §6.2.2 and §6.2.3, and more). `kept` is one of these differences, left as written.
    """
    if len(identifier) > _LONGEST:
        return identifier
    text = identifier if kept == _BLANKS else identifier.strip()
    head, mark, rest = text.partition("://")
    scheme, rest = (head, rest) if mark else ("", text)
    end = min((at for at in map(rest.find, "?#") if at >= 0), default=len(rest))
    rest, tail = rest[:end], rest[end:]
    authority, slash, path = rest.partition("/")
    host, port = _split_port(authority)
    if kept != _PERCENT:
        path = unquote(path)
    if kept != _DOT:
        host = host.removesuffix(".")
    if kept != _UNICODE:
        host = _to_ascii(host)
    path = _tidy(slash + path, kept)
    shown = scheme if kept == _SCHEME else "" if scheme.lower() in _PORTS or not mark else scheme
    if kept == _PORT:
        host += port
    found = f"{shown}://{host}/{path}{tail}"
    return found if kept == _CASE else found.lower()


def list_differences(one: str, other: str) -> list[str]:
    """In what two spellings of one identifier differ, in words; empty where they are equal, or not two spellings of one."""
    if one == other or spelling_of(one) != spelling_of(other):
        return []
    found = [each for each in _DIFFERENCES if spelling_of(one, kept=each) != spelling_of(other, kept=each)]
    return found or [_CASE if one.lower() == other.lower() else "several ways of writing it"]


def is_other_spelling(one: str, other: str) -> bool:
    """Whether two texts differ, and name one issuer for a person who reads them."""
    return one != other and spelling_of(one) == spelling_of(other)


def _split_port(authority: str) -> tuple[str, str]:
    """The host, and the port with its colon."""
    host, colon, port = authority.rpartition(":")
    is_port = colon and port.isascii() and (port.isdigit() or not port) and not host.endswith(":")
    return (host, colon + port) if is_port else (authority, "")


def _to_ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _tidy(path: str, kept: str) -> str:
    """The path without what many servers and people overlook."""
    plain = path.rstrip("/")
    parts = plain.split("/")
    if kept != _DOUBLED:
        parts = [each for each in parts if each]
    if kept != _DOTS:
        parts = _remove_dots(parts)
    return "/".join(parts) + (path[len(plain) :] if kept == _END else "")


def _remove_dots(parts: list[str]) -> list[str]:
    """RFC 3986 §5.2.4."""
    found: list[str] = []
    for each in parts:
        if each == "..":
            found[-1:] = []
        elif each != ".":
            found.append(each)
    return found
