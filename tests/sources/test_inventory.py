"""Which issuers the inventory asks to visit, and whose the files of its consumers are."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.config.model import Config, ConsumerEntry, IssuerEntry
from scanner.config.paths import Paths
from scanner.sources.consumers import consumer_paths, consumer_targets
from scanner.sources.exchange import Wanted
from scanner.sources.inventory import as_declared, distinct, wanted


class TestWanted:
    def test_is_each_issuer_and_each_alias(self) -> None:
        """An alias says by its own metadata where its keys are."""
        note = IssuerEntry(
            issuer="https://a.example.com", aliases=["https://b.example.com"], jwks_uri="https://k.example.com", kind="login"
        )
        assert wanted([note]) == (
            Wanted(issuer="https://a.example.com", jwks_uri="https://k.example.com", kind="login"),
            Wanted(issuer="https://b.example.com", kind="login"),
        )

    def test_is_no_retired_issuer(self) -> None:
        notes = [IssuerEntry(issuer="https://a.example.com", state="retired", aliases=["https://b.example.com"])]
        assert wanted([*notes, IssuerEntry(issuer="https://c.example.com", state="migrating")]) == (
            Wanted(issuer="https://c.example.com"),
        )

    def test_takes_a_trust_domain_for_spiffe(self) -> None:
        note = IssuerEntry(issuer="spiffe://a.example", aliases=["spiffe://b.example"], jwks_uri="https://spire.example")
        assert [(each.kind, each.jwks_uri) for each in wanted([note])] == [("spiffe", "https://spire.example")] * 2


class TestNamed:
    def test_is_judged_as_the_inventory_declares_it(self) -> None:
        note = IssuerEntry(issuer="https://a.example.com", jwks_uri="https://k.example.com")
        url = "https://a.example.com/.well-known/openid-configuration"
        named = [
            Wanted(issuer="https://a.example.com", source="named", is_declared=False, document_url=url),
            Wanted(issuer="https://b.example.com", source="named", is_declared=False),
        ]
        assert list(as_declared(named, [note])) == [
            Wanted(issuer="https://a.example.com", jwks_uri="https://k.example.com", source="named", document_url=url),
            named[1],
        ]


class TestDistinct:
    def test_prefers_what_the_inventory_says(self) -> None:
        """It knows more: kind and expected keys."""
        named = Wanted(issuer="https://a.example.com", source="named")
        listed = Wanted(issuer="https://a.example.com", kind="login")
        met = Wanted(issuer="https://b.example.com", source="followed")
        assert distinct([named, met, listed, met]) == (listed, met)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    (root / "clusters" / "prod").mkdir(parents=True)
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    return root


def config(folder: Path, *consumers: ConsumerEntry) -> Config:
    return Config(path=str(folder / ".jwksgov.yaml"), consumers=consumers)


PROD = ConsumerEntry(folder="clusters/prod", environment="production", owner="platform")


class TestConsumers:
    def test_are_the_targets_seen_from_the_working_directory(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert consumer_targets(config(repository, PROD)) == ("clusters/prod",)
        monkeypatch.chdir(repository / "clusters")
        assert consumer_targets(config(repository, PROD)) == ("prod",)

    def test_are_read_once_where_one_lies_in_another(self, repository: Path) -> None:
        """Else a report outside of a repository would tell of their files twice, under two names."""
        of = config(repository, ConsumerEntry(folder="."), PROD, ConsumerEntry(folder="clusters"))
        assert consumer_targets(of) == (".",)

    def test_give_their_files_environment_and_owner(self, repository: Path) -> None:
        notes = Paths(consumer_paths(config(repository, PROD), ["."]))
        assert notes.of("clusters/prod/gateway.yaml") == ("production", "platform")
        assert notes.of("clusters/prodigal/gateway.yaml") == (None, None)

    def test_are_found_where_names_start_at_the_target(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Outside of the working directory's repository a report names files from the folder that was named."""
        monkeypatch.chdir(repository.parent)
        of = config(repository, PROD)
        assert Paths(consumer_paths(of, ["repository"])).of("clusters/prod/a.yaml") == ("production", "platform")
        assert Paths(consumer_paths(of, ["repository/clusters/prod"])).of("a.yaml") == ("production", "platform")
        assert Paths(consumer_paths(of, ["repository/clusters/prod/a.yaml"])).of("repository/clusters/prod/a.yaml") == (
            "production",
            "platform",
        )

    def test_may_be_called_like_a_glob(self, repository: Path) -> None:
        (repository / "[old]").mkdir()
        notes = Paths(consumer_paths(config(repository, ConsumerEntry(folder="[old]", owner="nobody")), ["."]))
        assert notes.of("[old]/a.yaml") == (None, "nobody")
        assert notes.of("o/a.yaml") == (None, None)
