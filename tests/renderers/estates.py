"""Estates that the HTML report is tried on, each as one command would see it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

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
