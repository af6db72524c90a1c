"""Documents inside strings: which are read, as what, and where their values stand."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.embedded import children
from scanner.evidence.bindings.reader import FoundBindings, PlatformReaders
from scanner.evidence.bindings.signs import Look
from scanner.files.formats import CODE
from scanner.files.read import read
from scanner.files.tree import Format, Parsed
from scanner.pack.platform import Platform, Read


def parsed(text: str, format_: Format = "yaml") -> Parsed:
    made = read(text.encode(), format_)
    assert isinstance(made, Parsed)
    return made


def formats(text: str) -> list[tuple[str, str]]:
    found = children(parsed(text), lambda text: Look(b"issuer" in text, frozenset()), lambda lower, format_, name="": False, [])
    # a text with the words of a read for code is read as code, too
    return [(child.name, child.parsed.format) for child in found if child.parsed.format not in CODE]


PLATFORM = Platform(
    id="p",
    name="P",
    category="app",
    version_read="1",
    reads=[Read(formats=["yaml", "json"], at="oidc", fields={"issuer": "issuer"}, needles=["oidc"])],
    behaviour={},
    examples=[],
)


class TestTheFormat:
    @pytest.mark.parametrize(
        ("text", "format_"),
        [
            ("data: {app.yml: 'issuer: https://login.example.com'}\n", []),
            ("x: '[{backend, [{issuer, \"https://login.example.com\"}]}].'\n", [("x", "erlang")]),
            ('x: |\n  mode = "a"\n  issuer = b\n', [("x", "ini")]),
            ("x: |\n  mode=a\n  issuer=https://a\n", [("x", "properties")]),
            ("data:\n  app.yml: |\n    oidc:\n      issuer: https://a\n", [("app.yml", "yaml")]),
            ("data:\n  app.properties: |\n    a.issuer=https://x\n    b=y\n", [("app.properties", "properties")]),
            ('config: |\n    oidc_issuer_url = "x"\n    b = 1\n', [("config", "ini")]),
            ('env: [{name: SECRET, value: \'{"issuer": "https://a"}\'}]\n', [("SECRET", "json")]),
            ('environment:\n- SECRET={"issuer":"https://a"}\n', [("SECRET", "json")]),
            ("config: |\n    # the issuer\n    issuer: https://login.example.com\n", [("config", "yaml")]),
        ],
    )
    def test_is_said_by_the_name_or_the_first_words(self, text: str, format_: list[tuple[str, str]]) -> None:
        """A short text on one line is a value, not a document."""
        assert formats(text) == format_

    def test_prose_is_left_alone(self) -> None:
        assert formats("description: |\n  issuer: the one who\n  issues\n") == []


class TestBindings:
    def test_a_value_stands_where_the_outer_file_has_it(self) -> None:
        text = "data:\n  app.yml: |\n    oidc:\n      issuer: https://login.example.com\n"
        (binding,) = PlatformReaders([PLATFORM]).bindings(parsed(text), text.encode()).bindings
        assert binding.settings["issuer"].value == "https://login.example.com"
        assert (binding.spot.line, binding.spot.column) == (4, 15)

    def test_four_levels_are_read_and_a_fifth_is_told(self) -> None:
        inner = "oidc:\n  issuer: deep\n  x: 1\n"
        for _ in range(4):
            inner = "a.yml: |\n" + "".join(f"  {line}\n" for line in inner.splitlines())
        assert len(PlatformReaders([PLATFORM]).bindings(parsed(inner), inner.encode()).bindings) == 1
        deeper = "a.yml: |\n" + "".join(f"  {line}\n" for line in inner.splitlines())
        found = PlatformReaders([PLATFORM]).bindings(parsed(deeper), deeper.encode())
        assert not found.bindings
        assert [each.because for each in found.open_places] == ["documents in strings nest too deep"]

    def test_a_read_of_what_is_inside_asks_for_the_name(self) -> None:
        made = Platform(
            id="p", name="P", category="app", version_read="1", behaviour={}, examples=[],
            reads=[Read(formats=["yaml"], at="[issuer]", fields={"issuer": "issuer"}, inside=["oidc.config"])],
        )  # fmt: skip
        readers = PlatformReaders([made])
        for name, count in (("oidc.config", 1), ("other", 0)):
            text = f"data:\n  {name}: |\n    issuer: https://a\n    clientID: b\n"
            assert len(readers.bindings(parsed(text), text.encode()).bindings) == count
        assert readers.bindings(parsed("issuer: https://a\n"), b"issuer: https://a\n") == FoundBindings()


def reading_around(inside: list[str], audiences: str = "#around.audience|#around.more.audience") -> PlatformReaders:
    fields: dict[str, str] = {"issuer": "issuer", "audiences": audiences}
    read = Read(formats=["yaml", "json"], at=".", inside=inside, fields={**fields}, needles=["issuer"])
    return PlatformReaders(
        [Platform(id="p", name="P", category="app", version_read="1", reads=[read], behaviour={}, examples=[])]
    )


class TestTheMappingAroundAString:
    @pytest.mark.parametrize(
        ("text", "audiences"),
        [
            ("data:\n  audience: shop\n  oidc: |\n    issuer: https://a.example\n    kind: x\n", ["shop"]),
            ("data:\n  more: {audience: shop}\n  oidc: |\n    issuer: https://a.example\n    kind: x\n", ["shop"]),
            ('env:\n- {name: oidc, value: \'{"issuer": "https://a.example"}\'}\n- {name: audience, value: shop}\n', ["shop"]),
            ("audience: shop\ndata:\n  oidc: |\n    issuer: https://a.example\n    kind: x\n", None),
            ("data: {audience: shop}\n---\ndata:\n  oidc: |\n    issuer: https://a.example\n    kind: x\n", None),
        ],
        ids=["beside it", "deeper", "in a list of pairs", "not farther out", "not in another document"],
    )
    def test_is_what_has_the_string(self, text: str, audiences: list[str] | None) -> None:
        found = reading_around(["oidc"]).bindings(parsed(text), text.lower().encode())
        assert [binding.settings["audiences"].value for binding in found.bindings] == [audiences]

    @pytest.mark.parametrize(
        ("text", "audiences"),
        [
            (
                "top:\n  beside: {audience: shop}\n  data:\n    oidc: |\n      issuer: https://a.example\n      kind: x\n",
                ["shop"],
            ),
            ("top:\n  beside: {audience: shop}\n  data:\n  - oidc: |\n      issuer: https://a.example\n      k: x\n", None),
            (
                'top:\n  beside: {audience: shop}\n  env:\n  - name: oidc\n    value: \'{"issuer": "https://a.example"}\'\n'
                "  - {name: b, value: c}\n",
                ["shop"],
            ),
        ],
        ids=["beside it", "a list between", "a list of pairs is the mapping"],
    )
    def test_has_a_node_above(self, text: str, audiences: list[str] | None) -> None:
        found = reading_around(["oidc"], "#around.^.beside.audience").bindings(parsed(text), text.lower().encode())
        assert [binding.settings["audiences"].value for binding in found.bindings] == [audiences]

    def test_is_nothing_for_a_file(self) -> None:
        found = reading_around([]).bindings(parsed("issuer: https://a.example\naudience: shop\n"), b"issuer")
        assert [binding.settings["audiences"].value for binding in found.bindings] == [None]
