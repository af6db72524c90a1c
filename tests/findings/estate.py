"""A small repository to judge, and its reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main

BINDING = """\
kind: RequestAuthentication
metadata: {{name: {name}}}
spec:
  jwtRules:
    - issuer: https://{issuer}
      jwksUri: https://{issuer}/jwks.json
"""


def binding(name: str = "api", issuer: str = "login.example.com") -> str:
    """An Istio policy without an audience: `audience-not-restricted` fails, and nothing else."""
    return BINDING.format(name=name, issuer=issuer)


class Estate:
    """Files in a repository, scanned as of 2026-06-01."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capsys = capsys

    def write(self, **files: str) -> None:
        """`api_yaml` is the file `api.yaml`; two underscores are a folder."""
        for name, text in files.items():
            path = self.root / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def scan(self, *arguments: str, now: str = "2026-06-01") -> tuple[int, dict[str, Any]]:
        """Exit code and JSON report."""
        self.capsys.readouterr()
        code = main(["scan", *(arguments or (".",)), "--format", "json", "--now", now])
        out, err = self.capsys.readouterr()
        assert out, err
        return code, json.loads(out)

    def findings(self, *arguments: str, rule: str | None = None, now: str = "2026-06-01") -> list[dict[str, Any]]:
        """The findings of a scan, of one rule if it is named."""
        _, report = self.scan(*arguments, now=now)
        return [each for each in report["findings"] if rule in (None, each["rule"])]

    def refused(self, *arguments: str) -> str:
        """What standard error says of a scan that ends with 2."""
        self.capsys.readouterr()
        assert main(["scan", *(arguments or (".",)), "--now", "2026-06-01"]) == 2
        return self.capsys.readouterr().err
