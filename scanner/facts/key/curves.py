"""Facts about EC, OKP and AKP keys: curve, point, and the length of post-quantum keys."""

from __future__ import annotations

from scanner.evidence.keys.registries import ALGORITHMS, CURVES, OPERATIONS, PRESTANDARD, PUBLIC_OCTETS
from scanner.evidence.model import Jwk, Octets
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.facts.numbers import curve_points
from scanner.memo import Memo


@fact("key.has_crv", spec="RFC 7518 §6.2.1.1")
def has_crv(key: Jwk) -> bool:
    """Whether `crv` is present as a string."""
    return bool(key.texts.get("crv"))


@fact("key.crv", spec="RFC 7518 §6.2.1.1")
def crv(key: Jwk) -> str | Absent | Unknown:
    """The curve of an EC or OKP key."""
    found = key.texts.get("crv")
    return readable(found) if found else ABSENT


@fact("key.is_crv_registered", spec="RFC 7518 §7.6")
def is_crv_registered(key: Jwk) -> bool:
    """Whether `crv` is in the IANA registry of JSON Web Key Elliptic Curves, for the key's type."""
    found = CURVES.get(key.texts.get("crv", ""))
    return found is not None and found[0] == key.texts.get("kty")


class _Point:
    """The coordinates of an EC key on a known curve; None where one is missing or unreadable."""

    __slots__ = ("curve", "name", "x", "y")

    def __init__(self, key: Jwk) -> None:
        self.name = key.texts.get("crv", "") if key.texts.get("kty") == "EC" else ""
        self.curve = curve_points.WEIERSTRASS.get(self.name)
        self.x, self.y = (_integer(key, "x"), _integer(key, "y")) if self.curve else (None, None)


def _integer(key: Jwk, name: str) -> int | None:
    found = key.octets.get(name)
    return int.from_bytes(found.data, "big") if isinstance(found, Octets) else None


_point = Memo(_Point)


@fact("key.has_point", spec="RFC 7518 §6.2.1")
def has_point(key: Jwk) -> bool:
    """Whether this is an EC key on a registered curve whose two coordinates can be read."""
    point = _point(key)
    return point.x is not None and point.y is not None


@fact("key.is_point_in_range", spec="SP 800-56A §5.6.2.3.3")
def is_point_in_range(key: Jwk) -> bool | Unknown:
    """Whether both coordinates are below the field's prime and not both zero, which some libraries take for infinity."""
    point = _point(key)
    if point.curve is None or point.x is None or point.y is None:
        return Unknown("there is no point to judge")
    return max(point.x, point.y) < point.curve.p and (point.x, point.y) != (0, 0)


@fact("key.is_on_curve", spec="SP 800-56A §5.6.2.3.3; RFC 8725 §3.4")
def is_on_curve(key: Jwk) -> bool | Unknown:
    """Whether the point satisfies the equation of its curve."""
    point = _point(key)
    if point.curve is None or point.x is None or point.y is None:
        return Unknown("there is no point to judge")
    return curve_points.is_on_curve(point.curve, point.x, point.y)


@fact("key.is_small_multiple")
def is_small_multiple(key: Jwk) -> bool:
    """Whether the point is ±1 to ±16 times the base point of its curve: that number is the private key."""
    return _find_scalar(key) is not None


@fact("key.small_multiple")
def small_multiple(key: Jwk) -> int | Absent:
    """The number up to 16 whose multiple, positive or negative, the point is."""
    found = _find_scalar(key)
    return ABSENT if found is None else found


def _find_scalar(key: Jwk) -> int | None:
    point = _point(key)
    return None if point.x is None else curve_points.small_scalar(point.name, point.x)


def _find_octet_key(key: Jwk, *curves: str) -> tuple[str, bytes] | None:
    name, found = key.texts.get("crv", ""), key.octets.get("x")
    if key.texts.get("kty") != "OKP" or name not in curves or not isinstance(found, Octets):
        return None
    return (name, found.data) if len(found.data) == CURVES[name][1] else None


def _find_edwards_fault(key: Jwk) -> str | None:
    point = _find_octet_key(key, "Ed25519", "Ed448")
    return curve_points.edwards_fault(*point) if point else None


_edwards_fault = Memo(_find_edwards_fault)


@fact("key.is_edwards_point", spec="RFC 8032 §5.1.3, §5.2.3")
def is_edwards_point(key: Jwk) -> bool:
    """Whether an Ed25519 or Ed448 key of the right length decodes to a point that is not of small order; true for others."""
    return _edwards_fault(key) is None


@fact("key.edwards_fault", spec="RFC 8032 §5.1.3, §5.2.3")
def edwards_fault(key: Jwk) -> str | Absent:
    """What is wrong with the point of an Ed25519 or Ed448 key, in words."""
    return _edwards_fault(key) or ABSENT


@fact("key.is_low_order", spec="RFC 7748 §6; RFC 8037 §3.2")
def is_low_order(key: Jwk) -> bool:
    """Whether an X25519 or X448 key is one of the few points that give every peer the same shared secret."""
    point = _find_octet_key(key, "X25519", "X448")
    return point is not None and curve_points.is_low_order(*point)


@fact("key.is_curve_misused", spec="RFC 8037 §3")
def is_curve_misused(key: Jwk) -> bool:
    """Whether X25519 or X448 is declared for signatures, or Ed25519 or Ed448 for key agreement, by `use`, `alg` or
    `key_ops`.
    """
    name = key.texts.get("crv", "")
    purposes = {key.texts.get("use"), ALGORITHMS.get(key.texts.get("alg", ""), ("", ()))[0]}
    purposes.update(OPERATIONS.get(each) for each in key.key_ops or ())
    if name in ("X25519", "X448"):
        return "sig" in purposes
    return name in ("Ed25519", "Ed448") and "enc" in purposes


@fact("key.has_public_octets", spec="FIPS 204 §4; FIPS 205 §11")
def has_public_octets(key: Jwk) -> bool:
    """Whether this is an AKP key with a readable `pub` and an algorithm whose keys have a known length."""
    return key.texts.get("kty") == "AKP" and key.texts.get("alg") in PUBLIC_OCTETS and isinstance(key.octets.get("pub"), Octets)


@fact("key.public_octets", spec="FIPS 204 §4; FIPS 205 §11")
def public_octets(key: Jwk) -> int | Absent:
    """How many bytes the `pub` of an AKP key has."""
    found = key.octets.get("pub")
    return len(found.data) if isinstance(found, Octets) else ABSENT


@fact("key.expected_octets", spec="FIPS 204 §4; FIPS 205 §11")
def expected_octets(key: Jwk) -> int | Absent:
    """How many bytes a public key of the AKP key's algorithm has."""
    return PUBLIC_OCTETS.get(key.texts.get("alg", ""), ABSENT)


@fact("key.has_prestandard_name")
def has_prestandard_name(key: Jwk) -> bool:
    """Whether `kty` or `alg` is a name from drafts before the post-quantum standards."""
    return any(key.texts.get(name, "").upper() in PRESTANDARD for name in ("kty", "alg"))


FACTS: tuple[Fact, ...] = (
    has_crv,
    crv,
    is_crv_registered,
    has_point,
    is_point_in_range,
    is_on_curve,
    is_small_multiple,
    small_multiple,
    is_edwards_point,
    edwards_fault,
    is_low_order,
    is_curve_misused,
    has_public_octets,
    public_octets,
    expected_octets,
    has_prestandard_name,
)
