"""What several variants share is told once; what only an undeployed base has fails for none of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import Place
from scanner.policy.result import FAIL, Judgement, Result
from scanner.policy.shown_value import add_value, drop_value, say_value
from scanner.policy.variants import find_repaired, tell_once
from scanner.subjects.model import ShownValue, Subject, SubjectRef
from scanner.units.made import Origin, Variant

PLACE = Place("a.yaml", 3, 5)


def judged(variant: str, *rules: str, value: str = "", place: Place = PLACE) -> Judgement:
    ref = SubjectRef("binding", f"a.yaml#binding:x~{variant}", PLACE, "a.yaml#binding:x")
    shown = ShownValue(value, (Origin(f"values-{variant}.yaml", 8, 1),)) if value else None
    results = tuple(Result(rule, ref, "fail", "It fails.", place, shown, (Variant(variant),)) for rule in rules)
    return Judgement(Subject(ref, None), bytes([FAIL]), results)


def told(judgements: list[Judgement]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (result.rule, tuple(each.name for each in result.variants)) for each in tell_once(judgements) for result in each.results
    ]


class TestAResult:
    def test_that_variants_share_is_told_once_with_all_of_them(self) -> None:
        assert told([judged("dev", "r"), judged("prod", "r", "s")]) == [("r", ("dev", "prod")), ("s", ("prod",))]

    def test_with_another_value_is_another_one(self) -> None:
        """Two files are to be changed."""
        found = [judged("dev", "r", value="http://a"), judged("prod", "r", value="http://b")]
        assert told(found) == [("r", ("dev",)), ("r", ("prod",))]

    def test_with_one_value_from_two_files_has_both_places(self) -> None:
        found = tell_once([judged("dev", "r", value="http://a"), judged("prod", "r", value="http://a")])
        shown = found[0].results[0].shown
        assert shown is not None
        assert [each.path for each in shown.origins] == ["values-dev.yaml", "values-prod.yaml"]
        assert found[1].results == ()

    def test_keeps_the_id_of_its_home_once(self) -> None:
        """A baseline knows a finding again when another variant has it as well; a second one is another finding."""
        found = tell_once([judged("dev", "r", value="http://a"), judged("prod", "r", value="http://b")])
        assert [each.results[0].subject.home_id for each in found] == ["a.yaml#binding:x", ""]

    @given(st.lists(st.lists(st.sampled_from("rst"), unique=True), max_size=6))
    def test_is_never_lost(self, rules: list[list[str]]) -> None:
        found = told([judged(f"v{number}", *each) for number, each in enumerate(rules)])
        pairs = [(rule, variant) for rule, variants in found for variant in variants]
        assert sorted(pairs) == sorted((rule, f"v{number}") for number, each in enumerate(rules) for rule in each)


class TestABase:
    def test_is_repaired_where_no_variant_has_its_fault(self) -> None:
        assert [each.rule for each in find_repaired([judged("", "r", "s")], [judged("prod", "s"), judged("dev")])] == ["r"]


class TestTheValueInAMessage:
    SHOWN = ShownValue("http://login.example.com", (Origin("base.yaml", 1, 1, "base"), Origin("values.yaml", 8, 1)))

    def test_stands_before_the_full_stop_with_the_place_to_change(self) -> None:
        made = add_value("It uses plain http.", self.SHOWN)
        assert made == "It uses plain http: http://login.example.com (values.yaml:8)."
        assert drop_value(made, say_value(self.SHOWN)) == "It uses plain http."

    def test_is_not_added_where_its_own_place_decides(self) -> None:
        shown = ShownValue("x", (Origin("base.yaml", 1, 1, "base"),))
        assert add_value("It fails.", shown) == "It fails."

    def test_says_where_only_a_part_comes_from(self) -> None:
        shown = ShownValue("http://a.example.com/shop", (Origin("values.yaml", 8, 1),), begins_here=True)
        made = add_value("It uses plain http.", shown)
        assert made == "It uses plain http: http://a.example.com/shop (in part from values.yaml:8)."

    def test_is_cut(self) -> None:
        assert len(add_value("It fails.", ShownValue("x" * 5000, (Origin("v.yaml", 1, 1),)))) < 300
