"""The models of an advisory: a known fault of a consumer, in which versions, and under which configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from scanner.errors import Place
from scanner.pack.model import BindingExample, ConfigExample, Gives, Places
from scanner.pack.platform import Ecosystem
from scanner.pack.versions import Numbers, VersionSpan, read_version, span_between, span_of
from scanner.record import field, record

FaultSeverity = Literal["critical", "high", "medium"]


@record(kw_only=True)
class AffectedVersions:
    """A range of versions that have the fault: from `since` on, below `fixed`, the first version without it. Where no version
    mends it, or the next one is another line: `until` is the last one, with all that begin with it.
    """

    since: str | None = None
    fixed: str | None = None
    until: str | None = None

    @property
    def span(self) -> VersionSpan:
        """The versions."""
        if self.fixed is None:
            return span_between(self.since, self.until)
        end: Numbers | None = read_version(self.fixed)
        return VersionSpan(span_between(self.since, None).low, span_of(end).low if end is not None else None)


@record(kw_only=True)
class AdvisorySource:
    """Where the fault is described: an address, and the date on which it was read (YYYY-MM-DD)."""

    page: str
    at: str


@record(kw_only=True)
class AdvisoryExample:
    """A consumer at a `version`, as a file names it (a tag, a version or a constraint): with the settings of a `binding`, with
    the configuration in `config`, or alone as a package in a lock file.
    """

    it: str
    version: str
    gives: Gives
    binding: BindingExample | None = None
    config: ConfigExample | None = None


@record(kw_only=True)
class Advisory:
    """A known fault. `platform`: the id of the platform that has it; `packages`: ecosystem → the packages that have it, as lock
    files name them; at least one of the two.

    `when`: the condition, in CEL over the facts of a binding. `condition`: the same in words, to follow "only where"; an
    advisory that has this alone has a condition that configuration does not show, and is undetermined. One that has neither
    holds for every consumer of that version. `gains`: what an attacker gains, in a sentence. `identifiers`: CVE and GHSA.
    """

    id: str
    title: str
    severity: FaultSeverity
    affected: list[AffectedVersions]
    gains: str
    identifiers: list[str]
    sources: list[AdvisorySource]
    examples: list[AdvisoryExample]
    platform: str | None = None
    packages: dict[Ecosystem, list[str]] = field(default_factory=dict)
    when: str | None = None
    condition: str | None = None
    place: Place = Place("")
    places: Places = field(default_factory=Places)

    def meets(self, span: VersionSpan) -> bool:
        """Whether a version that may run has the fault."""
        return any(each.span.meets(span) for each in self.affected)

    def holds(self, span: VersionSpan) -> bool:
        """Whether each version that may run has the fault."""
        return any(each.span.holds(span) for each in self.affected)

    @property
    def fixed_in(self) -> list[str]:
        """The first versions without the fault, one for each line that has one."""
        return [each.fixed for each in self.affected if each.fixed is not None]


def products_of(advisory: Advisory) -> Iterator[str]:
    """The products that have the fault, as `platform:envoy` and `npm:fast-jwt`."""
    if advisory.platform is not None:
        yield f"platform:{advisory.platform}"
    for ecosystem, names in advisory.packages.items():
        yield from (f"{ecosystem}:{name}" for name in names)


class Advisories(Mapping[str, Advisory]):
    """The advisories of a pack by id, and by product: what nobody uses is not opened."""

    def __init__(self, by_id: Mapping[str, Advisory], products: Mapping[str, list[str]] | None = None) -> None:
        self._by_id = by_id
        self._products = products

    @property
    def products(self) -> Mapping[str, list[str]]:
        """Product → the ids of its advisories."""
        if self._products is None:
            found: dict[str, list[str]] = {}
            for name, advisory in self._by_id.items():
                for product in products_of(advisory):
                    found.setdefault(product, []).append(name)
            self._products = found
        return self._products

    def about(self, product: str) -> list[Advisory]:
        """The advisories about one product."""
        return [self._by_id[name] for name in self.products.get(product, ())]

    def __getitem__(self, name: str) -> Advisory:
        return self._by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


NO_ADVISORIES = Advisories({})
