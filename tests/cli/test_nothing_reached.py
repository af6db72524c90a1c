"""Where not one issuer is reached nothing is known, and no command says otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import in_shell, jwksgov
from tests.servers.issuers import ordinary_issuer
from tests.servers.lab import Lab

GONE = "https://127.0.0.1:1/shop"
ALSO_GONE = "https://127.0.0.1:2"


def write_inventory(folder: Path, *issuers: str, roots: str | None = None) -> None:
    """A configuration in which only the issuers count."""
    collect = {"allow_private": ["127.0.0.1"], "total_s": 5, "retries": 0} | ({"ca_bundle": roots} if roots else {})
    listed = [{"issuer": each} for each in issuers]
    (folder / ".jwksgov.yaml").write_text(json.dumps({"fail_on": "none", "issuers": listed, "collect": collect}))


class TestATotalOutage:
    """Three issuers are down: the exit code is 3 without any option."""

    @pytest.fixture
    def down(self, tmp_path: Path) -> Path:
        """A folder with an inventory of two issuers that nobody answers for."""
        write_inventory(tmp_path, GONE, ALSO_GONE)
        return tmp_path

    def test_of_a_collection(self, down: Path) -> None:
        ran = jwksgov("collect", "--quiet", "--output", "evidence.zip", cwd=down)
        assert ran.returncode == 3
        assert "none of 2 issuers was reached" in ran.stdout

    def test_of_a_scan(self, down: Path) -> None:
        ran = jwksgov("scan", ".", "--online", cwd=down)
        assert ran.returncode == 3
        assert "note: none of the issuers was reached (2 asked): " in ran.stdout
        assert ran.stdout.splitlines()[-1].startswith("not complete: 2 of 2 issuers not reached, ")

    def test_of_a_bundle_and_of_every_format(self, down: Path) -> None:
        outputs = " ".join(f"-o report.{ending}" for ending in ("json", "html", "md", "sarif"))
        ran = in_shell(f"jwksgov collect -q -o evidence.zip; jwksgov scan evidence.zip {outputs}", cwd=down)
        assert ran.returncode == 3
        report = json.loads((down / "report.json").read_text())
        assert report["run"]["exit_code"] == 3
        assert report["summary"]["issuers_unreached"] == report["summary"]["issuers_asked"] == 2
        assert "nothing-reached" in {each["kind"] for each in report["notices"]}
        sarif = json.loads((down / "report.sarif").read_text())["runs"][0]
        assert sarif["properties"]["issuersNotReached"] == 2
        for ending in ("html", "md"):
            text = (down / f"report.{ending}").read_text()
            assert "2 of 2 issuers not reached" in text
        assert (down / "report.md").read_text().split("\n")[2].startswith("⚠️ **Incomplete**")


class TestAPartialOutage:
    def test_is_in_the_headline_and_not_in_the_exit_code(self, lab: Lab, tmp_path: Path) -> None:
        """What was reached is judged; that one was not is said first, and fails a run that asks for it."""
        issuer = ordinary_issuer(lab, "127.0.0.1").issuer
        write_inventory(tmp_path, issuer, GONE, roots=str(lab.settings().ca_bundle))
        ran = in_shell(
            "jwksgov collect -q -o evidence.zip && jwksgov scan evidence.zip -q -o report.md -o report.sarif", cwd=tmp_path
        )
        assert ran.returncode == 0
        head = (tmp_path / "report.md").read_text().split("\n")[2]
        assert head.startswith("⚠️ **Nothing failed** at or above the chosen severity, but not everything could be assessed")
        assert "1 of 2 issuers not reached" in head
        told = json.loads((tmp_path / "report.sarif").read_text())["runs"][0]["invocations"][0]["exitCodeDescription"]
        assert "not everything could be assessed: 1 of 2 issuers not reached" in told
        assert jwksgov("scan", "evidence.zip", "-q", "--fail-on-undetermined", cwd=tmp_path).returncode == 3
