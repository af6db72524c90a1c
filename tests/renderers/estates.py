"""Estates that the HTML report is tried on, each as one command would see it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from scanner.examples.fetched_examples import read_fetched
from scanner.sources.bundle.format import CollectionRequest
from scanner.sources.bundle.writer import create
from scanner.sources.exchange import Visit

ROOT = Path(__file__).parent.parent.parent
BIDI, ZERO_WIDTH = "\u202e", "\u200b"
HOSTILE = (
    "\"'></td><script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) {{ 7 * 7 }} "
    f"{BIDI}{ZERO_WIDTH}\x1b[31m"
)
POLICY = "kind: RequestAuthentication\nspec:\n  jwtRules:\n  - issuer: {issuer}\n"


def demo(folder: Path) -> None:
    """The example estate that ships with the project."""
    shutil.copytree(ROOT / "examples" / "acme", folder, dirs_exist_ok=True)


def hostile(folder: Path) -> None:
    """Names that would run, leave their place or turn text around if they were taken for markup."""
    key = {"kty": "oct", "k": "c2VjcmV0", "kid": HOSTILE}
    long = {"kty": "oct", "k": "c2VjcmV0", "kid": "A" * 10_000}
    odd = {"kty": "RSA", "kid": "\ud800", "n": "AQAB", "e": "AQAB"}
    (folder / "jwks.json").write_text(json.dumps({"keys": [key, long, odd]}))
    (folder / "a&<b>'\".yaml").write_text(POLICY.format(issuer=json.dumps(HOSTILE)))
    (folder / "link.yaml").write_text(POLICY.format(issuer='"javascript:alert(1)"'))
    waiver = f"  # jwksgov: ignore[audience-not-restricted] {BIDI}<b>reason</b>; owner=<i>; expires=2026-12-31"
    (folder / "waived.yaml").write_text(POLICY.format(issuer="https://login.example.com" + waiver))


def clean(folder: Path) -> None:
    """Nothing fails here."""
    (folder / "a.yaml").write_text(POLICY.format(issuer="https://login.example.com\n    audiences: [shop]"))


def undetermined(folder: Path) -> None:
    """A template that leaves everything open."""
    (folder / "a.yaml").write_text(POLICY.format(issuer='"{{ .x }}"\n    audiences: [a]'))


def empty(folder: Path) -> None:
    """A folder without anything relevant."""
    (folder / "readme.yaml").write_text("a: 1\n")


def large(folder: Path, *, files: int = 200, rules: int = 25) -> None:
    """`files` × `rules` bindings, each with two findings: no audience, and keys over plain http."""
    for number in range(files):
        lines = ["kind: RequestAuthentication", "spec:", "  jwtRules:"]
        for each in range(rules):
            host = f"login-{(number * rules + each) % 97}.example.com"
            lines += [f"  - issuer: https://{host}", f"    jwksUri: http://{host}/{number}/{each}/jwks.json"]
        (folder / f"service-{number:04}.yaml").write_text("\n".join(lines) + "\n")


def network(folder: Path) -> None:
    """An evidence bundle: one issuer that answers, one whose texts would run, one behind a certificate that does not verify."""
    asked = [_visit(each) for each in (_answers(), _hostile_answers(), _no_answer())]
    moment = "2026-06-01T00:00:00Z"
    with create(
        str(folder), CollectionRequest(version="0.1.0", started=moment, wanted=tuple(each.wanted for each in asked))
    ) as writer:
        for visit in asked:
            for exchange in visit.exchanges:
                writer.add(exchange)
        writer.finish(moment)


def _visit(documents: dict[str, Any]) -> Visit:
    return read_fetched(documents, lambda value: value, lambda name: {}).visit


def _answers() -> dict[str, Any]:
    issuer = "https://login.example.com"
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "current"}
    metadata = {"issuer": f"{issuer}/", "jwks_uri": f"{issuer}/jwks.json", "authorization_endpoint": f"{issuer}/authorize"}
    hops = [{"status": 302, "location": "https://keys.example.com/jwks.json"}]
    key_set = {"role": "jwks", "jwks": {"keys": [key]}, "hops": hops}
    return {"issuer": issuer, "documents": [{"role": "openid-configuration", "metadata": metadata}, key_set]}


def _hostile_answers() -> dict[str, Any]:
    headers = [["Content-Type", HOSTILE], ["Cache-Control", HOSTILE], ["X-Powered-By", "A" * 10_000]]
    url = "https://odd.example.com/?q='\"><script>alert(1)</script>"
    key_set = {"role": "jwks", "url": url, "headers": headers, "body": HOSTILE}
    metadata = {"issuer": HOSTILE, "jwks_uri": "javascript:alert(1)", "authorization_endpoint": HOSTILE}
    described = {"role": "openid-configuration", "metadata": metadata}
    return {"issuer": "https://odd.example.com", "documents": [described, key_set]}


def _no_answer() -> dict[str, Any]:
    because = "the certificate does not verify: certificate has expired"
    failure = {"failure": {"sort": "tls-certificate", "because": because}}
    documents = [{"role": role, **failure} for role in ("openid-configuration", "oauth-authorization-server")]
    return {"issuer": "https://gone.example.com", "documents": documents}
