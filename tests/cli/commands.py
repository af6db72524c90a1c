"""The command as a shell runs it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

JWKSGOV = (sys.executable, "-m", "scanner")


def jwksgov(*words: str, cwd: Path, env: dict[str, str] | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command and give its exit code and what it said; `env` is added to the environment."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(
        [*JWKSGOV, *words], cwd=cwd, env={**os.environ, **(env or {})}, text=True, timeout=120, check=False, **streams
    )


def in_shell(line: str, *, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `jwksgov` is the command."""
    script = f'jwksgov() {{ "{sys.executable}" -m scanner "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-c", script],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
