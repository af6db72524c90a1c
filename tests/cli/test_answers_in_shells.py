"""A server that answers with keys in another shell than a JWK Set, or with documents of its own kind."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from tests.servers.issuers import JWKS, Answer, ordinary_issuer
from tests.servers.lab import Lab
from tests.vectors.material import OCTETS, Jwk, b64, ec_jwk, number, rsa_jwk, scalar, sound_modulus

WEAK = rsa_jwk(sound_modulus("short", 1024), kid="short")
SECRET = number(scalar("P-256"), OCTETS["P-256"])
PRIVATE = ec_jwk("P-256", kid="private", d=SECRET)
SHELLS: dict[str, Any] = {
    "a member": lambda keys: {"data": {"keys": keys}, "status": "ok"},
    "a member that is a set": lambda keys: {"jwks": {"keys": keys}},
    "a map": lambda keys: {key["kid"]: key for key in keys},
    "a string": lambda keys: {"jwks": json.dumps({"keys": keys})},
}


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def network(lab: Lab) -> list[str]:
    return ["--allow-private", "127.0.0.1", "--timeout", "5", "--ca-bundle", str(lab.settings().ca_bundle)]


def failed(target: str, *arguments: str) -> Counter[str]:
    main(["scan", target, "-q", "-o", "report.json", *arguments])
    text = Path("report.json").read_text()
    assert SECRET not in text
    return Counter(each["rule"] for each in json.loads(text)["findings"] if each["result"] == "fail")


def serve(lab: Lab, document: object) -> str:
    issuer = ordinary_issuer(lab, "127.0.0.1")
    issuer.answers[JWKS] = Answer(json.dumps(document).encode())
    return issuer.issuer


@pytest.mark.parametrize("shell", SHELLS)
class TestAnAnswerInAShell:
    def test_has_its_keys_judged(self, lab: Lab, shell: str) -> None:
        """Consumers find no key in it; the private one is open to everyone all the same."""
        keys: list[Jwk] = [WEAK, PRIVATE]
        found = failed(serve(lab, SHELLS[shell](keys)), *network(lab))
        assert (found["private-members-published"], found["rsa-modulus-too-small"], found["not-a-jwk-set"]) == (1, 1, 1)

    def test_is_judged_alike_from_a_bundle_without_the_value(self, lab: Lab, shell: str) -> None:
        assert main(["collect", serve(lab, SHELLS[shell]([WEAK, PRIVATE])), "-q", "-o", "evidence", *network(lab)]) == 0
        kept = [path for path in Path("evidence").rglob("*") if path.is_file()]
        assert kept
        assert all(SECRET.encode() not in path.read_bytes() for path in kept)
        assert failed("evidence")["private-members-published"] == 1


def entity_statement(issuer: str) -> str:
    """An entity configuration as it is served (OpenID Federation 1.0 §9); nobody looks at the signature."""
    claims = {
        "iss": issuer,
        "sub": issuer,
        "jwks": {"keys": [PRIVATE]},
        "metadata": {},
        "authority_hints": ["https://a.example"],
    }
    header = {"alg": "ES256", "typ": "entity-statement+jwt", "kid": "private"}
    return ".".join(b64(json.dumps(part).encode()) for part in (header, claims)) + ".c2lnbmF0dXJl"


NAMED: dict[str, Any] = {
    "oauth-protected-resource/mcp": lambda issuer: {"resource": f"{issuer}/mcp", "authorization_servers": [issuer]},
    "jwt-vc-issuer": lambda issuer: {"issuer": issuer, "jwks": {"keys": [PRIVATE]}},
    "openid-credential-issuer": lambda issuer: {
        "credential_issuer": issuer, "credential_endpoint": f"{issuer}/c", "credential_configurations_supported": {},
    },
    "openid-federation": entity_statement,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
class TestADocumentNamedByItsUrl:
    def test_is_read_as_what_it_is(self, lab: Lab, name: str) -> None:
        issuer = ordinary_issuer(lab, "127.0.0.1")
        document = NAMED[name](issuer.issuer)
        body = document if isinstance(document, str) else json.dumps(document)
        issuer.answers = {f"/.well-known/{name}": Answer(body.encode())}
        found = failed(f"{issuer.issuer}/.well-known/{name}", *network(lab))
        has_private = "jwt" in name or "federation" in name
        assert found["private-members-published"] == has_private
        assert not {"not-a-jwk-set", "issuer-not-at-its-url"} & found.keys()
        report = json.loads(Path("report.json").read_text())
        assert len(report["subjects"]["issuers"]) == 1
        assert report["summary"]["issuers_unreached"] == 0


class TestTheKeysOfADocumentNamedByItsUrl:
    @pytest.mark.parametrize("name", ["jwt-vc-issuer", "openid-federation"])
    def test_are_fetched_and_judged(self, lab: Lab, name: str) -> None:
        """SD-JWT VC §5 and OpenID Federation 1.0 §5.2.1: the document may name the keys instead of holding them."""
        issuer = ordinary_issuer(lab, "127.0.0.1")
        keys = f"{issuer.issuer}/keys"
        claims: dict[str, Any] = {"issuer": issuer.issuer, "jwks_uri": keys}
        kind, body = "application/json", json.dumps(claims)
        if name == "openid-federation":
            claims = {"iss": issuer.issuer, "sub": issuer.issuer, "jwks": {"keys": []}}
            claims["metadata"] = {"openid_provider": {"issuer": issuer.issuer, "jwks_uri": keys}}
            kind = "application/entity-statement+jwt"
            body = ".".join(b64(json.dumps(part).encode()) for part in ({"alg": "ES256"}, claims)) + ".c2ln"
        issuer.answers = {
            f"/.well-known/{name}": Answer(body.encode(), headers=(("Content-Type", kind),)),
            "/keys": Answer(json.dumps({"keys": [PRIVATE]}).encode()),
        }
        found = failed(f"{issuer.issuer}/.well-known/{name}", *network(lab))
        assert found["private-members-published"] == 1
        assert not {"metadata-content-type", "metadata-not-an-object", "content-type-not-json"} & found.keys()
