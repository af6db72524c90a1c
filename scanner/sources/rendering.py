"""What a program is asked to render, and why it did not."""

from __future__ import annotations

from typing import Literal

from scanner.record import record

Program = Literal["helm", "kustomize"]


@record
class Rendering:
    """What a program is to render: a chart with values files over its own, or the kustomization of a folder. `files` are the
    real paths of what it may read, folders with all that is in them. `names_remote`: it refers to something elsewhere.
    """

    program: Program
    folder: str
    values: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    names_remote: bool = False


@record
class NotRendered:
    """Why a program rendered nothing, in words that quote nothing of its output. `is_costly`: it had to be ended."""

    because: str
    is_costly: bool = False
