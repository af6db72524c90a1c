"""The output formats, for the command line and for rendering. May import: nothing heavy, every run reads it."""

from __future__ import annotations

from scanner.record import record


@record
class Format:
    """One format: its module below this room, the file endings that select it, whether it lists subjects and looks
    into their rows, and whether `--format` offers it.
    """

    name: str
    module: str
    endings: tuple[str, ...] = ()
    lists_subjects: bool = False
    reads_rows: bool = False
    is_offered: bool = True


TABLE = (
    Format("text", "text", (".txt",)),
    Format("html", "html.render", (".html",), lists_subjects=True, reads_rows=True),
    Format("json", "json_report", (".json",), lists_subjects=True),
    Format("sarif", "sarif", (".sarif", ".sarif.json")),
    Format("markdown", "markdown", (".md",)),
    Format("openmetrics", "openmetrics", lists_subjects=True, reads_rows=True, is_offered=False),  # by --metrics
)
OFFERED = tuple(each.name for each in TABLE if each.is_offered)
ENDINGS = {ending: each.name for each in TABLE for ending in each.endings}
