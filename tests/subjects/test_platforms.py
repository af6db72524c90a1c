"""What a platform does by default is said once in a run, at its first binding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scanner.errors import Place
from scanner.evidence.bindings.reader import binding_from_settings
from scanner.pack.model import BindingExample
from scanner.subjects.model import PlatformUse, Subject, SubjectRef
from scanner.subjects.platforms import Join


def bindings(*given: tuple[str, int, dict[str, Any]]) -> Iterator[Subject]:
    for path, line, settings in given:
        yield Subject(
            SubjectRef("binding", f"{path}#{line}", Place(path, line, 1)), binding_from_settings(BindingExample(**settings))
        )


def tally(*given: tuple[str, int, dict[str, object]]) -> list[Subject]:
    made = Join()
    for subject in bindings(*given):
        made.note(subject)
    return list(made.subjects())


KEPT = {"removed_key_trusted_s": "infinite"}


def use(subject: Subject) -> PlatformUse:
    assert isinstance(subject.about, PlatformUse)
    return subject.about


class TestAPlatform:
    def test_stands_at_its_first_binding_whatever_comes_first(self) -> None:
        """Files may be read in any order; the report is the same."""
        (subject,) = tally(("b.yaml", 3, {"platform": "p"}), ("a.yaml", 9, {"platform": "p"}))
        assert (subject.ref.place.path, subject.ref.place.line) == ("a.yaml", 9)
        assert use(subject).bindings == 2

    def test_counts_the_bindings_that_rely_on_a_default(self) -> None:
        first: dict[str, Any] = {"platform": "p", "defaults": KEPT}
        second: dict[str, Any] = {"platform": "p"}
        (subject,) = tally(("a.yaml", 1, first), ("a.yaml", 2, second))
        assert (use(subject).bindings, use(subject).relying) == (2, {"removed_key_trusted_s": 1})

    def test_is_one_for_each(self) -> None:
        found = tally(("a.yaml", 1, {"platform": "q"}), ("a.yaml", 2, {"platform": "p"}))
        assert [use(subject).platform for subject in found] == ["p", "q"]


class TestAPlatformWithoutBindings:
    def test_is_not_there(self) -> None:
        """What is known of a library that nobody uses here is nothing to report."""
        assert tally() == []
        assert [use(subject).platform for subject in tally(("a.yaml", 1, {"platform": "p"}))] == ["p"]


class TestADefaultThatDiffers:
    """The versions of two bindings may differ, and with them what the platform does."""

    @pytest.mark.parametrize(
        ("name", "better", "worse"),
        [
            ("removed_key_trusted_s", 600, 3600),
            ("removed_key_trusted_s", 3600, "infinite"),
            ("removed_key_trusted_s", "http-max-age", 60),
            ("unknown_kid_min_interval_s", 60, 0),
            ("cache_s", 900, 0),
            ("cache_s", 300, 900),
            ("expiry_required", True, False),
            ("ignores_crit", False, True),
            ("on_empty_set", "wipes", "wipes-until-restart"),
            ("refreshed_set", "replaces", "appends"),
            ("set_breakers", [], ["akp"]),
            ("min_rsa_bits", 2048, 1024),
            ("fetch_size_limit", 51200, "unlimited"),
            ("unknown_kid_fallback", "none", "all"),
        ],
    )
    def test_is_the_worse_one_whatever_comes_first(self, name: str, better: object, worse: object) -> None:
        for first, second in ((better, worse), (worse, better)):
            (subject,) = tally(
                ("a.yaml", 1, {"platform": "p", "defaults": {name: first}}),
                ("b.yaml", 1, {"platform": "p", "defaults": {name: second}}),
            )
            assert use(subject).defaults[name].value == worse

    def test_is_the_same_when_parts_of_a_run_are_merged(self) -> None:
        one, other = Join(), Join()
        for made, path, value in ((one, "b.yaml", 0), (other, "a.yaml", 60)):
            defaults = {"platform": "p", "defaults": {"unknown_kid_min_interval_s": value}}
            for subject in bindings((path, 1, defaults)):
                made.note(subject)
        other.merge(one)
        (subject,) = other.subjects()
        assert use(subject).defaults["unknown_kid_min_interval_s"].value == 0
        assert subject.ref.place.path == "a.yaml"

    def test_is_the_first_where_none_is_worse(self) -> None:
        (subject,) = tally(
            ("b.yaml", 1, {"platform": "p", "defaults": {"refresh_model": "background"}}),
            ("a.yaml", 1, {"platform": "p", "defaults": {"refresh_model": "static"}}),
        )
        assert use(subject).defaults["refresh_model"].value == "static"
