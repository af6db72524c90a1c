"""Whatever a server sends, every fact about its endpoint answers: with a value of its type, Absent or Unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.evidence.issuers.fetched import evidence_of
from scanner.evidence.model import Fetched
from scanner.facts.fact import ABSENT, Unknown
from scanner.facts.registry import facts_about
from scanner.sources.exchange import ROLES, Dns, Exchange, Failure, FailureSort, Hop, Purpose, Tls, Visit, Wanted
from scanner.subjects.model import Endpoint

AT = datetime(2026, 6, 1, tzinfo=UTC)
FACTS = facts_about("endpoint").values()
TYPES = {"bool": bool, "int": int, "str": str, "float": float, "list[str]": list, "list[int]": list}

OTHERS: list[Purpose] = ["again", "other-client", "plain-http"]
names = st.sampled_from(
    [
        "cache-control", "expires", "date", "age", "etag", "last-modified", "content-type", "vary", "set-cookie", "retry-after",
        "strict-transport-security", "x-content-type-options", "access-control-allow-origin", "content-length",
    ]
)  # fmt: skip
values = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(["max-age=", "no-cache", "60", ",", '"', "=", ";", "GMT", "Mon, 01 Jun 2026 00:00:00 GMT", "*"]),
        max_size=6,
    ).map("".join),
)
urls = st.one_of(
    st.sampled_from(
        [
            "https://issuer.example.com/jwks.json", "http://127.0.0.1:8080/jwks?x=1#y", "https://[::ffff:10.0.0.1]/", "https://[",
            "https://a:b@c:99999/", "https://issuer.example.com:x/", "", "urn:x", "https://1.2.3/", "https://é.example/?a=\0",
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip
bodies = st.one_of(
    st.none(),
    st.binary(max_size=30),
    st.sampled_from(
        [
            b'{"keys":[]}',
            b'{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}',
            b'{"keys":[{"kty":"oct"},7]}',
            b"[]",
            b"{}",
            b"<html>",
        ]
    ),
)
hops = st.lists(st.builds(Hop, urls, st.integers(300, 399), st.none() | urls), max_size=3).map(tuple)
failures = st.none() | st.builds(Failure, st.sampled_from(get_args(FailureSort)), st.just("it failed"))
handshakes = st.none() | st.builds(
    Tls,
    version=st.sampled_from([None, "TLSv1.1", "TLSv1.2", "TLSv1.3"]),
    cipher=st.none() | st.text(max_size=10),
    certificate=st.none() | st.binary(max_size=20),
    problem=st.sampled_from([None, "certificate has expired", "self-signed certificate"]),
)
texts = st.text(max_size=20) | st.sampled_from(["0 issue x", "\0", "\ud800", " ", "0  "])
records = st.none() | st.builds(
    Dns,
    cnames=st.lists(texts, max_size=3).map(tuple),
    is_dangling=st.sampled_from([None, False, True]),
    caa=st.none() | st.lists(texts, max_size=3).map(tuple),
    caa_at=st.none() | texts,
    is_authenticated=st.sampled_from([None, False, True]),
    because=texts,
)


@st.composite
def exchanges(draw: st.DrawFn, role: str, url: str, purpose: Purpose) -> Exchange:
    return Exchange(
        issuer="https://issuer.example.com",
        role=role,  # type: ignore[arg-type]
        url=url,
        started="2026-06-01T00:00:00.000Z",
        purpose=purpose,
        hops=draw(hops),
        status=draw(st.none() | st.sampled_from([200, 204, 304, 401, 404, 429, 503])),
        headers=tuple(draw(st.lists(st.tuples(names, values), max_size=6))),
        body=draw(bodies),
        address=draw(st.sampled_from([None, "203.0.113.7", "10.0.0.1", "::1", "fe80::1"])),
        is_revalidated=draw(st.booleans()),
        tls=draw(handshakes),
        dns=draw(records),
        total_ms=draw(st.none() | st.floats(0, 1e6)),
        failure=draw(failures),
    )


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    role, url = draw(st.sampled_from(ROLES)), draw(urls)
    purposes: list[Purpose] = ["first", *draw(st.lists(st.sampled_from(OTHERS), max_size=3))]
    wanted = Wanted(issuer=draw(urls), jwks_uri=draw(st.none() | st.just(url)), is_declared=draw(st.booleans()))
    return Visit(wanted, tuple(draw(exchanges(role, url, purpose)) for purpose in purposes))


class TestAnyAnswer:
    @given(visits())
    @settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    def test_has_an_answer_to_every_question(self, visit: Visit) -> None:
        found = [evidence.fetched for evidence, _ in evidence_of(visit)]
        for fetched in found:
            assert isinstance(fetched, Fetched)
            for fact in FACTS:
                answer = fact.ask(Endpoint(fetched), at=AT) if fact.wants_time else fact.ask(Endpoint(fetched))
                assert answer is ABSENT or isinstance(answer, Unknown) or type(answer) is TYPES[fact.type], fact.name
                assert fact.is_optional or answer is not ABSENT, fact.name
