"""No private value that a server sends is in a bundle, in what is shown of it, or in its reports."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.redaction.commands import OUTPUTS, everything, read_text, scans
from tests.redaction.planted import AGAIN, SEED, credentials, key_forms, oracle
from tests.servers.issuers import JWKS, OPENID, OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Lab


@pytest.fixture
def issuer(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OrdinaryIssuer:
    (tmp_path / "tree").mkdir()
    monkeypatch.chdir(tmp_path / "tree")
    Path(".git").mkdir()
    made = ordinary_issuer(lab, "127.0.0.1")
    collect = {
        "allow_private": ["127.0.0.1"],
        "ca_bundle": str(lab.settings().ca_bundle),
        "total_s": 5,
        "retries": 0,
        "repeat": 1,
    }
    Path(".jwksgov.yaml").write_text(json.dumps({"issuers": [{"issuer": made.issuer}], "collect": collect}))
    return made


def _change_json(issuer: OrdinaryIssuer, target: str, members: dict[str, object]) -> None:
    found = json.loads(issuer.answers[target].body)
    issuer.change(target, body=json.dumps(found | members).encode())


def _header(issuer: OrdinaryIssuer, target: str, name: str, text: str) -> None:
    issuer.change(target, headers=(*issuer.answers[target].headers, (name, " ".join(text.split()))))


def _redirect(issuer: OrdinaryIssuer, text: str) -> None:
    issuer.change(JWKS, status=302, headers=(("Location", f"/moved?k={''.join(text.split())}"),), body=b"")


Place = Callable[[OrdinaryIssuer, str], None]
PLACES: dict[str, Place] = {
    "a header of the metadata": lambda issuer, text: _header(issuer, OPENID, "X-Note", text),
    "the type of the keys": lambda issuer, text: _header(issuer, JWKS, "Content-Type", text),
    "the server's name": lambda issuer, text: _header(issuer, JWKS, "Server", text),
    "an ETag": lambda issuer, text: _header(issuer, JWKS, "ETag", text),
    "a cookie": lambda issuer, text: _header(issuer, JWKS, "Set-Cookie", f"a={text}"),
    "a redirect": _redirect,
    "the whole body": lambda issuer, text: issuer.change(JWKS, body=text.encode()),
    "a page instead of keys": lambda issuer, text: issuer.change(JWKS, body=f"<html><pre>{text}</pre>".encode()),
    "an error's body": lambda issuer, text: issuer.change(JWKS, status=500, body=text.encode()),
    "the issuer": lambda issuer, text: _change_json(issuer, OPENID, {"issuer": text}),
    "the jwks_uri": lambda issuer, text: _change_json(issuer, OPENID, {"jwks_uri": f"{issuer.issuer}/k?x={text}"}),
    "an endpoint": lambda issuer, text: _change_json(issuer, OPENID, {"token_endpoint": text}),
    "a scope": lambda issuer, text: _change_json(issuer, OPENID, {"scopes_supported": [text]}),
    "a member's name": lambda issuer, text: _change_json(issuer, OPENID, {text: "x"}),
    "a kid": lambda issuer, text: _change_json(issuer, JWKS, {"keys": [{"kty": "EC", "kid": text, "alg": text}]}),
}


def places_and_forms(count: int) -> Iterator[tuple[str, str, str]]:
    """Each place with so many forms, by chance."""
    chance = random.Random(SEED)
    forms = [*key_forms(), *credentials()]
    for place in PLACES:
        yield from ((place, *form) for form in chance.sample(forms, count))


def leaks_of(issuer: OrdinaryIssuer, place: str, text: str) -> list[str]:
    """What shows the value: of the collection, its bundle and all that can be said of it."""
    answers = dict(issuer.answers)
    PLACES[place](issuer, text)
    bundle = str(OUTPUTS / "b.zip")
    shown = [["bundle", "show", bundle], ["bundle", "show", bundle, "--format", "json"], ["bundle", "verify", bundle]]
    outputs = list(everything([["collect", "-o", bundle], *shown, *scans(bundle), ["scan", issuer.issuer]], look=_look))
    issuer.answers = answers
    return [name for name, output in outputs if oracle().find(output)]


def _look(path: Path) -> str:
    """What a file holds; of a zip, all its members."""
    if path.suffix != ".zip":
        return read_text(path)
    with zipfile.ZipFile(path) as opened:
        return "\n".join(opened.read(name).decode("latin-1") for name in opened.namelist())


class TestAPrivateValueOfAServer:
    def test_is_in_no_output(self, issuer: OrdinaryIssuer) -> None:
        chance = random.Random(SEED)
        for place, name, text in chance.sample(list(places_and_forms(1)), 2):
            assert leaks_of(issuer, place, text) == [], f"{name} in {place}, {AGAIN}"

    @pytest.mark.nightly
    def test_in_many_forms_is_in_no_output(self, issuer: OrdinaryIssuer) -> None:
        found = [(place, name, leaks) for place, name, text in places_and_forms(40) if (leaks := leaks_of(issuer, place, text))]
        assert found == [], AGAIN
