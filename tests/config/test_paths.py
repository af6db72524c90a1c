"""`paths` of `.jwksgov.yaml`: which environment a file belongs to, and who answers for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.config.load import load_config
from scanner.config.model import PathEntry
from scanner.config.paths import Paths
from scanner.errors import ConfigError

NOTES = Paths(
    [
        PathEntry(path="clusters/**", environment="staging", owner="platform"),
        PathEntry(path="clusters/prod", environment="prod"),
        PathEntry(path="*.jwks.json", owner="identity"),
    ]
)


class TestNotes:
    def test_the_last_one_that_says_it_wins_each_for_itself(self) -> None:
        assert NOTES.of("clusters/prod/gateway.yaml") == ("prod", "platform")
        assert NOTES.of("clusters/a.jwks.json") == ("staging", "identity")

    def test_a_folder_covers_what_is_below_it_and_nothing_beside_it(self) -> None:
        assert NOTES.of("clusters/production.yaml") == ("staging", "platform")
        assert NOTES.of("elsewhere.yaml") == (None, None)

    def test_are_checked_with_place_and_nearest_name(self, tmp_path: Path) -> None:
        (tmp_path / ".jwksgov.yaml").write_text("paths:\n  - {path: a, enviroment: prod}\n")
        with pytest.raises(ConfigError) as caught:
            load_config(tmp_path / ".jwksgov.yaml")
        assert caught.value.where is not None
        assert caught.value.where.line == 2
        assert "`environment`" in caught.value.remedy
