"""Facts that compare an issuer's metadata with its JWK Set, and with its other well-known document."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.evidence.keys.registries import ALGORITHMS
from scanner.evidence.model import Jwk
from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.facts.key.members import shorten_names
from scanner.facts.lists.purposes import is_for_signatures, is_usable
from scanner.redaction.text import cut
from scanner.subjects.model import IssuerKeys

_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "ES256K": "secp256k1", "Ed25519": "Ed25519", "Ed448": "Ed448"}
_OWN_ALGORITHM = {curve: alg for alg, curve in _CURVES.items()}
_ID_TOKENS = "id_token_signing_alg_values_supported"


@fact("issuer_keys.label")
def label(issuer: IssuerKeys) -> str:
    """The issuer identifier, or words for the lack of one."""
    found = issuer.metadata.text("issuer")
    return cut(found, 200) if found and not isinstance(readable(found), Unknown) else "that names no issuer"


@fact("issuer_keys.were_fetched")
def were_fetched(issuer: IssuerKeys) -> bool:
    """Whether the metadata came over the network, from the issuer, and not from a file."""
    return bool(issuer.metadata.visit)


@fact("issuer_keys.offered_algorithms", spec="OpenID Connect Discovery 1.0 §3")
def offered_algorithms(issuer: IssuerKeys) -> list[str]:
    """The asymmetric algorithms offered for ID Tokens that the registry knows; empty where the list is left out."""
    return _list_offered(issuer)


@fact("issuer_keys.offers_symmetric", spec="OpenID Connect Discovery 1.0 §3; RFC 7518 §3.2")
def offers_symmetric(issuer: IssuerKeys) -> bool:
    """Whether ID Tokens may also be signed with the client's secret (HS256 and similar)."""
    return any("oct" in ALGORITHMS.get(each, ("", ()))[1] for each in _read_list(issuer, _ID_TOKENS))


@fact("issuer_keys.signing_key_count", spec="RFC 7517 §4.2")
def signing_key_count(issuer: IssuerKeys) -> int | Unknown:
    """How many usable keys of the issuer's set may verify signatures."""
    keys = _list_keys(issuer)
    return keys if isinstance(keys, Unknown) else len(keys)


@fact("issuer_keys.algorithms_without_key", spec="OpenID Connect Discovery 1.0 §3; RFC 7518 §3.1")
def algorithms_without_key(issuer: IssuerKeys) -> list[str] | Unknown:
    """The algorithms offered for ID Tokens for which the set has no key of the type and curve."""
    keys = _list_keys(issuer)
    if isinstance(keys, Unknown):
        return keys
    return shorten_names(alg for alg in _list_offered(issuer) if not any(_is_key_for(key, alg) for key in keys))


@fact("issuer_keys.algorithms_without_own_key", spec="RFC 7517 §4.4")
def algorithms_without_own_key(issuer: IssuerKeys) -> list[str] | Unknown:
    """The algorithms offered for ID Tokens whose keys are all declared for another algorithm."""
    keys = _list_keys(issuer)
    if isinstance(keys, Unknown):
        return keys
    fitting = {alg: [key for key in keys if _is_key_for(key, alg)] for alg in _list_offered(issuer)}
    return shorten_names(alg for alg, found in fitting.items() if found and all(_is_for_another(key, alg) for key in found))


@fact("issuer_keys.algorithms_not_offered", spec="OpenID Connect Discovery 1.0 §3")
def algorithms_not_offered(issuer: IssuerKeys) -> list[str] | Unknown:
    """The algorithms of the published signing keys that no list of signature algorithms in the metadata offers."""
    keys = _list_keys(issuer)
    if isinstance(keys, Unknown):
        return keys
    lists = [name for name in issuer.metadata.members if name.endswith("_signing_alg_values_supported")]
    offered = {alg for name in lists for alg in _read_list(issuer, name)}
    algorithms = dict.fromkeys(alg for key in keys if (alg := _find_algorithm(key)))
    return shorten_names(alg for alg in algorithms if offered and not _list_names(alg) & offered)


@fact("issuer_keys.has_other_document", spec="RFC 8414 §3")
def has_other_document(issuer: IssuerKeys) -> bool:
    """Whether the issuer also publishes its other well-known document; this one is then the OpenID Provider's."""
    return issuer.other is not None and "openid-configuration" in issuer.metadata.path.rpartition("/")[2].lower()


@fact("issuer_keys.disagreements", spec="RFC 8414 §3; OpenID Connect Discovery 1.0 §4")
def disagreements(issuer: IssuerKeys) -> list[str]:
    """The members that both well-known documents give with different values, among issuer, jwks_uri and the endpoints."""
    if issuer.other is None:
        return []
    mine, theirs = issuer.metadata.members, issuer.other.members
    names = [name for name in mine if name in theirs and (name in ("issuer", "jwks_uri") or name.endswith("_endpoint"))]
    return shorten_names(name for name in names if mine[name] != theirs[name])


def _list_keys(issuer: IssuerKeys) -> list[Jwk] | Unknown:
    if issuer.key_set is None:
        return Unknown(issuer.because)
    return [key for key in issuer.key_set.keys if is_usable(key) and is_for_signatures(key)]


def _read_list(issuer: IssuerKeys, name: str) -> Sequence[str]:
    found = issuer.metadata.members.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _list_offered(issuer: IssuerKeys) -> list[str]:
    return [each for each in _read_list(issuer, _ID_TOKENS) if each != "none" and _is_asymmetric(each)]


def _is_asymmetric(alg: str) -> bool:
    purpose, types = ALGORITHMS.get(alg, ("", ()))
    return purpose == "sig" and "oct" not in types


def _is_key_for(key: Jwk, alg: str) -> bool:
    """Whether a key has the type and curve that `alg` needs, without regard to its declared purpose."""
    if key.texts.get("kty") not in ALGORITHMS[alg][1]:
        return False
    if key.texts.get("kty") == "AKP":
        return key.texts.get("alg") == alg
    return alg not in _CURVES or key.texts.get("crv") == _CURVES[alg]


def _is_for_another(key: Jwk, alg: str) -> bool:
    said = key.texts.get("alg")
    return said in ALGORITHMS and not _list_names(said) & {alg}


def _find_algorithm(key: Jwk) -> str | None:
    """The declared algorithm of the key, else the one of its curve; an RSA key without a declaration serves several."""
    said = key.texts.get("alg")
    return said if said in ALGORITHMS else _OWN_ALGORITHM.get(key.texts.get("crv", ""))


def _list_names(alg: str) -> set[str]:
    """The algorithm and its other name: EdDSA over Ed25519 is also Ed25519 (RFC 9864)."""
    return {alg, "EdDSA"} if alg in ("Ed25519", "Ed448") else {alg, "Ed25519", "Ed448"} if alg == "EdDSA" else {alg}


FACTS: tuple[Fact, ...] = (
    label,
    were_fetched,
    offered_algorithms,
    offers_symmetric,
    signing_key_count,
    algorithms_without_key,
    algorithms_without_own_key,
    algorithms_not_offered,
    has_other_document,
    disagreements,
)
