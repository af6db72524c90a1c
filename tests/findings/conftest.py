"""The repository that the tests of this room scan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.findings.estate import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Estate:
    """An empty repository with a configuration, as the working directory."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".jwksgov.yaml").write_text("profile: baseline\n")
    monkeypatch.chdir(tmp_path)
    return Estate(tmp_path, capsys)
