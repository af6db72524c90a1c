"""Globs of the configuration mean what a line of `.gitignore` means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.config.globs import Globs, covers, escape_path, find_fault, plain_path
from scanner.config.load import load_config
from scanner.errors import ConfigError
from tests.cli.commands import jwksgov

BINDING = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop}
spec:
  jwtRules:
    - issuer: https://login.example.com
      jwksUri: https://login.example.com/jwks.json
"""

_parts = st.sampled_from(["*", "**", "/", "a", "b", "ab", "?", "[ab]", "\\*", "ä", " ", "."])
_names = st.lists(st.sampled_from(["a", "b", "ab", "*", "ä", ".", "a b"]), min_size=1, max_size=4)


class TestCovers:
    @pytest.mark.parametrize(
        ("glob", "path"),
        [
            ("**/testdata/**", "testdata/a.yaml"),
            ("**/testdata/**", "x/y/testdata/b/a.yaml"),
            ("/deploy", "deploy/a.yaml"),
            ("./deploy/**", "deploy/x/a.yaml"),
            ("deploy/", "x/deploy/a.yaml"),
            ("third_party", "a/third_party/b/c.yaml"),
            ("*.yaml", "a/b.yaml"),
            ("a/**/b", "a/b/c"),
            ("https://login.example.com/**", "https://login.example.com/jwks.json"),
            ("/tmp/x", "/tmp/x/a.yaml"),
            ("*", "x/y"),
        ],
    )
    def test_what_git_ignores(self, glob: str, path: str) -> None:
        """A folder covers what is below it, `**` any number of folders, and a name without a slash is meant anywhere."""
        assert covers(glob)(path)

    @pytest.mark.parametrize(
        ("glob", "path"),
        [
            ("**/testdata/**", "testdata-of-old/a.yaml"),
            ("/deploy", "x/deploy/a.yaml"),
            ("deploy/", "deploy"),
            ("a/*.yaml", "a/b/c.yaml"),
            ("[", "["),
            ("!x", "x"),
            ("", "x"),
        ],
    )
    def test_nothing_else(self, glob: str, path: str) -> None:
        """A star ends at a slash."""
        assert not covers(glob)(path)

    @given(glob=st.lists(_parts, min_size=1, max_size=7).map("".join), names=_names)
    def test_as_a_list_of_one_does(self, glob: str, names: list[str]) -> None:
        """One pattern for the whole path answers as asking each folder does."""
        path = "/".join(names)
        if find_fault(glob) is None:
            assert covers(glob)(path) == Globs([glob]).covers(path)

    @given(names=_names)
    def test_a_path_that_is_escaped(self, names: list[str]) -> None:
        """A consumer's folder may have any name."""
        path = "/".join(names)
        assert covers(escape_path(path))(path)
        assert covers(escape_path(path))(f"{path}/below")
        assert not covers(escape_path(path))(f"above/{path}")


class TestLists:
    def test_take_back_what_a_glob_before_covers(self) -> None:
        """Of those that match, the last decides."""
        assert not Globs(["vendor/*", "!vendor/ours"]).covers("vendor/ours/a.yaml")
        assert Globs(["vendor/*", "!vendor/ours"]).covers("vendor/a.yaml")

    def test_take_nothing_back_below_a_folder_that_is_out(self) -> None:
        """As in git: the folder is not entered."""
        assert Globs(["vendor", "!vendor/ours"]).covers("vendor/ours/a.yaml")

    def test_tell_which_matched_nothing(self) -> None:
        """Also one that another overrules has matched."""
        globs = Globs(["a*", "!ab", "nosuch/**"])
        globs.decides("ab")
        assert globs.unmatched == ("nosuch/**",)


class TestPlainPaths:
    @pytest.mark.parametrize(
        ("glob", "path"), [("/a.yaml", "a.yaml"), ("a/b", "a/b"), ("./a", "a"), ("a.yaml", None), ("a/*", None), ("!/a", None)]
    )
    def test_mean_one_path(self, glob: str, path: str | None) -> None:
        """A name without a slash may be in any folder."""
        assert plain_path(glob) == path


class TestMalformed:
    @pytest.mark.parametrize("glob", ["a[", "#note", " ", "/", "a\\", "a\nb"])
    @pytest.mark.parametrize("member", ["exclude: [{}]", "paths: [{{path: {}, owner: web}}]"])
    def test_is_an_error_with_its_line(self, tmp_path: Path, glob: str, member: str) -> None:
        """What can match nothing is a mistake, and is told before anything is scanned."""
        file = tmp_path / ".jwksgov.yaml"
        written = "".join(f"\\{sign}" if sign in '\\"' else "\\n" if sign == "\n" else sign for sign in glob)
        file.write_text(member.format(f'"{written}"'))
        with pytest.raises(ConfigError, match="matches nothing"):
            load_config(file)

    def test_taking_back_is_for_lists(self, tmp_path: Path) -> None:
        """An entry of `paths` has nothing before it."""
        file = tmp_path / ".jwksgov.yaml"
        file.write_text('exclude: [vendor, "!vendor/ours"]')
        assert load_config(file).exclude == ("vendor", "!vendor/ours")
        file.write_text('paths: [{path: "!vendor", owner: web}]')
        with pytest.raises(ConfigError, match="begins with `!`"):
            load_config(file)


class TestUnmatched:
    CONFIG = """\
exclude: ["nosuch/**", "old", node_modules]
paths: [{path: live, owner: web}, {path: "lvie/**", owner: web}]
consumers: [{folder: live, owner: web}, {folder: gone, owner: web}]
"""

    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        """A tree with a configuration in which three globs are misspelt."""
        for folder in ("live", "old", "node_modules"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "ra.yaml").write_text(BINDING)
        (tmp_path / ".jwksgov.yaml").write_text(self.CONFIG)
        return tmp_path

    def test_globs_are_told_where_everything_was_seen(self, tree: Path) -> None:
        """Each by its member, and no other."""
        told = [line for line in jwksgov("scan", ".", cwd=tree).stdout.splitlines() if "matches none" in line]
        assert [line.split("`")[1] for line in told] == ["gone", "lvie/**", "nosuch/**"]

    @pytest.mark.parametrize("target", ["live", "live/ra.yaml"])
    def test_globs_are_not_told_by_a_part(self, tree: Path, target: str) -> None:
        """A hook sees single files, and knows nothing of the others."""
        assert "matches none" not in jwksgov("scan", target, cwd=tree).stdout
