"""Which published keys share something, and with whom: each key is told by itself and names the others."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from scanner.config.model import IssuerEntry
from scanner.errors import Place
from scanner.evidence.model import Jwk, Octets
from scanner.subjects.fleet import compare
from scanner.subjects.joined_issuers import join
from scanner.subjects.kinds import find_waiver_names, identify, make_row
from scanner.subjects.model import (
    OtherKey,
    OtherKeys,
    SharedKey,
)
from tests.subjects.published_keys import ONE, OTHER, TEST, THIRD, folder, key, shared


def of(issuers: Mapping[str, tuple[int, ...]], *notes: IssuerEntry) -> dict[str, SharedKey]:
    """Issuer → its first key that shares something, each key of the issuers given by its modulus."""
    folders = [folder(issuer, *map(key, numbers)) for issuer, numbers in issuers.items()]
    found: dict[str, SharedKey] = {}
    for each in shared(*folders, notes=notes):
        found.setdefault(each.about.issuer, each.about)
    return found


def issuers_in(others: OtherKeys) -> list[str]:
    return [each.issuer for each in others.first]


class TestAKeyAtTwoIssuers:
    def test_is_told_at_both_places_each_naming_the_other(self) -> None:
        found = shared(folder(ONE, key(9), key(15, 1)), folder(THIRD, key(15), key(21, 1)))
        assert [(each.ref.id, each.ref.place) for each in found] == [
            ("login.example.co.uk/jwks.json#shared_key:k15", Place("login.example.co.uk/jwks.json", 3, 5)),
            ("login.another.co.uk/jwks.json#shared_key:k15", Place("login.another.co.uk/jwks.json", 2, 5)),
        ]
        assert [each.about.at_other_owners for each in found] == [
            OtherKeys((OtherKey("k15", THIRD, "login.another.co.uk/jwks.json"),), 1),
            OtherKeys((OtherKey("k15", ONE, "login.example.co.uk/jwks.json"),), 1),
        ]

    def test_is_not_told_of_one_issuer_with_two_documents(self) -> None:
        assert shared(folder(ONE, key(15), key(21, 1), name="a"), folder(ONE, key(15), key(9, 1), name="b")) == []

    def test_is_not_told_of_an_issuer_and_its_alias(self) -> None:
        note = IssuerEntry(issuer=ONE, aliases=[THIRD])
        assert shared(folder(ONE, key(15)), folder(THIRD, key(15), key(9, 1)), notes=(note,)) == []

    def test_is_not_told_where_the_issuer_is_not_known(self) -> None:
        _, unknown = folder("", key(15), name="copies")
        metadata, known = folder(ONE, key(15))
        assert [each.ref.kind for each in compare([metadata], [known, unknown], tuple(join([metadata], [known])), (),
                                                  is_complete=True, has_fleet=True)] == ["fleet"]  # fmt: skip

    def test_crosses_owners_for_those_with_an_owner_of_their_own(self) -> None:
        """Two of three issuers have one owner: each of them is told of the third first."""
        found = of({ONE: (15, 9), OTHER: (15, 21), THIRD: (15, 33)})
        assert {issuer: issuers_in(each.at_other_owners) for issuer, each in found.items()} == {
            ONE: [THIRD, OTHER],
            OTHER: [THIRD, ONE],
            THIRD: [ONE, OTHER],
        }

    def test_finds_the_one_other_owner_among_many_issuers(self) -> None:
        """However many issuers of one owner come first."""
        tenants = {f"https://a{number}.example.com": (15, 100 + number) for number in range(60)}
        found = of(tenants | {THIRD: (15, 9)})
        assert {len(each.at_other_owners.first) for each in found.values()} == {3}
        assert {each.at_other_owners.count for each in found.values()} == {60}
        assert all(issuers_in(each.at_other_owners)[0] == THIRD for issuer, each in found.items() if issuer != THIRD)

    def test_crosses_environments(self) -> None:
        found = of({ONE: (15, 9), OTHER: (15, 21), TEST: (15, 33)})
        assert [issuers_in(found[issuer].in_other_environments) for issuer in (ONE, OTHER, TEST)] == [
            [TEST, OTHER],
            [TEST, ONE],
            [ONE, OTHER],
        ]
        assert {each.within_owner for each in found.values()} == {OtherKeys()}


class TestOneOwner:
    def test_is_apparent_from_a_domain_under_a_second_level(self) -> None:
        """`co.uk` belongs to a registry, `example.co.uk` to an owner."""
        found = of({ONE: (15, 9), OTHER: (15, 21)})
        assert [(each.at_other_owners.count, each.within_owner.count) for each in found.values()] == [(0, 1), (0, 1)]
        assert [each.at_other_owners.count for each in of({ONE: (15, 9), THIRD: (15, 21)}).values()] == [1, 1]

    def test_is_what_the_configuration_declares(self) -> None:
        notes = [IssuerEntry(issuer=issuer, owner="identity") for issuer in (ONE, THIRD)]
        assert [each.at_other_owners.count for each in of({ONE: (15, 9), THIRD: (15, 21)}, *notes).values()] == [0, 0]

    def test_is_not_when_the_configuration_declares_two(self) -> None:
        notes = [IssuerEntry(issuer=ONE, owner="identity"), IssuerEntry(issuer=OTHER, owner="shop")]
        assert [each.at_other_owners.count for each in of({ONE: (15, 9), OTHER: (15, 21)}, *notes).values()] == [1, 1]

    def test_has_two_names_with_the_same_keys(self) -> None:
        found = of({ONE: (15, 9), THIRD: (15, 9)})
        assert [(each.at_other_owners.count, each.within_owner.count) for each in found.values()] == [(0, 1), (0, 1)]


class TestAKid:
    def test_of_different_keys_is_told_at_each(self) -> None:
        found = shared(folder(ONE, key(15, kid="1")), folder(OTHER, key(21, kid="1")), folder(THIRD, key(9, kid="2")))
        assert [issuers_in(each.about.under_same_kid) for each in found] == [[OTHER], [ONE]]

    def test_of_different_keys_of_one_issuer_is_left_to_the_rules_about_the_set(self) -> None:
        assert shared(folder(ONE, key(15, kid="1"), key(21, 1, kid="1")), folder(OTHER, key(9, kid="2"))) == []

    @pytest.mark.parametrize("seed", range(5))
    def test_counts_and_names_as_comparing_each_pair_does(self, seed: int) -> None:
        chance = random.Random(seed)
        held = {(f"https://i{chance.randrange(9)}.example.com", 15 + 2 * chance.randrange(9)) for _ in range(25)}
        folders = [folder(issuer, key(number, kid="1"), name=str(at)) for at, (issuer, number) in enumerate(sorted(held))]
        found = {(each.about.issuer, _modulus(each.about.key)): each.about.under_same_kid for each in shared(*folders)}
        for issuer, number in held:
            others = [pair for pair in held if pair[0] != issuer and pair[1] != number]
            told = found.get((issuer, number), SharedKey(key=key(1)).under_same_kid)
            assert (told.count, len(told.first)) == (len(others), min(3, len(others)))
            assert issuer not in issuers_in(told)


class TestASharedKey:
    def test_is_the_same_one_when_files_move(self) -> None:
        one = shared(folder(ONE, key(15), key(9, 1)), folder(THIRD, key(15), key(21, 1)))
        moved = shared(folder(ONE, key(9), key(15, 1), name="x"), folder(THIRD, key(15), key(21, 1), name="y"))
        assert list(map(identify, one)) == list(map(identify, moved))
        assert len({identify(each) for each in one}) == 2

    def test_may_be_waived_by_its_kid_and_every_name_of_its_issuer(self) -> None:
        note = IssuerEntry(issuer=ONE, aliases=[OTHER])
        found, _ = shared(folder(OTHER, key(15), key(9, 1)), folder(THIRD, key(15), key(21, 1)), notes=(note,))
        names = find_waiver_names(found)
        assert (names.issuers, names.kid) == ((ONE, OTHER), "k15")

    def test_has_an_id_of_its_own_where_a_kid_is_repeated(self) -> None:
        """The number is that of the key in its set, whatever the first of the name shares."""
        found = shared(folder(ONE, key(9, kid="k"), key(15, 1, kid="k")), folder(THIRD, key(15), key(21, 1)))
        assert found[0].ref.id.endswith("#shared_key:k~2")

    def test_lists_the_others_in_its_row(self) -> None:
        found, _ = shared(folder(ONE, key(15), key(9, 1)), folder(OTHER, key(15), key(21, 1)))
        row = make_row(found)
        assert [(each.kind, each.size, each.first[0].issuer) for each in row.shares] == [("within-owner", 1, OTHER)]


def _modulus(found: Jwk) -> int:
    n = found.octets["n"]
    assert isinstance(n, Octets)
    return int.from_bytes(n.data, "big")
