"""What every test may rely on: a clean environment, and servers on loopback for those that ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import skips

if TYPE_CHECKING:
    from tests.servers.authority import Authority
    from tests.servers.lab import Lab


pytest_plugins = ["pytester"]


def pytest_configure(config: pytest.Config) -> None:
    """Skips are watched: see tests/skips.py."""
    skips.register(config)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour wishes or git settings of whoever runs the tests."""
    for name in ("NO_COLOR", "FORCE_COLOR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """A certificate authority for the whole run."""
    from tests.servers.authority import Authority

    return Authority()


@pytest.fixture
def lab(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[Lab]:
    """Servers on loopback behind names of their own; see tests/servers/lab.py."""
    from tests.servers.lab import Lab

    made = Lab(Path(tmp_path_factory.mktemp("lab")), authority)
    yield made
    made.close()
