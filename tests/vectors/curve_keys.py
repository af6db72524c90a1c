"""Points that are none, that lie elsewhere, or whose private key everyone knows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.material import CURVES, ML_DSA_OCTETS, OCTETS, akp_jwk, ec_jwk, ec_point, number, okp_jwk, scalar
from tests.vectors.vector import Family

# SP 800-186 §3.2.1, SEC 2 §2.4.1: the primes of the fields
FIELDS = {
    "P-256": 2**256 - 2**224 + 2**192 + 2**96 - 1,
    "P-384": 2**384 - 2**128 - 2**96 + 2**32 - 1,
    "P-521": 2**521 - 1,
    "secp256k1": 2**256 - 2**32 - 977,
}
P25519, P448 = 2**255 - 19, 2**448 - 2**224 - 1
# u of the points of order 8 of Curve25519 (RFC 7748 §6.1, cr.yp.to/ecdh.html), and y of one of edwards25519
ORDER_8 = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
Y_OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022


def families() -> Iterator[Family]:
    """A family for each rule about points."""
    yield _off_curve()
    yield _out_of_range()
    yield _guessed()
    yield _edwards()
    yield _montgomery()
    yield _wrong_length()
    yield _post_quantum()


def _off_curve() -> Family:
    family = Family("point-off-curve", "critical")
    for curve in CURVES:
        x, y = ec_point(curve, scalar(curve))
        family.key(f"{curve}, y is one more", ec_jwk(curve, (x, y + 1)))
        family.key(f"{curve}, y is 0", ec_jwk(curve, (x, 0)))
        family.key(f"{curve}, x and y exchanged", ec_jwk(curve, (y, x)))
    family.key("a point of secp256k1 called P-256", ec_jwk("P-256", ec_point("secp256k1", scalar("secp256k1"))))
    family.key("a point of P-256 called secp256k1", ec_jwk("secp256k1", ec_point("P-256", scalar("P-256"))))
    family.key("a point of P-256 called P-384", ec_jwk("P-384", ec_point("P-256", scalar("P-256"))))
    return family


def _out_of_range() -> Family:
    family = Family("point-out-of-range", "critical")
    for curve, p in FIELDS.items():
        x, y = ec_point(curve, scalar(curve))
        family.key(f"{curve}, both are zero", ec_jwk(curve, (0, 0)))
        family.key(f"{curve}, x is the prime", ec_jwk(curve, (p, y)))
        family.key(f"{curve}, y is the largest number of its length", ec_jwk(curve, (x, (1 << 8 * OCTETS[curve]) - 1)))
    return family


def _guessed() -> Family:
    family = Family("private-scalar-guessed", "critical")
    for curve, p in FIELDS.items():
        for k in (1, 2, 7, 16):
            x, y = ec_point(curve, k)
            family.key(f"{curve}, {k}", ec_jwk(curve, (x, y)))
            family.key(f"{curve}, minus {k}", ec_jwk(curve, (x, p - y)))
    return family


def _edwards() -> Family:
    family = Family("edwards-point-invalid", "critical")
    small = {"0": 0, "1": 1, "-1": P25519 - 1, "of order 8": Y_OF_ORDER_8, "minus that": P25519 - Y_OF_ORDER_8}
    for name, y in (small | {"p": P25519, "p + 1": P25519 + 1, "above p": P25519 + 5}).items():
        for sign in (0, 1):
            octets = (y | sign << 255).to_bytes(32, "little")
            family.key(f"Ed25519, y is {name}, sign {sign}", okp_jwk("Ed25519", octets))
    family.key("Ed25519, no point", okp_jwk("Ed25519", (2).to_bytes(32, "little")))
    for name, y in {"0": 0, "1": 1, "-1": P448 - 1, "p": P448, "p + 1": P448 + 1, "above p": P448 + 5}.items():
        family.key(f"Ed448, y is {name}", okp_jwk("Ed448", y.to_bytes(57, "little")))
    sound = okp_jwk("Ed448")
    family.key("Ed448, more than a sign", sound | {"x": sound["x"][:-2] + "AV"[::-1]})
    return family


def _montgomery() -> Family:
    family = Family("montgomery-point-low-order", "high")
    low = {"0": 0, "1": 1, "-1": P25519 - 1, "p": P25519, "p + 1": P25519 + 1, "a": ORDER_8[0], "b": ORDER_8[1]}
    for name, u in low.items():
        family.key(f"X25519, {name}", okp_jwk("X25519", u.to_bytes(32, "little")))
    family.key("X25519, 1 with the unused bit", okp_jwk("X25519", (1 | 1 << 255).to_bytes(32, "little")))
    for name, u in {"0": 0, "1": 1, "-1": P448 - 1, "p": P448, "p + 1": P448 + 1}.items():
        family.key(f"X448, {name}", okp_jwk("X448", u.to_bytes(56, "little")))
    return family


def _wrong_length() -> Family:
    family = Family("okp-key-length", "high")
    for curve, size in {"Ed25519": 32, "Ed448": 57, "X25519": 32, "X448": 56}.items():
        for octets in (size - 1, size + 1):
            family.key(f"{curve} of {octets} octets", okp_jwk(curve, b"\x05" * octets))
    family.key("Ed25519 as RFC 8410 writes it", okp_jwk("Ed25519", bytes.fromhex("302a300506032b6570032100") + b"\x05" * 32))
    return family


def _post_quantum() -> Family:
    family = Family("akp-key-length", "high")
    for alg, octets in ML_DSA_OCTETS.items():
        family.key(f"{alg} one short", akp_jwk(alg, octets - 1)).key(f"{alg} one long", akp_jwk(alg, octets + 1))
    family.key("ML-DSA-65 called ML-DSA-44", akp_jwk("ML-DSA-44", 1952))
    family.key("SLH-DSA-SHA2-128s of 64 octets", akp_jwk("SLH-DSA-SHA2-128s", 64))
    family.key("a number of one octet", akp_jwk("ML-DSA-44", 1312) | {"pub": number(5)})
    return family
