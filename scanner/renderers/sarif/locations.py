"""Locations in SARIF: URIs, regions and sentences for viewers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from scanner.errors import Place
from scanner.patterns import lazy_pattern
from scanner.renderers.escape import escape_text

_URL = lazy_pattern(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_AUTHORITY = lazy_pattern(rb"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\](?=[:/?#]|$))?[^/?#]*", re.IGNORECASE)
_LONE_PERCENT = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")
_IN_PATHS = "/:?@!$&'()*+,;=%~"  # RFC 3986 §3.3 and §3.4, and existing escapes


def is_in_tree(path: str) -> bool:
    """Whether the path is a file below the scanned root: neither absolute nor a web address."""
    return not path.startswith("/") and not _URL.match(path)


def artifact(path: str) -> dict[str, Any]:
    """A relative reference (RFC 3986) from the root; an absolute path becomes a file URI, a web address stays one."""
    encoded = _octets(path)
    if _URL.match(path):
        return {"uri": _web_address(encoded)}
    if path.startswith("/"):
        return {"uri": "file://" + quote(encoded)}
    return {"uri": quote(encoded), "uriBaseId": "SRCROOT"}


def _web_address(url: bytes) -> str:
    """A server's URL corrected to RFC 3986: brackets only in the host, one `#` before the fragment, `%` only in escapes.
    Otherwise one odd `jwks_uri` could make a service refuse the whole file.
    """
    found = _AUTHORITY.match(url)
    end = found.end() if found is not None else 0
    has_literal = found is not None and found[1] is not None
    before, mark, fragment = url[end:].partition(b"#")
    authority = quote(url[:end], safe=f"{_IN_PATHS}[]" if has_literal else _IN_PATHS)
    parts = authority, quote(before, safe=_IN_PATHS), mark.decode(), quote(fragment, safe=_IN_PATHS)
    return "".join(_LONE_PERCENT.sub("%25", part) for part in parts)


def _octets(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")  # a file's name that is not UTF-8 keeps its bytes (PEP 383)
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def location(place: Place, artifacts: dict[str, int], subject: str | None = None) -> dict[str, Any]:
    """The physical location, and the subject as the logical one. Services need a region with all four numbers."""
    line, column = place.line or 1, place.column or 1
    where = artifact(place.path)
    if place.path in artifacts:
        where["index"] = artifacts[place.path]
    found: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": where,
            "region": {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + 1},
        }
    }
    if subject is not None:
        found["logicalLocations"] = [{"fullyQualifiedName": escape_text(subject), "kind": "resource"}]
    return found


def sentence(text: str) -> str:
    """One line of safe text that ends like a sentence; brackets and braces cannot become links or placeholders."""
    shown = re.sub(r"([\[\]\\])", r"\\\1", escape_text(text)).replace("{", "{{").replace("}", "}}")
    return shown if shown.endswith((".", "!", "?", "…")) else f"{shown}."
