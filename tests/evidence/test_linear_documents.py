"""A document costs no more than its length deserves, whatever it repeats: counted in calls, which no busy machine disturbs.

What happens inside one call of C is not counted here: tests/test_patterns.py doubles the patterns, and `benchmarks/doubling.py`
measures whole documents by CPU time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from types import FrameType

import pytest

from scanner.evidence.bindings.paths.walk import Walk
from scanner.evidence.read_document import DocumentReader
from scanner.files.limits import MOST_TEXT
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document
from tests.linear.hostile_documents import Family, families

_PACK = shipped_pack(examples=True)
_FAMILIES = list(families(_PACK))
# some constructs in some places of each format, and all examples: `make nightly` tries all
_SOME = [family for number, family in enumerate(_FAMILIES) if family.is_example or number % 41 == 0]
_LENGTHS = (1_000, 4_000, 16_000)
# four times the length: linear work is 4 times as much, quadratic 16 times
_MOST = 7.0
# less work than this is that of any document
_FLOOR = 20_000


def _calls(work: Callable[[], object]) -> int:
    """How many calls a function makes, of Python and of C."""
    count = 0

    def count_call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def _growth(family: Family) -> float:
    """How many times the work four times the length takes."""
    reader = DocumentReader(_PACK.platforms)
    reader.read(Document(family.path, family.make(100).encode(), is_named=True))  # what is loaded once is loaded now
    work = [_calls(partial(reader.read, Document(family.path, family.make(length).encode(), True))) for length in _LENGTHS]
    # a format that is recognised only from some length on grows once by more
    return min(long / short if long > _FLOOR else 1.0 for short, long in pairwise(work))


@pytest.fixture(autouse=True)
def _few_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nodes that fields may visit have a count of their own: many bindings that name each other reach it. It is small here,
    for both lengths, so that what it does not count is seen.
    """
    monkeypatch.setattr(Walk.__init__, "__defaults__", (1_000, MOST_TEXT))


class TestDocuments:
    @pytest.mark.parametrize("family", _SOME, ids=[family.name for family in _SOME])
    def test_are_read_in_linear_time(self, family: Family) -> None:
        """From bytes to bindings."""
        assert _growth(family) < _MOST

    @pytest.mark.nightly
    @pytest.mark.parametrize("family", _FAMILIES, ids=[family.name for family in _FAMILIES])
    def test_of_every_family_are_read_in_linear_time(self, family: Family) -> None:
        """The same for all."""
        assert _growth(family) < _MOST

    def test_would_be_seen_if_they_were_not(self) -> None:
        """The count grows with the square where the work does."""

        def work(length: int) -> None:
            for _ in range(length):
                for each in range(length):
                    len(str(each))

        assert _calls(lambda: work(400)) / _calls(lambda: work(100)) > 2 * _MOST
