"""The types that evidence consists of."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import field
from typing import Literal

from scanner.files.tree import Fault, InlineWaiver
from scanner.record import record


@record
class Spot:
    """A position inside the document at hand: 1-based line and column."""

    line: int
    column: int


@record
class Unread:
    """A member that is there and could not be read: the reason, without the value."""

    because: str


@record
class Octets:
    """A base64url value, decoded; `faults` are kebab-case words for what a strict reader refuses (padding,
    whitespace, standard-alphabet, trailing-bits).
    """

    data: bytes
    faults: tuple[str, ...] = ()


@record
class Jwk:
    """One JWK (RFC 7517 §4) with its private members dropped.

    `texts` holds the string members `kty kid alg use crv` (and other plain strings) that are strings; `octets` the
    base64url members `n e x y x5t x5t#S256 pub`, decoded or Unread. `private` names members that carry a private value,
    `empty_private` those that are present but empty. `certificates` are the DER octets of `x5c`, or Unread.
    """

    index: int
    spot: Spot
    members: tuple[str, ...]
    texts: MappingOf[str, str]
    octets: MappingOf[str, Octets | Unread]
    private: tuple[str, ...] = ()
    empty_private: tuple[str, ...] = ()
    key_ops: tuple[str, ...] | None = None
    certificates: tuple[Octets | Unread, ...] | Unread | None = None
    faults: tuple[Fault, ...] = ()
    spots: MappingOf[str, Spot] = field(default_factory=dict)
    is_published: bool = True


SetForm = Literal["jwk-set", "spiffe-bundle", "bare-jwk", "bare-array", "pem-map", "other"]


@record
class JwkSet:
    """A JWK Set document, or one of the forms mistaken for it (`form`); `unread_entries` counts entries of `keys`
    that are no objects.
    """

    form: SetForm
    keys: tuple[Jwk, ...]
    spot: Spot
    unread_entries: int = 0
    faults: tuple[Fault, ...] = ()
    is_published: bool = True


MetadataKind = Literal["openid-provider", "authorization-server"]


@record
class IssuerMetadata:
    """Provider Configuration (OpenID Connect Discovery §3) or authorization server metadata (RFC 8414 §2).

    `members`: every member as a plain value (str, bool, int, float, None, list, dict). `spots`: where each stands.
    """

    kind: MetadataKind
    members: MappingOf[str, object]
    spot: Spot
    spots: MappingOf[str, Spot]
    faults: tuple[Fault, ...] = ()


State = Literal["set", "default", "unresolved", "unknown"]


@record
class Setting:
    """One field of a binding: what holds, and how we know.

    `set`: written in the file (`value` as written, `resolved` after what the file itself defines). `default`: left out,
    and the platform's behaviour is known (with confidence and source). `unresolved`: written, but a template or variable
    the file does not define; `value` is as written. `unknown`: left out, and nobody knows what the platform does.
    """

    state: State
    value: object = None
    resolved: object = None
    confidence: str | None = None
    source: str | None = None
    spot: Spot | None = None


@record
class Misspelt:
    """A setting that the platform does not know, as `written`, near one that it knows."""

    written: str
    meant: str
    spot: Spot


@record
class Binding:
    """One place where a consumer trusts keys. `settings` always has every name of `FIELDS`, `behaviour` every behaviour's:
    what the platform does that no setting says by itself.
    """

    platform: str
    role: str
    spot: Spot
    settings: MappingOf[str, Setting]
    embedded: JwkSet | None = None
    has_symmetric_secret: bool = False
    behaviour: MappingOf[str, Setting] = field(default_factory=dict)
    misspelt: tuple[Misspelt, ...] = ()


# The fields of a binding, in the order of the report. The switches (`checks_…`, `verifies_…`, `takes_…`, `trusts_…`) are
# those that some platforms have beside the values themselves.
FIELDS = (
    "issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file", "audiences", "algorithms", "subject", "thumbprints",
    "cache_s", "refetch_interval_s", "stale_s", "skew_s", "verifies_tls", "fails_open", "verifies_signature",
    "checks_issuer", "checks_audience", "checks_expiry", "checks_type", "takes_query_token", "trusts_header_keys",
)  # fmt: skip


@record
class Evidence:
    """What one document gave. `excerpts` are source lines that are safe to show (see evidence/excerpts.py)."""

    path: str
    sha256: str
    size: int
    jwk_sets: tuple[JwkSet, ...] = ()
    metadata: tuple[IssuerMetadata, ...] = ()
    bindings: tuple[Binding, ...] = ()
    waivers: tuple[InlineWaiver, ...] = ()
    unparsed: str | None = None
    unparsed_spot: Spot | None = None
    has_secrets: bool = False
