"""Primes that RSA moduli share, for all moduli of a scan at once (Bernstein, How to find smooth parts of integers).

A product tree and a remainder tree give gcd(n, product of all others) for each n in quasi-linear time. gmpy2 multiplies and
divides that fast; Python's own integers divide in quadratic time, so without it at most 500 moduli are compared, in 3 seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from math import gcd
from typing import Any, Final

MOST: Final = 200_000
MOST_WITHOUT_GMPY2: Final = 500
# moduli of one inner tree
_GROUP: Final = 256


class TooMany(Exception):
    """More moduli than can be compared here; the text says what would help."""


def shared_factors(moduli: Sequence[int]) -> dict[int, int]:
    """Position → common factor, for each of the different `moduli` that shares one with another.

    Two product trees (Bernstein, How to find smooth parts of integers): one over groups, and one within each group in turn, so
    that the lower levels, which are as large as all moduli together, are not kept all at once.
    """
    number = _number(len(moduli))
    groups = [[number(each) for each in moduli[at : at + _GROUP]] for at in range(0, len(moduli), _GROUP)]
    if not groups:
        return {}
    products = _product_tree([_product_tree(group)[-1][0] for group in groups])
    found: dict[int, int] = {}
    for number_of_group, rest in enumerate(_remainders(products, products[-1])):
        group = groups[number_of_group]
        for at, remainder in enumerate(_remainders(_product_tree(group), [rest])):
            factor = gcd(int(remainder // group[at]), int(group[at]))
            if factor > 1:
                found[number_of_group * _GROUP + at] = factor
    return found


def _product_tree(leaves: list[Any]) -> list[list[Any]]:
    """Levels of products, the leaves first, the product of all last."""
    tree = [leaves]
    while len(tree[-1]) > 1:
        level = tree[-1]
        tree.append([level[at] * level[at + 1] if at + 1 < len(level) else level[at] for at in range(0, len(level), 2)])
    return tree


def _remainders(tree: list[list[Any]], rest: list[Any]) -> list[Any]:
    """The product of all, given modulo the square of the root, modulo the square of each leaf. Takes the tree apart."""
    tree.pop()
    while tree:
        below = tree.pop()
        rest = [rest[at // 2] % (each * each) for at, each in enumerate(below)]
    return rest


def _number(count: int) -> Any:
    if count > MOST:
        raise TooMany(f"{count} RSA moduli are more than {MOST}, the most that are compared")
    try:
        return import_module("gmpy2").mpz
    except ImportError:
        if count > MOST_WITHOUT_GMPY2:
            raise TooMany(f"comparing {count} RSA moduli needs gmpy2, which is missing here: pip install gmpy2") from None
        return int
