"""The files that a kustomization or a template of Helm loads under names that a scan does not open: `resources: [app.txt]`,
`.Files.Get "app.txt"`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice

from scanner.evidence.bindings.paths.overlays import find_named_files
from scanner.evidence.model import Evidence, OpenPlace, Spot
from scanner.files.formats import may_hold
from scanner.files.tree import Parsed
from scanner.patterns import lazy_pattern
from scanner.sources.document import Document
from scanner.sources.siblings import Siblings

_MOST = 100
_LOADED = lazy_pattern(r"\.Files\.(?:Get|Lines|GetBytes)\s{1,9}[\"`]([^\"`\n]{1,200})[\"`]")
_BECAUSE = "it loads a file that is not opened by its name, and that holds trusted keys"


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
            yield OpenPlace(_BECAUSE, Spot(name.line, name.column))


def find_unread_by_helm(document: Document, read: Callable[[Document], Evidence | None]) -> Iterator[OpenPlace]:
    """The places of a template that load a file of the chart with trusted keys which the scan does not open by its name."""
    parts = (document.origin or "").replace(os.sep, "/").split("/")[:-1]
    if "templates" not in parts:
        return
    to_chart = "../" * (parts[::-1].index("templates") + 1)
    siblings = Siblings(document)
    text = document.data.decode("utf-8", "replace")
    for found in islice(_LOADED.finditer(text), _MOST):
        name = found[1].rpartition("/")[2]
        data = None if may_hold(name) else siblings.read(to_chart + found[1])
        # the name tells nothing of the content, which becomes part of a manifest
        if data is not None and read(Document(name.partition(".")[0], data)) is not None:
            line = text.count("\n", 0, found.start()) + 1
            yield OpenPlace(_BECAUSE, Spot(line, found.start() - text.rfind("\n", 0, found.start())))
