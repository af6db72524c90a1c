"""Facts about the declared purpose of a key: `alg`, `use`, `key_ops`."""

from __future__ import annotations

from scanner.evidence.keys.registries import ALGORITHMS, OPERATIONS, SVID_USES, USES, registered_spelling
from scanner.evidence.model import Jwk, Octets
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.key.members import shorten_names

_PRIVATE_OPERATIONS = frozenset({"sign", "decrypt", "unwrapKey"})


def _find_purpose(key: Jwk) -> str:
    return ALGORITHMS.get(key.texts.get("alg", ""), ("", ()))[0]


@fact("key.has_alg", spec="RFC 7517 §4.4")
def has_alg(key: Jwk) -> bool:
    """Whether `alg` is present as a string. It is optional, and many issuers leave it out."""
    return bool(key.texts.get("alg"))


@fact("key.alg", spec="RFC 7517 §4.4")
def alg(key: Jwk) -> str | Absent | Unknown:
    """The algorithm the key is meant for."""
    found = key.texts.get("alg")
    return readable(found) if found else ABSENT


@fact("key.is_alg_registered", spec="RFC 7518 §7.1")
def is_alg_registered(key: Jwk) -> bool:
    """Whether `alg` is in the IANA registry of JSON Web Signature and Encryption Algorithms."""
    return key.texts.get("alg") in ALGORITHMS


@fact("key.is_alg_misspelt", spec="RFC 7518 §7.1")
def is_alg_misspelt(key: Jwk) -> bool:
    """Whether `alg` is a registered algorithm in another spelling: other letter case, an XML signature URI, a JCA name."""
    return _find_intended(key) is not None


@fact("key.intended_alg", spec="RFC 7518 §7.1")
def intended_alg(key: Jwk) -> str | Absent:
    """The registered algorithm that a misspelt `alg` seems to mean."""
    return _find_intended(key) or ABSENT


def _find_intended(key: Jwk) -> str | None:
    written = key.texts.get("alg")
    return registered_spelling("alg", written) if written else None


@fact("key.is_alg_for_kty", spec="RFC 7518 §3.1, §4.1")
def is_alg_for_kty(key: Jwk) -> bool:
    """Whether a registered `alg` works with keys of this type; true where the key has no registered `alg`."""
    found = ALGORITHMS.get(key.texts.get("alg", ""))
    return found is None or key.texts.get("kty") in found[1]


@fact("key.has_use", spec="RFC 7517 §4.2")
def has_use(key: Jwk) -> bool:
    """Whether `use` is present as a string."""
    return bool(key.texts.get("use"))


@fact("key.use", spec="RFC 7517 §4.2")
def use(key: Jwk) -> str | Absent | Unknown:
    """The declared use of the key: `sig` or `enc`."""
    found = key.texts.get("use")
    return readable(found) if found else ABSENT


@fact("key.is_use_known", spec="RFC 7517 §4.2; SPIFFE JWT-SVID §5")
def is_use_known(key: Jwk) -> bool:
    """Whether `use` is `sig` or `enc`, or a SPIFFE value in a SPIFFE bundle."""
    found = key.texts.get("use")
    return found in USES or (found in SVID_USES and key.is_in_spiffe_bundle)


@fact("key.is_in_spiffe_bundle", spec="SPIFFE Trust Domain and Bundle §4")
def is_in_spiffe_bundle(key: Jwk) -> bool:
    """Whether the key stands in a SPIFFE bundle, whose keys have no `alg` by design."""
    return key.is_in_spiffe_bundle


@fact("key.is_use_against_alg", spec="RFC 7517 §4.2, §4.4")
def is_use_against_alg(key: Jwk) -> bool:
    """Whether `use` says signature and `alg` names an encryption algorithm, or the other way round."""
    found, purpose = key.texts.get("use"), _find_purpose(key)
    return found in USES and bool(purpose) and found != purpose


@fact("key.has_key_ops", spec="RFC 7517 §4.3")
def has_key_ops(key: Jwk) -> bool:
    """Whether `key_ops` is present as an array, empty or not."""
    return key.key_ops is not None


@fact("key.key_ops", spec="RFC 7517 §4.3")
def key_ops(key: Jwk) -> list[str]:
    """The operations that `key_ops` permits."""
    return shorten_names(key.key_ops or ())


@fact("key.are_key_ops_empty", spec="RFC 7517 §4.3")
def are_key_ops_empty(key: Jwk) -> bool:
    """Whether `key_ops` is present as an empty array."""
    return key.key_ops is not None and not key.key_ops


@fact("key.are_key_ops_against_use", spec="RFC 7517 §4.3")
def are_key_ops_against_use(key: Jwk) -> bool:
    """Whether no operation of `key_ops` fits `use`."""
    found = key.texts.get("use")
    return bool(key.key_ops) and found in USES and all(OPERATIONS.get(each, found) != found for each in key.key_ops or ())


@fact("key.key_ops_faults", spec="RFC 7517 §4.3")
def key_ops_faults(key: Jwk) -> list[str]:
    """What is wrong with `key_ops`: an unregistered operation, a repeated one, a private operation on a public asymmetric key,
    signing together with encryption.
    """
    found = key.key_ops or ()
    if not found:
        return []
    faults = [f"{each} is not registered" for each in shorten_names(each for each in found if each not in OPERATIONS)]
    if len(set(found)) < len(found):
        faults.append("an operation stands twice")
    if not key.private and key.texts.get("kty") != "oct":
        faults += [f"{each} needs the private key" for each in dict.fromkeys(found) if each in _PRIVATE_OPERATIONS]
    if len({OPERATIONS[each] for each in found if each in OPERATIONS}) > 1:
        faults.append("signing and encryption are mixed")
    return faults


_STRENGTHS = {"384": 192, "512": 256}


@fact("key.is_alg_stronger_than_key", spec="SP 800-57 Part 1 §5.6.1")
def is_alg_stronger_than_key(key: Jwk) -> bool:
    """Whether the hash of an RSA signature algorithm (384 or 512 bits) is stronger than a modulus below 3072 bits."""
    name, n = key.texts.get("alg", ""), key.octets.get("n")
    if name[:2] not in ("RS", "PS") or name[2:] not in _STRENGTHS or not isinstance(n, Octets):
        return False
    return int.from_bytes(n.data, "big").bit_length() < 3072


FACTS: tuple[Fact, ...] = (
    has_alg,
    alg,
    is_alg_registered,
    is_alg_misspelt,
    intended_alg,
    is_alg_for_kty,
    has_use,
    use,
    is_use_known,
    is_in_spiffe_bundle,
    is_use_against_alg,
    has_key_ops,
    key_ops,
    are_key_ops_empty,
    are_key_ops_against_use,
    key_ops_faults,
    is_alg_stronger_than_key,
)
