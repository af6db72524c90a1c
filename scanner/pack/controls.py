"""Finding a control by what somebody wrote: exactly, in another notation, superseded, or under the wrong framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from scanner.pack.model import Control, Framework, Pack
from scanner.record import record


@record
class Resolved:
    """A control that a reference means; `kind` says how sure that is, `note` why it is not the text itself."""

    written: str
    framework: Framework
    control: Control
    kind: Literal["exact", "notation", "superseded", "misattributed"]
    note: str | None = None


def resolve(pack: Pack, written: str) -> list[Resolved]:
    """Every control that `written` may mean; `framework:id` narrows it. Empty where nothing matches."""
    head, _, tail = written.partition(":")
    frameworks = [pack.frameworks[head]] if head in pack.frameworks else list(pack.frameworks.values())
    wanted = tail if head in pack.frameworks else written
    exact = [found for framework in frameworks for found in _exact(framework, wanted, written)]
    aliased = [found for framework in frameworks for found in _aliased(pack, framework, wanted, written)]
    return exact + aliased


def _exact(framework: Framework, wanted: str, written: str) -> Iterator[Resolved]:
    for control in framework.controls:
        if _normal(control.id) == _normal(wanted):
            kind: Literal["exact", "notation"] = "exact" if control.id == wanted else "notation"
            yield Resolved(written, framework, control, kind)


def _aliased(pack: Pack, framework: Framework, wanted: str, written: str) -> Iterator[Resolved]:
    for alias in framework.aliases:
        if _normal(alias.written) != _normal(wanted):
            continue
        for meant in alias.means:
            owner, _, control_id = meant.rpartition(":")
            # a control's own id may hold a colon (NHI4:2025): only a framework's id before it names another framework
            home, wanted_id = (pack.frameworks[owner], control_id) if owner in pack.frameworks else (framework, meant)
            for control in home.controls:
                if control.id == wanted_id:
                    yield Resolved(written, home, control, alias.kind, alias.note)


def _normal(text: str) -> str:
    """`SC-12 (01)`, `sc-12.1` and `SC-12(1)` are one spelling."""
    text = re.sub(r"\s+", "", text).upper()
    text = re.sub(r"\((\d+)\)", r".\1", text)
    return re.sub(r"\.0+(\d)", r".\1", text)
