"""Real configuration files from public repositories, with what a careful reader saw in each (skipped where they are absent)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus" / "consumers"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="shared-corpora: the real configuration files are not here")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One scan of every file, as JSON."""
    path = tmp_path_factory.mktemp("corpus") / "report.json"
    scan = [sys.executable, "-m", "scanner", "scan", str(CORPUS), "--format", "json"]
    made = subprocess.run(scan, capture_output=True, text=True, check=False, cwd=ROOT)
    assert made.returncode in (0, 1, 3), made.stderr
    path.write_text(made.stdout)
    return path


def test_nearly_every_binding_and_problem_is_found_and_ordinary_files_are_silent(report: Path) -> None:
    """At least 0.97 of the bindings, 0.95 of the problems, 0.95 of what is said is right, and no word on other files."""
    script = [sys.executable, str(SHARED / "accept" / "score_consumers.py"), str(CORPUS / "labels.jsonl"), str(CORPUS)]
    least = ["--min", "0.97", "0.95", "0.95", "1.0"]
    scored = subprocess.run([*script, "--report", str(report), "-v", *least], capture_output=True, text=True, check=False)
    assert scored.returncode == 0, scored.stdout
