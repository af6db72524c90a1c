"""From a visit to its evidence: what came, how, and what did not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scanner.evidence.issuers.fetched import evidence_of, explain_unreached
from scanner.examples.fetched_examples import read_fetched
from scanner.policy.select import select
from scanner.scan import pack_for
from scanner.sources.exchange import Exchange, Failure, Visit, Wanted
from scanner.subjects.document_subjects import subjects_of
from scanner.subjects.joins import Joins
from scanner.subjects.model import Endpoint, IssuerKeys, Subject
from tests.answers import answers_about

ISSUER = "https://issuer.example.com"
KEYS = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "a"}]}
METADATA = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks.json", "authorization_endpoint": f"{ISSUER}/authorize"}
OPENID = {"role": "openid-configuration", "metadata": METADATA}
MISSING = {"role": "oauth-authorization-server", "status": 404, "body": "nothing here"}
SET = {"role": "jwks", "jwks": KEYS}
FAILED = {"failure": {"sort": "dns", "because": "the name has no address"}}
# a URL that is asked for metadata first, in vain
NAMED: dict[str, Any] = {"issuer": f"{ISSUER}/keys", "is_declared": False, "source": "named"}
# a key set that a consumer names by its URL alone
ALONE: dict[str, Any] = {
    "issuer": f"{ISSUER}/jwks.json",
    "jwks_uri": f"{ISSUER}/jwks.json",
    "source": "followed",
    "is_declared": False,
}
VAIN: tuple[dict[str, Any], ...] = ({**MISSING, "role": "openid-configuration"}, MISSING)


def subjects(*documents: dict[str, Any], **visit: Any) -> list[Subject]:
    """The subjects of a visit that gave these documents."""
    example = read_fetched({**visit, "documents": list(documents)}, lambda value: value, lambda name: {})
    return [subject for evidence, _ in evidence_of(example.visit) for subject in subjects_of(evidence)]


def kinds(found: list[Subject]) -> list[str]:
    """What they are, those that nobody could look at in brackets."""
    return [f"({each.ref.kind})" if each.unreached else each.ref.kind for each in found]


class TestAVisit:
    def test_never_takes_the_name_of_a_file(self) -> None:
        """A server's `jwks_uri` may be a path: what is found there must not stand in the file of the scanned tree."""
        example = read_fetched({"documents": [{**SET, "url": "src/app.yaml"}]}, lambda value: value, lambda name: {})
        assert [evidence.path for evidence, _ in evidence_of(example.visit)] == [f"{ISSUER}#jwks_uri=src/app.yaml"]

    def test_gives_an_endpoint_for_each_url_and_what_its_document_is(self) -> None:
        assert kinds(subjects(OPENID, MISSING, SET)) == ["endpoint", "issuer", "endpoint", "endpoint", "key_set", "key"]

    def test_names_everything_by_the_url_that_was_asked(self) -> None:
        assert [each.ref.place.path for each in subjects(OPENID, SET)] == [
            *[f"{ISSUER}/.well-known/openid-configuration"] * 2,
            *[f"{ISSUER}/jwks.json"] * 3,
        ]

    def test_needs_one_of_the_two_well_known_documents(self) -> None:
        """OpenID Connect Discovery §4 or RFC 8414 §3: an issuer that publishes one of them is reached."""
        plain = {"role": "oauth-authorization-server", "metadata": METADATA}
        assert "(issuer)" not in kinds(subjects({**MISSING, "role": "openid-configuration"}, plain, SET))

    def test_joins_metadata_with_the_set_behind_its_jwks_uri(self) -> None:
        tally = Joins()
        for subject in subjects(OPENID, SET):
            tally.note(subject)
        joined = [each.about for each in tally.subjects() if isinstance(each.about, IssuerKeys)]
        assert [(each.metadata.path, each.key_set.path if each.key_set else None) for each in joined] == [
            (f"{ISSUER}/.well-known/openid-configuration", f"{ISSUER}/jwks.json")
        ]

    def test_keeps_what_the_first_document_is_compared_with(self) -> None:
        found = subjects({**SET, "again": [{"jwks": {"keys": []}}], "plain_http": {"status": 301}})
        fetched = found[0].about.fetched
        assert fetched is not None
        assert [each.purpose for each in fetched.exchanges] == ["first", "again", "plain-http"]
        assert [len(each.keys) if each else None for each in fetched.sets] == [1, 0, None]


class TestWhatDoesNotCome:
    def test_is_an_issuer_and_a_key_set_that_nobody_could_look_at(self) -> None:
        found = subjects({"role": "openid-configuration", **FAILED}, {"role": "oauth-authorization-server", **FAILED})
        assert kinds(found) == ["endpoint", "(issuer)", "(key_set)", "endpoint"]
        assert found[1].unreached == "the name has no address"

    def test_leaves_its_rules_undetermined_and_none_passed(self) -> None:
        pack = pack_for(())
        rules = select(pack, profile="baseline", changes={}, places={})
        gone = [each for each in subjects({**SET, **FAILED}, {**OPENID, **FAILED}) if each.unreached]
        answers = {each.answer for each in answers_about(gone, rules, at=datetime(2026, 6, 1, tzinfo=UTC))[0]}
        assert [each.ref.kind for each in gone] == ["key_set", "issuer"]
        assert answers == {"undetermined"}

    def test_says_what_the_server_answered(self) -> None:
        found = subjects({"role": "openid-configuration", "status": 403, "body": "no"}, MISSING)
        assert found[1].unreached == "the server answered 403"

    def test_is_no_json(self) -> None:
        found = subjects({"role": "openid-configuration", "body": "half {"}, {"role": "jwks", "body": "half {"})
        assert kinds(found) == ["endpoint", "(issuer)", "endpoint", "key_set"]

    def test_is_none_at_all_where_the_server_says_so_of_both(self) -> None:
        """A firewall's 403 at one of the two places leaves it open."""
        absent, refused = {**MISSING, "role": "openid-configuration"}, {**MISSING, "status": 403}
        for documents, expected in (((absent, MISSING), True), ((absent, refused), None), ((OPENID, MISSING), False)):
            about = [each.about for each in subjects(*documents) if isinstance(each.about, Endpoint)]
            assert {each.fetched.has_no_metadata for each in about} == {expected}

    def test_is_a_page(self) -> None:
        """A firewall's page says nothing of the keys: nobody could look at them."""
        found = subjects({"role": "openid-configuration", "body": "<html>"}, {"role": "jwks", "body": "\ufeff <html>"})
        assert kinds(found) == ["endpoint", "(issuer)", "endpoint", "(key_set)"]
        assert {each.unreached for each in found if each.unreached} == {"the answer is a web page"}

    def test_an_issuer_that_was_not_asked_is_not_reached(self) -> None:
        """A collection that was interrupted leaves such ones in its bundle."""
        assert kinds(subjects()) == ["(issuer)", "(key_set)"]


class TestASetThatConfigurationNamesByItsUrl:
    def test_is_no_guess_and_missed_where_it_does_not_come(self) -> None:
        """It was dropped like a URL that was tried in vain: nothing was said of it, not even that it is not known."""
        lone = {**SET, "url": f"{ISSUER}/jwks.json"}
        assert kinds(subjects(lone, **ALONE)) == ["endpoint", "key_set", "key"]
        assert kinds(subjects({**lone, **FAILED}, **ALONE)) == ["endpoint", "(key_set)"]


class TestAUrlThatTheUserNamed:
    def test_may_be_a_key_set_itself(self) -> None:
        """Then there is no issuer to miss."""
        found = subjects(*VAIN, {**SET, "url": f"{ISSUER}/keys"}, **NAMED)
        assert kinds(found) == ["endpoint", "endpoint", "endpoint", "key_set", "key"]

    def test_was_an_issuer_where_it_is_no_key_set(self) -> None:
        found = subjects(*VAIN, {"url": f"{ISSUER}/keys", "status": 404, "body": "no"}, **NAMED)
        assert kinds(found) == ["endpoint", "(issuer)", "(key_set)", "endpoint"]


class TestWhyUnreached:
    def test_keys_that_somebody_trusts_by_their_url_alone_are_missed(self) -> None:
        """No metadata was asked for: the URL is no guess, and its failure is the issuer's."""
        url = "https://login.example.com/keys"
        failure = Failure("dns", "the name has no address")
        exchange = Exchange(issuer=url, role="jwks", url=url, started="2026-06-01T00:00:00.000Z", failure=failure)
        visit = Visit(Wanted(issuer=url, jwks_uri=url, source="followed", is_declared=False), (exchange,))
        assert explain_unreached(visit) == "the name has no address"
