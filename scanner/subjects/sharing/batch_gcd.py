"""Primes that RSA moduli share, for all moduli of a scan at once (Bernstein, How to find smooth parts of integers).

A product tree and a remainder tree give gcd(n, product of all others) for each n in quasi-linear time. gmpy2 multiplies and
divides that fast; Python's own integers divide in quadratic time, so without it only some hundreds of moduli are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from math import gcd
from typing import Any, Final

MOST: Final = 200_000
MOST_WITHOUT_GMPY2: Final = 256


class TooMany(Exception):
    """More moduli than can be compared here; the text says what would help."""


def shared_factors(moduli: Sequence[int]) -> dict[int, int]:
    """Position → common factor, for each of the different `moduli` that shares one with another."""
    number = _number(len(moduli))
    level: list[Any] = [number(each) for each in moduli]
    tree = [level]
    while len(level) > 1:
        level = [level[at] * level[at + 1] if at + 1 < len(level) else level[at] for at in range(0, len(level), 2)]
        tree.append(level)
    rest = tree.pop()
    while tree:
        below = tree.pop()
        rest = [rest[at // 2] % (each * each) for at, each in enumerate(below)]
    found = {at: gcd(int(rest[at] // each), int(each)) for at, each in enumerate(map(number, moduli))}
    return {at: factor for at, factor in found.items() if factor > 1}


def _number(count: int) -> Any:
    if count > MOST:
        raise TooMany(f"{count} RSA moduli are more than {MOST}, the most that are compared")
    try:
        return import_module("gmpy2").mpz
    except ImportError:
        if count > MOST_WITHOUT_GMPY2:
            raise TooMany(f"comparing {count} RSA moduli needs gmpy2: pip install 'jwksgov[keys]'") from None
        return int
