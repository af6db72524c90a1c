"""Shape errors name the file, the line, the column and the nearest name."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from scanner.errors import Place, PolicyError
from scanner.files.read import read
from scanner.files.tree import Parsed
from scanner.pack.structure import structure
from scanner.record import field, record


@record(kw_only=True)
class Wheel:
    size: int
    kind: Literal["front", "rear"] = "front"


@record(kw_only=True)
class Cart:
    name: str
    wheels: list[Wheel] = field(default_factory=list)
    load: dict[str, str | Wheel] = field(default_factory=dict)
    weight: float | None = None
    limit: int | str | list[str] = 0
    extra: Any = None
    place: Place = Place("")


def made(text: str) -> Cart:
    parsed = read(text.encode(), "yaml")
    assert isinstance(parsed, Parsed)
    return structure(parsed.documents[0], Cart, "cart.yaml", PolicyError)


def refused(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        made(text)
    return caught.value


class TestStructure:
    def test_fills_nested_models_and_keeps_the_place(self) -> None:
        cart = made("name: a\nwheels: [{size: 3, kind: rear}]\nload: {x: text, y: {size: 1}}\nweight: 2\nlimit: [a]\n")
        assert cart == Cart(
            name="a",
            wheels=[Wheel(size=3, kind="rear")],
            load={"x": "text", "y": Wheel(size=1)},
            weight=2.0,
            limit=["a"],
            place=Place("cart.yaml", 1, 1),
        )

    def test_takes_a_number_as_text_where_text_is_asked(self) -> None:
        """`since: 0.1` is a version to its reader and a float to YAML."""
        assert made("name: 0.10\n").name == "0.10"

    def test_takes_null_for_an_optional_member(self) -> None:
        assert made("name: a\nweight: null\n").weight is None

    @pytest.mark.parametrize(
        ("text", "what", "line", "column", "hint"),
        [
            ("nam: a\n", "unknown member `nam` of a cart", 1, 1, "`name`"),
            ("weight: 1\n", "a cart needs `name`", 1, 1, "`name`"),
            ("name: a\nname: b\n", "`name` stands twice", 2, 1, "one of the two"),
            ("name: a\nwheels:\n- size: big\n", "`size` is a whole number", 3, 9, "whole number"),
            ("name: a\nwheels: [{size: 1, kind: reer}]\n", "`kind` cannot be `reer`", 2, 26, "`rear`"),
            ("name: a\nwheels: 3\n", "`wheels` is a list", 2, 9, "[ … ]"),
            ("name: a\nlimit: {a: b}\n", "`limit` has the wrong shape", 2, 8, "whole number or text or a list"),
            ("[a]\n", "a cart is a mapping", 1, 1, "name"),
        ],
    )
    def test_names_place_and_remedy(self, text: str, what: str, line: int, column: int, hint: str) -> None:
        error = refused(text)
        assert error.what == what
        assert error.where == Place("cart.yaml", line, column)
        assert hint in error.remedy
