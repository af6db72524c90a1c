"""The platforms of one run: what a platform does by default is said once, with the number of bindings that rely on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner.errors import Place
from scanner.evidence.model import Binding, Setting
from scanner.subjects.model import PlatformUse, Subject, SubjectRef

# settings whose default says how keys come and go
_SETTINGS = ("cache_s",)


class PlatformTally:
    """Counts bindings as they stream past, and keeps none of them."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}

    def note(self, subject: Subject) -> None:
        """Count the subject if it is a binding."""
        binding = subject.about
        if isinstance(binding, Binding):
            count = self._counts.setdefault(binding.platform, _Count(subject.ref.place))
            count.add(binding, subject.ref.place)

    def subjects(self) -> Iterator[Subject]:
        """Each platform, at its first binding in the order of paths and lines."""
        for platform, count in sorted(self._counts.items()):
            ref = SubjectRef("platform", f"{count.place.path}#platform:{platform}", count.place)
            use = PlatformUse(platform=platform, bindings=count.bindings, defaults=count.defaults, relying=count.relying)
            yield Subject(ref, use)


class _Count:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.bindings = 0
        self.defaults: dict[str, Setting] = {}
        self.relying: dict[str, int] = {}

    def add(self, binding: Binding, place: Place) -> None:
        self.bindings += 1
        self.place = min(self.place, place, key=lambda each: (each.path, each.line or 0, each.column or 0))
        for name, setting in _defaults(binding).items():
            self.defaults.setdefault(name, setting)
            self.relying[name] = self.relying.get(name, 0) + 1


def _defaults(binding: Binding) -> Mapping[str, Setting]:
    settings = {name: binding.settings[name] for name in _SETTINGS}
    return {name: said for name, said in {**settings, **binding.behaviour}.items() if said.state == "default"}
