"""Recognition by needles: every needle of a read must occur, wherever it stands in the file."""

from __future__ import annotations

import pytest

from scanner.evidence.needles import Needles
from scanner.pack.load import shipped_pack

READS = [["requestauthentication"], ["jwt", "issuer"], ["issuer"], ["jwt", "x.y/z"]]


class TestNeedles:
    @pytest.mark.parametrize(
        ("text", "reads"),
        [
            (b"nothing of ours", []),
            (b"an issuer", [2]),
            (b"issuer and jwt", [1, 2]),
            (b"jwt alone", []),
            (b"jwt at x.y/z", [3]),
            (b"requestauthentications", [0]),
        ],
    )
    def test_find_the_reads_of_which_all_occur(self, text: bytes, reads: list[int]) -> None:
        assert Needles(READS).matching(text) == reads

    def test_are_found_where_one_ends_in_another(self) -> None:
        assert Needles([["rules"], ["jwtrules"]]).matching(b"jwtrules") == [0, 1]

    @pytest.mark.parametrize("before", [262_139, 262_144, 262_150, 600_000])
    def test_are_found_anywhere_in_a_large_file(self, before: int) -> None:
        text = b"-" * before + b"issuer" + b"-" * 300_000
        assert Needles(READS).matching(text) == [2]

    def test_of_no_read_match_nothing(self) -> None:
        assert Needles([]).matching(b"issuer") == []

    def test_a_read_without_any_is_always_asked(self) -> None:
        assert Needles([[], ["issuer"]]).matching(b"") == [0]


class TestOurPlatforms:
    def test_have_needles(self) -> None:
        """A read without one would be asked of every file there is."""
        needles = shipped_pack().platforms.needles
        assert [name for name, reads in needles.items() if not all(reads)] == []
