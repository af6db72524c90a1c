"""No report shows a private value that stands in a value or member name of any platform's configuration."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

import pytest

from tests.redaction.planted import AGAIN, SEED, credentials, key_forms, oracle
from tests.redaction.scans import BatchScan, all_outputs, formats
from tests.redaction.slots import Base, bases
from tests.redaction.wraps import WRAPS

_BATCH = 200

Planted = tuple[str, str, bytes]  # what was planted, in words; the path; the document


@cache
def scan() -> BatchScan:
    """One for all tests: it compiles the rules."""
    return BatchScan()


def planted(base: Base, number: int, chance: random.Random) -> Planted:
    """A document with a form of a key, or a URL with a password, in one of its slots."""
    slot = base.slots[number]
    if chance.random() < 0.1:
        name, text = chance.choice(credentials())
    else:
        name, text = chance.choice(key_forms())
        wrap = chance.choice(("whole", *WRAPS))
        name, text = f"{name} {wrap}", WRAPS[wrap](text)
    return f"{name} in {slot.name} of {base.path}", base.path, base.filled({number: text}).encode()


def every_slot(rounds: int) -> Iterator[Planted]:
    """Each slot of each document so many times, in random order, with a form by chance."""
    chance = random.Random(SEED)
    places = [(base, number) for base in bases() for number in range(len(base.slots))] * rounds
    chance.shuffle(places)
    return (planted(base, number, chance) for base, number in places)


def leaks_of(documents: Sequence[Planted], *, is_whole: bool) -> Iterator[str]:
    """What of the documents is seen, found by halves."""
    report = scan().report([(f"{number}/{path}", data) for number, (_, path, data) in enumerate(documents)])
    outputs = [name for name, text in (all_outputs if is_whole else formats)(report) if oracle().find(text)]
    if outputs and len(documents) > 1:
        half = len(documents) // 2
        found = [*leaks_of(documents[:half], is_whole=is_whole), *leaks_of(documents[half:], is_whole=is_whole)]
        yield from found or [f"a batch of {len(documents)}: {outputs}"]
    elif outputs:
        yield f"{documents[0][0]}: {', '.join(outputs)}"


class TestAPrivateValueInASlot:
    def test_is_in_no_output(self) -> None:
        """A sample of all slots, other ones at each run."""
        assert list(leaks_of(list(islice(every_slot(1), 120)), is_whole=True)) == [], AGAIN

    @pytest.mark.nightly
    def test_in_any_slot_is_in_no_output(self) -> None:
        documents = every_slot(8)
        found: list[str] = []
        while batch := list(islice(documents, _BATCH)):
            found += leaks_of(batch, is_whole=False)
        assert found == [], AGAIN
