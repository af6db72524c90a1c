"""What `java.util.Properties` loads is seen, however it is spelled, or its place is told as not assessed."""

from __future__ import annotations

import random
from pathlib import Path

from tests.loaders.loaders import load_with_java
from tests.loaders.property_spellings import KEY, VALUE, spell_properties, spell_properties_xml
from tests.loaders.seen import find_seen

_COUNT = 300


def test_every_spelling_that_java_loads_is_seen(tmp_path: Path) -> None:
    random_ = random.Random(2026)
    (files := tmp_path / "files").mkdir()
    for number in range(_COUNT):
        is_xml = random_.random() < 0.3
        name = f"application-{number}.{'xml' if is_xml else 'properties'}"
        (files / name).write_bytes(spell_properties_xml(random_) if is_xml else spell_properties(random_))
    loaded = load_with_java(files, KEY, VALUE, tmp_path)
    assert len(loaded) > _COUNT / 2
    for name in [each.name for each in files.iterdir()]:  # profiles of one application would be its variants
        (tmp_path / "apart" / name.partition(".")[0]).mkdir(parents=True)
        (files / name).rename(tmp_path / "apart" / name.partition(".")[0] / name)
    seen = {path.rpartition("/")[2] for path in find_seen(tmp_path / "apart")}
    assert sorted(loaded - seen) == []
