"""How a private key may be written: the structures of `keys`, each under the encodings in which configuration carries text."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

from tests.redaction.keys import PlantedKey


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _lines(text: str) -> str:
    written = _base64(text)
    return "\n".join(written[at : at + 76] for at in range(0, len(written), 76))


def _in_string(text: str) -> str:
    return json.dumps(text)[1:-1]


def _every(text: str, written: str) -> str:
    return "".join(written.format(ord(each)) for each in text)


def _signs(text: str, written: str) -> str:
    return "".join(each if each.isalnum() else written.format(ord(each)) for each in text)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": _base64,
    "base64-lines": _lines,
    "base64url": _base64url,
    "base64-twice": lambda text: _base64(_base64(text)),
    "percent": lambda text: quote(text, safe=""),
    "percent-every": lambda text: _every(text, "%{:02X}"),
    "string": _in_string,
    "string-in-string": lambda text: _in_string(_in_string(text)),
    "u-signs": lambda text: _signs(text, "\\u{:04x}"),
    "x-signs": lambda text: _signs(text, "\\x{:02x}"),
    "gzip": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "data": lambda text: f"data:application/json,{quote(text)}",
    "data-plain": lambda text: f"data:application/json,{text}",
    "data-base64": lambda text: f"data:application/json;base64,{_base64(text)}",
    "html": lambda text: _signs(text, "&#{};"),
    "html-hex": lambda text: _signs(text, "&#x{:x};"),
}


def all_forms(key: PlantedKey) -> Iterator[tuple[str, str]]:
    """Every structure of a key in every encoding, with its name: `pem/base64`."""
    for structure, text in key.written.items():
        for encoding, encode in ENCODINGS.items():
            yield f"{structure}/{encoding}", encode(text)
