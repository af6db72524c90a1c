"""The frameworks and objectives of a run and the controls that an objective serves, read at first use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanner.pack.model import Framework, Objective
from scanner.record import record


@record
class ControlRef:
    """A control that a finding is evidence for; `strength` is direct or partial (weak ones only on request). `label` names it
    where the framework is not shown.
    """

    framework: str
    control: str
    title: str
    strength: str
    label: str


class ControlIndex:
    """Frameworks by id. It needs no policy folder: a stored report has its own. `serving`: the controls in the stored form of
    the shipped policies, so that naming a finding's controls opens no framework.
    """

    def __init__(
        self,
        frameworks: Mapping[str, Framework],
        objectives: Iterable[Objective] = (),
        serving: Mapping[str, tuple[ControlRef, ...]] | None = None,
    ) -> None:
        self._frameworks = frameworks
        self.objectives = tuple(objectives)
        self._serving = serving

    @property
    def frameworks(self) -> tuple[Framework, ...]:
        """Every framework, in the order of their files."""
        return tuple(self._frameworks.values())

    def serving(self, objective: str) -> tuple[ControlRef, ...]:
        """The controls that `objective` is evidence for, in file order, without the weak mappings."""
        if self._serving is None:
            self._serving = _index_by_objective(self.frameworks)
        return self._serving.get(objective, ())


def _index_by_objective(frameworks: tuple[Framework, ...]) -> dict[str, tuple[ControlRef, ...]]:
    serving: dict[str, tuple[ControlRef, ...]] = {}
    for framework in frameworks:
        for control in framework.controls:
            for mapping in control.objectives:
                if mapping.strength != "weak":
                    # `SC-12` identifies its framework, `5.4.2` and `tenet-6` do not
                    label = control.id if control.id[0].isupper() else f"{framework.short or framework.title} {control.id}"
                    found = ControlRef(framework.id, control.id, control.title, mapping.strength, label)
                    serving[mapping.objective] = (*serving.get(mapping.objective, ()), found)
    return serving
