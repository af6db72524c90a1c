"""What docker-compose makes of a project is what the project's model has, place by place."""

from __future__ import annotations

import random
from pathlib import Path

from scanner.evidence.bindings.values.placeholders import fill
from scanner.patterns import lazy_pattern
from scanner.units.compose.kind import Compose
from tests.loaders.compose_spellings import ComposeSpelling
from tests.loaders.loaders import load_with_compose
from tests.units.unit_trees import plant, read_variants

_COUNT = 60
_OPEN = lazy_pattern(r"\$\{[A-Z]\}")


def test_services_have_the_environment_and_command_that_compose_gives_them(tmp_path: Path) -> None:
    """What stays open has no value where compose runs, and the default is left."""
    random_ = random.Random(2026)
    for number in range(_COUNT):
        root = tmp_path / str(number)
        plant(root, ComposeSpelling(random_).files)
        found = read_variants(Compose(), root, "compose.yaml")
        for name, files in (("", ["compose.yaml"]), ("prod", ["compose.yaml", "compose.prod.yaml"])):
            loaded = load_with_compose(root, files)["services"]["web"]
            made = found[name][0]["services"]["web"]
            ours = {key: _settle(value) for key, value in made.get("environment", {}).items()}
            theirs = {key: value or "" for key, value in loaded.get("environment", {}).items()}
            assert ours == theirs, root
            assert _words(made.get("command")) == _words(loaded.get("command")), root


def _settle(value: object) -> str:
    """A value where nothing else is set."""
    return _OPEN.sub("", fill(str(value)))


def _words(command: object) -> str:
    return " ".join(map(_settle, command)) if isinstance(command, list) else _settle(command or "")
