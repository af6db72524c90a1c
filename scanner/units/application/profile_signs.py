"""Whether the documents of a file may be settings for several profiles. Most files are asked, and few are."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.files.tree import Mapping, Node
from scanner.pack.platform import ProfileStyle

_MARKS: dict[ProfileStyle, tuple[str, ...]] = {"spring": ("spring",), "smallrye": ("%", '"%')}


def may_have_profiles(documents: Sequence[Node], style: ProfileStyle) -> bool:
    """Whether the names of the documents begin with the mark of profiles. Those of Spring have documents of their own."""
    if style == "spring" and len(documents) < 2:
        return False
    marks = _MARKS.get(style, ())
    return any(
        entry.key.text.lower().startswith(marks) for node in documents if isinstance(node, Mapping) for entry in node.entries
    )
