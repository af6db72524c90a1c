"""The files that a kustomization, a template of Helm, a compose file or Spring loads under names that a scan does not open:
`resources: [app.txt]`, `.Files.Get "app.txt"`, `env_file: app.txt`, `spring.config.import=file:app.dat[.yaml]`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from scanner.evidence.bindings.paths.overlays import find_named_files
from scanner.evidence.model import Binding, Evidence, OpenPlace, Spot
from scanner.files.formats import may_hold
from scanner.files.tree import Parsed
from scanner.patterns import lazy_pattern
from scanner.sources.document import Document
from scanner.sources.siblings import Siblings

_MOST = 100
_LOADED = lazy_pattern(r"\.Files\.(?:Get|Lines|GetBytes)\s{1,9}[\"`]([^\"`\n]{1,200})[\"`]")
_IMPORTED = lazy_pattern(r"\b(?:file|classpath):/?([^\s\"',;\[\]]{1,200})(?:\[(\.\w{1,10})\])?")
_ENV_FILES = lazy_pattern(
    r"\benv_file[\"']?\s{0,9}:([^\n]{0,300}(?:\n[ \t]{0,40}(?:-|path:|required:|format:)[^\n]{0,300}){0,20})"
)
_NAME = lazy_pattern(r"[^\s\[\]{},\"']++")
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


def find_unread_by_helm(
    document: Document, read: Callable[[Document], Evidence | None], rendered: Iterable[Binding] = ()
) -> Iterator[OpenPlace]:
    """The places of a template that load a file of the chart with trusted keys which the scan does not open by its name, and
    which is in none of the bindings that are `rendered`.
    """
    parts = (document.origin or "").replace(os.sep, "/").split("/")[:-1]
    if "templates" not in parts:
        return
    to_chart = "../" * (parts[::-1].index("templates") + 1)
    siblings = Siblings(document)
    text = document.data.decode("utf-8", "replace")
    settings = [setting for binding in rendered for setting in binding.settings.values()]
    known = {f"/{each.path}" for setting in settings for each in setting.origins if each.role == "file"}
    for found in islice(_LOADED.finditer(text), _MOST):
        name = found[1].rpartition("/")[2]
        if any(path.endswith(f"/{found[1]}") for path in known):
            continue
        data = None if may_hold(name) else siblings.read(to_chart + found[1])
        # the name tells nothing of the content, which becomes part of a manifest
        if data is not None and read(Document(name.partition(".")[0], data)) is not None:
            line = text.count("\n", 0, found.start()) + 1
            yield OpenPlace(_BECAUSE, Spot(line, found.start() - text.rfind("\n", 0, found.start())))


def find_unread_by_name(document: Document, read: Callable[[Document], Evidence | None]) -> Iterator[OpenPlace]:
    """The places of a compose file or of Spring's configuration that name a file with trusted keys which the scan does not open
    by its name.
    """
    siblings = Siblings(document)
    text = document.data.decode("utf-8", "replace")
    for name, used_as, start in islice(_list_named(text), _MOST):
        data = None if may_hold(name.rpartition("/")[2]) else siblings.read(name)
        if data is not None and read(Document(used_as, data)) is not None:
            yield OpenPlace(_BECAUSE, Spot(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)))


def _list_named(text: str) -> Iterator[tuple[str, str, int]]:
    """The names of files, each with the name under which its content is used, and where it stands."""
    if "import" in text:
        for found in _IMPORTED.finditer(text):
            yield found[1], f"application{found[2] or '.properties'}", found.start(1)
    for listed in _ENV_FILES.finditer(text):
        for name in _NAME.finditer(listed[1]):
            yield name[0], "a.env", listed.start(1) + name.start()
