"""Configuration with slots: every value and member name that a reader of the format sees, where another text can be put."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scanner.files.formats import format_of
from scanner.files.read import read
from scanner.files.tree import Format, Node, Parsed, Scalar
from scanner.files.tree import Mapping as Members
from scanner.pack.shipped import shipped_pack

ROOT = Path(__file__).parent.parent.parent
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')


@dataclass(frozen=True)
class Slot:
    """One place: `name` is the member that holds it, or the text itself where `is_name`; `quote` is the sign around it."""

    start: int
    end: int
    quote: str
    name: str
    is_name: bool = False


@dataclass(frozen=True)
class Base:
    """A document to begin with."""

    path: str
    text: str
    format: Format
    slots: tuple[Slot, ...]

    def filled(self, texts: Mapping[int, str]) -> str:
        """The document with other texts in the slots of these numbers, written as the format wants them."""
        parts, at = [], 0
        for number in sorted(texts, key=lambda each: self.slots[each].start):
            slot = self.slots[number]
            parts += [self.text[at : slot.start], self.written(slot, texts[number])]
            at = slot.end
        return "".join([*parts, self.text[at:]])

    def written(self, slot: Slot, text: str) -> str:
        """A text as it is written in a slot."""
        if slot.quote == "'":
            return text.replace("'", "''").replace("\n", "\n\n")
        if self.format == "xml":
            return html.escape(text)
        if slot.quote == '"':
            return _in_quotes(text, self.format)
        return _bare(text, self.format)


def bases() -> tuple[Base, ...]:
    """The platforms' examples, the demo estate, and a JWK Set and issuer metadata with every member."""
    return (*_examples(), *_estate(), *(_base(path, text) for path, text in PUBLISHED.items()))


PUBLISHED = {
    "idp/jwks.json": json.dumps(
        {
            "keys": [
                {
                    "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "key_ops": ["verify"], "kid": "current",
                    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
                    "x5u": "https://login.example.com/cert", "x5t": "x", "x5t#S256": "x", "x5c": ["MIIB"],
                    "exp": "1", "note": "n",
                }
            ],
            "note": "n",
        },
        indent=1,
    ),
    "idp/openid-configuration.json": json.dumps(
        {
            "issuer": "https://login.example.com", "jwks_uri": "https://login.example.com/jwks.json",
            "authorization_endpoint": "https://login.example.com/a", "token_endpoint": "https://login.example.com/t",
            "userinfo_endpoint": "https://login.example.com/u", "registration_endpoint": "https://login.example.com/r",
            "scopes_supported": ["openid"], "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "grant_types_supported": ["code"], "signed_metadata": "x.y.z",
            "service_documentation": "https://login.example.com/d", "other": "x",
        },
        indent=1,
    ),
}  # fmt: skip


def _examples() -> Iterator[Base]:
    for name, platform in shipped_pack(examples=True).platforms.items():
        for number, example in enumerate(platform.examples):
            yield _base(f"{name}/{number}/{example.file}", example.text)


def _estate() -> Iterator[Base]:
    folder = ROOT / "examples" / "acme"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".yaml", ".json", ".tf", ".properties", ".env", ".conf"):
            yield _base(path.relative_to(folder).as_posix(), path.read_text())


@cache
def _base(path: str, text: str) -> Base:
    format_ = format_of(path, text.encode())
    assert format_ is not None, path
    parsed = read(text.encode(), format_)
    slots = _slots(parsed) if isinstance(parsed, Parsed) else ()
    return Base(path, text, format_, tuple(slots))


def _slots(parsed: Parsed) -> list[Slot]:
    """The slots of a document, in order and apart from each other."""
    starts = [0, *(found.end() for found in re.finditer("\n", parsed.text))]
    found: list[Slot] = []
    for scalar, name, is_name in (each for node in parsed.documents for each in _scalars(node, "")):
        at = starts[min(scalar.line, len(starts)) - 1] + scalar.column - 1
        slot = _slot(parsed.text, at, scalar, name, is_name=is_name)
        if slot is not None:
            found.append(slot)
    found.sort(key=lambda slot: (slot.start, -slot.end))
    return [slot for before, slot in zip([None, *found], found, strict=False) if before is None or slot.start >= before.end]


def _scalars(node: Node, name: str) -> Iterator[tuple[Scalar, str, bool]]:
    if isinstance(node, Scalar):
        yield node, name, False
    elif isinstance(node, Members):
        for entry in node.entries:
            yield entry.key, entry.key.text, True
            yield from _scalars(entry.value, entry.key.text)
    else:
        for item in node.items:
            yield from _scalars(item, name)


def _slot(text: str, at: int, scalar: Scalar, name: str, *, is_name: bool) -> Slot | None:
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        return Slot(at + 1, quoted.end() - 1, text[at], name, is_name)
    if scalar.text and text.startswith(scalar.text, at):
        return Slot(at, at + len(scalar.text), "", name, is_name)
    return None


def _in_quotes(text: str, format_: Format) -> str:
    written = json.dumps(text, ensure_ascii=False)[1:-1]
    return written.replace("${", "$${").replace("%{", "%%{") if format_ == "hcl" else written


def _bare(text: str, format_: Format) -> str:
    if format_ == "properties":
        return text.replace("\\", "\\\\").replace("\n", "\\n\\\n  ")
    if format_ in ("ini", "env", "flags") and "\n" not in text and " " not in text:
        return text
    return f'"{_in_quotes(text, format_)}"'
