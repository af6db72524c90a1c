"""What a collection writes is what a judge reads, whole and in order."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.record import changed
from scanner.sources.bundle.detection import is_bundle
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.state import state_of
from scanner.sources.bundle.writer import create, resume
from scanner.sources.exchange import Exchange
from tests.sources.bundle.bundles import FINISHED, STARTED, asked, exchange, exchanges, failure, issuer_of, write


@pytest.fixture(params=["bundle", "bundle.zip"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a bundle: a folder, and a zip."""
    return str(tmp_path / request.param)


def read(path: str) -> list[tuple[str, tuple[Exchange, ...]]]:
    with BundleReader(path) as reader:
        return [(visit.wanted.issuer, visit.exchanges) for visit in reader.visits()]


class TestRoundTrip:
    def test_every_field_of_an_exchange_comes_back(self, target: str) -> None:
        """Whatever a server said: line ends, half characters, octets that are no text."""
        found = (exchange(body=b"\xff\x00 no text"), changed(failure(1), is_through_proxy=True))
        write(target, found)
        assert read(target) == [(issuer_of(0), (found[0],)), (issuer_of(1), (found[1],)), (issuer_of(2), ())]

    def test_the_manifest_says_what_was_asked_and_how_much_came(self, target: str) -> None:
        write(target, [exchange(0), failure(1)])
        with BundleReader(target) as reader:
            manifest = reader.manifest
        assert manifest.is_for(asked())
        assert (manifest.state, manifest.started, manifest.finished) == ("complete", STARTED, FINISHED)
        assert vars(manifest.counts) == {"exchanges": 2, "documents": 1, "failures": 1}
        assert manifest.tool.version == "1.2.3"

    def test_visits_come_in_the_order_of_wanting_and_exchanges_in_that_of_time(self, target: str) -> None:
        later = exchange(0, at="2026-11-01T10:00:05.500Z")
        earlier = exchange(0, role="openid-configuration", at="2026-11-01T10:00:05Z")
        write(target, [exchange(2), later, earlier])
        assert read(target) == [(issuer_of(0), (earlier, later)), (issuer_of(1), ()), (issuer_of(2), (exchange(2),))]

    def test_the_same_evidence_gives_the_same_zip(self, tmp_path: Path) -> None:
        first = write(tmp_path / "a.zip", exchanges(3))
        second = write(tmp_path / "b.zip", exchanges(3))
        assert Path(first).read_bytes() == Path(second).read_bytes()

    def test_a_zip_leaves_no_folder_behind(self, tmp_path: Path) -> None:
        write(tmp_path / "a.zip", exchanges(3))
        assert os.listdir(tmp_path) == ["a.zip"]

    def test_a_body_that_packs_like_a_bomb_is_read_back(self, target: str) -> None:
        """A server may send five megabytes of blanks; our own bundle is not refused for it."""
        body = b" " * 5_000_000
        write(target, [exchange(body=body)])
        assert read(target)[0][1][0].body == body

    def test_one_body_is_stored_once(self, target: str) -> None:
        write(target, [exchange(0, body=b"same"), exchange(1, body=b"same")])
        with BundleReader(target) as reader:
            names = list(reader._location.names())
        assert len(names) == 2 + 1 + 2  # manifest and log, the body, two certificates


class TestClock:
    def test_a_complete_bundle_speaks_of_its_end(self, target: str) -> None:
        write(target, [exchange()])
        with BundleReader(target) as reader:
            assert reader.clock() == datetime(2026, 11, 1, 11, tzinfo=UTC)

    def test_an_unfinished_one_of_its_last_exchange(self, tmp_path: Path) -> None:
        with create(str(tmp_path / "bundle"), asked()) as writer:
            writer.add(exchange(at="2026-11-01T10:20:00Z"))
            writer.add(exchange(1, at="2026-11-01T10:19:00Z"))
            writer.interrupt()
        with BundleReader(str(tmp_path / "bundle")) as reader:
            assert reader.clock() == datetime(2026, 11, 1, 10, 20, tzinfo=UTC)
            assert reader.manifest.state == "interrupted"


class TestPrevious:
    def test_a_document_with_a_validator_is_found_by_its_url(self, target: str) -> None:
        """RFC 9110 §13.1: If-None-Match needs an ETag, If-Modified-Since a Last-Modified."""
        plain = changed(exchange(1), headers=(("content-type", "application/json"),))
        again = changed(exchange(2, purpose="again"), url=f"{issuer_of(2)}/again")
        write(target, [exchange(0), plain, again, failure(2)])
        with BundleReader(target) as reader:
            assert reader.find_previous(exchange(0).url) == exchange(0)
            assert [reader.find_previous(each.url) for each in (plain, again, failure(2))] == [None, None, None]

    def test_a_body_of_an_earlier_bundle_is_copied_in(self, tmp_path: Path) -> None:
        """A server that says 304 sends no body, and a bundle needs no other bundle to be judged."""
        old = write(tmp_path / "old", [exchange(body=b"old body")])
        with BundleReader(old) as reader:
            before = reader.find_previous(exchange().url)
        assert before is not None
        revalidated = changed(before, status=304, is_revalidated=True, wire_size=0)
        new = write(tmp_path / "new.zip", [revalidated])
        assert read(new)[0][1] == (revalidated,)
        with BundleReader(new) as reader:
            assert reader.find_previous(exchange().url) == revalidated


class TestNothingIsOverwritten:
    def test_a_complete_bundle_stays(self, target: str) -> None:
        write(target, exchanges(3))
        with pytest.raises(UsageError, match="a complete bundle exists already"):
            create(target, asked())
        with pytest.raises(UsageError, match="the bundle is complete"):
            resume(target, asked())

    def test_an_unfinished_bundle_stays(self, target: str) -> None:
        create(target, asked()).close()
        with pytest.raises(UsageError, match="is not finished") as caught:
            create(target, asked())
        assert "--resume" in caught.value.remedy

    def test_whatever_else_is_there_stays(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "thesis.txt").write_text("words")
        (tmp_path / "file.zip").write_bytes(b"PK no zip")
        (tmp_path / "file").write_text("words")
        for name in ("folder", "file.zip", "file"):
            with pytest.raises(UsageError, match="not an evidence bundle"):
                create(str(tmp_path / name), asked())

    def test_an_empty_folder_may_be_used(self, tmp_path: Path) -> None:
        write(tmp_path, exchanges(3))
        assert state_of(str(tmp_path)) == "complete"


class TestIsBundle:
    def test_bundles_of_any_version_are(self, target: str) -> None:
        write(target, [])
        assert is_bundle(target)

    def test_nothing_else_is(self, tmp_path: Path) -> None:
        (tmp_path / "manifest.json").write_text(json.dumps({"name": "a web app"}))
        with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
            archive.writestr("manifest.json", "{}")
        (tmp_path / "text").write_text('"format": "jwksgov-bundle/v1"')
        for path in (tmp_path, tmp_path / "other.zip", tmp_path / "text", tmp_path / "absent"):
            assert not is_bundle(str(path))

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "manifest.json")
        os.mkfifo(tmp_path / "pipe")
        assert not is_bundle(str(tmp_path))
        assert not is_bundle(str(tmp_path / "pipe"))


class TestManyIssuers:
    def test_a_visit_is_read_when_it_is_asked_for(self, tmp_path: Path) -> None:
        """Bodies are not held: the first visit is there although the last one's object is gone."""
        bodies = [exchange(number, body=str(number).encode() * 9) for number in range(50)]
        path = write(tmp_path / "bundle", bodies, asked(50))
        last = bodies[-1].sha256
        assert last is not None
        os.unlink(tmp_path / "bundle" / "objects" / last[:2] / last)
        with BundleReader(path) as reader:
            visits = reader.visits()
            assert [next(visits).exchanges for _ in range(49)] == [(each,) for each in bodies[:49]]

    @pytest.mark.nightly
    def test_a_zip_of_more_members_than_the_first_format_could_say(self, tmp_path: Path) -> None:
        """Zip64 begins at 65,536 members."""
        path = tmp_path / "many.zip"
        write(path, [exchange()])
        packed = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
            for member in old.infolist():
                new.writestr(member, old.read(member))
            for number in range(66_000):
                new.writestr(f"objects/00/{number:064x}", b"")
        path.write_bytes(packed.getvalue())
        assert read(str(path))[0][1] == (exchange(),)
