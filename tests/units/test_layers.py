"""Settings laid over each other: what counts, where it stands, and what it replaces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.files.limits import Refused
from scanner.files.read import read_text
from scanner.files.tree import Entry, Format, Mapping, Node, Parsed, Scalar, Sequence, to_plain
from scanner.units.layers import LayerFile, LayerSetting, build, flatten, lay, split_name, write
from scanner.units.made import Origin


def layer(text: str, path: str = "application.yml", format_: Format = "yaml") -> list[LayerSetting]:
    parsed = read_text(text, format_)
    assert isinstance(parsed, Parsed)
    return [each for node in parsed.documents for each in flatten(node, LayerFile(path, text))]


def relaxed(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def plain(text: str) -> object:
    parsed = read_text(text, "yaml")
    assert isinstance(parsed, Parsed), text
    return to_plain(parsed.documents[0])


def test_maps_merge_and_the_upper_layer_wins() -> None:
    made = write(lay([layer("a:\n  b: 1\n  c: x\n"), layer("a.c: y\n", "application-prod.yml")]))
    assert plain(made.text) == {"a": {"b": 1, "c": "y"}}


def test_a_value_stands_in_the_file_that_wins_and_names_what_it_replaces() -> None:
    made = write(lay([layer("a:\n  b: http://one\n"), layer("x: 1\na.b: http://two\n", "application-prod.yml")]))
    line = next(number for number, text in enumerate(made.text.splitlines(), 1) if "http://two" in text)
    column = made.text.splitlines()[line - 1].index('"http') + 1
    found = made.find(line, column, len("http://two"))
    assert found is not None
    assert found.at == Origin("application-prod.yml", 2, 6)
    assert found.origins == (Origin("application.yml", 2, 6, "base"),)


def test_a_list_replaces_a_list_as_a_whole() -> None:
    below, above = layer("a: [x, y, z]\nb: 1\n"), layer("a[0]=w\n", "application.properties", "properties")
    assert plain(write(lay([below, above])).text) == {"b": 1, "a": ["w"]}


def test_a_list_merges_by_index_where_the_platform_does_so() -> None:
    below, above = layer("a: [x, y, z]\n"), layer("a[0]=w\n", "application.properties", "properties")
    assert plain(write(lay([below, above], replaces_lists=False)).text) == {"a": ["w", "y", "z"]}


def test_a_text_replaces_a_list_and_a_list_a_text() -> None:
    assert plain(write(lay([layer("a: [x, y]\n"), layer("a: z\n")])).text) == {"a": "z"}
    assert plain(write(lay([layer("a: x\n"), layer("a: [y]\n")])).text) == {"a": ["y"]}
    assert plain(write(lay([layer("a: [x]\n"), layer("a: []\n")])).text) == {"a": []}


def test_a_replacing_list_names_the_list_it_replaces() -> None:
    made = write(lay([layer("a: [x, y]\n"), layer("a: [z]\n", "application-prod.yml")]))
    found = made.find(2, made.text.splitlines()[1].index("[") + 1, 1)
    assert found is not None
    assert [each.role for each in found.origins] == ["base"]


def test_names_are_one_in_all_their_spellings() -> None:
    laid = lay([layer("jwkSetUri: a\n"), layer("jwk-set-uri: b\n"), layer("jwk_set_uri: c\n")], relaxed)
    assert [(each.top.text, [below.text for below in each.below]) for each in laid] == [("c", ["b", "a"])]


def test_a_name_with_a_value_and_names_below_it_keeps_both() -> None:
    laid = lay([layer("a=1\na.b=2\na.b.c=3\n", format_="properties")])
    assert plain(write(laid).text) == {"a": "1", "a.b": "2", "a.b.c": "3"}


@pytest.mark.parametrize(
    "text",
    [
        '"q\\"u\\\\o"',
        "'it''s'",
        "plain text",
        "no",
        "1:30",
        "0o17",
        "''",
        "~",
        "null",
        "true",
        "1.50",
        "é 😀",
        '"\\u2028\\x7f"',
    ],
)
def test_a_value_is_the_same_in_the_made_text(text: str) -> None:
    made = write(lay([layer(f"a: {text}\n")]))
    assert plain(made.text) == plain(f"a: {text}\n")


def test_each_line_of_a_long_value_has_its_own_place() -> None:
    made = write(lay([layer("a:\n  b: |\n    one\n    two\n")]))
    assert plain(made.text) == {"a": {"b": "one\ntwo\n"}}
    line = made.text.splitlines()[2]
    found = made.find(3, line.index("two") + 1)
    assert found is not None
    assert (found.at.line, found.at.column) == (4, 5)


def test_parts_of_a_name() -> None:
    assert split_name('a.b[0].c."d.e"') == ("a", "b", "[0]", "c", '"d.e"')


def test_aliases_that_multiply_are_refused() -> None:
    node: Node = Scalar("x", "x", 1, 1, 1)
    for _ in range(7):
        node = Sequence((node,) * 9, 1, 1, 1)
    top = Mapping((Entry(Scalar("top", "top", 1, 1, 1), node),), 1, 1, 1)
    with pytest.raises(Refused):
        list(flatten(top, LayerFile("application.yml")))


def test_a_name_of_many_parts_stays_shallow() -> None:
    made = write(lay([layer(".".join("a" * 500) + "=x\n", format_="properties")]))
    assert isinstance(read_text(made.text, "yaml"), Parsed)


_NAMES = st.sampled_from(["a", "b.a", "b.b.a", "b.b.b", "c.a", "d"])
_TEXTS = st.text("xyz'\"\\ #:-", min_size=1, max_size=6)
_LAYERS = st.lists(st.dictionaries(_NAMES, st.one_of(_TEXTS, st.lists(_TEXTS, min_size=1, max_size=3))), min_size=1, max_size=4)


@given(_LAYERS)
def test_scattered_settings_come_back(settings: list[dict[str, str | list[str]]]) -> None:
    """What the last layer with a name says is there, at its place in that layer's file."""
    texts = [json.dumps(each, indent=0) for each in settings]
    laid = lay(layer(text, f"{number}.yml") for number, text in enumerate(texts))
    made = write(laid)
    meant = {name: (value, f"{number}.yml") for number, each in enumerate(settings) for name, value in each.items()}
    seen: dict[str, str | list[str]] = {}
    for setting in layer(made.text):
        name, index, _ = ".".join(setting.parts).partition(".[")
        found = made.find(setting.value.line, setting.value.column, len(setting.text))
        assert found is not None
        assert found.at.path == meant[name][1]
        known = seen.get(name)
        seen[name] = [*(known if isinstance(known, list) else ()), setting.text] if index else setting.text
    assert seen == {name: value for name, (value, _) in meant.items()}
    if laid:
        built = build(laid)
        assert built is not None
        assert to_plain(built) == plain(made.text)
