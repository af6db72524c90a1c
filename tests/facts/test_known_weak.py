"""What badkeys knows is asked only where it is installed, its blocklist only where it has been downloaded."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.evidence.keys.jwk import read_jwk
from scanner.evidence.model import Jwk
from scanner.facts.fact import Unknown
from scanner.facts.key import known_weak as key_known_weak
from scanner.facts.lists import known_weak
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed
from scanner.pack.shipped import shipped_folder

X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
ED25519 = {"kty": "OKP", "crv": "Ed25519", "x": X}


def jwk(value: object) -> Jwk:
    parsed = read(json.dumps(value).encode(), "json")
    assert isinstance(parsed, Parsed)
    (node,) = parsed.documents
    assert isinstance(node, Mapping)
    return read_jwk(node, 0, is_published=True)


def sample(name: str) -> Jwk:
    return jwk(json.loads((Path(str(shipped_folder())) / "samples" / f"{name}.json").read_text()))


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
