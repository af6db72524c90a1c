"""A collection that ends early leaves a usable bundle, and goes on where it was."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scanner.errors import BundleError, UsageError
from scanner.record import changed
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.state import state_of
from scanner.sources.bundle.writer import BundleWriter, create, resume
from scanner.sources.exchange import Exchange
from tests.sources.bundle.bundles import FINISHED, asked, exchange, exchanges, write

ROOT = Path(__file__).parents[3]
ISSUERS = 300


def collected(path: str) -> list[Exchange]:
    """All that is there, read as a judge reads it."""
    with BundleReader(path) as reader:
        return [each for visit in reader.visits() for each in visit.exchanges]


def process(target: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__).with_name("collecting.py")), target, str(ISSUERS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


class TestKilled:
    @pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.nightly)])
    @pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
    def test_at_any_moment_nothing_complete_is_lost(self, tmp_path: Path, name: str, kills: int) -> None:
        """SIGKILL after a random number of exchanges, several times in each form; then one run completes it."""
        target, choose, complete = str(tmp_path / name), random.Random(name), set[str]()
        for _ in range(kills):
            running = process(target)
            assert running.stdout is not None
            for _ in range(choose.randrange(12)):
                complete.add(running.stdout.readline().strip())
            running.send_signal(signal.SIGKILL)
            complete.update(line.strip() for line in running.stdout if line.endswith("\n"))
            running.wait()
            running.stdout.close()
            complete.discard("")
            if state_of(target) == "absent":  # killed before it had begun
                assert not complete
                continue
            found = collected(target if name == "bundle" else f"{target}.partial")
            assert complete <= {f"{each.issuer} {each.role}" for each in found}
            assert all(each in exchanges(ISSUERS) for each in found)
        last = process(target)
        last.communicate()
        assert last.returncode == 0
        assert collected(target) == exchanges(ISSUERS)

    def test_between_completing_and_packing_a_zip_is_packed_later(self, tmp_path: Path) -> None:
        """The manifest says `complete`, and the zip is not there yet."""
        target = str(tmp_path / "a.zip")
        os.rename(write(tmp_path / "folder", exchanges(3)), f"{target}.partial")
        assert state_of(target) == "interrupted"
        with resume(target, asked()) as writer:
            assert writer.find_collected("https://login-0.example.com", "jwks", "first", 0, exchange().url) == exchanges(1)[1]
            writer.finish(FINISHED)
        assert collected(target) == exchanges(3)
        assert os.listdir(tmp_path) == ["a.zip"]


class TestResumed:
    @pytest.fixture
    def begun(self, tmp_path: Path) -> Path:
        """A bundle with the first two of six exchanges."""
        with create(str(tmp_path / "bundle"), asked()) as writer:
            for each in exchanges(3)[:2]:
                writer.add(each)
            writer.interrupt()
        return tmp_path / "bundle"

    def go_on(self, folder: Path) -> list[Exchange]:
        with resume(str(folder), changed(asked(), started="2026-11-02T00:00:00Z")) as writer:
            for each in exchanges(3):
                writer.add(each)
            writer.finish(FINISHED)
        return collected(str(folder))

    def test_what_is_there_is_not_written_again(self, begun: Path) -> None:
        assert self.go_on(begun) == exchanges(3)
        assert (begun / "exchanges.jsonl").read_bytes().count(b"\n") == 6

    def test_the_manifest_says_when_it_went_on(self, begun: Path) -> None:
        self.go_on(begun)
        with BundleReader(str(begun)) as reader:
            assert (reader.manifest.started, reader.manifest.resumed) == (asked().started, ("2026-11-02T00:00:00Z",))
            assert reader.manifest.counts.exchanges == 6

    def test_a_torn_line_goes(self, begun: Path) -> None:
        with (begun / "exchanges.jsonl").open("ab") as file:
            file.write(b'{"issuer":"https://login-1.example.com","ro')
        assert self.go_on(begun) == exchanges(3)

    def test_a_line_whose_object_a_power_cut_took_is_collected_again(self, begun: Path) -> None:
        for change in (Path.unlink, lambda path: path.write_bytes(b"")):
            sha256 = exchanges(1)[0].sha256 or ""
            change(begun / "objects" / sha256[:2] / sha256)
            with resume(str(begun), asked()) as writer:
                assert writer.manifest.counts.exchanges == 1
                writer.add(exchanges(1)[0])
        assert sorted(map(repr, self.go_on(begun))) == sorted(map(repr, exchanges(3)))

    def test_objects_that_no_line_refers_to_go(self, begun: Path) -> None:
        (begun / "objects" / "00").mkdir(exist_ok=True)
        for name in ("0" * 64, "0" * 64 + ".partial", "stray"):
            (begun / "objects" / "00" / name).write_bytes(b"x")
        (begun / "manifest.jws").write_text("of another manifest")
        self.go_on(begun)
        assert list((begun / "objects" / "00").iterdir()) == []
        assert not (begun / "manifest.jws").exists()

    def test_a_damaged_line_in_the_middle_is_told_not_repaired(self, begun: Path) -> None:
        """No interruption does that."""
        data = (begun / "exchanges.jsonl").read_bytes()
        (begun / "exchanges.jsonl").write_bytes(b"x" + data[1:])
        with pytest.raises(BundleError, match="cannot be read as JSON"):
            resume(str(begun), asked())

    def test_only_for_what_it_was_begun_for(self, begun: Path) -> None:
        for other in (asked(4), asked(config_sha256="d" * 64), asked(settings={"repeat": 3})):
            with pytest.raises(UsageError, match="other issuers or under another configuration"):
                resume(str(begun), other)

    def test_from_another_folder(self, begun: Path) -> None:
        resume(str(begun), asked(config_path="../.jwksgov.yaml")).close()

    def test_nothing_begun_is_nothing_to_resume(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="nothing to resume"):
            resume(str(tmp_path / "absent"), asked())

    def test_not_while_another_process_collects(self, begun: Path) -> None:
        with resume(str(begun), asked()), pytest.raises(UsageError, match="another process"):
            resume(str(begun), asked())


class TestRefusedByTheSystem:
    @pytest.fixture
    def writer(self, tmp_path: Path) -> BundleWriter:
        return create(str(tmp_path / "bundle"), asked())

    def test_a_full_disk_is_told_and_what_was_there_stays(
        self, tmp_path: Path, writer: BundleWriter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Half a line fits; it is taken back, so that the next one begins where a line may."""
        writer.add(exchanges(3)[0])
        real, is_full = os.write, [True]

        def write(descriptor: int, data: bytes) -> int:
            if not is_full[0]:
                return real(descriptor, data)
            if len(data) < 100:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(descriptor, data[:99])

        monkeypatch.setattr(os, "write", write)
        with pytest.raises(UsageError, match="No space left on device") as caught:
            writer.add(exchange(1, body=b"short"))
        assert "--resume" in caught.value.remedy
        assert collected(str(tmp_path / "bundle")) == exchanges(3)[:1]
        is_full[0] = False
        writer.add(exchanges(3)[2])
        writer.finish(FINISHED)
        assert collected(str(tmp_path / "bundle")) == [exchanges(3)[0], exchanges(3)[2]]

    def test_a_real_limit_on_the_size_of_files(self, tmp_path: Path, writer: BundleWriter) -> None:
        """EFBIG from the system itself: a body that does not fit leaves no half object."""
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
        try:
            with pytest.raises(UsageError, match="File too large"):
                writer.add(exchange(body=b"0" * 10_000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handled)
        writer.close()
        assert collected(str(tmp_path / "bundle")) == []
        assert not [path for path in (tmp_path / "bundle" / "objects").rglob("*") if path.is_file()]

    def test_a_place_that_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        for target in (tmp_path / "file" / "bundle", Path("/proc/bundle")):
            with pytest.raises(UsageError, match="cannot write the bundle") as caught:
                create(str(target), asked())
            assert "Choose a path" in caught.value.remedy

    def test_a_zip_that_cannot_be_packed_stays_a_folder(self, tmp_path: Path) -> None:
        target = tmp_path / "a.zip"
        with create(str(target), asked()) as writer:
            writer.add(exchange())
            target.mkdir()
            with pytest.raises(UsageError, match="cannot write the bundle"):
                writer.finish(FINISHED)
        assert collected(f"{target}.partial") == [exchange()]
        target.rmdir()
        with resume(str(target), asked()) as writer:
            writer.finish(FINISHED)
        assert collected(str(target)) == [exchange()]


class TestThreads:
    def test_any_may_add(self, tmp_path: Path) -> None:
        found = exchanges(40)

        def add(part: int) -> None:
            for each in found[part::4]:
                writer.add(each)

        with create(str(tmp_path / "bundle"), asked(40)) as writer:
            parts = [threading.Thread(target=add, args=(part,)) for part in range(4)]
            for each in parts:
                each.start()
            for each in parts:
                each.join()
            writer.finish(FINISHED)
        assert sorted(map(repr, collected(str(tmp_path / "bundle")))) == sorted(map(repr, found))
