"""What Apache loads is seen, however it is spelled, or its place is told as not assessed."""

from __future__ import annotations

import random
from pathlib import Path

from tests.loaders.apache_spellings import JWKS_URI, spell_apache
from tests.loaders.loaders import load_with_apache
from tests.loaders.seen import find_seen

_COUNT = 60
_NAMES = ("auth.conf", "sites-enabled/app", "conf.d/oidc.conf", "000-default")


def test_every_spelling_that_apache_loads_is_seen(tmp_path: Path) -> None:
    random_ = random.Random(2026)
    (files := tmp_path / "files").mkdir()
    (work := tmp_path / "work").mkdir()
    loaded = set()
    for number in range(_COUNT):
        name = f"t{number}/{random_.choice(_NAMES)}"
        path = files / name
        path.parent.mkdir(parents=True)
        path.write_text(spell_apache(random_), newline="")
        dump = load_with_apache(path, work).lower()
        if f"oidcoauthverifyjwksuri {JWKS_URI}" in dump.replace('"', "").replace("'", "") and "oidcsslvalidateserver" in dump:
            loaded.add(name)
    assert len(loaded) > _COUNT / 2
    assert sorted(loaded - find_seen(files)) == []
