"""The platforms of one run: the defaults of a platform are reported once, with the number of bindings that rely on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from scanner.config.model import IssuerEntry
from scanner.errors import Place
from scanner.evidence.model import Binding, Setting
from scanner.pack.worse_values import Badness, badness_of
from scanner.subjects.model import PlatformUse, Subject, SubjectRef

# settings whose default decides how soon key changes take effect, or how long a token lives
_SETTINGS = ("cache_s", "expiry_required")


# how bad a default is, and where it is
_Order: TypeAlias = tuple[Badness, tuple[str, int, int]]


class Join:
    """Counts bindings as they arrive, without keeping them."""

    def __init__(self, _: Sequence[IssuerEntry] = ()) -> None:
        self._counts: dict[str, _Count] = {}

    def note(self, subject: Subject) -> None:
        """Count a binding."""
        binding: Binding = subject.about
        count = self._counts.setdefault(binding.platform, _Count(subject.ref.place))
        count.add(binding, subject.ref.place)

    def merge(self, other: Join) -> None:
        """Add the counts of another part of the run."""
        for platform, count in other._counts.items():
            if platform in self._counts:
                self._counts[platform].merge(count)
            else:
                self._counts[platform] = count

    def subjects(self) -> Iterator[Subject]:
        """Each platform, at its first binding in the order of paths and lines."""
        for platform, count in sorted(self._counts.items()):
            ref = SubjectRef("platform", f"{count.place.path}#platform:{platform}", count.place)
            defaults = {name: setting for name, (_, setting) in sorted(count.defaults.items())}
            use = PlatformUse(platform=platform, bindings=count.bindings, defaults=defaults, relying=count.relying)
            yield Subject(ref, use)


class _Count:
    """The bindings of one platform. Where a default differs between bindings, as of several versions, the worse one
    is reported; of two that are as bad the first in the order of places.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.bindings = 0
        self.defaults: dict[str, tuple[_Order, Setting]] = {}
        self.relying: dict[str, int] = {}

    def add(self, binding: Binding, place: Place) -> None:
        self.bindings += 1
        self.place = min(self.place, place, key=lambda each: each.order)
        for name, setting in _list_defaults(binding).items():
            self._worse(name, _order_of(name, setting, place), setting)
            self.relying[name] = self.relying.get(name, 0) + 1

    def merge(self, other: _Count) -> None:
        self.bindings += other.bindings
        self.place = min(self.place, other.place, key=lambda each: each.order)
        for name, (order, setting) in other.defaults.items():
            self._worse(name, order, setting)
        for name, relying in other.relying.items():
            self.relying[name] = self.relying.get(name, 0) + relying

    def _worse(self, name: str, order: _Order, setting: Setting) -> None:
        known = self.defaults.get(name)
        if known is None or order < known[0]:
            self.defaults[name] = order, setting


def _order_of(name: str, setting: Setting, place: Place) -> _Order:
    """The worst comes first; what is as bad comes in the order of places."""
    end, size = badness_of(name, setting.value)
    return (-end, -size), place.order


def _list_defaults(binding: Binding) -> Mapping[str, Setting]:
    settings = {name: binding.settings[name] for name in _SETTINGS}
    return {name: said for name, said in {**settings, **binding.behaviour}.items() if said.state == "default"}
