"""Rules about endpoints on what real servers answer: collected over TLS on loopback, then judged."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from scanner.policy.judge import Judge

from scanner.config.model import IssuerEntry, RotationPromise
from scanner.evidence.issuers.fetched import evidence_of
from scanner.pack.shipped import shipped_pack
from scanner.policy.result import Result
from scanner.policy.select import select
from scanner.sources.exchange import Visit, Wanted
from scanner.subjects.document_subjects import subjects_of
from scanner.subjects.published import PublishedTally
from tests.servers.conversation import Conversation
from tests.servers.hostile.catalogue import CATALOGUE
from tests.servers.issuers import JWKS, OAUTH, OPENID, PUBLISHED_KEY, Answer, ordinary_issuer
from tests.servers.lab import Lab
from tests.sources.web.gathering import gather

RULES = select(shipped_pack(examples=True), profile="baseline", changes={}, places={})
SEVERITY = {each.rule.id: each.severity for each in RULES}
OTHER_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "other"}
KEPT = (("Content-Type", "application/json"), ("Cache-Control", "max-age=300"))


def judged(visit: Visit, note: IssuerEntry | None = None) -> list[Result]:
    """Every answer about what a visit brought. No rule may read a fact without a value."""
    judge = Judge(RULES, at=datetime.now(UTC))
    tally = PublishedTally([note] if note is not None else [])
    found = [subject for evidence, _ in evidence_of(visit) for subject in tally.declared(subjects_of(evidence))]
    for subject in found:
        tally.note(subject)
    results = [result for subject in [*found, *tally.subjects()] for result in judge.judge(subject)]
    assert judge.faults() == {}
    return results


def failed(results: list[Result], *, at_least_medium: bool = True) -> set[str]:
    """The rules about endpoints and issuers that fail, of medium severity and above."""
    told = {result.rule for result in results if result.answer == "fail" and result.subject.kind in ("endpoint", "issuer")}
    return {rule for rule in told if not at_least_medium or SEVERITY[rule] in ("critical", "high", "medium")}


def collected(lab: Lab, issuer: str, **more: Any) -> list[Result]:
    """What is said of an issuer of the lab whose keys are fetched twice and in the two other ways."""
    settings = lab.settings(repeat=2, retries=more.pop("retries", 0))
    note = more.pop("note", None)
    return judged(gather(lab, more.pop("wanted", Wanted(issuer=issuer)), settings=settings, **more).visits[0], note)


def keys(*found: dict[str, Any]) -> bytes:
    return json.dumps({"keys": found}).encode()


class TestAnOrdinaryIssuer:
    def test_has_nothing_of_medium_or_above(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        assert failed(collected(lab, issuer.issuer)) == set()

    def test_leaves_nothing_about_its_endpoints_undetermined(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        results = [each for each in collected(lab, issuer.issuer) if each.subject.kind == "endpoint"]
        assert len(results) > 60
        assert [(each.rule, each.message) for each in results if each.answer == "undetermined"] == []

    def test_may_lack_one_of_the_well_known_documents(self, lab: Lab) -> None:
        """Discovery §4 or RFC 8414 §3: one is enough, and the other's 404 is no finding of any severity."""
        issuer = ordinary_issuer(lab)
        del issuer.answers[OAUTH]
        about = [each for each in collected(lab, issuer.issuer) if OAUTH in each.subject.id and each.answer != "pass"]
        assert [(each.rule, each.answer) for each in about] == []

    def test_whose_keys_are_exchanged_in_that_moment_has_a_remark(self, lab: Lab) -> None:
        server = lab.serve("keys", _one_after_the_other(keys(PUBLISHED_KEY), keys(PUBLISHED_KEY, OTHER_KEY)))
        front = ordinary_issuer(lab, "front", jwks_uri=server.url(JWKS))
        results = collected(lab, front.issuer)
        assert "fetches-differ-in-part" in failed(results, at_least_medium=False)
        assert not {"fetches-disagree", "keys-of-a-single-fetch"} & failed(results)


def _one_after_the_other(*bodies: bytes) -> Any:
    """A server that answers every connection with the next body, the last one for ever."""
    numbers = count()

    def converse(talk: Conversation) -> None:
        while talk.request() is not None:
            talk.answer(200, KEPT, bodies[min(next(numbers), len(bodies) - 1)])

    return converse


def _by_client(talk: Conversation) -> None:
    while (request := talk.request()) is not None:
        talk.answer(200, KEPT, keys(PUBLISHED_KEY if "jwksgov" in request.headers["user-agent"] else OTHER_KEY))


class TestServers:
    def test_with_keys_of_their_own_for_each_fetch_are_found(self, lab: Lab) -> None:
        server = lab.serve("keys", _one_after_the_other(keys(PUBLISHED_KEY), keys(OTHER_KEY)))
        front = ordinary_issuer(lab, "front", jwks_uri=server.url(JWKS))
        assert "keys-of-a-single-fetch" in failed(collected(lab, front.issuer))

    def test_with_other_keys_for_other_clients_are_found(self, lab: Lab) -> None:
        server = lab.serve("keys", _by_client)
        front = ordinary_issuer(lab, "front", jwks_uri=server.url(JWKS))
        assert failed(collected(lab, front.issuer)) == {"keys-differ-by-client"}

    def test_that_serve_the_same_keys_without_tls_are_found(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        plain = lab.serve("good", _one_after_the_other(keys(PUBLISHED_KEY)), is_tls=False)
        assert failed(collected(lab, issuer.issuer, plain_port=plain.port)) == {"keys-served-over-http"}

    def test_whose_certificate_ends_soon_are_found(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab, certificate=lab.authority.issue("good.test", valid_for_days=5))
        assert failed(collected(lab, issuer.issuer)) == {"tls-certificate-ends-soon"}

    def test_whose_max_age_is_beyond_the_promised_overlap_are_found(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        note = IssuerEntry(issuer=issuer.issuer, rotation=RotationPromise(overlap_hours=1))
        assert failed(collected(lab, issuer.issuer, note=note)) == {"max-age-beyond-overlap"}

    def test_that_publish_the_key_of_their_certificate_are_found(self, lab: Lab) -> None:
        certificate = lab.authority.issue("good.test")
        issuer = ordinary_issuer(lab, certificate=certificate)
        issuer.change(JWKS, body=keys(_jwk_of(certificate.pem)))
        assert "tls-key-published" in failed(collected(lab, issuer.issuer))


def _jwk_of(pem: bytes) -> dict[str, str]:
    key = x509.load_pem_x509_certificate(pem).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    numbers = key.public_numbers()
    x, y = (base64.urlsafe_b64encode(each.to_bytes(32, "big")).decode().rstrip("=") for each in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "tls", "use": "sig"}


class TestMetadata:
    def test_of_another_issuer_is_critical_where_the_issuer_was_declared(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        changed = issuer.answers[OPENID].body.replace(b".test:", b".test.evil.example:", 1)
        issuer.change(OPENID, body=changed)
        results = collected(lab, issuer.issuer)
        assert "issuer-not-the-declared-one" in failed(results)
        named = Wanted(issuer=issuer.issuer, source="named", is_declared=False)
        assert "issuer-not-at-its-url" in failed(collected(lab, issuer.issuer, wanted=named))

    def test_at_a_url_that_is_built_wrong_is_found_by_its_url(self, lab: Lab) -> None:
        """RFC 8414 §3.1 inserts the well-known path; a server that appends it is found where somebody names the URL."""
        issuer = ordinary_issuer(lab, path="/tenant")
        document = issuer.answers.pop(OAUTH + "/tenant")
        del issuer.answers["/tenant" + OPENID]
        issuer.answers["/tenant" + OAUTH] = document
        url = issuer.issuer + OAUTH
        named = Wanted(issuer=issuer.issuer, source="named", is_declared=False, document_url=url)
        results = collected(lab, issuer.issuer, wanted=named)
        assert failed(results) == {"metadata-at-wrong-url"}

    def test_that_is_a_page_is_no_metadata(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        issuer.answers[OAUTH] = Answer(b"<!doctype html>", headers=(("Content-Type", "text/html"),))
        results = collected(lab, issuer.issuer)
        assert failed(results) == set()
        assert "page-instead-of-metadata" in failed(results, at_least_medium=False)


# what the rules must say of hostile servers whose misbehaviour is the answer
TOLD = {
    "shows a certificate that has run out": "tls-certificate-not-valid",
    "shows a certificate for another name": "tls-certificate-not-valid",
    "speaks TLS 1.1 only": "tls-version-old",
    "sends a gzip bomb": "answer-too-large",
    "sends headers without end": "answer-too-large",
    "says gzip and sends none": "content-encoding-broken",
    "redirects in a circle": "redirect-leads-nowhere",
    "redirects to http": "redirected-to-http",
    "redirects to the metadata of a cloud": "redirected-to-another-origin",
    "asks for a password": "keys-not-served",
    "answers with 204": "keys-not-served",
}
# of these nobody knows, from one vantage point, whose fault it is
UNDETERMINED = (
    "answers as a firewall", "answers with 503 for ever", "answers with 429 and a date that is none", "closes at a request",
    "closes in the handshake", "answers with noise",
)  # fmt: skip


class TestHostileServers:
    @pytest.mark.parametrize("name", TOLD)
    def test_are_told_of_where_their_failure_is_the_answer(self, lab: Lab, name: str) -> None:
        assert TOLD[name] in failed(_keys_of(lab, name))

    @pytest.mark.parametrize("name", UNDETERMINED)
    def test_leave_the_rest_undetermined(self, lab: Lab, name: str) -> None:
        """What did not come is never a pass, and nothing that one vantage point sees is called an outage."""
        results = [each for each in _keys_of(lab, name) if each.subject.kind == "endpoint"]
        answers = {each.rule: each.answer for each in results if each.subject.id.endswith("#endpoint:jwks")}
        assert failed(results) == set()
        for rule in ("keys-not-served", "caching-not-stated", "fetches-differ-in-part", "keys-served-over-http"):
            assert answers[rule] == "undetermined"


def _keys_of(lab: Lab, name: str) -> list[Result]:
    [found] = [each for each in CATALOGUE if each.name == name]
    front = ordinary_issuer(lab, "front", jwks_uri=found.serve(lab))
    settings = lab.settings(**{"repeat": 2, "total_s": 2} | found.settings)
    return judged(gather(lab, Wanted(issuer=front.issuer), settings=settings).visits[0])
