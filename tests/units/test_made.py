"""A made text knows the place of each stretch of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner.units.made import MadeText, Origin, Piece

VALUE = Origin("values.yaml", 8, 12)


def template() -> MadeText:
    """`issuer: https://{{ .Values.host }}/realm` rendered, and a line after it."""
    return MadeText(
        (
            Piece("kind: A\nissuer: https://", Origin("a.yaml", 3, 1), is_copy=True),
            Piece("login.example.com", Origin("a.yaml", 4, 17), origins=(VALUE,), written="{{ .Values.host }}"),
            Piece("/realm\n", Origin("a.yaml", 4, 35), is_copy=True),
            Piece("# made\n"),
        )
    )


class TestAPlace:
    def test_in_a_copy_is_the_place_in_its_file(self) -> None:
        found = template().find(2, 1)
        assert found is not None
        assert found.at == Origin("a.yaml", 4, 1)
        assert found.origins == ()
        assert found.written == ""

    def test_of_a_stretch_has_the_further_places_of_all_of_it_and_what_its_file_has_instead(self) -> None:
        found = template().find(2, 9, len("https://login.example.com/realm"))
        assert found is not None
        assert found.at == Origin("a.yaml", 4, 9)
        assert found.origins == (VALUE,)
        assert found.written == "https://{{ .Values.host }}/realm"

    def test_in_a_value_is_the_place_that_asks_for_it(self) -> None:
        found = template().find(2, 20)
        assert found is not None
        assert found.at == Origin("a.yaml", 4, 17)

    def test_in_text_that_no_file_has_is_the_nearest_one(self) -> None:
        found = template().find(3, 1)
        assert found is not None
        assert found.at.path == "a.yaml"

    def test_beyond_the_end_is_the_last_one(self) -> None:
        assert template().find(99, 99) is not None

    def test_of_a_text_without_files_is_none(self) -> None:
        assert MadeText((Piece("x"),)).find(1, 1) is None
        assert MadeText(()).find(1, 1) is None

    def test_of_a_quoted_value_begins_at_its_quote(self) -> None:
        text = MadeText(
            (
                Piece('a: "', Origin("a.yaml", 1, 1), is_copy=True),
                Piece("b", Origin("a.yaml", 1, 5), origins=(VALUE,), written="{{ b }}"),
                Piece('c"', Origin("a.yaml", 1, 12), is_copy=True),
            )
        )
        found = text.find(1, 4, 2)
        assert found is not None
        assert found.written == "{{ b }}c"


class TestTheLinesOfAFile:
    def test_are_those_of_which_something_is_in_the_text(self) -> None:
        assert template().lines_of("a.yaml") == {3, 4}
        assert template().lines_of("values.yaml") == set()


@given(st.lists(st.tuples(st.text("ab\n", max_size=6), st.booleans()), max_size=8), st.integers(1, 12), st.integers(1, 12))
def test_any_place_is_in_one_of_the_files(parts: list[tuple[str, bool]], line: int, column: int) -> None:
    """Whatever the pieces are, a place is found in one of their files, at a line that exists."""
    pieces = [Piece(text, Origin(f"f{number}", 1, 1), is_copy=copy) for number, (text, copy) in enumerate(parts)]
    found = MadeText(pieces).find(line, column)
    if not any(text for text, _ in parts):
        assert found is None
    else:
        assert found is not None
        text = parts[int(found.at.path[1:])][0]
        assert 1 <= found.at.line <= text.count("\n") + 1
