"""Every kind of subject that fails is named in words on the HTML page, never by its identifier."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from scanner.cli import main
from scanner.pack.shipped import shipped_folder
from tests.renderers import estates

WORDS = {
    "key": "keys",
    "key_set": "key sets",
    "issuer": "issuers",
    "endpoint": "endpoints",
    "binding": "consumer bindings",
    "waiver": "waivers",
    "private_key": "private keys",
    "key_pair": "key pairs",
    "fleet": "all issuers",
    "issuer_keys": "issuers with their keys",
}
HOUSE = "https://login.example.com"


def sample(name: str, **members: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shipped_folder() / "samples" / f"{name}.json").read_text())
    return found | members


def everything(folder: Path) -> None:
    """Something that fails of nearly every kind that files can show."""
    private = sample("rsa-2048-private", kid="a", use="sig", alg="RS256")
    public = {name: private[name] for name in ("kty", "n", "e", "kid", "use", "alg")}
    served = {
        "issuer": HOUSE,
        "jwks_uri": f"{HOUSE}/jwks",
        "authorization_endpoint": f"{HOUSE}/a",
        "response_types_supported": ["code"],
    }
    offered = {"subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"]}
    for issuer in ("one", "two"):
        (folder / issuer).mkdir()
        (folder / issuer / "jwks.json").write_text(json.dumps({"keys": [public]}))
        metadata = served | offered | {"issuer": f"https://{issuer}.example.com"}
        (folder / issuer / "openid-configuration.json").write_text(json.dumps(metadata))
    (folder / "private.json").write_text(json.dumps(private))
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "private.pem").write_bytes(pem)
    estates.clean(folder)
    (folder / "b.yaml").write_text(estates.POLICY.format(issuer=HOUSE))
    (folder / "waivers.yaml").write_text(
        "waivers:\n- {rule: alg-missing, subject: {path: gone.yaml}, reason: Old., owner: me, expires: 2026-01-01}\n"
    )


@pytest.mark.parametrize("build", [everything, estates.network])
def test_names_kinds_in_words(build: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".jwksgov.yaml").write_text("waivers: estate/waivers.yaml\n" if build is everything else "")
    (tmp_path / "estate").mkdir()
    monkeypatch.chdir(tmp_path)
    build(tmp_path / "estate")
    main(["scan", "estate", "-q", "-o", "out.html", "-o", "out.json", "--now", "2026-06-01"])
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    report = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    failed = {each["subject"]["kind"] for each in report["findings"] if each["result"] == "fail"}
    assert len(failed) > (8 if build is everything else 1)
    chart = page[page.index("Failed results by subject") :]
    assert {kind for kind in failed & set(WORDS) if f">{WORDS[kind]}<" not in chart} == set()
    assert not [kind for kind in failed if "_" in kind and f">{kind}<" in page]
