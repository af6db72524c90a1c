"""The check catalogue: which rows the rules cover, and why the others are left out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.files.tree import Mapping, Sequence
from scanner.pack.locate import locate
from scanner.pack.model import Places, Rule
from scanner.pack.pack import Pack
from scanner.pack.shipped import shipped_folder
from scanner.pack.structure import own_documents, structure
from scanner.record import field, record


@record(kw_only=True)
class CheckRow:
    """One row: the question, and where it has no rule (`left`) the reason. `part`: what its rules do not cover, and why.
    `checked`: the day (YYYY-MM-DD) when somebody last read the row beside its rules and tried it; left out until then.
    """

    id: str
    title: str
    left: str | None = None
    part: str | None = None
    checked: str | None = None
    place: Place = Place("")
    places: Places = field(default_factory=Places)


@record
class Coverage:
    """A row with the rules that cover it."""

    row: CheckRow
    rules: tuple[str, ...]

    @property
    def state(self) -> str:
        """`whole`, `part` (with what is not covered), `left` (with a reason) or `open`."""
        if self.rules:
            return "part" if self.row.part else "whole"
        return "left" if self.row.left else "open"


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


def check_rows(covered: Iterable[Coverage]) -> None:
    """What a row says of itself agrees with the shipped rules: no reason for having none beside one, nothing that rules leave
    out where there are none, and a day that exists.
    """
    for each in covered:
        row = each.row
        if row.left and each.rules:
            raise _contradiction(row, "left", f"has the rule `{each.rules[0]}` and a reason for having none", "Remove `left`.")
        if row.part and not each.rules:
            remedy = "Name the row under `codes` of the rule that covers it, or write `left` instead."
            raise _contradiction(row, "part", "says what its rules do not cover, and has no rule", remedy)
        if row.part and not (row.part[0].isupper() and row.part.endswith(".")):
            raise _contradiction(row, "part", "says in no full sentence what its rules do not cover", "Write a sentence.")
        if row.checked is not None and not _is_day(row.checked):
            raise _contradiction(row, "checked", f"has no day in `checked: {row.checked}`", "Write a day as YYYY-MM-DD.")


def _contradiction(row: CheckRow, member: str, what: str, remedy: str) -> PolicyError:
    return PolicyError(what=f"the row {row.id} {what}", where=row.places.of(member, row.place), remedy=remedy)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text  # fromisoformat takes 20261201 and weeks, too
    except ValueError:
        return False


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
