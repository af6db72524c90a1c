"""The check catalogue: which rows the rules cover, and why the others are left out."""

from __future__ import annotations

import os
from collections.abc import Iterable

from scanner.errors import PolicyError, did_you_mean
from scanner.files.tree import Mapping, Sequence
from scanner.pack.locate import locate
from scanner.pack.model import Rule
from scanner.pack.pack import Pack
from scanner.pack.shipped import shipped_folder
from scanner.pack.structure import own_documents, structure
from scanner.record import record


@record(kw_only=True)
class CheckRow:
    """One row: the question, and where it has no rule (`left`) the reason."""

    id: str
    title: str
    left: str | None = None


@record
class Coverage:
    """A row with the rules that cover it."""

    row: CheckRow
    rules: tuple[str, ...]

    @property
    def state(self) -> str:
        """`covered`, `left` (with a reason) or `open`."""
        return "covered" if self.rules else "left" if self.row.left else "open"


def read_check_catalogue() -> tuple[CheckRow, ...]:
    """Every row, in the order of the file."""
    path = os.path.join(str(shipped_folder()), "catalogue.yaml")
    with open(path, "rb") as file:
        data = file.read()
    (node,) = own_documents(data, path, PolicyError, unread="Correct the file.", repeated="Keep one of the two.")
    listed = node.get("rows") if isinstance(node, Mapping) else None
    return tuple(
        structure(item, CheckRow, path, PolicyError) for item in (listed.items if isinstance(listed, Sequence) else ())
    )


def coverage(pack: Pack) -> tuple[Coverage, ...]:
    """Every row with the rules of `pack` that name it; deprecated ones do not count."""
    rules: dict[str, list[str]] = {}
    for rule in sorted(pack.rules.values(), key=lambda rule: rule.id):
        for code in rule.codes if rule.status != "deprecated" else ():
            rules.setdefault(code, []).append(rule.id)
    return tuple(Coverage(row, tuple(rules.get(row.id, ()))) for row in read_check_catalogue())


def check_codes(rules: Iterable[Rule]) -> None:
    """A code that begins like those of the check catalogue names one of its rows; others are the user's own."""
    known = tuple(row.id for row in read_check_catalogue())
    groups = {row.partition("-")[0] for row in known}
    for rule in rules:
        for number, code in enumerate(rule.codes):
            if code not in known and code.partition("-")[0] in groups:
                raise PolicyError(
                    what=f"unknown row `{code}` of the check catalogue",
                    where=locate(rule.place, ("codes", number)),
                    remedy=f"{did_you_mean(code, known)}`jwksgov policy list --codes` shows every row.",
                )
