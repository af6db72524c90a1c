"""The members of `.jwksgov.yaml`, and the configuration that they make: among them the inventory, which says which issuers
there are and what is expected of them, where consumers' configuration lies, and how issuers are contacted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from scanner.errors import Place
from scanner.pack.model import Places, RuleChange, Severity
from scanner.record import field, record

NAME = ".jwksgov.yaml"
WAIVERS = "waivers.yaml"
GLOB_REMEDY = "Write a glob as in .gitignore: `testdata/`, `/deploy/*.yaml`, `**/old/**`."


@record(kw_only=True)
class RotationPromise:
    """What the owner promises about rotation: a new key at least every `every_days`, an old one published for at least
    `overlap_hours` after the last signature with it.
    """

    every_days: int | None = None
    overlap_hours: int | None = None
    places: Places = field(default_factory=Places)


@record(kw_only=True)
class IssuerEntry:
    """What holds for one issuer, named exactly: its kind where the metadata does not show it, and who owns it. Issuers with one
    owner may share keys. `jwks_uri` is where its keys are expected, `aliases` are other identifiers of the same deployment,
    `party` whether it is ours or a third party's. A `retired` issuer is not contacted.
    """

    issuer: str
    kind: Literal["login", "workload", "service", "fapi2", "spiffe", "resource", "federation"] | None = None
    owner: str | None = None
    jwks_uri: str | None = None
    environment: str | None = None
    party: Literal["own", "third-party"] | None = None
    aliases: list[str] = field(default_factory=list)
    state: Literal["active", "migrating", "retired"] = "active"
    rotation: RotationPromise | None = None
    places: Places = field(default_factory=Places)

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The issuer and its aliases."""
        return (self.issuer, *self.aliases)


@record(kw_only=True)
class ConsumerEntry:
    """A folder of consumers' configuration, relative to `.jwksgov.yaml`: what a scan without targets reads."""

    folder: str
    environment: str | None = None
    owner: str | None = None
    places: Places = field(default_factory=Places)


@record(kw_only=True)
class CollectSettings:
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


@record(kw_only=True)
class PathEntry:
    """What holds for the files that a glob on report paths covers: their environment, and the team that answers for them."""

    path: str
    environment: str | None = None
    owner: str | None = None


@record(kw_only=True)
class ConfigFile:
    """The members of `.jwksgov.yaml`.

    `rules`: rule id → `off`, `on`, a severity, or severity and parameters. `exclude`: globs on paths inside scanned folders.
    `fail_on`: the lowest severity that fails the run, or `none`. `rules_as_of`: rules newer than this version are reported
    and never fail. `policies`: folders of your own policies, relative to this file. `paths`: environment and owner of files
    by a glob on their path; where several cover a file the last one that says it wins. `issuers`: the inventory. `consumers`:
    folders of configuration that trusts them. `collect`: how issuers are contacted. `waivers`: the file of reviewed
    waivers, `baseline`: the findings that do not fail; both relative to this file. `nested`: what such files in the folders
    below may do: be `stricter`, or change all that holds for single files (`full`).
    """

    profile: str = "baseline"
    rules: dict[str, Literal["off", "on", "critical", "high", "medium", "low", "info"] | RuleChange] = field(
        default_factory=dict
    )
    exclude: list[str] = field(default_factory=list)
    fail_on: Literal["critical", "high", "medium", "low", "info", "none"] = "medium"
    rules_as_of: str | None = None
    policies: list[str] = field(default_factory=list)
    inline_waivers: bool = True
    paths: list[PathEntry] = field(default_factory=list)
    issuers: list[IssuerEntry] = field(default_factory=list)
    consumers: list[ConsumerEntry] = field(default_factory=list)
    collect: CollectSettings = field(default_factory=CollectSettings)
    waivers: str | None = None
    baseline: str | None = None
    nested: Literal["stricter", "full"] = "stricter"
    places: Places = field(default_factory=Places)


@record
class Config:
    """The configuration of one run, every path resolved. `profile_place` and `rule_places` tell where the profile
    and a rule's change are written, `written` where each member is that the file has.
    """

    profile: str = "baseline"
    profile_place: Place | None = None
    rules: dict[str, RuleChange] = field(default_factory=dict)
    rule_places: dict[str, Place] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    fail_on: Severity | None = "medium"
    rules_as_of: str | None = None
    policies: tuple[str, ...] = ()
    inline_waivers: bool = True
    paths: tuple[PathEntry, ...] = ()
    issuers: tuple[IssuerEntry, ...] = ()
    consumers: tuple[ConsumerEntry, ...] = ()
    collect: CollectSettings = field(default_factory=CollectSettings)
    waivers: str | None = None
    baseline: str | None = None
    nested: Literal["stricter", "full"] = "stricter"
    written: dict[str, Place] = field(default_factory=dict)
    path: str | None = None
    digest: str | None = None


def by_identifier(entries: Iterable[IssuerEntry]) -> dict[str, IssuerEntry]:
    """The entry of every identifier; an alias has that of its issuer."""
    return {identifier: entry for entry in entries for identifier in entry.identifiers}
