#!/usr/bin/env python3
"""How the work for a document grows with its length: every family of tests/linear/hostile_documents.py, doubled.

usage: doubling.py [--from 16000] [--doublings 2] [--most 1.2] [--only TEXT] [--all]

Each document goes the whole way of a scan: read, recognised, judged, reported as JSON. CPU seconds of this process. Prints the
families that take more than `--floor` seconds (`--all`: every one) with their exponent, the largest last; 1 where one is above
`--most`.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from scanner.renderers.choose import render
from tests.linear.growth import TooLong, cpu_limit, cpu_seconds
from tests.linear.hostile_documents import Family, families
from tests.one_document import OneDocument

_LIMIT_S = 60.0


class Row(NamedTuple):
    """What came of one family."""

    exponent: float
    seconds: float
    length: int
    family: Family


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", type=int, default=16_000, dest="first", help="the first length, in characters")
    parser.add_argument("--doublings", type=int, default=2)
    parser.add_argument("--most", type=float, default=1.2, help="the largest exponent that is accepted")
    parser.add_argument("--floor", type=float, default=0.08, help="what takes less at the first length is not doubled")
    parser.add_argument("--only", default="", help="the families whose names contain this")
    parser.add_argument("--all", action="store_true", help="double every family")
    arguments = parser.parse_args()
    one, count = OneDocument(), 0
    rows: list[Row] = []
    for family in families(one.pack):
        if arguments.only in family.name:
            count += 1
            rows += _doubled(one, family, arguments)
    rows.sort()
    print("| family | characters | CPU s | exponent |\n|---|--:|--:|--:|")
    for row in rows:
        print(f"| {row.family.name.replace('|', '&#124;')} | {row.length} | {row.seconds:.2f} | {row.exponent:.2f} |")
    largest = rows[-1].exponent if rows else 0.0
    print(f"\n{count} families, {len(rows)} doubled, largest exponent {largest:.2f}")
    return 1 if largest > arguments.most else 0


def _doubled(one: OneDocument, family: Family, arguments: argparse.Namespace) -> Iterator[Row]:
    length, last = arguments.first, arguments.first << arguments.doublings
    try:
        with cpu_limit(_LIMIT_S):
            short = _seconds(one, family, length)
            if short < arguments.floor and not arguments.all:
                return
            short, long = min(short, _seconds(one, family, length)), _seconds(one, family, last)
            if long > 1.3 * short * (1 << arguments.doublings):  # once more, against noise
                short, long = min(short, _seconds(one, family, length)), min(long, _seconds(one, family, last))
    except TooLong:
        short, long = 1.0, math.inf
    row = Row(math.log2(long / max(short, 1e-9)) / arguments.doublings, long, last, family)
    print(f"{row.exponent:.2f} {row.seconds:.2f} s {family.name}", file=sys.stderr, flush=True)
    yield row


def _seconds(one: OneDocument, family: Family, length: int) -> float:
    data = family.make(length).encode("utf-8", "surrogatepass")
    return cpu_seconds(lambda: render(one.report(family.path, data), "json"))


if __name__ == "__main__":
    sys.exit(main())
