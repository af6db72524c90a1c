"""No command prints or creates a file with a private value, wherever the value stood."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.redaction.command_places import PLACES, can_hold
from tests.redaction.commands import OUTPUTS, everything
from tests.redaction.forms import all_forms
from tests.redaction.keys import PlantedKey, make_keys, make_password
from tests.redaction.oracle import LeakOracle
from tests.redaction.wraps import CREDENTIALS, WRAPS

# a failing run is repeated with the seed that its message names
SEED = int(os.environ.get("JWKSGOV_SEED") or random.SystemRandom().randrange(2**32))

# an error speaks of the place alone, a file that is not there or a pattern that excludes leaves no trace
SILENT = ("comment far to the right", "configuration: owner", "configuration: exclude", "configuration: broken")


@pytest.fixture(scope="module")
def keys() -> tuple[PlantedKey, ...]:
    return make_keys(random.Random(SEED))


@pytest.fixture(scope="module")
def password() -> str:
    return make_password(random.Random(SEED))


@pytest.fixture(scope="module")
def oracle(keys: tuple[PlantedKey, ...], password: str) -> LeakOracle:
    return LeakOracle({key.name: (*key.octets, *key.encrypted) for key in keys} | {"password": (password.encode(),)})


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tree").mkdir()
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree"


def outputs_of(place: str, text: str) -> Iterator[tuple[str, str]]:
    """Every output of the commands of a place, for one text in an empty repository."""
    here = Path.cwd()
    for each in here.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    shutil.rmtree(OUTPUTS, ignore_errors=True)
    (here / ".git").mkdir()
    yield from everything(PLACES[place](text))


def leaks_of(place: str, text: str, oracle: LeakOracle) -> list[str]:
    """The outputs that show a part of a private value."""
    return [name for name, output in outputs_of(place, text) if oracle.find(output)]


def forms_for(place: str, keys: tuple[PlantedKey, ...], password: str) -> list[tuple[str, str]]:
    """Every form of every key, and every URL with a credential, that can stand in a place, in an order of the place's own."""
    forms = [form for key in keys for form in all_forms(key)]
    forms += [(name, make(password)) for name, make in CREDENTIALS.items()]
    random.Random(f"{SEED} {place}").shuffle(forms)
    return [form for form in forms if can_hold(place, form[1])]


def wrapped(number: int, name: str, text: str) -> tuple[str, str]:
    """A form alone, or with something around it: each way in turn."""
    wrap = list(WRAPS)[number % len(WRAPS)]
    return f"{name} {wrap}", WRAPS[wrap](text)


class TestAPrivateValue:
    def test_is_in_no_output_of_some_places(self, keys: tuple[PlantedKey, ...], password: str, oracle: LeakOracle) -> None:
        """Other places and other forms at each run."""
        for place in random.Random(SEED).sample(sorted(PLACES), 10):
            name, text = forms_for(place, keys, password)[0]
            assert leaks_of(place, text, oracle) == [], f"{name} in {place}, JWKSGOV_SEED={SEED}"


@pytest.mark.nightly
@pytest.mark.parametrize("place", PLACES)
class TestAPlace:
    def test_is_one_that_outputs_show(self, place: str) -> None:
        """Else it would be no test: what is shown nowhere cannot leak."""
        assert any("harmless-w" in output for _, output in outputs_of(place, "harmless-word")) == (place not in SILENT)

    def test_shows_no_form_of_a_key(self, place: str, keys: tuple[PlantedKey, ...], password: str, oracle: LeakOracle) -> None:
        """A third of the forms, each alone and with something around it: other ones at each run."""
        forms = [
            each for number, form in enumerate(forms_for(place, keys, password)) for each in (form, wrapped(number, *form))
        ]
        found = {name: leaks for name, text in forms[::3] if can_hold(place, text) and (leaks := leaks_of(place, text, oracle))}
        assert found == {}, f"JWKSGOV_SEED={SEED}"
