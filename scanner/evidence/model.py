"""The types that evidence consists of."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from typing import TYPE_CHECKING, Literal

from scanner.files.tree import Fault, InlineWaiver
from scanner.pack.binding_terms import State
from scanner.record import field, record

if TYPE_CHECKING:
    from scanner.evidence.keys.published_keys import PublishedKey
    from scanner.evidence.left_out import LeftOut
    from scanner.evidence.versions.seen import SeenVersion
    from scanner.pack.advisory import Advisory
    from scanner.pack.issuers import PublicIssuer
    from scanner.sources.exchange import Exchange, Role, Wanted
    from scanner.units.files import UnitFile
    from scanner.units.made import Origin, Variant


@record(slots=True)
class Spot:
    """A position in the document: 1-based line and column. `path`: of another file of the document's unit, as reports name it;
    empty for the document itself.
    """

    line: int
    column: int
    path: str = ""


@record
class Unread:
    """A member that is present and unreadable: the reason, without the value, and its sort in one word (garbled, empty,
    too-long, not-text, pem).
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

    `types` has each member's JSON type; `empty` names those without content (null, "", [], {}), `repeated` those that stand
    twice. `texts` holds the string members `kty kid alg use crv` (and other plain strings); `octets` the base64url members `n e
    x y x5t x5t#S256 pub`, decoded or Unread; `numbers` the numeric ones.

    `is_historical`: the set records retired keys (OpenID Federation §8.7), `revocation_reason` is the reason it gives.
    `private` names members that carry a private value, `empty_private` those that are present but empty. `private_half_fits`:
    whether the private values belong to the public ones, None where that is unknown. `secrets` are members whose text has a
    private key in another form, each with its kind; `secret_names` members with a name for a secret. `certificates` are the DER
    bytes of the first certificates of `x5c`, or Unread; `certificate_count` counts all of them. `is_in_tests`: its file
    belongs to tests or samples. `secret_digests`: of a symmetric key, to compare and never to show.
    `published`: where its private half is, by a list of the user's policies.
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
    is_in_tests: bool = False
    secret_digests: tuple[str, ...] = ()
    published: PublishedKey | None = None

    @property
    def label(self) -> str:
        """The `kid`, else the place in the set as `[0]`: the name of the key in subjects and messages."""
        return self.texts.get("kid") or f"[{self.index}]"

    @property
    def has_secrets(self) -> bool:
        """Whether the key has secrets that must not be shown."""
        return bool(self.private or self.secrets or self.secret_names)


SetForm = Literal[
    "jwk-set", "spiffe-bundle", "bare-jwk", "bare-array", "pem-map", "wrapped", "other", "unreadable", "unreached"
]


@record
class SetDocument:
    """The document around the keys: top-level `members` with their `types` and `numbers`, those that stand twice, how deep it
    nests, its `size` in bytes, and where the first number stands that not every reader keeps (`imprecise`).
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
    """A JWK Set document, or one of the forms mistaken for it (`form`; `wrapped`: keys in another shell; `unreadable`: a set by
    its name, but not JSON; `unreached`: not fetched); `unread_entries` counts entries of `keys` that are not objects.
    `document` is empty for keys inside configuration.
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
        """Whether a key has secrets that must not be shown."""
        return any(key.has_secrets for key in self.keys)


@record
class PrivateKey:
    """A private key in a file outside a key set, without its values. `form` is its form in words; `public` its public half,
    None where it is encrypted or of an unknown kind. `is_in_tests`: its file belongs to tests, samples
    or documentation.
    """

    form: str
    spot: Spot
    is_encrypted: bool = False
    public: Jwk | None = None
    is_in_tests: bool = False


MetadataKind = Literal[
    "openid-provider", "authorization-server", "protected-resource", "federation-entity", "credential-issuer", "vc-issuer"
]


@record
class IssuerMetadata:
    """Provider Configuration (OpenID Connect Discovery §3), authorization server metadata (RFC 8414 §2), protected resource
    metadata (RFC 9728 §2), the claims of a federation entity's statement (OpenID Federation §3), metadata of a credential
    issuer (OpenID for Verifiable Credential Issuance §12.2) or of an issuer of SD-JWT VCs (`vc-issuer`).

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
    """One field of a binding: its value, and where that comes from.

    `set`: written in the file (`value` as written, `resolved` after what the file itself defines). `default`: left out, and the
    platform's behaviour is known (with confidence and source). `unresolved`: written, but a template or variable the file does
    not define; `value` is as written. `unknown`: left out, and the platform's behaviour is not known. `origins`: the further
    places in its unit that the value comes from, the one that decides first. `parts`: the places of the other values of the
    file that it is made of. `is_conditional`: a condition of a template may leave it out. `note`: how a default was chosen
    among those of several versions; of an unknown setting, why none was.
    """

    state: State
    value: object = None
    resolved: object = None
    confidence: str | None = None
    source: str | None = None
    spot: Spot | None = None
    origins: tuple[Origin, ...] = ()
    parts: tuple[Spot, ...] = ()
    is_conditional: bool = False
    note: str | None = None


@record
class Misspelt:
    """A setting that the platform does not know, as `written`, near one that it knows."""

    written: str
    meant: str
    spot: Spot


@record
class Ineffective:
    """A setting that the platform ignores in this combination, and what it does instead. `value`: where its value stands."""

    written: str
    because: str
    confidence: str
    spot: Spot
    value: Spot | None = None


@record(slots=True)
class Binding:
    """One place where a consumer trusts keys. `settings` always has every name of `FIELDS`, `behaviour` every behaviour's: what
    the platform does beyond single settings. `drops_audience`: an earlier binding of the file requires an audience from tokens
    of the same issuer, and this one does not. `secrets` are the texts of symmetric secrets: only the filter of what is shown
    asks for them, and they go with the document. `secret_digests`: to compare with those of published secrets;
    `published_secret`: as for a Jwk. `is_part`: the rest of it is written elsewhere, as for a patch. `odd_names`:
    names in its document that are spelt without an honest use, each with its line.

    `unit`: the folder of the unit that it belongs to, empty for one that a file makes alone. `variants`: those of the unit in
    which it holds, empty where the unit has none. `home_label`: what it trusts as the base of its unit writes it, by which its
    bindings in all variants are recognised; None outside of units. `version`: that of its platform, where a file names it.
    `key_set_owner`: the public issuer whose keys it fetches, where the policies know one. `own_audience`: a setting of the
    application's own beside it, that names an audience. `is_generic`: it is told by the names of settings alone, whatever
    the application; `is_sample`: and its file is a sample or for tests.
    """

    platform: str
    role: str
    spot: Spot
    settings: MappingOf[str, Setting]
    embedded: JwkSet | None = None
    has_symmetric_secret: bool = False
    secrets: tuple[str, ...] = ()
    secret_digests: tuple[str, ...] = ()
    published_secret: PublishedKey | None = None
    has_key_placeholder: bool = False
    behaviour: MappingOf[str, Setting] = field(default_factory=dict)
    misspelt: tuple[Misspelt, ...] = ()
    ineffective: tuple[Ineffective, ...] = ()
    drops_audience: bool = False
    odd_names: tuple[str, ...] = ()
    is_part: bool = False
    unit: str = ""
    variants: tuple[Variant, ...] = ()
    home_label: str | None = None
    version: SeenVersion | None = None
    key_set_owner: PublicIssuer | None = None
    own_audience: str = ""
    is_generic: bool = False
    is_sample: bool = False

    @property
    def all_secret_digests(self) -> tuple[str, ...]:
        """Those of its symmetric secrets, also of the ones that are JWKs."""
        embedded = self.embedded.keys if self.embedded is not None else ()
        return (*self.secret_digests, *(digest for key in embedded for digest in key.secret_digests))


@record(slots=True)
class KnownFault:
    """An advisory about a consumer of a version that may have the fault: a `binding`, or a `package` in a lock file. `is_met`:
    whether its condition holds; None where that is not known, `open_because` says why.
    """

    advisory: Advisory
    version: SeenVersion
    spot: Spot
    binding: Binding | None = None
    package: str = ""
    is_met: bool | None = None
    open_because: str = ""


@record
class Override:
    """A policy of a route, a listener or another part of a gateway that takes the place of a wider one that verifies tokens.

    `policy` and `replaced`: kind, namespace and name of the two; `targets` and `replaced_target`: what each is attached to.
    `spot`: where the policy says so; `replaced_spot`: where the wider one verifies tokens, of these `issuers`.
    `verifies_tokens`: whether the policy does so itself; `checks`: what else it asks of a caller. `open_because`: why it is
    not certain that it takes the place, empty where it is. `unit`, `variants`: see Binding.
    """

    platform: str
    policy: str
    targets: tuple[str, ...]
    spot: Spot
    replaced: str
    replaced_target: str
    replaced_spot: Spot
    issuers: tuple[str, ...]
    verifies_tokens: bool
    checks: tuple[str, ...] = ()
    open_because: str = ""
    unit: str = ""
    variants: tuple[Variant, ...] = ()


@record
class OpenPlace:
    """A place that may hold trusted keys and was not read: `because` says why, in words that quote no value."""

    because: str
    spot: Spot | None = None


@record
class Fetched:
    """A URL that was fetched for an issuer: `exchanges` has the first, whose document is judged, and then those to compare it
    with. `sets` are the JWK Sets in their bodies, one for each exchange, None where there is none.

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
    """The evidence in one document.

    `fetched`: how it came over the network, None for a file. `unreached` names the kinds of subject in a document that did not
    come, with the reason: `issuer`, `key_set`. `left_out`: what of the document is not assessed because there is too much
    of it; `open_places`: what is not for another reason. `is_interrupted`: nothing of it is, because that took too long.
    `is_named`: the user named the file on the command line. `base_bindings`: those of a base that nobody deploys without a
    variant; `variant_names`: the variants of that unit; `has_guests`: it holds a part of what another document of its unit
    tells; `beside`: the other files of the unit, by their paths, in which something of the bindings stands or
    that a value comes from. `overrides`: policies that take the place of wider ones. `known_faults`: of its consumers.
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
    left_out: tuple[LeftOut, ...] = ()
    open_places: tuple[OpenPlace, ...] = ()
    is_interrupted: bool = False
    is_named: bool = False
    base_bindings: tuple[Binding, ...] = ()
    variant_names: tuple[str, ...] = ()
    has_guests: bool = False
    beside: MappingOf[str, UnitFile] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    known_faults: tuple[KnownFault, ...] = ()


def base_of(evidence: Evidence) -> Evidence:
    """A document with the bindings alone that its unit's base has, where nobody deploys that base without a variant."""
    return Evidence(evidence.path, evidence.sha256, evidence.size, bindings=evidence.base_bindings)
