"""Whatever a document holds: no exception on the whole way from bytes to reports, and nothing private in what comes out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.sources.document import Document
from tests.one_document import OneDocument, secrets_of
from tests.vectors.documents import SOUND
from tests.vectors.generate import all_vectors
from tests.vectors.malformed import malformed
from tests.vectors.material import ec_jwk, number, okp_jwk, private_rsa_members, rsa_jwk, scalar, sound_modulus

ISSUES = Path(__file__).parent.parent / "samples" / "issues"
ONE = OneDocument()
PATHS = st.sampled_from(["jwks.json", "openid-configuration.json", "oauth-authorization-server", "a.yaml", "a.json"])
LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["RSA", "EC", "AQAB"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
private_keys = st.sampled_from(
    [rsa_jwk(sound_modulus()) | private_rsa_members(), ec_jwk("P-256", d=number(scalar("P-256"), 32)), okp_jwk("Ed25519")]
)
changes = st.dictionaries(st.sampled_from(["n", "e", "x", "y", "crv", "kty", "alg", "kid", "x5c", "d", "p", "oth"]), anything)


@st.composite
def sets(draw: st.DrawFn) -> bytes:
    """Keys with members exchanged for anything, in one of the forms of a set."""
    keys: list[object] = [key | change for key, change in draw(st.lists(st.tuples(private_keys, changes), max_size=3))]
    keys += draw(st.lists(anything, max_size=2))
    document: object = draw(
        st.sampled_from([{"keys": keys}, {"keys": keys, "spiffe_sequence": 1}, keys, {"jwks": {"keys": keys}}])
    )
    return json.dumps(document).encode("utf-8", "surrogatepass")


@st.composite
def providers(draw: st.DrawFn) -> bytes:
    """Metadata with members exchanged for anything."""
    return json.dumps(SOUND | draw(st.dictionaries(st.sampled_from(sorted(SOUND)) | st.text(max_size=8), anything))).encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A vector with octets cut out, put in or exchanged."""
    data = bytearray(draw(st.sampled_from(all_vectors())).data[:4000])
    for at, octets in draw(st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), min_size=1, max_size=4)):
        data[at : at + draw(st.integers(0, 6))] = octets
    return bytes(data)


def check(path: str, data: bytes) -> None:
    """Judge; every place lies in the document, and no secret is in the report that renderers print, nor in the evidence."""
    report = ONE.report(path, data)
    last = len(LINE_END.split(data.decode("utf-8", "replace")))
    for found in report.findings:
        assert found.place.line is None or 1 <= found.place.line <= last, found.message
    assert not [each.message for each in report.notices if each.kind == "policy-fault"]
    secrets = secrets_of(data)
    if secrets:
        told = repr((report.subjects, report.findings, report.notices))
        told += repr(ONE.reader.read(Document(path, data, is_named=True)))
        assert not any(secret in told for secret in secrets)


class TestWhatFuzzingFound:
    @pytest.mark.parametrize("sample", sorted(ISSUES.glob("fuzz-*")), ids=lambda path: path.stem)
    def test_is_judged_and_not_told(self, sample: Path) -> None:
        """Each is what benchmarks/fuzz.py wrote down, made short: a private PEM block too damaged to be one was kept."""
        assert secrets_of(sample.read_bytes())
        check("jwks.json", sample.read_bytes())


class TestAnyDocument:
    @pytest.mark.parametrize("kty", ["RSA", "EC", "OKP", "AKP", "oct"])
    def test_a_malformed_key_is_judged(self, kty: str) -> None:
        found = [(name, data) for name, data in malformed() if name.startswith(kty)]
        assert len(found) > 400
        for name, data in found:
            try:
                check("jwks.json", data)
            except Exception as error:
                raise AssertionError(name) from error

    @given(PATHS, sets() | providers() | damaged() | st.binary(max_size=300))
    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    def test_of_any_kind_is_judged(self, path: str, data: bytes) -> None:
        check(path, data)
