#!/usr/bin/env python3
"""Batch GCD over many moduli: seconds, the exponent from one size to the next, and whether the planted primes were found.

usage: gcd.py [COUNT ...]      (default: 1000 10000; needs the extra `keys`)

The moduli are random odd stand-ins of 2,048 bits; three pairs of them share a planted factor of
1,024 bits, and only a common factor of that size counts as found.
"""

from __future__ import annotations

import math
import random
import resource
import sys
import time

from scanner.subjects.sharing.batch_gcd import shared_factors

PLANTED = 3


def moduli(count: int, chance: random.Random) -> tuple[list[int], set[int]]:
    """Stand-ins, and the positions of those that share a planted factor."""
    made = [chance.getrandbits(2048) | (1 << 2047) | 1 for _ in range(count)]
    marked: set[int] = set()
    for pair in range(PLANTED):
        factor = chance.getrandbits(1024) | (1 << 1023) | 1
        for at in (pair * 7, count - 1 - pair * 11):
            made[at] = factor * (chance.getrandbits(1024) | (1 << 1023) | 1)
            marked.add(at)
    return made, marked


def main() -> None:
    """Measure each size once."""
    sizes = [int(word) for word in sys.argv[1:]] or [1_000, 10_000]
    before: tuple[int, float] | None = None
    for count in sizes:
        made, marked = moduli(count, random.Random(count))
        begin = time.process_time()
        found = {at for at, factor in shared_factors(made).items() if factor.bit_length() >= 1023}
        seconds = time.process_time() - begin
        grown = f", exponent {math.log(seconds / before[1]) / math.log(count / before[0]):.2f}" if before else ""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{count} moduli: {seconds:.2f} s{grown}, planted found {len(found & marked)}/{len(marked)}, peak {peak} MiB")
        before = count, seconds


if __name__ == "__main__":
    main()
