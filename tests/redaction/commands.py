"""Commands as a user types them, and everything that they print or create."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scanner.cli import main

OUTPUTS = Path("../out")
_FILES = ("r.json", "r.html", "r.sarif", "r.md", "r.txt")
REPORTS = tuple(word for file in _FILES for word in ("-o", str(OUTPUTS / file)))
ALL_OUTPUTS = (
    *REPORTS, "--metrics", str(OUTPUTS / "metrics"), "--write-baseline", str(OUTPUTS / "baseline.json"), "--now", "2026-11-01",
)  # fmt: skip


def printed(*words: str) -> tuple[int, str]:
    """The exit code of a command, and what it wrote to standard output and standard error."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = main(words)
        except SystemExit as end:  # argparse's way of saying that it does not understand
            code = int(end.code or 0)
    return code, out.getvalue()


def read_text(path: Path) -> str:
    """What a file holds."""
    return path.read_bytes().decode("utf-8", "replace")


def everything(commands: Sequence[Sequence[str]], look: Callable[[Path], str] = read_text) -> Iterator[tuple[str, str]]:
    """What commands print, one after another, and every file that they make here and in OUTPUTS, each with its name."""
    OUTPUTS.mkdir(exist_ok=True)
    before = _files()
    for words in commands:
        code, text = printed(*words)
        assert code != 4, text
        yield f"{' '.join(words[:2])[:40]}", text
    for path in sorted(_files() - before):
        yield os.path.relpath(path, OUTPUTS), look(path)
        path.unlink()


def _files() -> set[Path]:
    return {each for folder in (Path(), OUTPUTS) for each in folder.rglob("*") if each.is_file()}


def scans(*words: str) -> list[list[str]]:
    """A scan with every output, and its report again in every format, as it is and redacted."""
    stored = str(OUTPUTS / "r.json")
    again = [word.replace("/r.", "/again.") for word in REPORTS]
    redacted = [word.replace("/r.", "/redacted.") for word in REPORTS]
    return [["scan", *words, *ALL_OUTPUTS], ["report", stored, *again], ["report", stored, "--redact", *redacted]]
