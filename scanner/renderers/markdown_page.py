"""A Markdown page of limited length: each section adds the lines that fit and says how many did not."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from scanner.errors import Place
from scanner.renderers.markdown_text import code

_MORE = "… and {} more: the full report has them."
# the length of the frames and last lines of all sections without content
_FRAMES = 1_500
# the length that findings leave for the sections after them
_RESERVE = 6_000


def link_place(place: Place, *, is_short: bool = False) -> str:
    """The place as `path:line` (or its line only), linked to the file if it is below the root.

    The link is relative: it leads to the file in a rendered page of the repository and in GitLab's comments.
    """
    text = str(place.line or 1) if is_short else str(Place(place.path, place.line))
    if place.path.startswith("/") or "://" in place.path:
        return code(text)
    anchor = f"#L{place.line}" if place.line else ""
    return f"[{code(text)}]({quote(place.path.encode('utf-8', 'surrogatepass'))}{anchor})"


class MarkdownPage:
    """Lines, up to `most` characters."""

    def __init__(self, most: int) -> None:
        self.left = most
        self.lines: list[str] = []

    def add(self, *lines: str) -> None:
        """Add lines that must be present."""
        self.lines += lines
        self.left -= sum(len(line) + 1 for line in lines)

    def groups(self, title: str, lines: Iterable[tuple[str, str]], count: int, *, is_open: bool) -> None:
        """Add lines under the headings of their groups while they fit; the others are never made."""
        budget = self.left - _FRAMES - _RESERVE
        groups: dict[str, list[str]] = {}
        fitting = 0
        for heading, line in lines:
            budget -= len(line) + 1 + (0 if heading in groups else len(heading) + 3)
            if budget < 0:
                break
            groups.setdefault(heading, []).append(line)
            fitting += 1
        body = [each for heading in sorted(groups) for each in ("", heading, "", *groups[heading])]
        self._section(f"{title} ({count})", body, count - fitting, is_open=is_open)

    def fold(self, title: str, lines: list[str]) -> None:
        """Add a folded list, its first lines while they fit; nothing for an empty list."""
        if not lines:
            return
        budget = self.left - _FRAMES
        fitting = 0
        for line in lines:
            budget -= len(line) + 1
            if budget < 0:
                break
            fitting += 1
        self._section(f"{title} ({len(lines)})", ["", *lines[:fitting]], len(lines) - fitting, is_open=False)

    def text(self) -> str:
        """The page."""
        return "\n".join(self.lines).rstrip() + "\n"

    def _section(self, title: str, body: list[str], missing: int, *, is_open: bool) -> None:
        more = ["", _MORE.format(missing)] if missing else []
        if is_open:
            self.add(f"### {title}", *body, *more, "")
        else:
            self.add("<details>", f"<summary>{title}</summary>", *body, *more, "", "</details>", "")
