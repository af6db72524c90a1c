"""A page of Markdown with a last line: sections that take what fits and say how much did not."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from scanner.errors import Place
from scanner.renderers.markdown_text import code

_MORE = "… and {} more: the full report has them."
# what the frames and last lines of all sections take, with nothing in them
_FRAMES = 1_500
# what findings leave to the sections after them, where there is much of everything
_RESERVE = 6_000


def shown_at(place: Place, *, is_short: bool = False) -> str:
    """The place as `path:line` (or its line only), linked to the file where it is one below the root.

    The link is relative: it leads to the file in a rendered page of the repository and in GitLab's comments.
    """
    text = str(place.line or 1) if is_short else str(Place(place.path, place.line))
    if place.path.startswith("/") or "://" in place.path:
        return code(text)
    anchor = f"#L{place.line}" if place.line else ""
    return f"[{code(text)}]({quote(place.path.encode('utf-8', 'surrogatepass'))}{anchor})"


class Page:
    """Lines, up to `most` characters."""

    def __init__(self, most: int) -> None:
        self.left = most
        self.lines: list[str] = []

    def add(self, *lines: str) -> None:
        """Lines that must be there."""
        self.lines += lines
        self.left -= sum(len(line) + 1 for line in lines)

    def groups(self, title: str, lines: Iterable[tuple[str, str]], count: int, *, is_open: bool) -> None:
        """Lines under the heading of their group, the first ones while they fit; what does not fit is not even made."""
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
        """A folded list, its first lines while they fit; nothing where it is empty."""
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
