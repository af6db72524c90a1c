"""Compose projects: which files are loaded together, and what they come to."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.files.read import read_text
from scanner.files.tree import Parsed
from scanner.units.compose.interpolation import Interpolation, Variable
from scanner.units.compose.kind import Compose
from scanner.units.made import Origin
from tests.units.unit_trees import companions_of, document_of, find_unit, origins_of, place_of, plant, read_variants, spot_of

BASE = """\
services:
  proxy:
    image: proxy:1
    environment:
      ISSUER: https://login.example.com
      AUDIENCE: shop
"""


def environments(root: Path, name: str = "compose.yaml") -> dict[str, Any]:
    """The environment of the service `proxy` in each variant."""
    return {
        variant: plain["services"]["proxy"]["environment"]
        for variant, (plain, _) in read_variants(Compose(), root, name).items()
    }


class TestInterpolation:
    """compose-go template.go."""

    @pytest.mark.parametrize(
        ("text", "made"),
        [
            ("$A", "one"),
            ("${A}", "one"),
            ("x${A}y$A", "xoneyone"),
            ("${A:-b}", "one"),
            ("${A-b}", "one"),
            ("${A:?b}", "one"),
            ("${A:+b}", "b"),
            ("${A:+${B:-c}}", "${B:-c}"),
            ("${B}", "${B}"),
            ("$B", "${B}"),
            ("${B:-b}", "${B:-b}"),
            ("${B-b}", "${B:-b}"),
            ("${B:?no b}", "${B}"),
            ("${B:+b}", "${B}"),
            ("${B:-${A}}", "${B:-one}"),
            ("${B:-{}}", "${B:-{}}"),
            ("${EMPTY}", "${EMPTY}"),
            ("$$A", "$A"),
            ("$$${A}", "$one"),
            ("${", "${"),
            ("${A", "${A"),
            ("${}", "${}"),
            ("${1}", "${1}"),
            ("a$", "a$"),
            ("$1", "$1"),
        ],
    )
    def test_forms(self, text: str, made: str) -> None:
        known = {"A": Variable("one", ()), "EMPTY": Variable("", ())}
        assert Interpolation().fill(text, known.get).text == made

    @given(st.text(alphabet="${}AB:-?+ x", max_size=60))
    def test_any_text(self, text: str) -> None:
        """Any text gives a text, and says where its variables come from."""
        origin = Origin(".env", 1, 1)
        filled = Interpolation().fill(text, {"A": Variable("${B}$", (origin,))}.get)
        assert set(filled.origins) <= {origin}


class TestEnvironment:
    def test_variables_of_the_project(self, tmp_path: Path) -> None:
        """`.env` fills `${…}`; its line is where the value comes from, the compose file where it has its place."""
        plant(
            tmp_path,
            {"compose.yaml": BASE.replace("https://login.example.com", "${URL}/x"), ".env": "#\nURL=http://a.example.com\n"},
        )
        ((plain, made),) = read_variants(Compose(), tmp_path, "compose.yaml").values()
        assert plain["services"]["proxy"]["environment"]["ISSUER"] == "http://a.example.com/x"
        assert spot_of(made, "http://a.example.com/x") == ("compose.yaml", 5, 15)
        assert origins_of(made, "http://a.example.com/x") == [(".env", 2, "value")]
        assert place_of(made, "http://a.example.com/x").written == "${URL}/x"

    def test_variables_of_other_variables(self, tmp_path: Path) -> None:
        """Double quotes and none fill variables of lines before, single quotes none; a cycle ends."""
        env = "HOST=a.example.com\nURL=\"http://${HOST}\"\nLITERAL='${HOST}'\nLATE=${LAST}\nLAST=1\nC=$C\n"
        texts = "".join(f"      {name}: ${name}\n" for name in ("URL", "LITERAL", "LATE", "C"))
        plant(tmp_path, {"compose.yaml": BASE + texts, ".env": env})
        found = environments(tmp_path)[""]
        assert found["URL"] == "http://a.example.com"
        assert (found["LITERAL"], found["LATE"], found["C"]) == ("${HOST}", "${LAST}", "${C}")

    def test_a_name_without_a_value(self, tmp_path: Path) -> None:
        """It is that of the project; else of the shell, which nobody knows."""
        text = "services:\n  proxy:\n    image: a\n    environment:\n      - ISSUER\n      - OTHER\n      - 'A=b=c'\n"
        plant(tmp_path, {"compose.yaml": text, ".env": "ISSUER=http://a.example.com\n"})
        ((plain, made),) = read_variants(Compose(), tmp_path, "compose.yaml").values()
        found = plain["services"]["proxy"]["environment"]
        assert found == {"ISSUER": "http://a.example.com", "OTHER": "${OTHER}", "A": "b=c"}
        assert spot_of(made, "b=c") == ("compose.yaml", 7, 12)

    def test_env_files_of_a_service(self, tmp_path: Path) -> None:
        """Later ones count more, `environment` most; a value has its place in its env file."""
        text = BASE + "    env_file:\n      - one.env\n      - {path: two.env, required: false}\n"
        one, two = "ISSUER=http://one.example.com\nX=1\nY=1\n", "X=2\n\nZ=${Y}-${HOST}\n"
        plant(tmp_path, {"compose.yaml": text, "one.env": one, "two.env": two, ".env": "HOST=h\n"})
        ((plain, made),) = read_variants(Compose(), tmp_path, "compose.yaml").values()
        found = plain["services"]["proxy"]["environment"]
        assert (found["ISSUER"], found["X"]) == ("https://login.example.com", "2")
        assert spot_of(made, "${Y}-h") == ("two.env", 3, 3)
        unit = find_unit(Compose(), tmp_path, "two.env")
        assert unit is not None
        assert unit.replaces == {"one.env", "two.env"}
        assert len(unit.make(document_of(tmp_path, "two.env"))) == 1

    def test_a_missing_env_file_is_told(self, tmp_path: Path) -> None:
        """Unless it need not be there."""
        text = BASE + "    env_file:\n      - one.env\n      - {path: two.env, required: false}\n"
        plant(tmp_path, {"compose.yaml": text})
        unit = find_unit(Compose(), tmp_path, "compose.yaml")
        assert unit is not None
        parts = unit.open_parts(document_of(tmp_path, "compose.yaml"))
        assert [(each.at.line, "not there" in each.because) for each in parts] == [(8, True)]


class TestVariants:
    def test_an_override_is_a_variant_over_the_base(self, tmp_path: Path) -> None:
        """The place of a value is in the file that has it last; what it replaces is the base."""
        override = "services:\n  proxy:\n    environment:\n      - ISSUER=http://a.example.com\n"
        plant(tmp_path, {"docker-compose.yml": BASE, "docker-compose.prod.yml": override})
        found = read_variants(Compose(), tmp_path, "docker-compose.prod.yml")
        plain, made = found["prod"]
        assert plain["services"]["proxy"]["environment"] == {"ISSUER": "http://a.example.com", "AUDIENCE": "shop"}
        assert spot_of(made, "http://a.example.com") == ("docker-compose.prod.yml", 4, 16)
        assert origins_of(made, "http://a.example.com") == [("docker-compose.yml", 5, "base")]
        unit = find_unit(Compose(), tmp_path, "docker-compose.yml")
        assert unit is not None
        assert not unit.is_base_deployed
        assert [(each.name, each.paths) for each in unit.variants] == [("prod", ("docker-compose.prod.yml",))]

    def test_the_base_is_deployed_where_the_others_are_for_developers(self, tmp_path: Path) -> None:
        override = "services:\n  proxy:\n    environment:\n      ISSUER: http://localhost\n"
        plant(tmp_path, {"compose.yaml": BASE, "compose.override.yaml": override, "compose.dev.yaml": override})
        unit = find_unit(Compose(), tmp_path, "compose.yaml")
        assert unit is not None
        assert unit.is_base_deployed
        assert [each.name for each in unit.variants] == ["override", "dev"]

    def test_a_complete_file_is_no_override(self, tmp_path: Path) -> None:
        """Each of its services runs alone and has all that the base has: nothing of the base is in it, unless somebody is seen
        to load it over the base.
        """
        whole = BASE.replace("      AUDIENCE: shop\n", "").replace("proxy:1", "proxy:2")
        plant(tmp_path, {"compose.yaml": BASE, "compose.prod.yaml": whole})
        assert environments(tmp_path)["prod"] == {"ISSUER": "https://login.example.com"}
        plant(tmp_path, {"Makefile": "up:\n\tdocker compose -f compose.yaml -f compose.prod.yaml up\n"})
        assert environments(tmp_path)["prod"] == {"ISSUER": "https://login.example.com", "AUDIENCE": "shop"}

    def test_a_file_of_other_services_is_no_override(self, tmp_path: Path) -> None:
        """The base is loaded without it as well, and with it in the same way."""
        plant(tmp_path, {"compose.yaml": BASE, "compose.tracing.yaml": "services: {tracing: {image: t}}\n"})
        unit = find_unit(Compose(), tmp_path, "compose.yaml")
        assert unit is not None
        assert unit.is_base_deployed
        found = read_variants(Compose(), tmp_path, "compose.yaml")
        assert set(found["tracing"][0]["services"]) == {"tracing"}

    def test_the_files_that_the_project_names_are_the_base(self, tmp_path: Path) -> None:
        """`COMPOSE_FILE` in `.env`."""
        override = "services: {proxy: {environment: {ISSUER: 'http://a.example.com'}}}\n"
        plant(tmp_path, {"compose.yaml": BASE, "compose.prod.yaml": override})
        plant(tmp_path, {".env": "COMPOSE_FILE=compose.yaml:compose.prod.yaml\n"})
        assert {name: each["ISSUER"] for name, each in environments(tmp_path).items()} == {"": "http://a.example.com"}

    def test_env_files_are_variants_where_they_fill_something(self, tmp_path: Path) -> None:
        files = {"compose.yaml": BASE.replace("https:", "${SCHEME}:"), ".env": "SCHEME=http\n", ".env.prod": "SCHEME=https\n"}
        plant(tmp_path, {**files, ".env.example": "SCHEME=x\n", ".env.other": "OTHER=x\n"})
        found = environments(tmp_path)
        assert {name: each["ISSUER"] for name, each in found.items()} == {
            "": "http://login.example.com",
            "prod": "https://login.example.com",
        }

    def test_a_file_and_an_env_file_of_one_name_are_one_variant(self, tmp_path: Path) -> None:
        override = "services: {proxy: {environment: {MORE: '${MORE}'}}}\n"
        files = {"compose.yaml": BASE, "compose.prod.yaml": override, ".env.prod": "MORE=yes\n"}
        plant(tmp_path, files)
        assert set(environments(tmp_path)) == {"", "prod"}
        assert environments(tmp_path)["prod"]["MORE"] == "yes"

    def test_variants_without_a_base(self, tmp_path: Path) -> None:
        plant(tmp_path, {"docker-compose.dev.yml": BASE, "docker-compose.prod.yml": BASE})
        assert set(environments(tmp_path, "docker-compose.dev.yml")) == {"dev", "prod"}

    def test_more_variants_than_are_read(self, tmp_path: Path) -> None:
        override = "services: {proxy: {environment: {MORE: x}}}\n"
        plant(tmp_path, {"compose.yaml": BASE, **{f"compose.v{number}.yaml": override for number in range(20)}})
        unit = find_unit(Compose(), tmp_path, "compose.yaml")
        assert unit is not None
        assert (len(unit.variants), unit.left_out_variants) == (16, 4)

    def test_values_that_are_reset(self, tmp_path: Path) -> None:
        """`!reset` takes a value away, `!override` replaces all below it."""
        override = "services:\n  proxy:\n    command: !reset null\n    environment: !override\n      A: b\n"
        plant(tmp_path, {"compose.yaml": BASE + "    command: [a]\n", "compose.prod.yaml": override})
        assert environments(tmp_path)["prod"] == {"A": "b"}


class TestOtherFiles:
    def test_extends(self, tmp_path: Path) -> None:
        """A service of another file, whose own service is no service of the project."""
        text = "services:\n  proxy:\n    extends: {file: common/base.yml, service: base}\n    environment: {AUDIENCE: shop}\n"
        base = "services:\n  base:\n    image: a\n    environment:\n      ISSUER: http://a.example.com\n      AUDIENCE: x\n"
        plant(tmp_path, {"compose.yaml": text, "common/base.yml": base})
        ((plain, made),) = read_variants(Compose(), tmp_path, "compose.yaml").values()
        assert set(plain["services"]) == {"proxy"}
        assert plain["services"]["proxy"]["environment"] == {"ISSUER": "http://a.example.com", "AUDIENCE": "shop"}
        assert spot_of(made, "http://a.example.com") == ("common/base.yml", 5, 15)
        assert origins_of(made, "shop") == []
        assert list(read_variants(Compose(), tmp_path, "common/base.yml")) == [""]

    def test_cycles_and_missing_files_are_told(self, tmp_path: Path) -> None:
        text = (
            "include: [compose.yaml, none.yaml]\nservices:\n  a: {extends: b}\n  b: {extends: {service: a}}\n"
            "  c: {extends: {file: none.yml, service: c}, image: c}\n  d: {extends: nobody}\n"
        )
        plant(tmp_path, {"compose.yaml": text})
        unit = find_unit(Compose(), tmp_path, "compose.yaml")
        assert unit is not None
        parts = unit.open_parts(document_of(tmp_path, "compose.yaml"))
        assert {(each.at.line, each.because.split(",")[0]) for each in parts} == {
            (1, "it includes itself"),
            (1, "a file that it includes is not there"),
            (3, "it extends itself"),
            (4, "it extends itself"),
            (5, "the file that it extends is not there"),
            (6, "there is no service of the name that it extends"),
        }

    def test_include(self, tmp_path: Path) -> None:
        """A project with its own folder and `.env`, of which the variables of the including project count more."""
        text = "include:\n  - infra/proxy.yaml\nservices:\n  web: {image: web}\n"
        files = {"compose.yaml": text, "infra/proxy.yaml": BASE.replace("https://login.example.com", "${SCHEME}://${HOST}")}
        plant(tmp_path, {**files, "infra/.env": "SCHEME=http\nHOST=a.example.com\n", ".env": "HOST=b.example.com\n"})
        ((plain, made),) = read_variants(Compose(), tmp_path, "infra/proxy.yaml").values()
        assert plain["services"]["proxy"]["environment"]["ISSUER"] == "http://b.example.com"
        assert origins_of(made, "http://b.example.com") == [("infra/.env", 1, "value"), (".env", 1, "value")]

    def test_a_config_has_the_name_under_which_it_is_mounted(self, tmp_path: Path) -> None:
        text = (
            "services:\n  web:\n    image: web\n    env_file: {path: a.env, required: false}\n"
            "    configs: [{source: settings, target: /app/appsettings.json}]\n"
            'configs:\n  settings:\n    content: |\n      {\n        "a": "${X}"\n      }\n'
        )
        plant(tmp_path, {"compose.yaml": text, ".env": "X=y\n"})
        ((plain, made),) = read_variants(Compose(), tmp_path, "compose.yaml").values()
        assert plain["configs"]["settings"] == {"appsettings.json": '{\n  "a": "y"\n}\n'}
        assert place_of(made, r"\"a\"").at.line == 10

    def test_nothing_outside_is_read(self, tmp_path: Path) -> None:
        """Not even through a link."""
        (tmp_path / "outside.env").write_text("ISSUER=http://a.example.com\n")
        inside = tmp_path / "inside"
        plant(
            inside, {"compose.yaml": BASE.replace("      ISSUER", "      OTHER") + "    env_file: [../outside.env, link.env]\n"}
        )
        (inside / "link.env").symlink_to(tmp_path / "outside.env")
        assert "ISSUER" not in environments(inside)[""]

    def test_companions(self, tmp_path: Path) -> None:
        """The files of the project come along with a changed one."""
        text = BASE + "    env_file: conf/proxy.env\n"
        override = "services: {proxy: {environment: {MORE: x}}}\n"
        files = {
            "compose.yaml": text,
            "compose.prod.yaml": override,
            "conf/proxy.env": "X=1\n",
            ".env": "A=1\n",
            "other.yaml": BASE,
        }
        plant(tmp_path, files)
        for name in (".env", "compose.yaml", "compose.prod.yaml", "conf/proxy.env"):
            expected = {"compose.yaml", "compose.prod.yaml", "conf/proxy.env"} - {name}
            assert companions_of(Compose(), tmp_path, name) == sorted(expected)
        assert companions_of(Compose(), tmp_path, "other.yaml") == []


class TestNoUnit:
    @pytest.mark.parametrize("name", ["compose.yaml", "deploy.yaml"])
    def test_a_file_alone_is_none(self, tmp_path: Path, name: str) -> None:
        plant(tmp_path, {name: BASE})
        assert find_unit(Compose(), tmp_path, name) is None

    def test_a_template_is_none(self, tmp_path: Path) -> None:
        plant(tmp_path, {"compose.yaml": BASE + "      X: ${Y}\n      A: {{ b }}\n", ".env": "Y=1\n"})
        assert find_unit(Compose(), tmp_path, "compose.yaml") is None


members = st.sampled_from(
    ["services", "a", "b", "extends", "service", "file", "environment", "env_file", "include", "path", "configs"]
)
trees = st.recursive(
    st.none() | st.sampled_from(["a", "b", "compose.yaml", "$A", "${B:-${A}}", "A=b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(members, inner, max_size=4),
    max_leaves=15,
)


@given(trees, trees, st.text(alphabet="AB=${}\n'\"", max_size=40))
def test_any_files_give_texts_or_none(base: object, other: object, env: str) -> None:
    """Whatever is in the files, nothing is raised, what is made can be read, and each place is in one of them."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        texts = {"compose.yaml": json.dumps(base), "compose.prod.yaml": json.dumps(other), ".env": env}
        plant(root, texts)
        unit = find_unit(Compose(), root, "compose.yaml")
        for made in unit.make(document_of(root, "compose.yaml")) if unit is not None else ():
            assert isinstance(read_text(made.text.text, "yaml"), Parsed)
            for line in range(1, made.text.text.count("\n") + 2):
                found = made.text.find(line, 1)
                assert found is None or found.at.path in texts
