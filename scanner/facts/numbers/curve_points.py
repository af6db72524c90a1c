"""Points of the curves of JOSE, in plain integers: libraries refuse the points that must be reported, or accept all.

Short Weierstrass curves: SP 800-186 §3.2.1 and SEC 2 §2.4.1. Edwards and Montgomery curves: RFC 8032 §5, RFC 7748 §4.
"""

from __future__ import annotations

from functools import cache

from scanner.record import record


@record
class Weierstrass:
    """y² = x³ + ax + b over the integers modulo p, with the base point (x, y)."""

    p: int
    a: int
    b: int
    x: int
    y: int


_P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
_P384 = 2**384 - 2**128 - 2**96 + 2**32 - 1
_P521 = 2**521 - 1
_K256 = 2**256 - 2**32 - 977

WEIERSTRASS = {
    "P-256": Weierstrass(
        _P256,
        _P256 - 3,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    "P-384": Weierstrass(
        _P384,
        _P384 - 3,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
    "P-521": Weierstrass(
        _P521,
        _P521 - 3,
        0x0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
        0x00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
        0x011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
    ),
    "secp256k1": Weierstrass(
        _K256,
        0,
        7,
        0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
    ),
}
# how many multiples of the base point count as guessable keys
_MULTIPLES = 16


def is_on_curve(curve: Weierstrass, x: int, y: int) -> bool:
    """Whether (x, y) fulfils the curve's equation."""
    return (y * y - x * (x * x + curve.a) - curve.b) % curve.p == 0


def small_scalar(name: str, x: int) -> int | None:
    """The k up to 16 for which x is the coordinate of k·G and −k·G: a private key that anyone can guess."""
    return _multiples(name).get(x)


@cache
def _multiples(name: str) -> dict[int, int]:
    curve = WEIERSTRASS[name]
    point, found = (curve.x, curve.y), {curve.x: 1}
    for k in range(2, _MULTIPLES + 1):
        point = _plus_base(curve, point)
        found[point[0]] = k
    return found


def _plus_base(curve: Weierstrass, point: tuple[int, int]) -> tuple[int, int]:
    x, y = point
    rise, run = (3 * x * x + curve.a, 2 * y) if x == curve.x else (curve.y - y, curve.x - x)
    slope = rise * pow(run, -1, curve.p)
    sum_x = (slope * slope - x - curve.x) % curve.p
    return sum_x, (slope * (x - sum_x) - y) % curve.p


_P25519 = 2**255 - 19
_P448 = 2**448 - 2**224 - 1
_D25519 = -121665 * pow(121666, -1, _P25519) % _P25519
_D448 = -39081 % _P448
# of the points of order 8 on edwards25519; its double is a point of order 4, which the tests check
_Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_25519 = frozenset({0, 1, _P25519 - 1, _Y8, _P25519 - _Y8})
_SMALL_448 = frozenset({0, 1, _P448 - 1})
# RFC 7748 §6: u of the points whose order divides the cofactor, on the curve and on its twist
_LOW_25519 = frozenset(
    {
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        _P25519 - 1,
    }
)
_LOW_448 = frozenset({0, 1, _P448 - 1})


def edwards_fault(name: str, data: bytes) -> str | None:
    """What is wrong with an Ed25519 or Ed448 public key of the right length; None for a sound one."""
    p = _P25519 if name == "Ed25519" else _P448
    y = int.from_bytes(data, "little") & ((1 << 255) - 1) if name == "Ed25519" else int.from_bytes(data[:56], "little")
    if name == "Ed448" and data[56] & 0x7F:
        return "its last byte has more than a sign bit"
    if y in (_SMALL_25519 if name == "Ed25519" else _SMALL_448) or y - p in (0, 1):
        return "it is a point of small order"
    if y >= p:
        return "its y is not below the field's prime"
    return None if _has_x(name, p, y) else "no point of the curve has this y"


def _has_x(name: str, p: int, y: int) -> bool:
    """Whether x² = (y² − 1) / (dy² ± 1) has a solution; numerator times denominator is a square where the fraction is one."""
    square = y * y % p
    if name == "Ed25519":  # −x² + y² = 1 + dx²y²
        return pow((square - 1) * (_D25519 * square + 1), (p - 1) // 2, p) == 1
    return pow((square - 1) * (_D448 * square - 1), (p - 1) // 2, p) == 1  # x² + y² = 1 + dx²y²


def is_low_order(name: str, data: bytes) -> bool:
    """Whether X25519 or X448 with this public key gives the same secret for every private key."""
    if name == "X25519":
        return (int.from_bytes(data, "little") & ((1 << 255) - 1)) % _P25519 in _LOW_25519
    return int.from_bytes(data, "little") % _P448 in _LOW_448
