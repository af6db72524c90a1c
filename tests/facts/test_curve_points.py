"""The constants of the curves prove themselves: points by their equation, small order by adding up."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, x448, x25519

from scanner.facts.numbers import curve_points

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "secp256k1": ec.SECP256K1()}


def added(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """RFC 8032 §5.1.4 in affine coordinates."""
    product = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, -1, P) % P
    return x, (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, P) % P


def with_y(y: int) -> tuple[int, int]:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return x, y


class TestWeierstrassCurves:
    @pytest.mark.parametrize("name", CURVES)
    def test_multiples_of_the_base_point_are_those_of_the_library(self, name: str) -> None:
        for k in range(1, 17):
            point = ec.derive_private_key(k, CURVES[name]).public_key().public_numbers()
            assert curve_points.is_on_curve(curve_points.WEIERSTRASS[name], point.x, point.y)
            assert curve_points.small_scalar(name, point.x) == k
        other = ec.generate_private_key(CURVES[name]).public_key().public_numbers()
        assert curve_points.small_scalar(name, other.x) is None
        assert not curve_points.is_on_curve(curve_points.WEIERSTRASS[name], other.x, other.y + 1)


class TestEdwardsCurves:
    def test_sound_keys_have_no_fault(self) -> None:
        for _ in range(20):
            data = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
            assert curve_points.edwards_fault("Ed25519", data) is None
            longer = ed448.Ed448PrivateKey.generate().public_key().public_bytes_raw()
            assert curve_points.edwards_fault("Ed448", longer) is None

    @pytest.mark.parametrize("y", sorted(curve_points._SMALL_25519))
    def test_the_points_of_small_order_add_up_to_nothing(self, y: int) -> None:
        point = with_y(y)
        for _ in range(3):
            point = added(point, point)
        assert point == (0, 1)

    @pytest.mark.parametrize("y", [0, 1, P - 1, P, P + 1])
    @pytest.mark.parametrize("sign", [0, 1 << 255])
    def test_small_order_is_seen_in_every_spelling(self, y: int, sign: int) -> None:
        assert curve_points.edwards_fault("Ed25519", (y | sign).to_bytes(32, "little")) == "it is a point of small order"

    def test_other_faults_have_their_words(self) -> None:
        assert curve_points.edwards_fault("Ed25519", (P + 5).to_bytes(32, "little")) == "its y is not below the field's prime"
        assert curve_points.edwards_fault("Ed25519", (2).to_bytes(32, "little")) == "no point of the curve has this y"
        assert curve_points.edwards_fault("Ed448", b"\2" + bytes(55) + b"\1") == "its last byte has more than a sign bit"


class TestMontgomeryCurves:
    def test_low_order_points_give_a_secret_of_zeros_and_others_do_not(self) -> None:
        """RFC 7748 §6.1: the library refuses an all-zero secret, so its refusal is the proof."""
        private = x25519.X25519PrivateKey.generate()
        for u in curve_points._LOW_25519:
            data = u.to_bytes(32, "little")
            assert curve_points.is_low_order("X25519", data)
            with pytest.raises(ValueError, match="shared key"):
                private.exchange(x25519.X25519PublicKey.from_public_bytes(data))
        assert not curve_points.is_low_order("X25519", private.public_key().public_bytes_raw())
        assert not curve_points.is_low_order("X448", x448.X448PrivateKey.generate().public_key().public_bytes_raw())
        assert curve_points.is_low_order("X448", bytes(56))
