"""The stored form of our own rules' conditions: it answers as the text does, and is never taken for another's."""

from __future__ import annotations

import marshal
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.config.model import Config
from scanner.facts.registry import facts_about
from scanner.pack.shipped import shipped_pack
from scanner.policy import compile as compiling
from scanner.policy import stored_conditions as storing
from scanner.policy.cel import Environment
from scanner.policy.compile import CompiledRules
from scanner.policy.select import RuleSet, select_configured
from scanner.subjects.kinds import kind_names

PACK = shipped_pack(examples=False)
RULES: RuleSet = select_configured(PACK, Config())
KINDS = [kind for kind in kind_names() if RULES.ids_about(kind)]
WORDS = ("", "none", "RS256", "https://login.example.com", "never", "a*")


def compiled(kind: str, stored: dict[bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> CompiledRules:
    monkeypatch.setattr(compiling, "stored_conditions", lambda: stored)
    return CompiledRules(RULES.about(kind), facts_about(kind))


def invented(types: dict[str, str], dice: random.Random) -> Iterator[tuple[str, Any]]:
    """A value for most facts: some have none, as where the evidence is not at hand."""
    for name, kind in types.items():
        values = {
            "bool": dice.random() < 0.5,
            "int": dice.choice((0, 1, 60, 2048, 10**6)),
            "float": dice.choice((0.0, 1.5)),
            "str": dice.choice(WORDS),
            "list[str]": dice.sample(WORDS, 2),
            "list[int]": [1, 2],
        }
        if dice.random() < 0.9:
            yield name, values[kind]


class TestTheStoredForm:
    @pytest.mark.parametrize("kind", KINDS)
    def test_gives_the_answers_of_the_text(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        text = compiled(kind, {}, monkeypatch)
        forms = dict(text.stored_forms())
        opened = compiled(kind, forms, monkeypatch)
        types = {name: fact.type for name, fact in facts_about(kind).items()}
        dice = random.Random(kind)
        for _ in range(50):
            values = dict(invented(types, dice))
            assert opened.evaluate(values)[0] == text.evaluate(values)[0]

    @pytest.mark.parametrize("kind", KINDS)
    def test_is_opened_instead_of_compiling(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        forms = dict(compiled(kind, {}, monkeypatch).stored_forms())

        def refuse(*_: object) -> None:
            raise AssertionError("a condition was compiled")

        monkeypatch.setattr(Environment, "compile", refuse)
        compiled(kind, forms, monkeypatch)

    def test_that_cannot_be_opened_is_compiled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = compiled("endpoint", {}, monkeypatch)
        opened = compiled("endpoint", dict.fromkeys(dict(text.stored_forms()), b"no condition"), monkeypatch)
        assert opened.evaluate({})[0] == text.evaluate({})[0]


class TestTheKey:
    def test_is_another_for_another_type_or_text(self) -> None:
        keys = {
            storing.key_of({"a.b": "int"}, "[a.b]", "list[int]"),
            storing.key_of({"a.b": "str"}, "[a.b]", "list[int]"),
            storing.key_of({"a.b": "int", "a.c": "int"}, "[a.b]", "list[int]"),
            storing.key_of({"a.b": "int"}, "[a.b ]", "list[int]"),
            storing.key_of({"a.b": "int"}, "[a.b]", "list[str]"),
        }
        assert len(keys) == 5

    def test_holds_what_the_rules_may_name_alone(self) -> None:
        """A rule in another list, a fact that none names: both leave the stored list valid."""
        some = RULES.about("binding")[:3]
        few = CompiledRules(some, facts_about("binding"))
        named = {each.name for each in few.facts} | {name for rule in few.rules for name in rule.message_names()}
        facts = {name: fact for name, fact in facts_about("binding").items() if name in named}
        assert dict(CompiledRules(some, facts).stored_forms()).keys() == dict(few.stored_forms()).keys()


class TestTheFile:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        monkeypatch.setattr(storing, "stored_file", lambda name: str(tmp_path / "_data" / name))
        storing._read.cache_clear()
        yield tmp_path / "_data"
        storing._read.cache_clear()

    def test_is_made_where_there_is_none_or_that_of_other_policies(self, folder: Path) -> None:
        storing.refresh_stored_conditions(PACK)
        made = storing.stored_conditions()
        assert len(made) > len(KINDS)
        (folder / "conditions.bin").write_bytes(marshal.dumps(marshal.loads(storing.conditions_of(PACK)) | {"digest": "x"}))
        storing._read.cache_clear()
        storing.refresh_stored_conditions(PACK)
        assert storing._read()["digest"] == PACK.digest

    @pytest.mark.parametrize("data", [b"", b"\x00", b"none", marshal.dumps([1]), marshal.dumps({"version": "0.0.0"})])
    def test_that_is_damaged_or_old_is_as_none(self, data: bytes, folder: Path) -> None:
        folder.mkdir()
        (folder / "conditions.bin").write_bytes(data)
        assert storing.stored_conditions() == {}

    def test_that_cannot_be_written_costs_only_time(self, folder: Path) -> None:
        folder.write_text("a file in the place of the folder")
        storing.refresh_stored_conditions(PACK)
        assert storing.stored_conditions() == {}
