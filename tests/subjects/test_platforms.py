"""What a platform does by default is said once in a run, at its first binding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
