"""Whatever stands in a key, every fact answers: with a value of its type, Absent or Unknown, never an exception."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.evidence.keys.jwk_set import read_jwk_set
from scanner.evidence.keys.registries import ALGORITHMS, CURVES, MEMBERS
from scanner.facts.fact import ABSENT, Unknown
from scanner.facts.registry import facts_about
from scanner.files.read import read
from scanner.files.tree import Parsed

AT = datetime(2026, 11, 1, tzinfo=UTC)
FACTS = facts_about("key").values()
TYPES = {"bool": bool, "int": int, "str": str, "float": float, "list[str]": list, "list[int]": list}

encoded = st.binary(max_size=80).map(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="))
values = st.one_of(
    encoded,
    encoded.map(lambda text: text + "="),
    st.text(max_size=20),
    st.sampled_from([*ALGORITHMS, *CURVES, "RSA", "EC", "OKP", "AKP", "oct", "sig", "enc", "jwt-svid"]),
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.lists(encoded | st.text(max_size=5) | st.none(), max_size=4),
    st.dictionaries(st.text(max_size=5), encoded, max_size=3),
)
names = st.sampled_from(sorted(MEMBERS)) | st.text(max_size=8)
keys = st.fixed_dictionaries(
    {"kty": st.sampled_from(["RSA", "EC", "OKP", "AKP", "oct", "rsa", "XYZ"])},
    optional={
        "crv": st.sampled_from([*CURVES, "P256"]),
        "alg": st.sampled_from([*ALGORITHMS, "rs256"]),
        "n": encoded,
        "e": encoded,
        "x": st.binary(min_size=32, max_size=57).map(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")),
        "y": encoded,
        "pub": encoded,
    },
)


class TestAnyKey:
    @given(st.builds(lambda key, more: more | key, keys, st.dictionaries(names, values, max_size=8)))
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_has_an_answer_to_every_question(self, key: dict[str, object]) -> None:
        parsed = read(json.dumps({"keys": [key]}).encode(), "json")
        assert isinstance(parsed, Parsed)
        found = read_jwk_set(parsed.documents[0], path="jwks.json")
        assert found is not None
        for fact in FACTS:
            answer = fact.ask(found.keys[0], at=AT) if fact.wants_time else fact.ask(found.keys[0])
            assert answer is ABSENT or isinstance(answer, Unknown) or type(answer) is TYPES[fact.type], fact.name
