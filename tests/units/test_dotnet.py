"""The settings files of ASP.NET Core, laid over each other."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from scanner.files.read import read_text
from scanner.files.tree import Parsed
from scanner.units.dotnet import DotNet
from tests.units.unit_trees import companions_of, document_of, find_unit, origins_of, plant, read_variants, spot_of

BASE = """\
{
  // the same everywhere
  "Jwt": {"Authority": "https://a.example.com", "Audiences": ["one", "two"]},
  "Other": 1
}
"""


class TestLayers:
    def test_an_environment_is_laid_over_the_base(self, tmp_path: Path) -> None:
        """Names count in any case, and a colon in a name is a section."""
        production = '{\n "jwt:authority": "http://b.example.com"\n}'
        plant(tmp_path, {"src/appsettings.json": BASE, "src/appsettings.Production.json": production})
        found = read_variants(DotNet(), tmp_path, "src/appsettings.json")
        plain, made = found["Production"]
        assert plain == {"Jwt": {"authority": "http://b.example.com", "Audiences": ["one", "two"]}, "Other": 1}
        assert (made.name, made.variant and made.variant.paths) == (
            "appsettings.Production.json",
            ("src/appsettings.Production.json",),
        )
        assert spot_of(made, '"http://b.example.com"') == ("src/appsettings.Production.json", 2, 19)
        assert origins_of(made, '"http://b.example.com"') == [("src/appsettings.json", 3, "base")]
        assert found[""][0]["Jwt"]["Authority"] == "https://a.example.com"

    def test_lists_are_merged_by_their_numbers(self, tmp_path: Path) -> None:
        """As sections whose names are numbers, also where they are written so."""
        files = {
            "appsettings.Staging.json": '{"Jwt": {"Audiences": ["three"]}}',
            "appsettings.Test.json": '{"Jwt:Audiences:1": "x"}',
        }
        plant(tmp_path, {"appsettings.json": BASE, **files})
        found = read_variants(DotNet(), tmp_path, "appsettings.json")
        assert found["Staging"][0]["Jwt"]["Audiences"] == ["three", "two"]
        assert found["Test"][0]["Jwt"]["Audiences"] == ["one", "x"]

    def test_null_and_empty_sections_take_nothing_away(self, tmp_path: Path) -> None:
        plant(tmp_path, {"appsettings.json": BASE, "appsettings.Test.json": '{"Jwt": null, "Other": {}}'})
        assert read_variants(DotNet(), tmp_path, "appsettings.json")["Test"][0]["Jwt"]["Authority"] == "https://a.example.com"


class TestEnvironments:
    def test_production_has_the_base_alone_where_no_file_is_for_it(self, tmp_path: Path) -> None:
        """The host's environment is Production where nothing else is said."""
        plant(tmp_path, {"appsettings.json": BASE, "appsettings.Development.json": "{}", "appsettings.Staging.json": "{}"})
        unit = find_unit(DotNet(), tmp_path, "appsettings.json")
        assert unit is not None
        assert unit.is_base_deployed
        plant(tmp_path, {"appsettings.Production.json": "{}"})
        unit = find_unit(DotNet(), tmp_path, "appsettings.json")
        assert unit is not None
        assert not unit.is_base_deployed
        assert [each.name for each in unit.variants] == ["Production", "Development", "Staging"]

    def test_a_file_alone_is_no_unit(self, tmp_path: Path) -> None:
        plant(tmp_path, {"appsettings.json": BASE, "other.json": "{}"})
        assert find_unit(DotNet(), tmp_path, "appsettings.json") is None
        assert find_unit(DotNet(), tmp_path, "other.json") is None

    def test_a_broken_file_is_told(self, tmp_path: Path) -> None:
        plant(tmp_path, {"appsettings.json": BASE, "appsettings.Production.json": '{"Jwt": {'})
        unit = find_unit(DotNet(), tmp_path, "appsettings.json")
        assert unit is not None
        parts = unit.open_parts(document_of(tmp_path, "appsettings.Production.json"))
        assert [part.because.split(":")[0] for part in parts] == ["it is not laid over the settings of the other files"]

    def test_companions(self, tmp_path: Path) -> None:
        """The other settings files of the folder come along with a changed one."""
        plant(tmp_path, {"appsettings.json": BASE, "appsettings.Production.json": "{}", "package.json": "{}"})
        assert companions_of(DotNet(), tmp_path, "appsettings.Production.json") == ["appsettings.json"]
        assert companions_of(DotNet(), tmp_path, "package.json") == []


settings = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("aA:0", max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(settings, settings)
def test_any_settings_give_texts(base: object, other: object) -> None:
    """Whatever is in the files, what is made can be read, and each value of the upper file is in it."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        plant(root, {"appsettings.json": json.dumps(base), "appsettings.X.json": json.dumps(other)})
        unit = find_unit(DotNet(), root, "appsettings.json")
        assert unit is not None
        for made in unit.make(document_of(root, "appsettings.json")):
            assert isinstance(read_text(made.text.text, "json"), Parsed)
