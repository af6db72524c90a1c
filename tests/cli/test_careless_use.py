"""Collecting and judging bundles with wrong words, broken files and no room: nothing half done, and never a false all-clear."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scanner.cli import main
from tests.servers.issuers import OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Lab


@pytest.fixture
def issuer(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OrdinaryIssuer:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    collect = {"allow_private": ["127.0.0.1"], "ca_bundle": str(lab.settings().ca_bundle), "total_s": 5, "retries": 0}
    made = ordinary_issuer(lab, "127.0.0.1")
    Path(".jwksgov.yaml").write_text(json.dumps({"issuers": [{"issuer": made.issuer}], "collect": collect}))
    return made


@pytest.fixture
def bundle(issuer: OrdinaryIssuer) -> Path:
    assert main(["collect", "-q", "-o", "evidence"]) == 0
    return Path("evidence")


class TestACollectionThatCannotBegin:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["--previous", "nothing"], "cannot read the bundle"),
            (["--ca-bundle", ".jwksgov.yaml"], "no certificate authorities"),
            (["--client-cert", ".jwksgov.yaml", "--client-key", ".jwksgov.yaml"], "client certificate"),
            (["--timeout", "0"], "--timeout cannot be 0"),
            (["--repeat", "10000000"], "from 1 to 20"),
            (["--concurrency", "100000"], "from 1 to 1024"),
        ],
    )
    def test_leaves_nothing_that_the_next_one_stumbles_over(
        self, words: list[str], said: str, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = sorted(Path().iterdir())
        assert main(["collect", "-o", "evidence.zip", *words]) in (2, 3)
        assert said in capsys.readouterr().err
        assert sorted(Path().iterdir()) == before
        assert issuer.requests == []


class TestWhatIsLeftOfABundle:
    """Exit code 0 would say that nothing fails in evidence that nobody could read."""

    def test_is_no_bundle_without_its_manifest(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (bundle / "manifest.json").unlink()
        assert main(["scan", str(bundle)]) == 3
        assert "there is no manifest.json" in capsys.readouterr().err

    def test_is_no_bundle_when_a_zip_was_cut_off(self, bundle: Path) -> None:
        packed = Path(shutil.make_archive("packed", "zip", bundle)).read_bytes()
        for name, octets in (("cut.zip", packed[: len(packed) // 2]), ("empty.zip", b"")):
            Path(name).write_bytes(octets)
            assert main(["scan", name, "--fail-on", "none"]) == 3

    def test_is_no_zip_of_other_things(self, issuer: OrdinaryIssuer) -> None:
        Path("other").mkdir()
        Path("other/jwks.json").write_text('{"keys": []}')
        shutil.make_archive("other", "zip", "other")
        assert main(["scan", "other.zip"]) == 3


class TestAReportThatCannotBeWritten:
    @pytest.mark.parametrize("option", ["--output", "--metrics", "--write-baseline"])
    def test_is_refused_before_anybody_is_asked(
        self, option: str, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["scan", "--online", option, "nowhere/report.json"]) == 2
        assert "cannot write `nowhere/report.json`: there is no such folder" in capsys.readouterr().err
        assert issuer.requests == []

    def test_leaves_no_half_of_it(self, issuer: OrdinaryIssuer) -> None:
        Path("report.json").mkdir()
        assert main(["scan", ".", "-o", "report.json"]) == 2
        assert not Path("report.json.partial").exists()


class TestANamedIssuerThatIsNotReached:
    def test_is_told_even_where_only_failures_are(self, issuer: OrdinaryIssuer, capsys: pytest.CaptureFixture[str]) -> None:
        """Exit code 3 without a word would be a riddle."""
        assert main(["scan", "https://127.0.0.1:1", "-q"]) == 3
        assert "note: https://127.0.0.1:1: not reached: nothing accepts connections" in capsys.readouterr().out


class TestAnInterruptedZip:
    def test_names_the_folder_that_can_be_judged(
        self, issuer: OrdinaryIssuer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("scanner.commands.collect.collect_issuers", interrupted)
        assert main(["collect", "-o", "evidence.zip"]) == 130
        assert "judge it with `jwksgov scan evidence.zip.partial`" in capsys.readouterr().out
        # it can be judged, and says that nobody was asked yet
        assert main(["scan", "evidence.zip.partial", "-q"]) == 3
        assert "none of the issuers was reached (1 asked): " in capsys.readouterr().out
