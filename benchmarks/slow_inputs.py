#!/usr/bin/env python3
"""Looks for the slowest input of a size: hill climbing over the families of tests/linear/hostile_documents.py.

usage: nice -n 19 slow_inputs.py [--minutes 30] [--size 1048576] [--probe 32768] [--seed 1]

An input is a list of constructs, which are repeated until the input is full, around or inside a real binding of one format. The
search changes the list (another construct, one more, one less, two swapped, another place, another format) and keeps what is
slower at the probe's size. The slowest ones are then made in full size. Prints the slowest input's parts and CPU seconds.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from scanner.renderers.choose import render
from tests.linear.growth import TooLong, cpu_limit, cpu_seconds
from tests.linear.hostile_documents import UNITS, repeat, shortest_examples
from tests.one_document import OneDocument

_LIMIT_S = 600.0
_KEPT = 12
_FULL = 5


class Shape(NamedTuple):
    """An input: constructs in one place of a file."""

    format: str
    path: str
    binding: str
    is_before: bool
    units: tuple[str, ...]

    def make(self, size: int) -> bytes:
        """The input of about that size."""
        filled = repeat("".join(self.units), max(size - len(self.binding), 1))
        text = filled + "\n" + self.binding if self.is_before else self.binding + filled
        return text.encode("utf-8", "surrogatepass")

    def __str__(self) -> str:
        place = "before" if self.is_before else "behind"
        return f"{self.format}: {''.join(self.units)!r} repeated {place} the binding of {self.path}"


def main() -> int:
    """Search, then print the slowest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--size", type=int, default=1024 * 1024)
    parser.add_argument("--probe", type=int, default=32 * 1024)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    one, chance = OneDocument(), random.Random(arguments.seed)
    end = time.monotonic() + 60 * arguments.minutes
    tried, best = _climb(one, chance, arguments.probe, end)
    print(f"{tried} inputs of {arguments.probe} bytes tried; the slowest in full size:")
    for seconds, shape in sorted(((_seconds(one, shape, arguments.size), shape) for _, shape in best[:_FULL]), reverse=True):
        print(f"{seconds:8.2f} s CPU for {arguments.size} bytes  {shape}")
    return 0


def _climb(one: OneDocument, chance: random.Random, probe: int, end: float) -> tuple[int, list[tuple[float, Shape]]]:
    """How many inputs were tried, and the slowest ones, the slowest first."""
    examples = shortest_examples(one.pack)
    seeds = [
        Shape(format_, each.file, each.text.rstrip("\n") + "\n", False, (each.text,)) for format_, each in examples.items()
    ]
    known = {shape: _seconds(one, shape, probe) for shape in seeds}
    while time.monotonic() < end:
        best = sorted(known, key=known.__getitem__, reverse=True)
        parent = chance.choice(best[: chance.choice([1, _KEPT, len(best)])])
        child = _changed(chance, parent, chance.choice(seeds))
        if child not in known:
            known[child] = _seconds(one, child, probe)
    return len(known), sorted(((seconds, shape) for shape, seconds in known.items()), reverse=True)[:_KEPT]


def _changed(chance: random.Random, shape: Shape, other: Shape) -> Shape:
    units = list(shape.units)
    at = chance.randrange(len(units))
    match chance.randrange(6):
        case 0:
            units[at] = chance.choice(UNITS)
        case 1:
            units.insert(at, chance.choice(UNITS))
        case 2 if len(units) > 1:
            del units[at]
        case 3:
            units.append(chance.choice((*UNITS, other.binding, shape.binding)))
        case 4:
            return shape._replace(is_before=not shape.is_before)
        case _:
            return other._replace(units=shape.units)
    return shape._replace(units=tuple(units[:8]))


def _seconds(one: OneDocument, shape: Shape, size: int) -> float:
    """CPU seconds from bytes to a JSON report."""
    data = shape.make(size)
    try:
        with cpu_limit(_LIMIT_S):
            return cpu_seconds(lambda: render(one.report(shape.path, data), "json"))
    except TooLong:
        return _LIMIT_S


if __name__ == "__main__":
    sys.exit(main())
