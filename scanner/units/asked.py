"""What an installed program is asked to render of a unit, for `--render`."""

from __future__ import annotations

from scanner.record import record
from scanner.sources.rendering import Rendering
from scanner.units.made import Variant


@record
class Asked:
    """What renders a unit in one variant; None: the base."""

    rendering: Rendering
    variant: Variant | None = None
