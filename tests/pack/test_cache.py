"""The stored form of our policies: the same pack, used only while it is current."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scanner.pack import cache, shipped
from scanner.pack.load import load_pack
from scanner.pack.pack import Pack
from scanner.pack.shipped import shipped_folder, shipped_pack, shipped_path


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for the stored form."""
    monkeypatch.setattr(shipped, "_DATA", str(tmp_path))
    return tmp_path / "pack.bin"


def everything(pack: Pack) -> list[dict[str, object]]:
    known = (pack.rules, pack.objectives, pack.profiles, pack.platforms, pack.frameworks, pack.advisories)
    return [*map(dict, known), dict(pack.advisories.products)]


class TestTheStoredForm:
    def test_gives_the_pack_that_the_yaml_gives(self, stored: Path) -> None:
        """Places and digest included."""
        parsed = load_pack([shipped_folder()], examples=False)
        shipped_pack(examples=False)
        assert stored.is_file()
        again = shipped_pack(examples=False)
        assert everything(again) == everything(parsed)
        assert again.digest == parsed.digest
        rule = again.rules["issuer-not-pinned"]
        assert rule.places.of("require", rule.place) == parsed.rules["issuer-not-pinned"].places.of("require", rule.place)

    def test_is_made_again_where_it_is_broken(self, stored: Path) -> None:
        for broken in (b"", b"not marshal", b"[\x00"):
            stored.write_bytes(broken)
            assert shipped_pack(examples=False).rules
            assert stored.read_bytes() != broken

    def test_is_made_again_where_it_is_of_other_files(self, stored: Path) -> None:
        pack = load_pack([shipped_folder()], examples=False)
        other = cache.stored_form(pack, (("rules/key/gone.yaml", 1, 1),), shipped_path())
        stored.write_bytes(other)
        shipped_pack(examples=False)
        assert stored.read_bytes() != other

    def test_is_done_without_where_nothing_can_be_written(self, stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shipped, "_DATA", os.devnull)
        assert shipped_pack(examples=False).rules

    def test_takes_a_users_own_policies_beside_it(self, stored: Path, tmp_path: Path) -> None:
        own = tmp_path / "own" / "frameworks"
        own.mkdir(parents=True)
        (own / "ours.yaml").write_text(
            "id: ours\ntitle: Ours\nversion: '1'\nurl: https://example.com\nlicence: ours\n"
            "controls: [{id: A-1, title: First}]\n"
        )
        pack = load_pack([own.parent], base=shipped_pack(examples=False), examples=False)
        assert {"ours", "nist-csf-2.0"} <= set(pack.frameworks)
        assert pack.digest != shipped_pack(examples=False).digest
