"""The commands of docs/bundles.md do what the page says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.sources.bundle.keys import read_public_keys
from scanner.sources.bundle.signature import check_signature, make_signer

PAGE = (Path(__file__).parents[2] / "docs" / "bundles.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl: the page makes keys with it")
@pytest.mark.parametrize("kind", ["ES256", "Ed25519"])
def test_keys_made_with_openssl_sign_and_verify(kind: str, tmp_path: Path) -> None:
    """Both ways that the page shows."""
    first, public, _ = next(
        block for block in re.findall(r"^```\n(.*?)^```", PAGE, re.M | re.S) if "openssl" in block
    ).splitlines()
    command, _, other = first.partition("# or: ")
    for each in (command if kind == "ES256" else other, public):
        subprocess.run(each, shell=True, check=True, cwd=tmp_path, capture_output=True)
    signature = make_signer(str(tmp_path / "signing.pem"))(b"manifest")
    found = check_signature(b"manifest", signature.encode(), read_public_keys(str(tmp_path / "signing.pub.pem")))
    assert found.alg == kind
