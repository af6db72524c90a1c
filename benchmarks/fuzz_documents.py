"""Documents for fuzz.py: configuration, key sets and metadata, changed at random, with private values in random places.

What keeps the promise, so that the value must not be seen: a key in any of its structures, under up to three encodings, whole
or cut at its end (each structure begins with what tells it: a name, the BEGIN line, the head of the DER), in any value,
member name or comment, with anything around it. The text around it changes in any way. A change inside of a planted
text could take away what tells it (a bare `d` under a name that says nothing): no change is made there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.redaction.forms import ENCODINGS
from tests.redaction.keys import PlantedKey, make_keys, make_password
from tests.redaction.oracle import LeakOracle
from tests.redaction.slots import Base, Slot, bases
from tests.redaction.wraps import CREDENTIALS, WRAPS

_PIECES = (
    "{{", "}}", "{{ .Values.x }}", "${", "}", "[", "]", "{", '"', "'", "\0", "\ufeff", ": ", "- ", "\n", "\n  ", "&a ", "*a",
    "\\ud800", "null", "9" * 400, "<<: ", "!!x ", "\n---\n", "|\n", "#", "\t", "https://", "@x@", "NaN", "true", "\\", "\\\\",
    "%", "%d%q", "<!--", "-----BEGIN ", "kty", '"kty":', '"d":', "k=", "\r", "\u2028", "\u202e", "=", ";", ",", "/*", "*/",
    "//", "jwksgov: ignore[", "é",
)  # fmt: skip
_ODD = (
    "", " ", "x" * 500, "-1", "1e999", "0x10", "https://", "http://[::1", "[]", "{}", "null", "${VAR}", "{{ x }}", "%s",
    "\x1b[31m",
)  # fmt: skip
_COMMENTS = {
    "yaml": "#",
    "properties": "#",
    "ini": ";",
    "toml": "#",
    "env": "#",
    "hcl": "#",
    "directives": "#",
    "nginx": "#",
    "json": "//",
    "xml": "",
}


@dataclass(frozen=True)
class FuzzDocument:
    """One document: `planted` names what was put in, with its form and place, for a find's description."""

    path: str
    data: bytes
    planted: tuple[str, ...]


class DocumentMaker:
    """Makes the same documents for the same seed and number of batch."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self._seed = seed
        self._keys = make_keys(chance)
        self._password = make_password(chance)
        self._bases = [base for base in bases() if base.slots]
        # encrypted forms are salted by the library: they are other ones in each process, and known by what they are
        values = {key.name: (*key.octets, *key.encrypted) for key in self._keys} | {"password": (self._password.encode(),)}
        self.oracle = LeakOracle(values)

    def batch(self, number: int, size: int) -> list[FuzzDocument]:
        """The documents of one batch, in folders of their own."""
        chance = random.Random(f"{self._seed} {number}")
        return [self.document(chance, place) for place in range(size)]

    def document(self, chance: random.Random, number: int = 0) -> FuzzDocument:
        """One document, all of whose choices `chance` makes."""
        return _Making(chance, self._bases, self._keys, self._password).document(number)


class _Making:
    """One document in the making."""

    def __init__(self, chance: random.Random, bases_: list[Base], keys: tuple[PlantedKey, ...], password: str) -> None:
        self._chance = chance
        self._base = chance.choice(bases_)
        self._other = chance.choice(bases_)
        self._keys = keys
        self._password = password
        self._planted: list[str] = []

    def document(self, number: int) -> FuzzDocument:
        texts = {each: self._text(self._base.slots[each]) for each in self._chosen()}
        parts = [*self._parts(texts)]
        for _ in range(self._chance.choice((0, 0, 1, 1, 2, 4))):
            at = 2 * self._chance.randrange((len(parts) + 1) // 2)
            parts[at] = self._changed(parts[at])
        path = self._base.path if self._chance.random() < 0.9 else self._other.path
        return FuzzDocument(f"{number}/{path.split('/', 1)[-1]}", self._encoded("".join(parts)), tuple(self._planted))

    def _chosen(self) -> list[int]:
        count = min(len(self._base.slots), self._chance.choice((1, 1, 2, 3, 6)))
        return sorted(self._chance.sample(range(len(self._base.slots)), count))

    def _parts(self, texts: dict[int, str]) -> Iterator[str]:
        """The document in turns: text of the base, which may be changed, and what was put in a slot, which may not."""
        at = 0
        for number, text in texts.items():
            slot = self._base.slots[number]
            yield self._base.text[at : slot.start]
            yield self._base.written(slot, text)
            at = slot.end
        rest = self._base.text[at:]
        if self._chance.random() < 0.1 and "\n" in rest:
            line = rest.index("\n")
            yield f"{rest[:line]} {_COMMENTS.get(self._base.format, '#')} "
            yield self._secret("a comment").replace("\n", " ")
            rest = rest[line:]
        yield rest

    def _text(self, slot: Slot) -> str:
        """What stands in a slot now: a private value most of the time, else another slot's text or something odd."""
        sort = self._chance.random()
        if sort < 0.6:
            return self._secret(slot.name)
        if sort < 0.75:
            other = self._chance.choice(self._other.slots)
            return self._other.text[other.start : other.end]
        if sort < 0.9:
            text = self._base.text[slot.start : slot.end]
            return self._chance.choice(
                (text.upper(), text.title(), text.replace("-", "_"), text * 2, f"{text} {text}", text[::-1])
            )
        return self._chance.choice(_ODD)

    def _secret(self, place: str) -> str:
        if self._chance.random() < 0.1:
            way = self._chance.choice(list(CREDENTIALS))
            self._planted.append(f"password/{way} in {place}")
            return CREDENTIALS[way](self._password)
        key = self._chance.choice(self._keys)
        structure = self._chance.choice(list(key.written))
        chain = self._chance.choices(list(ENCODINGS), k=self._chance.choice((1, 1, 1, 2, 3)))
        text = key.written[structure]
        for encoding in chain:
            text = ENCODINGS[encoding](text)
        if self._chance.random() < 0.1:
            text = text[: self._chance.randint(len(text) // 2, len(text))]
            chain.append("cut")
        wrap = self._chance.choice(("whole", "whole", *WRAPS))
        self._planted.append(f"{key.name} {structure}/{'+'.join(chain)} {wrap} in {place}")
        return WRAPS[wrap](text)

    def _changed(self, text: str) -> str:
        """A piece put in, taken out, moved or said again."""
        start = self._chance.randrange(len(text) + 1)
        end = min(len(text), start + self._chance.choice((0, 0, 1, 2, 8, 40)))
        if self._chance.random() < 0.5:
            return text[:start] + self._chance.choice(_PIECES) + text[end:]
        source = self._chance.choice((text, self._other.text))
        other = self._chance.randrange(len(source) + 1)
        return text[:start] + source[other : other + self._chance.choice((0, 1, 8, 60, 300))] + text[end:]

    def _encoded(self, text: str) -> bytes:
        sort = self._chance.random()
        if sort < 0.05:
            text = text.replace("\n", "\r\n")
        return text.encode("utf-16" if sort > 0.98 else "utf-8", "surrogatepass")
