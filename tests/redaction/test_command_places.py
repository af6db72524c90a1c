"""No command prints or creates a file with a private value, wherever the value stood."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.redaction.command_places import PLACES, can_hold
from tests.redaction.commands import OUTPUTS, everything
from tests.redaction.planted import AGAIN, SEED, credentials, key_forms, oracle
from tests.redaction.wraps import WRAPS

# an error speaks of the place alone, a file that is not there or a pattern that excludes leaves no trace
SILENT = ("comment far to the right", "configuration: owner", "configuration: exclude", "configuration: broken")


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


def leaks_of(place: str, text: str) -> list[str]:
    """The outputs that show a part of a private value."""
    return [name for name, output in outputs_of(place, text) if oracle().find(output)]


def forms_for(place: str) -> list[tuple[str, str]]:
    """Every form of every key, and every URL with a credential, that can stand in a place, in an order of the place's own."""
    forms = [*key_forms(), *credentials()]
    random.Random(f"{SEED} {place}").shuffle(forms)
    return [form for form in forms if can_hold(place, form[1])]


def wrapped(number: int, name: str, text: str) -> tuple[str, str]:
    """A form alone, or with something around it: each way in turn."""
    wrap = list(WRAPS)[number % len(WRAPS)]
    return f"{name} {wrap}", WRAPS[wrap](text)


class TestAPrivateValue:
    def test_is_in_no_output_of_some_places(self) -> None:
        """Other places and other forms at each run."""
        for place in random.Random(SEED).sample(sorted(PLACES), 10):
            name, text = forms_for(place)[0]
            assert leaks_of(place, text) == [], f"{name} in {place}, {AGAIN}"


@pytest.mark.nightly
@pytest.mark.parametrize("place", PLACES)
class TestAPlace:
    def test_is_one_that_outputs_show(self, place: str) -> None:
        """Else it would be no test: what is shown nowhere cannot leak."""
        assert any("harmless-w" in output for _, output in outputs_of(place, "harmless-word")) == (place not in SILENT)

    def test_shows_no_form_of_a_key(self, place: str) -> None:
        """A third of the forms, each alone and with something around it: other ones at each run."""
        forms = [each for number, form in enumerate(forms_for(place)) for each in (form, wrapped(number, *form))]
        found = {name: leaks for name, text in forms[::3] if can_hold(place, text) and (leaks := leaks_of(place, text))}
        assert found == {}, AGAIN
