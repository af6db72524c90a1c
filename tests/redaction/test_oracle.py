"""The oracle sees every form of every key, cut as well, and nothing in what has no key."""

from __future__ import annotations

import base64
import random

import pytest

from tests.redaction.forms import ENCODINGS, all_forms
from tests.redaction.keys import PlantedKey, make_keys
from tests.redaction.oracle import LeakOracle
from tests.redaction.scans import BatchScan, all_outputs
from tests.redaction.slots import bases

KEYS = make_keys(random.Random(1))
ORACLE = LeakOracle({key.name: (*key.octets, *key.encrypted) for key in KEYS})


@pytest.mark.parametrize("key", KEYS, ids=lambda key: str(key.name))
class TestAKey:
    def test_is_seen_in_every_form_and_told_from_the_others(self, key: PlantedKey) -> None:
        for name, text in all_forms(key):
            assert {leak.owner for leak in ORACLE.find(f"see {text}")} == {key.name}, name

    @pytest.mark.parametrize("start", range(4))
    def test_is_seen_by_a_window_at_any_offset(self, key: PlantedKey, start: int) -> None:
        """17 octets in base64 hold a window of 12 characters wherever they begin."""
        part = base64.b64encode(key.octets[0][start : start + 17]).decode().rstrip("=")
        for before in ("", "a", "bcdefg", "." * 11):
            assert ORACLE.find(before + part)

    def test_is_not_seen_in_its_public_half(self, key: PlantedKey) -> None:
        public = {name: value for name, value in key.jwk.items() if name not in ("d", "p", "q", "dp", "dq", "qi", "k", "priv")}
        assert ORACLE.find(str(public)) == []

    def test_is_made_again_by_its_seed(self, key: PlantedKey) -> None:
        assert key.jwk in [each.jwk for each in make_keys(random.Random(1))]


class TestOutputs:
    def test_without_a_private_value_have_no_leak(self) -> None:
        report = BatchScan().report([(base.path, base.text.encode()) for base in bases()[::12]])
        assert report.findings
        assert [name for name, text in all_outputs(report) if ORACLE.find(text)] == []

    def test_are_seen_to_leak_whatever_escapes_the_format_wrote(self) -> None:
        for encode in ENCODINGS.values():
            assert ORACLE.find(encode(f"issuer={KEYS[1].jwk['d']}"))
