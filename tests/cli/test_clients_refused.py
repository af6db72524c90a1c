"""A server that answers one client and refuses another, from the command line to the report and back from a bundle."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from tests.servers.conversation import Request
from tests.servers.issuers import JWKS, OAUTH, OPENID, refusing_issuer
from tests.servers.lab import Lab


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def judged(lab: Lab, *arguments: str) -> dict[str, Any]:
    network = ["--allow-private", "127.0.0.1", "--timeout", "5", "--ca-bundle", str(lab.settings().ca_bundle)]
    main(["scan", *arguments, "-q", "-o", "report.json", *network])
    found: dict[str, Any] = json.loads(Path("report.json").read_text())
    return found


def refused(report: dict[str, Any]) -> list[str]:
    """The messages of the rule about it."""
    return [each["message"] for each in report["findings"] if each["rule"] == "client-refused" and each["result"] == "fail"]


def says(*beginnings: str) -> Callable[[Request], bool]:
    return lambda request: request.headers["user-agent"].startswith(beginnings)


def accepts(text: str) -> Callable[[Request], bool]:
    return lambda request: request.headers.get("accept") == text


class TestARefusal:
    @pytest.mark.parametrize(
        ("refuses", "status", "told"),
        [
            (says("Java"), 403, "403 to Java-http-client/21.0.2, Accept: */*"),
            (says("Python-urllib"), 403, "403 to Python-urllib/3.13"),
            (says("Java", "Python-urllib"), 401, "401 to Java-http-client/21.0.2, Accept: */*, 401 to Python-urllib/3.13"),
            (says("Go-http-client"), 404, "404 to Go-http-client/1.1"),
            (accepts("application/json"), 406, "406 to node, Accept: application/json"),
            (accepts("*/*"), 406, "406 to Java-http-client/21.0.2, Accept: */*"),
            (says("jwksgov"), 403, "403 to jwksgov"),
        ],
    )
    def test_of_one_client_is_found(self, refuses: Callable[[Request], bool], status: int, told: str, lab: Lab) -> None:
        issuer = refusing_issuer(lab, refuses, JWKS, name="127.0.0.1", status=status)
        found = judged(lab, issuer.issuer)
        assert refused(found) == [f"{issuer.issuer}{JWKS} is given to some clients and refused to others: {told}."]
        # the keys are judged, whoever got them
        assert len(found["subjects"]["keys"]) == 1
        assert found["summary"]["issuers_unreached"] == 0

    def test_of_every_document_to_us_leaves_them_judged(self, lab: Lab) -> None:
        issuer = refusing_issuer(lab, says("jwksgov"), name="127.0.0.1")
        found = judged(lab, issuer.issuer)
        places = [issuer.issuer + target for target in (OAUTH, OPENID, JWKS)]
        assert sorted(refused(found)) == sorted(
            f"{place} is given to some clients and refused to others: 403 to jwksgov." for place in places
        )
        assert [row["issuer"] for row in found["subjects"]["issuers"]] == [issuer.issuer]
        assert len(found["subjects"]["keys"]) == 1

    def test_of_everybody_is_no_finding(self, lab: Lab) -> None:
        """One vantage point cannot know whom a firewall refuses."""
        issuer = refusing_issuer(lab, lambda request: True, name="127.0.0.1")
        assert refused(judged(lab, issuer.issuer)) == []

    def test_is_judged_alike_from_a_bundle(self, lab: Lab) -> None:
        issuer = refusing_issuer(lab, says("jwksgov"), name="127.0.0.1")
        network = ["--allow-private", "127.0.0.1", "--ca-bundle", str(lab.settings().ca_bundle)]
        assert main(["collect", issuer.issuer, "-q", "-o", "evidence", *network]) == 0
        first, second = (json.dumps(judged(lab, "evidence")) for _ in range(2))
        assert first == second
        assert len(refused(json.loads(first))) == 3
