"""What kubectl loads is seen, however it is spelled, or its place is told as not assessed."""

from __future__ import annotations

import random
from pathlib import Path

from tests.loaders.loaders import load_with_kubectl
from tests.loaders.seen import find_seen
from tests.loaders.yaml_spellings import URL, spell_manifest

_COUNT = 500


def test_every_spelling_that_kubectl_loads_is_seen(tmp_path: Path) -> None:
    random_ = random.Random(2026)
    names = {}
    for number in range(_COUNT):
        ending, data = spell_manifest(f"t{number}", random_)
        names[f"t{number}"] = f"t{number}{ending}"
        (tmp_path / names[f"t{number}"]).write_bytes(data)
    loaded = {
        names[each["metadata"]["name"]]
        for each in load_with_kubectl(tmp_path)
        if each["kind"] == "RequestAuthentication" and (each.get("spec", {}).get("jwtRules") or [{}])[0].get("jwksUri") == URL
    }
    assert len(loaded) > _COUNT / 2
    assert sorted(loaded - find_seen(tmp_path)) == []
