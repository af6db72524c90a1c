"""The inventory in `.jwksgov.yaml`: which issuers there are and what is expected of them, where consumers' configuration
lies, and how issuers are contacted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from scanner.pack.model import Places
from scanner.record import field, record


@record(kw_only=True)
class RotationNote:
    """What the owner promises about rotation: a new key at least every `every_days`, an old one published for at least
    `overlap_hours` after the last signature with it.
    """

    every_days: int | None = None
    overlap_hours: int | None = None
    places: Places = field(default_factory=Places)


@record(kw_only=True)
class IssuerNote:
    """What holds for one issuer, named exactly: its kind where the metadata does not show it, and who owns it. Issuers with one
    owner may share keys. `jwks_uri` is where its keys are expected, `aliases` are other identifiers of the same deployment,
    `party` whether it is ours or somebody else's. A `retired` issuer is not contacted.
    """

    issuer: str
    kind: Literal["login", "workload", "service", "fapi2", "spiffe", "resource", "federation"] | None = None
    owner: str | None = None
    jwks_uri: str | None = None
    environment: str | None = None
    party: Literal["own", "third-party"] | None = None
    aliases: list[str] = field(default_factory=list)
    state: Literal["active", "migrating", "retired"] = "active"
    rotation: RotationNote | None = None
    places: Places = field(default_factory=Places)

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The issuer and its aliases."""
        return (self.issuer, *self.aliases)


@record(kw_only=True)
class ConsumerNote:
    """A folder of consumers' configuration, relative to `.jwksgov.yaml`: what a scan without targets reads."""

    folder: str
    environment: str | None = None
    owner: str | None = None
    places: Places = field(default_factory=Places)


@record(kw_only=True)
class CollectNote:
    """How issuers are contacted. Files are relative to `.jwksgov.yaml`; times are seconds.

    `allow_private`: host names (or addresses) that may lead to private and loopback addresses. `ca_bundle`: certificate
    authorities instead of the system's, in PEM. `proxy`: an http URL; the environment's proxies are not used.
    `client_certificate` with `client_key`: PEM, shown to servers that ask. `concurrency`: issuers visited side by side,
    `per_host`: connections to one host. `repeat`: how often a JWK Set is fetched, so that replicas can be seen to disagree;
    with 2 and more once more as another client and without TLS.
    `total_s`: for one document with its redirects and attempts. `retries`: attempts after the first. `dns`: also look at
    aliases, CAA and DNSSEC of the hosts; `dns_server` is asked for them, an address with a port where it is not 53, or the
    system's resolvers.
    """

    allow_private: list[str] = field(default_factory=list)
    ca_bundle: str | None = None
    proxy: str | None = None
    client_certificate: str | None = None
    client_key: str | None = None
    concurrency: int = 64
    per_host: int = 2
    repeat: int = 2
    retries: int = 2
    connect_s: int = 5
    read_s: int = 10
    total_s: int = 30
    max_octets: int = 5 * 1024 * 1024
    dns: bool = False
    dns_server: str | None = None
    places: Places = field(default_factory=Places)


def by_identifier(notes: Iterable[IssuerNote]) -> dict[str, IssuerNote]:
    """The note of every identifier; an alias has that of its issuer."""
    return {identifier: note for note in notes for identifier in note.identifiers}
