"""What a vector is: a document, and which rules must fail on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

from scanner.record import record

Severity = Literal["critical", "high"]


@record
class Vector:
    """A document under the name it is found by. `rule` must fail on it, at `severity`."""

    name: str
    rule: str
    severity: Severity
    data: bytes
    path: str = "jwks.json"


@record
class Control:
    """A document on which nothing may fail at medium or above under the `baseline` profile, except `remark`: the rule about
    what strict consumers refuse and most read.
    """

    name: str
    data: bytes
    path: str = "jwks.json"
    remark: str = ""


def jwk_set(*keys: object, **more: object) -> bytes:
    """The octets of a JWK Set."""
    return json.dumps({"keys": list(keys), **more}).encode()


class Family:
    """Vectors for one rule, numbered and named as they come."""

    def __init__(self, rule: str, severity: Severity) -> None:
        self.rule = rule
        self.severity = severity
        self.made: list[Vector] = []

    def key(self, name: str, *keys: object) -> Family:
        """A set of these keys."""
        return self.data(name, jwk_set(*keys))

    def data(self, name: str, data: bytes | str, path: str = "jwks.json") -> Family:
        """A document as it is written."""
        octets = data if isinstance(data, bytes) else data.encode()
        self.made.append(Vector(f"{self.rule}: {name}", self.rule, self.severity, octets, path))
        return self


def vectors_of(families: Iterable[Family]) -> list[Vector]:
    """The vectors of all families, in order."""
    return [vector for family in families for vector in family.made]
