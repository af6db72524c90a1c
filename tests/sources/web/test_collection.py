"""Many issuers side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scanner.errors import UsageError
from scanner.sources.exchange import Exchange, Wanted
from scanner.sources.web.collection import collect
from tests.servers.issuers import ordinary_issuer
from tests.servers.lab import Lab
from tests.sources.web.gathering import gather, unchanged


class TestCollection:
    def test_visits_every_issuer_whatever_happens_to_one(self, lab: Lab) -> None:
        issuers = [ordinary_issuer(lab, f"i{number}").issuer for number in range(6)]
        gathered = gather(lab, "https://unknown.test", *issuers, "no-url", settings=lab.settings(concurrency=3))
        assert {visit.wanted.issuer for visit in gathered.visits} == {"https://unknown.test", "no-url", *issuers}
        failures = {each.issuer: each.failure.sort for each in gathered.kept if each.failure is not None}
        assert failures == {"https://unknown.test": "dns", "no-url": "bad-url"}

    def test_asks_only_for_what_an_interrupted_one_lacks(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        before = gather(lab, issuer.issuer)
        asked = len(issuer.requests)

        def known(issuer: str, role: str, purpose: str, number: int, url: str) -> Exchange | None:
            return next((each for each in before.kept if each.role == role != "jwks" and each.url == url), None)

        gathered = gather(lab, issuer.issuer, find_collected=known)
        assert len(issuer.requests) == asked + 1
        assert [each.role for each in gathered.kept] == ["jwks"]
        assert gathered.visits[0].exchanges[:2] == before.visits[0].exchanges[:2]

    def test_takes_issuers_only_as_it_gets_to_them(self, lab: Lab) -> None:
        """However many there are, a window of them is in memory."""
        taken = 0

        def endless() -> Iterator[Wanted]:
            nonlocal taken
            while True:
                taken += 1
                yield Wanted(issuer=f"https://unknown{taken}.test")

        visits = collect(endless(), lab.settings(concurrency=2), redact=unchanged, keep=lambda _: None, resolver=lab.resolve)
        next(visits)
        visits.close()  # type: ignore[attr-defined]  # a generator
        assert taken < 10

    def test_keeps_what_was_finished_when_it_is_interrupted(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)
        kept: list[Exchange] = []

        def interrupted(exchange: Exchange) -> None:
            kept.append(exchange)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(
                collect(
                    [Wanted(issuer=issuer.issuer)], lab.settings(), redact=unchanged, keep=interrupted, resolver=lab.resolve
                )
            )
        assert kept[0].role == "openid-configuration"

    def test_does_not_try_a_dead_server_for_every_tenant(self, lab: Lab) -> None:
        server = lab.serve("dead", lambda _: None)
        server.close()
        tenants = [server.url(f"/tenant{number}") for number in range(6)]
        gathered = gather(lab, *tenants, settings=lab.settings(per_host=1))
        assert [each.attempts for each in gathered.kept] == [1] * 6 + [0] * 6
        assert gathered.kept[-1].failure is not None
        assert gathered.kept[-1].failure.because == "the server did not answer 6 times in a row, so it was not asked again"

    def test_takes_private_values_out_before_anything_is_kept(self, lab: Lab) -> None:
        issuer = ordinary_issuer(lab)

        def redact(content: bytes) -> tuple[bytes | None, tuple[str, ...]]:
            return (None, ("keys[0].d",)) if b'"keys"' in content else (content, ())

        keys = gather(lab, issuer.issuer, redact=redact).only("jwks")
        assert (keys.body, keys.sha256, keys.removed) == (None, None, ("keys[0].d",))

    def test_shows_a_fault_of_ours_as_one(self, lab: Lab) -> None:
        """And visits the others."""

        def redact(content: bytes) -> tuple[bytes, tuple[str, ...]]:
            raise ZeroDivisionError("secret of the server")

        failure = gather(lab, ordinary_issuer(lab).issuer, redact=redact).only("openid-configuration").failure
        assert failure is not None
        assert "ZeroDivisionError at test_collection.py" in failure.because
        assert "secret" not in failure.because


class TestSettings:
    @pytest.mark.parametrize(
        ("changed", "what"),
        [
            ({"ca_bundle": "/nowhere.pem"}, "`/nowhere.pem` contains no certificate authorities"),
            ({"client_certificate": "/nowhere.pem"}, "`/nowhere.pem` and its key cannot be used"),
            ({"proxy": "https://proxy.test"}, "the proxy cannot be used: the URL is not http"),
            ({"proxy": "proxy.test:3128"}, "the proxy cannot be used"),
            ({"allow_private": ["a host"]}, "`collect.allow_private` contains something that is not a host"),
        ],
    )
    def test_that_cannot_be_used_are_told_before_anything_is_asked(
        self, lab: Lab, changed: dict[str, object], what: str
    ) -> None:
        with pytest.raises(UsageError, match=what.replace("(", r"\(")):
            collect([], lab.settings(**changed), redact=unchanged, keep=lambda _: None)
