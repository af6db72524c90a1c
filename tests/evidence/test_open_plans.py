"""A template is asked about every read of every platform: what rules a read out without compiling it must be right."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.open_identities import OpenPlan, list_bodies, list_filter_names
from scanner.evidence.bindings.plan import compile_place, spelling_of
from scanner.pack.platform import Read, place_of
from scanner.pack.shipped import shipped_pack

PLATFORMS = shipped_pack(examples=False).platforms
PLACES = [place for places in PLATFORMS.places.values() for place in places]


class TestPlacesOfReads:
    def test_are_those_of_the_reads(self) -> None:
        """The stored places are what the platforms' files say."""
        made = {name: [place_of(read) for read in platform.reads] for name, platform in PLATFORMS.items()}
        assert {name: list(places) for name, places in PLATFORMS.places.items()} == made

    def test_name_every_member_that_a_value_chooses_by(self) -> None:
        """A member left out here would hide that an expression may decide what an object is."""
        for place in PLACES:
            assert list_filter_names(compile_place(place)) <= set(map(spelling_of(place), place.filters)), place

    @pytest.mark.parametrize(
        ("at", "filters"),
        [("spec[kind=A].x", ["kind"]), ("**['a.b'=x][!c=d]", ["a.b", "c"]), ("a[b]", []), ("a[t={^.t}]", ["t"])],
    )
    def test_are_found_in_any_spelling_of_a_path(self, at: str, filters: list[str]) -> None:
        place = place_of(Read(formats=["yaml"], fields={}, at=at))
        assert place.filters == filters
        assert list_filter_names(compile_place(place)) <= set(filters)


class TestBodies:
    def test_are_never_ruled_out(self) -> None:
        """Of a place whose kinds tell of tokens the rest may be an expression."""
        for place in PLACES:
            at = compile_place(place).at
            assert OpenPlan(place).bodies == (tuple(list_bodies(at)) if at is not None else ())
