"""Waivers in the comments of other files of a unit, for findings that a document tells of those files."""

from __future__ import annotations

from collections.abc import Callable

from scanner.evidence.model import Evidence
from scanner.files.formats import formats_of
from scanner.files.read import read
from scanner.files.tree import Parsed
from scanner.findings.waivers.inline import InlineWaivers
from scanner.findings.waivers.judge import WaiverJudge
from scanner.policy.result import Result
from scanner.subjects.model import Waiver

Find = Callable[[Result], "Waiver | None"]


class WaiversBeside:
    """The waivers of a document (`own`), and those of the files beside it, each read when a finding lies in it."""

    def __init__(self, judge: WaiverJudge, evidence: Evidence, own: Find | None) -> None:
        self._judge = judge
        self._path = evidence.path
        self._beside = evidence.beside
        self._found: dict[str, Find | None] = {evidence.path: own}

    def find(self, result: Result) -> Waiver | None:
        """The waiver that covers the line of a result in its file."""
        path = result.place.path
        if path not in self._found:
            self._found[path] = self._read(path)
        find = self._found[path]
        return find(result) if find is not None else None

    def _read(self, path: str) -> Find | None:
        file = self._beside.get(path)
        if file is None or b"jwksgov" not in file.data:
            return None
        data = file.data
        for format_ in formats_of(path, data)[:1]:
            parsed = read(data, format_)
            if isinstance(parsed, Parsed) and parsed.waivers:
                return InlineWaivers(self._judge, Evidence(path, "", len(data), waivers=parsed.waivers)).find
        return None
