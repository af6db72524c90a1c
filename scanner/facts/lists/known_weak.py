"""What badkeys knows of a key (extra `keys`): primes that moduli in the wild share, moduli with only a few bits set, and its
blocklist of keys with a public private half, if the user has downloaded it (`badkeys --update-bl`).

The checks are named one by one, instead of badkeys' default set: the scanner has deeper tests for the others, or they report
sound keys.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec

from scanner.evidence.model import Jwk, Octets
from scanner.facts.numbers.curve_points import WEIERSTRASS

_RSA_CHECKS = ("rsapoly", "sharedprimes")
_BLOCKLIST = "blocklist"
_FILES = ("badkeysdata.json", "blocklist.dat")
# sizes of modulus that badkeys' tests are made for
_FEWEST_BITS, _MOST_BITS = 512, 16_384


@cache
def is_installed() -> bool:
    """Whether the extra `keys` is installed."""
    return find_spec("badkeys") is not None


def is_blocklist_downloaded() -> bool:
    """Whether badkeys finds its blocklist; without one it would end the whole process."""
    if not is_installed():
        return False
    from badkeys.utils import _cachedir

    return all(os.path.isfile(os.path.join(_cachedir(), name)) for name in _FILES)


def weaknesses(key: Jwk) -> list[str]:
    """What the checks find, as `blocklist (debianssl)`; empty for an unreadable key. Needs badkeys."""
    from badkeys.checks import checkall, checkrsa

    lists = (_BLOCKLIST,) if is_blocklist_downloaded() else ()
    numbers = _read_numbers(key)
    if not numbers:
        return []
    if key.texts.get("kty") == "RSA":
        n, e = numbers
        if not _FEWEST_BITS <= n.bit_length() <= _MOST_BITS:
            return []
        found = checkrsa(n, e=e, checks=[*_RSA_CHECKS, *lists])
    else:
        found = checkall(numbers[0], checks=list(lists))
    return [f"{name} ({said['subtest']})" if said.get("subtest") else name for name, said in found.items()]


def _read_numbers(key: Jwk) -> tuple[int, ...]:
    """The numbers that badkeys knows a key by: n and e, or x."""
    kty, crv = key.texts.get("kty"), key.texts.get("crv", "")
    if kty == "RSA":
        names: tuple[str, ...] = ("n", "e")
    elif (kty == "EC" and crv in WEIERSTRASS) or kty == "OKP":
        names = ("x",)
    else:
        return ()
    read = [value.data for name in names if isinstance(value := key.octets.get(name), Octets)]
    return tuple(int.from_bytes(data, "big") for data in read) if len(read) == len(names) else ()
