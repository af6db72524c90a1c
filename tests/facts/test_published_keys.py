"""The list of published keys: every entry is found, keys of standards by their values, and a faulty list is refused."""

from __future__ import annotations

import base64
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest

from scanner.errors import PolicyError
from scanner.evidence.keys.published_keys import find_published, find_published_secret, source_of
from scanner.evidence.keys.secret_digests import digests_of
from scanner.evidence.keys.test_paths import is_in_tests, is_in_tests_or_documentation
from scanner.evidence.model import Jwk, Octets, Spot
from scanner.pack.published import check_published
from scanner.pack.shipped import shipped_folder

TESTS = Path(__file__).parent.parent
LIST = shipped_folder() / "published" / "keys.jsonl"
ENTRY = json.loads(LIST.read_text(encoding="utf-8").partition("\n")[0])
script = runpy.run_path(str(TESTS / "make_published_keys.py"))


class TestEntries:
    def test_each_is_found_by_both_its_names(self) -> None:
        entries = [json.loads(line) for line in LIST.read_text(encoding="utf-8").splitlines()]
        assert len(entries) == 1873
        for entry in entries:
            assert source_of(entry["jkt"]) == source_of(entry["spki_sha256"]) == entry["sources"][0]

    def test_others_are_not(self) -> None:
        assert source_of("A" * 43) is None
        assert source_of("0" * 64) is None
        assert source_of(None) is None

    def test_thumbprints_are_those_that_the_standards_print(self) -> None:
        """RFC 7638 §3.1 and RFC 8037 §A.3 state the thumbprints of their keys."""
        assert source_of("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs") == "RFC 7517 §A.1, RFC 7638 §3.1"
        assert source_of("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k") == "RFC 8037 §A.2"


class TestKeysOfStandards:
    @pytest.mark.parametrize(
        "known", json.loads((TESTS / "published_keys.json").read_text("utf-8")), ids=lambda each: each["source"]
    )
    def test_script_makes_the_entry_of_their_values(self, known: dict[str, Any]) -> None:
        key = script["public_key"](known["jwk"])
        made = json.loads(script["entry"](key, sources=["x"], prominence="docs", copies=1))
        assert source_of(made["jkt"]) == source_of(made["spki_sha256"]) == known["source"]

    def test_another_exponent_does_not_hide_a_modulus(self) -> None:
        """Whoever has the primes has the private exponent for every public one."""
        known = json.loads((TESTS / "published_keys.json").read_text("utf-8"))
        jwk = next(each["jwk"] for each in known if each["jwk"]["kty"] == "RSA")
        octets = {"n": Octets(script["octets"](jwk["n"])), "e": Octets(b"\x11")}
        assert find_published(Jwk(0, Spot(1, 1), ("kty", "n", "e"), {"kty": "RSA"}, octets)) is not None


class TestChecks:
    def check(self, *lines: str) -> PolicyError:
        with pytest.raises(PolicyError) as raised:
            check_published("\n".join(lines).encode(), "published/keys.jsonl")
        return raised.value

    def test_shipped_lists_are_well_formed(self) -> None:
        for path in LIST.parent.glob("*.jsonl"):
            check_published(path.read_bytes(), path.name)

    @pytest.mark.parametrize(
        "change",
        [
            {"jkt": "x"}, {"spki_sha256": ENTRY["spki_sha256"].upper()}, {"prominence": "rare"}, {"copies": 0},
            {"copies": True},
            {"sources": []}, {"sources": "x"}, {"d": "x"}, {"jkt": 1},
        ],
    )  # fmt: skip
    def test_wrong_entry_is_refused_with_its_line(self, change: dict[str, object]) -> None:
        other = {**ENTRY, "jkt": "A" * 43, "spki_sha256": "0" * 64}
        error = self.check(json.dumps(ENTRY), json.dumps({**other, **change}))
        assert "published/keys.jsonl:2" in str(error)

    def test_duplicate_and_broken_line_are_refused(self) -> None:
        assert "line 1" in str(self.check(json.dumps(ENTRY), json.dumps(ENTRY)))
        assert "not JSON" in str(self.check("{"))


class TestPaths:
    @pytest.mark.parametrize(
        "path", ["tests/jwks.json", "a/src/test/resources/k.pem", "t/certs/a.key", "samples/jwt/jwks.json"]
    )
    def test_tests_and_samples(self, path: str) -> None:
        assert is_in_tests(path)

    @pytest.mark.parametrize(
        "path",
        [
            "docs/.well-known/jwks.json",
            "deploy/jwks.json",
            "attestation/k.pem",
            "contest/k.pem",
            "mock-jwks.json",
            "mock-server/jwks.json",
            "/tmp/tests/jwks.json",
            "C:/test/jwks.json",
        ],
    )
    def test_others(self, path: str) -> None:
        assert not is_in_tests(path)

    def test_documentation_counts_for_private_keys(self) -> None:
        assert is_in_tests_or_documentation("docs/usage.rst")
        assert is_in_tests_or_documentation("README.md")
        assert is_in_tests_or_documentation("jws_test.go")


class TestSecrets:
    """jwt.io's debugger began with this secret for HS256."""

    PLAIN = "your-256-bit-secret"

    @pytest.mark.parametrize(
        "written",
        [
            PLAIN,
            f" {PLAIN}\n",
            base64.b64encode(PLAIN.encode()).decode(),
            base64.urlsafe_b64encode(PLAIN.encode()).decode().rstrip("="),
            PLAIN.encode().hex(),
        ],
    )
    def test_default_is_known_in_every_form_that_a_platform_decodes(self, written: str) -> None:
        found = find_published_secret(digests_of(written))
        assert found is not None
        assert found.source.startswith("jwt.io")

    @pytest.mark.parametrize("written", ["", "your-256-bit-secret-of-ours", "x" * 5000, "\udc80", "7f2a9c41d0e85b63"])
    def test_others_are_not(self, written: str) -> None:
        assert find_published_secret(digests_of(written)) is None


class TestOwnLists:
    """Lists in the user's policies add to ours."""

    def scan(self, folder: Path, file: str, text: str) -> list[str]:
        (folder / "policies" / "published").mkdir(parents=True)
        entry = script["entry"](script["public_key"](self.JWK), sources=["our wiki"], prominence="docs", copies=1)
        (folder / "policies" / "published" / "leaked.jsonl").write_text(entry, encoding="utf-8")
        (folder / ".jwksgov.yaml").write_text("policies: [policies]\n", encoding="utf-8")
        (folder / file).write_text(text, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "scanner", "scan", str(folder / file), "--format", "json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return [f"{each['rule']}: {each['message']}" for each in json.loads(run.stdout)["findings"]]

    JWK: ClassVar = {
        "kty": "EC", "crv": "P-256",
        "x": "AfB5pGgJipjjrduZLsAJ9NI4m6YVaN9PaUFtT-xszuI", "y": "To9FzIZ69h_SXZsy4EyPO5G8F6S92bbZ5sU_lb_TiJw",
    }  # fmt: skip

    def test_key_in_a_set(self, tmp_path: Path) -> None:
        found = self.scan(tmp_path, "jwks.json", json.dumps({"keys": [{**self.JWK, "kid": "a"}]}))
        assert any(
            each.startswith("key-published-as-example") and "our wiki (printed in documentation)" in each for each in found
        )

    def test_faulty_list_stops_the_run(self, tmp_path: Path) -> None:
        (tmp_path / "published").mkdir()
        (tmp_path / "published" / "leaked.jsonl").write_text("{}\n", encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "scanner", "policy", "check", "--policies", str(tmp_path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 2
        assert "leaked.jsonl:1" in run.stderr
