"""The types that evidence consists of."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from typing import TYPE_CHECKING, Literal

from scanner.files.tree import Fault, InlineWaiver
from scanner.pack.binding_terms import State
from scanner.record import field, record

if TYPE_CHECKING:
    from scanner.sources.exchange import Exchange, Role, Wanted


@record(slots=True)
class Spot:
    """A position inside the document at hand: 1-based line and column."""

    line: int
    column: int


@record
class Unread:
    """A member that is there and could not be read: the reason, without the value, and its sort in one word (garbled,
    empty, too-long, not-text, pem).
    """

    because: str
    sort: str = "garbled"


@record(slots=True)
class Octets:
    """A base64url value, decoded; `faults` are kebab-case words for what a strict reader refuses (padding, whitespace,
    standard-alphabet, trailing-bits; in `x5c` also url-alphabet, no-padding) or what shows that the text was something
    else (hex, decimal).
    """

    data: bytes
    faults: tuple[str, ...] = ()


JsonType = Literal["string", "number", "boolean", "null", "array", "object"]


@record(slots=True)
class Jwk:
    """One JWK (RFC 7517 §4) with its private members dropped.

    `types` says what each member is in JSON; `empty` names those that hold nothing (null, "", [], {}), `repeated` those that
    stand twice. `texts` holds the string members `kty kid alg use crv` (and other plain strings); `octets` the base64url
    members `n e x y x5t x5t#S256 pub`, decoded or Unread; `numbers` the numeric ones.

    `is_historical`: the set records retired keys (OpenID Federation §8.7), `revocation_reason` is what it says of one.
    `private` names members that carry a private value, `empty_private` those that are present but empty.
    `private_half_fits`: whether the private values belong to the public ones, None where nobody could tell. `secrets` are
    members whose text holds a private key in another form, each with what it is; `secret_names` members that are called
    like a secret. `certificates` are the DER octets of the first certificates of `x5c`, or Unread; `certificate_count` counts
    all of them.
    """

    index: int
    spot: Spot
    members: tuple[str, ...]
    texts: MappingOf[str, str]
    octets: MappingOf[str, Octets | Unread]
    types: MappingOf[str, JsonType] = field(default_factory=dict)
    numbers: MappingOf[str, int | float] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    empty_private: tuple[str, ...] = ()
    private_half_fits: bool | None = None
    secrets: tuple[tuple[str, str], ...] = ()
    secret_names: tuple[str, ...] = ()
    key_ops: tuple[str, ...] | None = None
    certificates: tuple[Octets | Unread, ...] | Unread | None = None
    certificate_count: int = 0
    spots: MappingOf[str, Spot] = field(default_factory=dict)
    is_published: bool = True
    is_in_spiffe_bundle: bool = False
    is_historical: bool = False
    revocation_reason: str | None = None

    @property
    def label(self) -> str:
        """The `kid`, else the place in the set as `[0]`: what a subject is called by and a message names."""
        return self.texts.get("kid") or f"[{self.index}]"

    @property
    def has_secrets(self) -> bool:
        """Whether anything here must not be shown."""
        return bool(self.private or self.secrets or self.secret_names)


SetForm = Literal["jwk-set", "spiffe-bundle", "bare-jwk", "bare-array", "pem-map", "other", "unreadable", "unreached"]


@record
class SetDocument:
    """The document around the keys: top-level `members` with their `types` and `numbers`, those that stand twice, how deep it
    nests, its `size` in octets, and where the first integer beyond 2^53 stands (`imprecise`).
    """

    members: tuple[str, ...] = ()
    types: MappingOf[str, JsonType] = field(default_factory=dict)
    numbers: MappingOf[str, int | float] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    spots: MappingOf[str, Spot] = field(default_factory=dict)
    size: int = 0
    depth: int = 0
    imprecise: Spot | None = None


@record
class JwkSet:
    """A JWK Set document, or one of the forms mistaken for it (`form`; `unreadable`: by its name a set, and no JSON;
    `unreached`: nobody could fetch it); `unread_entries` counts entries of `keys` that are no objects. `document` is empty
    for keys inside of configuration.
    """

    form: SetForm
    keys: tuple[Jwk, ...]
    spot: Spot
    unread_entries: int = 0
    faults: tuple[Fault, ...] = ()
    is_published: bool = True
    document: SetDocument = field(default_factory=SetDocument)

    @property
    def has_secrets(self) -> bool:
        """Whether a key holds something that must not be shown."""
        return any(key.has_secrets for key in self.keys)


@record
class PrivateKey:
    """A private key that stands in a file outside of a key set, without its values. `form` says in words what it is; `public`
    is its public half, None where it is encrypted or of a kind that we do not know.
    """

    form: str
    spot: Spot
    is_encrypted: bool = False
    public: Jwk | None = None


MetadataKind = Literal["openid-provider", "authorization-server", "protected-resource", "federation-entity"]


@record
class IssuerMetadata:
    """Provider Configuration (OpenID Connect Discovery §3), authorization server metadata (RFC 8414 §2), protected resource
    metadata (RFC 9728 §2), or the claims of a federation entity's statement (OpenID Federation §3).

    `members`: every member as a plain value (str, bool, int, float, None, list, dict), private members of keys left out.
    `spots`: where each stands.
    """

    kind: MetadataKind
    members: MappingOf[str, object]
    spot: Spot
    spots: MappingOf[str, Spot]
    faults: tuple[Fault, ...] = ()


@record(slots=True)
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
class Ineffective:
    """A setting that the platform does not look at in this combination, and what it does instead."""

    written: str
    because: str
    confidence: str
    spot: Spot


@record(slots=True)
class Binding:
    """One place where a consumer trusts keys. `settings` always has every name of `FIELDS`, `behaviour` every behaviour's:
    what the platform does that no setting says by itself. `drops_audience`: an earlier binding of the file asks tokens of
    the same issuer for an audience, and this one does not.
    """

    platform: str
    role: str
    spot: Spot
    settings: MappingOf[str, Setting]
    embedded: JwkSet | None = None
    has_symmetric_secret: bool = False
    has_key_placeholder: bool = False
    behaviour: MappingOf[str, Setting] = field(default_factory=dict)
    misspelt: tuple[Misspelt, ...] = ()
    ineffective: tuple[Ineffective, ...] = ()
    drops_audience: bool = False


@record
class Fetched:
    """A URL that was fetched for an issuer: `exchanges` has the first, whose document is judged, and then those that it is
    compared with. `sets` are the JWK Sets in their bodies, one for each exchange, None where there is none.

    `because` says why there is no document to judge, empty where there is one. `is_in_metadata`: the issuer's own metadata
    names the URL, rather than the inventory alone. `is_first_request_to_origin`: the visit requested no other URL of
    this scheme, host and port before, so that findings about the server are reported once. `has_no_metadata`: the server
    answered that it has none of the well-known documents; None if that is unknown.
    """

    wanted: Wanted
    role: Role
    exchanges: tuple[Exchange, ...]
    sets: tuple[JwkSet | None, ...] = ()
    because: str = ""
    is_in_metadata: bool = False
    is_first_request_to_origin: bool = True
    has_no_metadata: bool | None = None

    @property
    def first(self) -> Exchange:
        """The exchange whose document is judged."""
        return self.exchanges[0]


@record
class Evidence:
    """What one document gave. `excerpts` are source lines that are safe to show (see evidence/excerpts.py).

    `fetched`: how it came over the network, None for a file. `unreached` names the kinds of subject that a document which did
    not come would have been, with the reason: `issuer`, `key_set`.
    """

    path: str
    sha256: str
    size: int
    jwk_sets: tuple[JwkSet, ...] = ()
    metadata: tuple[IssuerMetadata, ...] = ()
    bindings: tuple[Binding, ...] = ()
    private_keys: tuple[PrivateKey, ...] = ()
    waivers: tuple[InlineWaiver, ...] = ()
    unparsed: str | None = None
    unparsed_spot: Spot | None = None
    has_secrets: bool = False
    fetched: Fetched | None = None
    unreached: MappingOf[str, str] = field(default_factory=dict)
