"""How many moduli of a set are tested for being a prime: the time for one set is limited, and what is left is unknown."""

from __future__ import annotations

import base64
import json

import pytest

from scanner.evidence.keys.jwk import read_jwk
from scanner.evidence.model import Jwk
from scanner.facts.fact import Unknown
from scanner.facts.key.rsa import is_modulus_prime
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed


def rsa_key(n: int, index: int) -> Jwk:
    """An RSA key at a place of its set, counted from 0."""
    text = base64.urlsafe_b64encode(n.to_bytes((n.bit_length() + 7) // 8, "big")).decode().rstrip("=")
    parsed = read(json.dumps({"kty": "RSA", "n": text, "e": "AQAB"}).encode(), "json")
    assert isinstance(parsed, Parsed)
    (node,) = parsed.documents
    assert isinstance(node, Mapping)
    return read_jwk(node, index, is_published=True)


class TestTheTimeForASet:
    @pytest.mark.parametrize(("bits", "last"), [(1024, 7999), (2048, 999), (3072, 295)])
    def test_lasts_for_so_many_keys(self, bits: int, last: int) -> None:
        n = (1 << bits) - 1
        assert is_modulus_prime.ask(rsa_key(n, last)) is False
        assert isinstance(is_modulus_prime.ask(rsa_key(n, last + 1)), Unknown)

    def test_leaves_the_rest_open_with_one_reason(self) -> None:
        answers = {is_modulus_prime.ask(rsa_key((1 << 2203) - 1, index)) for index in (5000, 6000)}
        (answer,) = answers
        assert isinstance(answer, Unknown)
        assert "more keys than the time" in answer.because

    def test_does_not_leave_out_what_costs_nothing(self) -> None:
        assert is_modulus_prime.ask(rsa_key(1 << 2047, 90_000)) is False
        assert is_modulus_prime.ask(rsa_key((1 << 127) - 1, 90_000)) is True

    def test_has_an_end_in_size_too(self) -> None:
        answer = is_modulus_prime.ask(rsa_key((1 << 20_001) - 1, 0))
        assert isinstance(answer, Unknown)
        assert "20000 bits" in answer.because
