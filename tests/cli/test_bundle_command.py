"""`jwksgov bundle`: what a user sees of a bundle, and how a script learns whether it was changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scanner.cli import main
from scanner.record import changed
from scanner.sources.bundle.signature import make_signer
from scanner.sources.bundle.writer import create
from scanner.sources.exchange import Wanted
from tests.sources.bundle.bundles import FINISHED, asked, exchange, failure, issuer_of
from tests.sources.bundle.signing_keys import private_pem, public_pem, put


@pytest.fixture(autouse=True)
def bundles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`signed.zip`, `plain` and the two halves of the key."""
    monkeypatch.chdir(tmp_path)
    put(Path("private.pem"), private_pem("ES256"))
    put(Path("public.pem"), public_pem("ES256"))
    put(Path("other.pem"), public_pem("Ed25519"))
    for name, sign in (("signed.zip", make_signer("private.pem")), ("plain", None)):
        with create(name, asked(4)) as writer:
            writer.add(exchange(0, role="openid-configuration", body=b'{"issuer": 1}'))
            writer.add(changed(exchange(0), purpose="again", number=1, removed=()))
            writer.add(failure(1))
            writer.add(exchange(2, body=None))
            writer.finish(FINISHED, sign)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit code, and what is printed with digests replaced."""
    code = main(["bundle", *words])
    printed = capsys.readouterr()
    # no \b: one of 64 characters of base64url is a hyphen, at either end as well
    without_thumbprints = re.sub(r"(?<![\w-])[\w-]{43}(?![\w-])", "THUMBPRINT", printed.out + printed.err)
    return code, re.sub(r"\b[0-9a-f]{64}\b", "SHA256", without_thumbprints)


class TestVerify:
    def test_a_signed_bundle_with_its_key(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert told(capsys, "verify", "signed.zip", "--key", "public.pem") == (
            0,
            "signature: holds, ES256 by the key with the JWK Thumbprint THUMBPRINT\n"
            "unchanged: 4 exchanges, 4 objects checked\n",
        )

    def test_without_a_key_it_says_what_was_not_checked(self, capsys: pytest.CaptureFixture[str]) -> None:
        words = (
            "without --key only the digests are checked: an attacker who changes a file can also write a matching manifest.json"
        )
        assert told(capsys, "verify", "signed.zip") == (
            0,
            f"signature: not checked; {words}\nunchanged: 4 exchanges, 4 objects checked\n",
        )
        assert f"signature: none; {words}\n" in told(capsys, "verify", "plain")[1]

    def test_an_unsigned_bundle_with_a_key_fails(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert told(capsys, "verify", "plain", "--key", "public.pem") == (
            1,
            "signature: none: there is no manifest.jws\nNOT SIGNED: 4 exchanges, 4 objects checked\n",
        )

    def test_another_key_fails(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, text = told(capsys, "verify", "signed.zip", "--key", "other.pem")
        assert code == 1
        assert text.startswith("manifest.json or manifest.jws: the signature was made with another key than the given one\n")

    def test_a_changed_file_is_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        path = next(path for path in sorted(Path("plain/objects").rglob("*")) if path.is_file())
        path.write_bytes(b"other")
        code, text = told(capsys, "verify", "plain")
        assert code == 1
        assert re.match(r"objects/../SHA256: its SHA-256 is not the one in its name\n", text)

    def test_for_scripts(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("plain/\x1b[31m.txt").write_text("")
        code, text = told(capsys, "verify", "plain", "--format", "json")
        assert (code, json.loads(text)) == (
            1,
            {
                "is_sound": False,
                "signature": "not checked",
                "signed_by": None,
                "state": "complete",
                "exchanges": 4,
                "objects": 4,
                "problems": [{"file": "\x1b[31m.txt", "because": "it does not belong to the bundle"}],
                "unnamed_problems": 0,
            },
        )

    def test_a_hostile_name_does_not_reach_the_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("plain/\x1b[31m.txt").write_text("")
        assert "\\x1b[31m.txt: it does not belong to the bundle" in told(capsys, "verify", "plain")[1]

    @pytest.mark.parametrize(
        ("words", "code", "error"),
        [
            (("verify", "plain", "--key", "absent.pem"), 2, "cannot read the key"),
            (("verify", "plain", "--key", "plain/manifest.json"), 2, "no key for signatures"),
            (("verify", "absent"), 3, "cannot read the bundle"),
            (("verify", "public.pem"), 3, "neither a folder nor a zip"),
            (("show", "."), 3, "there is no manifest.json"),
        ],
    )
    def test_exit_codes(self, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, error: str) -> None:
        found, text = told(capsys, *words)
        assert (found, error in text, "help: " in text) == (code, True, True)

    def test_an_unfinished_collection_is_said(self, capsys: pytest.CaptureFixture[str]) -> None:
        create("begun", asked()).close()
        code, text = told(capsys, "verify", "begun")
        assert code == 0
        assert "the collection is not complete (collecting)" in text


class TestShow:
    def test_what_was_asked_and_what_came(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert told(capsys, "show", "signed.zip") == (
            0,
            "complete: collected by jwksgov 1.2.3\n"
            "started 2026-11-01T10:00:00.000Z, finished 2026-11-01T11:00:00.000Z\n"
            "configuration .jwksgov.yaml, SHA-256 cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\n".replace(
                "c" * 64, "SHA256"
            )
            + "4 issuers requested, 4 exchanges: 2 documents, 1 without an answer\n"
            "manifest SHA-256 SHA256\n"
            "\n"
            "https://login-0.example.com\n"
            "  openid-configuration       first        200, 13 bytes, private values redacted  "
            "https://login-0.example.com/openid-configuration/new\n"
            "  jwks                       again 2      200, 2 bytes  https://login-0.example.com/jwks/new\n"
            "\n"
            "https://login-1.example.com\n"
            "  jwks                       first        tls-certificate: the certificate does not verify  "
            "https://login-1.example.com/jwks\n"
            "\n"
            "https://login-2.example.com\n"
            "  jwks                       first        200, no body stored, private values redacted  "
            "https://login-2.example.com/jwks/new\n"
            "\n"
            "https://login-3.example.com\n"
            "  was not visited\n",
        )

    def test_for_scripts(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, text = told(capsys, "show", "plain", "--format", "json")
        found = json.loads(text)
        assert (code, found["manifest"]["state"], len(found["exchanges"])) == (0, "complete", 4)

    def test_a_hostile_issuer_does_not_reach_the_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        create("evil", asked(wanted=(Wanted(issuer="https://\x1b[2J\u202e"),))).close()
        code, text = told(capsys, "show", "evil")
        assert code == 0
        assert "https://\\x1b[2J\\u202e\n" in text
        assert issuer_of(0) not in text
