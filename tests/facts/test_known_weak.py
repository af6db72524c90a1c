"""What badkeys knows is asked only where it is installed, its blocklist only where it has been downloaded."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.evidence.keys.jwk import read_jwk
from scanner.evidence.model import Jwk
from scanner.evidence.read_document import FileContent
from scanner.facts.fact import Unknown
from scanner.facts.key import known_weak as key_known_weak
from scanner.facts.lists import known_weak
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed
from scanner.findings.model import Run
from scanner.pack.model import RuleChange
from scanner.pack.shipped import shipped_folder, shipped_pack
from scanner.pipeline import Pipeline
from scanner.policy.select import select
from scanner.scan import Decisions, finish
from scanner.sources.document import Document
from tests.one_document import AT

X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": X}


def jwk(value: object) -> Jwk:
    parsed = read(json.dumps(value).encode(), "json")
    assert isinstance(parsed, Parsed)
    (node,) = parsed.documents
    assert isinstance(node, Mapping)
    return read_jwk(node, 0, is_published=True)


def sample(name: str) -> Jwk:
    return jwk(sample_values(name))


def sample_values(name: str) -> Any:
    return json.loads((Path(str(shipped_folder())) / "samples" / f"{name}.json").read_text())


class TestWithoutTheExtra:
    def test_nothing_is_known_and_the_reason_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(known_weak, "is_installed", lambda: False)
        for fact in (key_known_weak.known_weaknesses, key_known_weak.is_blocklist_used):
            answer = fact.ask(sample("rsa-2048"))
            assert isinstance(answer, Unknown)
            assert "pip install 'jwksgov[keys]'" in answer.because


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder where badkeys looks for its lists."""
    pytest.importorskip("badkeys", reason="badkeys: pip install 'jwksgov[keys]'")
    from badkeys.allkeys import block
    from badkeys.utils import _cachedir

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(block, "_blmeta", False)
    monkeypatch.setattr(block, "_bldata", False)
    _cachedir.cache_clear()
    yield tmp_path / "badkeys"
    _cachedir.cache_clear()


@pytest.mark.usefixtures("cache")
class TestBadkeys:
    def test_finds_a_modulus_with_next_to_no_bits(self) -> None:
        assert known_weak.weaknesses(sample("rsa-sparse")) == ["rsapoly"]

    @pytest.mark.parametrize(
        "name", ["rsa-2048", "rsa-512", "rsa-10240", "rsa-oversized", "rsa-even", "ec-p256", "ed448", "ml-dsa-44"]
    )
    def test_accuses_no_other_key(self, name: str) -> None:
        assert known_weak.weaknesses(sample(name)) == []

    @pytest.mark.parametrize(
        "broken", [{"kty": "RSA"}, {"kty": "RSA", "n": "***", "e": "AQAB"}, {"kty": "EC", "crv": "P-256"}, {}]
    )
    def test_says_nothing_of_a_key_without_numbers(self, broken: dict[str, str]) -> None:
        assert known_weak.weaknesses(jwk(broken)) == []


class TestTheBlocklist:
    def test_is_missed_by_name(self, cache: Path) -> None:
        answer = key_known_weak.is_blocklist_used.ask(jwk(ED25519))
        assert isinstance(answer, Unknown)
        assert "badkeys --update-bl" in answer.because

    def test_is_looked_at_where_it_has_been_downloaded(self, cache: Path) -> None:
        """A list of one key: 15 octets of SHA-256 over its number, and the number of the list that it is on."""
        cache.mkdir()
        number = base64.urlsafe_b64decode(X + "=").lstrip(b"\0")
        (cache / "blocklist.dat").write_bytes(hashlib.sha256(number).digest()[:15] + b"\1")
        (cache / "badkeysdata.json").write_text(json.dumps({"blocklists": [{"id": 1, "name": "rfc"}]}))
        assert key_known_weak.is_blocklist_used.ask(jwk(ED25519)) is True
        assert known_weak.weaknesses(jwk(ED25519)) == ["blocklist (rfc)"]
        assert known_weak.weaknesses(sample("ed25519")) == []


@pytest.fixture
def judge() -> Callable[..., str]:
    """What the rule answers about a sample, with its parameter."""
    pack = shipped_pack(examples=True)

    def ask(name: str, *, is_required: bool = True) -> str:
        change = RuleChange(enabled=True, params={"is_blocklist_required": is_required})
        rules = select(pack, profile="baseline", changes={"key-known-weak": change}, places={})
        pipeline = Pipeline(pack, rules, at=AT)
        data = json.dumps({"keys": [sample_values(name)]}).encode()
        part = pipeline.part()
        pipeline.read(FileContent(pipeline.reader.read(Document("jwks.json", data, is_named=True)), data), part)
        report = finish(pipeline, part, Run(clock="2026-11-01T00:00:00Z", scope=(), profile="baseline"), Decisions())
        answers = report.rule("key-known-weak").answers
        (given,) = (each for each in ("passed", "failed", "undetermined") if getattr(answers, each))
        return given

    return ask


class TestTheRule:
    """A key that nobody looked up is no key that passed."""

    @pytest.mark.usefixtures("cache")
    @pytest.mark.parametrize("name", ["rsa-2048", "ec-p256", "ed25519"])
    def test_is_open_without_the_list(self, name: str, judge: Callable[..., str]) -> None:
        assert judge(name) == "undetermined"

    @pytest.mark.usefixtures("cache")
    def test_fails_all_the_same_where_another_check_finds_the_key(self, judge: Callable[..., str]) -> None:
        assert judge("rsa-sparse") == "failed"

    @pytest.mark.usefixtures("cache")
    def test_takes_the_other_checks_of_an_rsa_key_for_enough_where_it_may(self, judge: Callable[..., str]) -> None:
        assert judge("rsa-2048", is_required=False) == "passed"
        assert judge("ec-p256", is_required=False) == "undetermined"

    def test_passes_what_the_list_does_not_have(self, cache: Path, judge: Callable[..., str]) -> None:
        cache.mkdir()
        (cache / "blocklist.dat").write_bytes(b"\0" * 15 + b"\1")
        (cache / "badkeysdata.json").write_text(json.dumps({"blocklists": [{"id": 1, "name": "rfc"}]}))
        assert [judge(name) for name in ("rsa-2048", "ec-p256", "ed25519")] == ["passed"] * 3
