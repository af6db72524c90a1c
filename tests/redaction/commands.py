"""Commands as a user types them, and everything that they print or create."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from scanner.cli import main
from scanner.renderers.formats import OFFERED

OUTPUTS = Path("../out")
_FILES = ("r.json", "r.html", "r.sarif", "r.md", "r.txt")
ALL_OUTPUTS = (
    *(word for file in _FILES for word in ("-o", str(OUTPUTS / file))),
    "--metrics", str(OUTPUTS / "metrics"), "--write-baseline", str(OUTPUTS / "baseline.json"), "--now", "2026-11-01",
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


def everything(commands: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What commands print, one after another, and the files they leave in OUTPUTS, each with its name."""
    OUTPUTS.mkdir(exist_ok=True)
    for words in commands:
        code, text = printed(*words)
        assert code != 4, text
        yield f"{' '.join(words[:2])[:40]}", text
    for path in sorted(each for each in OUTPUTS.rglob("*") if each.is_file()):
        yield path.relative_to(OUTPUTS).as_posix(), path.read_bytes().decode("utf-8", "replace")
        path.unlink()


def scans(*words: str) -> list[list[str]]:
    """A scan with every output, the same redacted, and its report in every format."""
    again = [["report", str(OUTPUTS / "r.json"), "--format", format_] for format_ in OFFERED]
    redacted = [word.replace("/r.", "/redacted.").replace("metrics", "redacted-metrics") for word in ALL_OUTPUTS]
    return [["scan", *words, *ALL_OUTPUTS], *again, ["scan", *words, *redacted, "--redact"]]
