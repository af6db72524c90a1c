"""Certificates of `x5c`: what they say, how they hang together, and a reason for whatever cannot be parsed."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path

import pytest

from scanner.evidence.keys.certificates import read_chain
from scanner.evidence.model import Octets, Unread

SAMPLES = Path(__file__).parent.parent.parent / "policies" / "samples"


def chain_of(sample: str) -> tuple[Octets, ...]:
    found = json.loads(SAMPLES.joinpath(f"{sample}.json").read_text(encoding="utf-8"))["x5c"]
    return tuple(Octets(base64.b64decode(text)) for text in found)


class TestChain:
    def test_says_whether_each_certifies_the_one_before(self) -> None:
        assert read_chain(chain_of("certificate-chain")).broken_at is None
        assert read_chain(chain_of("certificate-chain")[::-1]).broken_at == 0
        assert read_chain(chain_of("certificate-chain-broken")).broken_at == 0

    @pytest.mark.parametrize(("sample", "is_self_signed"), [("certificate-sha1", True), ("certificate-chain-sha1", False)])
    def test_verifies_sha1_signatures_as_well(self, sample: str, *, is_self_signed: bool) -> None:
        """The library refuses SHA-1 for certificates, and old self-signed ones would pass for issued ones."""
        leaf = read_chain(chain_of(sample)).leaf
        assert leaf is not None
        assert (leaf.hash_name, leaf.is_self_signed) == ("sha1", is_self_signed)
        assert read_chain(chain_of(sample)).broken_at is None

    def test_gives_a_reason_for_what_cannot_be_parsed(self) -> None:
        (whole,) = chain_of("certificate-2025")
        assert read_chain((Octets(whole.data + b"\0"),)).unread == ("x5c[0] cannot be parsed",)
        assert read_chain((whole, Unread("it is empty"))).unread == ("x5c[1] cannot be read: it is empty",)
        assert read_chain(()).leaf is None
        assert read_chain(None).unread == ()

    def test_never_raises_on_damaged_octets(self) -> None:
        chosen = random.Random(3)
        whole = [*chain_of("certificate-chain"), *chain_of("certificate-spiffe"), *chain_of("certificate-authority")]
        for _ in range(300):
            data = bytearray(chosen.choice(whole).data)
            for _ in range(chosen.randint(1, 3)):
                data[chosen.randrange(len(data))] = chosen.randrange(256)
            found = read_chain((Octets(bytes(data)), whole[0]))
            assert found.leaf is not None or found.unread
