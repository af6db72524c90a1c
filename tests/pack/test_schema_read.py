"""Each platform says what its reads were held against, and what of that is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.commands.platform_page import platform_page
from scanner.errors import PolicyError
from scanner.pack.load import load_pack
from scanner.pack.shipped import shipped_pack
from tests.pack.checking import check

PLATFORM = """\
id: ours
name: Our gateway
category: gateway
version_read: "1"
reads:
  - {formats: [yaml], at: a, fields: {issuer: issuer}}
behaviour: {}
schema_read: SCHEMA
left_out:
  - {setting: b.proxy, because: It chooses a proxy for the fetch and no trust.}
examples: []
"""
PLATFORMS = shipped_pack(examples=False).platforms


def folder_with(schema: str, folder: Path) -> Path:
    (folder / "platforms").mkdir()
    (folder / "platforms" / "ours.yaml").write_text(PLATFORM.replace("SCHEMA", schema))
    return folder


class TestTheShippedPlatforms:
    @pytest.mark.parametrize("name", sorted(name for name, each in PLATFORMS.items() if each.reads))
    def test_were_held_against_a_schema_or_a_reference(self, name: str) -> None:
        assert PLATFORMS[name].schema_read

    @pytest.mark.parametrize("name", sorted(PLATFORMS))
    def test_say_in_sentences_why_a_setting_is_not_read(self, name: str) -> None:
        for each in PLATFORMS[name].left_out:
            assert each.because.strip().endswith(".")
            assert len(each.because.split()) >= 4


class TestAReading:
    @pytest.mark.parametrize("schema", ["[{at: yesterday, page: x}]", "[{at: 2026-11-30}]"])
    def test_without_a_day_or_a_place_is_refused(self, schema: str, tmp_path: Path) -> None:
        with pytest.raises(PolicyError) as caught:
            check(folder_with(schema, tmp_path))
        assert caught.value.remedy

    def test_is_on_the_page_with_what_was_left_out(self, tmp_path: Path) -> None:
        schema = "[{at: 2026-11-30, commit: example/gateway@1f3c9ab api/schema.json}]"
        platforms = load_pack([folder_with(schema, tmp_path)]).platforms
        page = platform_page(platforms, platforms["ours"])
        assert "Held against example/gateway@1f3c9ab api/schema.json, read 2026-11-30." in page
        assert "| `b.proxy` | It chooses a proxy for the fetch and no trust. |" in page
