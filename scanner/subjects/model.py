"""The subject types and their light references."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from typing import TYPE_CHECKING, Any, Literal

from scanner.errors import Place
from scanner.evidence.model import Fetched, IssuerMetadata, Jwk, MetadataKind, PrivateKey, Setting
from scanner.pack.model import Severity
from scanner.record import field, record

if TYPE_CHECKING:
    from scanner.config.model import IssuerEntry
    from scanner.units.made import Origin, Variant


@record
class Issuer:
    """An issuer as its metadata describes it. `declared_kind`: the kind of issuer in the configuration. `fetched`: how the
    metadata came, None for a file. `identifiers`: all that the configuration gives the requested issuer. `spellings`: those of
    the configuration that the metadata's own is, or is another spelling of. `mirrored_host`: the host whose folder contains the
    file, in a mirror of a site; else empty. `mirrored_path`: the path of the identifier from whose well-known place the file
    comes, without slashes around it.
    """

    metadata: IssuerMetadata
    declared_kind: str | None = None
    fetched: Fetched | None = None
    identifiers: tuple[str, ...] = ()
    mirrored_host: str = ""
    mirrored_path: str = ""
    spellings: tuple[str, ...] = ()


@record
class Endpoint:
    """A URL that an issuer's documents were fetched from. `note` is what the inventory says about the issuer."""

    fetched: Fetched
    note: IssuerEntry | None = None


@record
class PublishedSet:
    """What joins need of a published JWK Set: its keys with their public values and labels. `visit`: the issuer for which it
    was fetched, empty for a file.
    """

    path: str
    place: Place
    keys: tuple[Jwk, ...]
    visit: str = ""


@record
class PublishedMetadata:
    """What joins need of a server's metadata: the members that are text or arrays, and the place of the document."""

    path: str
    kind: MetadataKind
    place: Place
    members: MappingOf[str, object]
    places: MappingOf[str, Place] = field(default_factory=dict)
    visit: str = ""

    def text(self, name: str) -> str | None:
        """A member that is a string; None for everything else."""
        found = self.members.get(name)
        return found if isinstance(found, str) else None


@record
class IssuerKeys:
    """An issuer's metadata beside its JWK Set, or the reason why that set is unknown (`because`), and its other well-known
    document where there is one.
    """

    metadata: PublishedMetadata
    key_set: PublishedSet | None = None
    because: str = ""
    other: PublishedMetadata | None = None


@record
class Fleet:
    """All published documents of a run. `issuers`: the path of a set → the issuer that it belongs to, where known; a declared
    alias counts as its issuer. `owners`: issuer → its owner in the configuration. `is_complete`: no key was too many to be
    kept. `primes_unknown`: why the moduli were not compared with each other, empty where they were.
    """

    sets: tuple[PublishedSet, ...]
    metadata: tuple[PublishedMetadata, ...]
    issuers: MappingOf[str, str]
    owners: MappingOf[str, str] = field(default_factory=dict)
    is_complete: bool = True
    primes_unknown: str = ""


@record(slots=True)
class OtherKey:
    """A published key that shares something with another: its label, its issuer (empty where that is not known) and the path of
    its set.
    """

    label: str
    issuer: str
    path: str


@record(slots=True)
class OtherKeys:
    """The first few of the keys that share something with one, and how many there are."""

    first: tuple[OtherKey, ...] = ()
    count: int = 0


@record(kw_only=True)
class SharedKey:
    """A published key that shares something with others. `issuer`: whose it is, empty where that is not known; `identifiers`:
    all that this issuer is called. `is_compared_with_all`: no key of the run was too many to be kept; `has_compared_primes`:
    its modulus was compared. Then the others: where issuers of another owner or another environment publish it, those first;
    where all are of one owner and environment; those that another issuer publishes under its kid; and those whose modulus
    shares a prime with its own, or begins like it.
    """

    key: Jwk
    issuer: str = ""
    identifiers: tuple[str, ...] = ()
    is_compared_with_all: bool = True
    has_compared_primes: bool = True
    at_other_owners: OtherKeys = OtherKeys()
    in_other_environments: OtherKeys = OtherKeys()
    within_owner: OtherKeys = OtherKeys()
    under_same_kid: OtherKeys = OtherKeys()
    with_same_prime: OtherKeys = OtherKeys()
    with_same_beginning: OtherKeys = OtherKeys()


@record(kw_only=True)
class Waiver:
    """A decision to accept the findings of one rule: for which subjects (`selector`, in words), why, by whom, until when (end
    of that day, UTC). `source`: a comment in the judged file, or the reviewed waiver file. `place` is where it is written.
    """

    rule: str
    selector: str
    reason: str
    source: Literal["inline", "file"]
    place: Place
    owner: str | None = None
    approver: str | None = None
    expires: str | None = None
    ticket: str | None = None
    compensating_control: str | None = None


@record(kw_only=True)
class WaiverUse:
    """A waiver in one run: the severity of the rule it names (None: this run does not check that rule, or it does not exist),
    how many findings it matched, whether the run scanned everything that it could match, and whether it applies (not if it has
    ended or breaks a limit).
    """

    waiver: Waiver
    is_rule_known: bool = True
    severity: Severity | None = None
    is_total: bool = False
    is_scope_complete: bool = True
    matches: int = 0
    applies: bool = True


@record
class NestedConfigUse:
    """A configuration file below its root. `ignored`: what it says in vain, because it would loosen what the root says.
    `sha256`: the digest of its bytes.
    """

    ignored: tuple[str, ...] = ()
    sha256: str | None = None


@record(kw_only=True)
class PlatformUse:
    """A consumer platform in one run: how many bindings it has, and its defaults where they leave settings out (`defaults`, by
    setting or behaviour; `relying`: how many bindings rely on each).
    """

    platform: str
    bindings: int
    defaults: MappingOf[str, Setting]
    relying: MappingOf[str, int]


@record(kw_only=True)
class KeyPair:
    """A private key found in a file, and the public keys of the same scan that it belongs to: where they are published, and
    where a consumer trusts them.
    """

    private: PrivateKey
    published: tuple[Place, ...] = ()
    trusted: tuple[Place, ...] = ()


@record(slots=True)
class SubjectRef:
    """What a result keeps of its subject: its kind, its id and its place. `kind` is the name of a SubjectKind. `home_id`: the
    id that it shares with what it is in other variants of its unit; empty where there are none.
    """

    kind: str
    id: str
    place: Place
    home_id: str = ""


@record(slots=True)
class ShownValue:
    """The value of a member that comes from another place than its own: its text, and those places, the one that decides
    first. `begins_here`: it begins in its own place, and only a part of it comes from elsewhere.
    """

    text: str
    origins: tuple[Origin, ...]
    begins_here: bool = False


@record(slots=True)
class Subject:
    """One thing to judge. `about` is of the type that its kind says. `places` maps a member or setting (`n`, `jwks_uri`) to its
    place. `visit`: the issuer for which it was fetched, empty for a file. `unreached`: why the document could not be read, else
    empty. `owner`: the id of the subject that it is a part of, a key's set or the binding that a set is embedded in.
    `variants`: those of its unit in which it is so; `values`: the members whose value comes from another place.
    """

    ref: SubjectRef
    about: Any
    places: MappingOf[str, Place] = field(default_factory=dict)
    visit: str = ""
    unreached: str = ""
    owner: str = ""
    variants: tuple[Variant, ...] = ()
    values: MappingOf[str, ShownValue] = field(default_factory=dict)
