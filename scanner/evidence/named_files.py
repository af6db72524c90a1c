"""The files that a kustomization loads under names that a scan does not open: `resources: [app.txt]`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.evidence.bindings.paths.overlays import find_named_files
from scanner.evidence.model import Evidence, OpenPlace, Spot
from scanner.files.formats import may_hold
from scanner.files.tree import Parsed
from scanner.sources.document import Document
from scanner.sources.siblings import Siblings

_MOST = 100


def find_unread(document: Document, parsed: Parsed, read: Callable[[Document], Evidence | None]) -> Iterator[OpenPlace]:
    """The places of a kustomization that name a file with trusted keys which the scan does not open by its name. `read` gives
    the evidence of a document.
    """
    siblings = Siblings(document)
    asked = 0
    for name, used_as in find_named_files(parsed):
        if may_hold(name.text.rpartition("/")[2]) or asked == _MOST:
            continue
        asked += 1
        data = siblings.read(name.text)
        if data is not None and read(Document(used_as, data)) is not None:
            because = "it loads a file that is not opened by its name, and that holds trusted keys"
            yield OpenPlace(because, Spot(name.line, name.column))
