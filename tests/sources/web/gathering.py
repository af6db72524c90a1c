"""A collection in a test: what was wanted, what came, and what was kept on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scanner.config.model import CollectSettings
from scanner.sources.exchange import Exchange, Purpose, Role, Visit, Wanted
from scanner.sources.web.collection import collect
from tests.servers.lab import Lab


@dataclass
class Gathered:
    """The Visits of a collection, and every Exchange in the order in which it was kept."""

    visits: list[Visit] = field(default_factory=list)
    kept: list[Exchange] = field(default_factory=list)

    def only(self, role: Role, purpose: Purpose = "first") -> Exchange:
        """The one Exchange of a role and purpose."""
        (found,) = self.all(role, purpose)
        return found

    def all(self, role: Role, purpose: Purpose = "first") -> list[Exchange]:
        """Every Exchange of a role and purpose, as they were kept."""
        return [each for each in self.kept if each.role == role and each.purpose == purpose]


def unchanged(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A `clean` that finds nothing private."""
    return content, ()


def gather(lab: Lab, *wanted: Wanted | str, settings: CollectSettings | None = None, **more: Any) -> Gathered:
    """Collect issuers of the lab; see `collect`."""
    gathered = Gathered()
    issuers = [Wanted(issuer=each) if isinstance(each, str) else each for each in wanted]
    more = {"clean": unchanged, "keep": gathered.kept.append, "resolver": lab.resolve} | more
    gathered.visits.extend(collect(issuers, settings or lab.settings(), **more))
    return gathered
