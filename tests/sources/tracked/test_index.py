"""The reader of git's index says what `git ls-files` says, and nothing that is written in an index surprises it."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from scanner.sources.tracked.index_format import DamagedIndex, read_bitmap, read_index
from scanner.sources.tracked.tracked import LARGEST_INDEX, TrackedFiles
from tests.linear.growth import Growth

_NAMES = ("a", "b.yaml", "ab", "node_modules", ".venv", "\u00e9", "a b", "-", "deep" * 60, "[x]", "z")


def git(folder: Path, *words: str, given: bytes | None = None) -> bytes:
    """What git says. Its configuration is that of the test alone."""
    command = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.com", *words]
    around = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(command, input=given, capture_output=True, check=True, env=around).stdout


def make_tree(folder: Path, chance: random.Random, count: int = 60) -> None:
    """Files with such names, up to five folders deep."""
    for _ in range(count):
        path = folder.joinpath(*(chance.choice(_NAMES) for _ in range(chance.randint(1, 5))))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
        except OSError:  # a file is where a folder should be
            continue


def tracked_by_git(folder: Path, *words: str) -> set[bytes]:
    return set(git(folder, "ls-files", "-z", *words).split(b"\0")) - {b""}


def tracked_by_us(folder: Path) -> set[bytes]:
    tracked = TrackedFiles(str(folder))
    found = set()
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            if tracked.has_file(path):
                found.add(os.fsencode(os.path.relpath(path, folder)))
    assert tracked.fault is None
    return found


def is_damaged(data: bytes) -> bool:
    """Whether the bytes are refused; nothing but that may happen to them."""
    try:
        read_index(data)
    except DamagedIndex as damaged:
        return bool(damaged.because)
    return False


def without_digest(data: bytes, size: int = 20) -> bytes:
    """As `index.skipHash` writes it: so that a changed octet is not found at once."""
    return data[:-size] + bytes(size)


@pytest.fixture(params=["2-sha1", "3-sha1", "4-sha1", "2-sha256", "4-sha256"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    version, format_ = request.param.split("-")
    git(tmp_path, "init", "-q", f"--object-format={format_}")
    git(tmp_path, "config", "index.version", version)
    make_tree(tmp_path, random.Random(version + format_))
    git(tmp_path, "add", "-f", "-A")
    if version == "3":
        some = sorted(tracked_by_git(tmp_path))[::3]
        (tmp_path / "later").write_text("x")
        git(tmp_path, "add", "-N", "later")
        git(tmp_path, "update-index", "--skip-worktree", "-z", "--stdin", given=b"\0".join(some) + b"\0")
    if version == "4":
        git(tmp_path, "update-index", "--index-version=4")
    return tmp_path


class TestNames:
    def test_are_those_of_git(self, repository: Path) -> None:
        data = (repository / ".git" / "index").read_bytes()
        assert set(read_index(data).names) == tracked_by_git(repository)
        digest = 32 if b"sha256" in (repository / ".git" / "config").read_bytes() else 20
        assert set(read_index(without_digest(data, digest)).names) == tracked_by_git(repository)
        (repository / "untracked.yaml").write_text("x")
        assert tracked_by_us(repository) == tracked_by_git(repository)

    def test_of_folders_hold_what_is_below(self, repository: Path) -> None:
        tracked = TrackedFiles(str(repository))
        (repository / "empty").mkdir()
        assert not tracked.has_inside(str(repository / "empty"))
        for name in tracked_by_git(repository):
            for above in Path(os.fsdecode(name)).parents:
                assert str(above) == "." or tracked.has_inside(str(repository / above))

    def test_may_stand_in_a_split_index(self, repository: Path) -> None:
        git(repository, "config", "core.splitIndex", "true")
        git(repository, "config", "splitIndex.maxPercentChange", "100")
        git(repository, "update-index", "--split-index")
        names = sorted(tracked_by_git(repository))
        git(repository, "update-index", "--force-remove", "-z", "--stdin", given=b"\0".join(names[:3] + names[9:11]) + b"\0")
        for name in names[4:6]:
            (repository / os.fsdecode(name)).write_text("changed")
        (repository / "new.yaml").write_text("x")
        changed = b"\0".join([b"new.yaml", *names[4:6]]) + b"\0"
        git(repository, "update-index", "--add", "-z", "--stdin", given=changed)
        assert b"link" in (repository / ".git" / "index").read_bytes()
        assert tracked_by_us(repository) == tracked_by_git(repository)

    def test_may_be_folders_of_a_sparse_index(self, repository: Path) -> None:
        """What git has left out of the working tree is still tracked where something has put it back."""
        (repository / "kept" / "in").mkdir(parents=True)
        (repository / "kept" / "in" / "a.yaml").write_text("x")
        (repository / "left" / "out").mkdir(parents=True)
        (repository / "left" / "out" / "a.yaml").write_text("x")
        git(repository, "add", "-f", "-A")
        git(repository, "commit", "-q", "-m", "all")
        git(repository, "sparse-checkout", "init", "--cone", "--sparse-index")
        git(repository, "sparse-checkout", "set", "kept")
        tracked = TrackedFiles(str(repository))
        assert not (repository / "left").exists()
        assert tracked.has_file(str(repository / "left" / "out" / "a.yaml"))
        assert tracked.has_inside(str(repository / "left"))
        assert tracked.has_inside(str(repository / "left" / "out"))
        assert tracked.has_file(str(repository / "kept" / "in" / "a.yaml"))
        assert not tracked.has_file(str(repository / "kept" / "in" / "b.yaml"))

    def test_of_a_worktree_and_a_submodule_are_in_the_folder_that_git_names(self, repository: Path, tmp_path: Path) -> None:
        git(repository, "commit", "-q", "-m", "all")
        git(repository, "worktree", "add", "-q", str(tmp_path / "beside"))
        assert (tmp_path / "beside" / ".git").is_file()
        assert tracked_by_us(tmp_path / "beside") - {b".git"} == tracked_by_git(tmp_path / "beside")
        git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path), "module")
        tracked = TrackedFiles(str(repository))
        assert tracked.has_inside(str(repository / "module"))
        assert tracked.is_submodule(str(repository / "module"))
        assert tracked_by_us(repository / "module") - {b".git"} == tracked_by_git(repository / "module")


class TestMissing:
    def test_in_a_new_repository_tracks_nothing(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        tracked = TrackedFiles(str(tmp_path))
        assert not tracked.has_file(str(tmp_path / "a"))
        assert not tracked.has_inside(str(tmp_path / "b"))
        assert tracked.fault is None

    @pytest.mark.parametrize("sign", ["packed-refs", "logs", "refs/heads/main"])
    def test_where_something_was_committed_is_said_and_loses_nothing(self, sign: str, tmp_path: Path) -> None:
        (tmp_path / ".git" / "refs" / "heads").mkdir(parents=True)
        (tmp_path / ".git" / sign).touch()
        tracked = TrackedFiles(str(tmp_path))
        assert tracked.has_file(str(tmp_path / "a"))
        assert tracked.has_inside(str(tmp_path / "b"))
        assert tracked.fault == "git's index cannot be read: there is none; files that git ignores are read as well"


class TestHostileIndexes:
    @pytest.mark.parametrize("what", ["fifo", "link", "folder", "large", "empty", "text"])
    def test_are_said_and_lose_nothing(self, what: str, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        index = tmp_path / ".git" / "index"
        if what == "fifo":
            os.mkfifo(index)
        elif what == "link":
            index.symlink_to("/dev/zero")
        elif what == "folder":
            index.mkdir()
        elif what == "large":
            with index.open("wb") as file:
                file.truncate(LARGEST_INDEX + 1)
        else:
            index.write_text("" if what == "empty" else "no index, but a text of some length")
        tracked = TrackedFiles(str(tmp_path))
        assert tracked.has_file(str(tmp_path / "a"))
        assert tracked.fault is not None

    @pytest.mark.parametrize("text", ["", "gitdir:", "gitdir: \0", "nothing", "gitdir: ./nowhere/\n", "gitdir: /dev\n"])
    def test_in_a_git_file_are_no_faults_of_ours(self, text: str, tmp_path: Path) -> None:
        (tmp_path / ".git").write_text(text)
        tracked = TrackedFiles(str(tmp_path))
        assert isinstance(tracked.has_file(str(tmp_path / "a")), bool)

    def test_with_a_changed_octet_are_refused_by_their_digest(self, repository: Path) -> None:
        data = bytearray((repository / ".git" / "index").read_bytes())
        for at in random.Random(1).sample(range(8, len(data)), 40):
            data[at] ^= 1
            assert is_damaged(bytes(data))
            data[at] ^= 1

    def test_may_hold_anything(self, repository: Path) -> None:
        """Any change of the octets gives names or a reason, in time and space that the size bounds."""
        chance = random.Random(2)
        digest = 32 if b"sha256" in (repository / ".git/config").read_bytes() else 20
        data = without_digest((repository / ".git" / "index").read_bytes(), digest)
        for _ in range(600):
            changed = bytearray(data)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(changed) - digest)
                match chance.randrange(4):
                    case 0:
                        changed[at] = chance.randrange(256)
                    case 1:
                        del changed[at : at + chance.randint(1, 70)]
                    case 2:
                        changed[at:at] = chance.randbytes(chance.randint(1, 8))
                    case _:
                        changed[at : at + 4] = b"\xff\xff\xff\xff"
            is_damaged(bytes(changed))
            is_damaged(bytes(changed[: chance.randrange(len(changed))]))

    def test_that_repeat_long_names_are_refused(self) -> None:
        """Version 4 makes a name of 4,000 octets from one: a few megabytes would become gigabytes."""
        entry = bytes(60) + b"\0\1"
        first, more = entry + b"\0" + b"x" * 4000 + b"\0", (entry + b"\1" + b"x\0") * 60_000
        head = b"DIRC" + (4).to_bytes(4, "big") + (60_001).to_bytes(4, "big")
        assert is_damaged(head + first + more + bytes(20))

    @pytest.mark.parametrize("unit", [bytes(60) + b"\0\1" + b"x" + bytes(9), bytes(60) + b"\0\1\0x\0"])
    def test_are_read_in_linear_time(self, unit: bytes) -> None:
        version = 2 if len(unit) % 8 == 0 else 4

        def read(text: str) -> None:
            count = max(1, len(text) // 8)
            is_damaged(b"DIRC" + version.to_bytes(4, "big") + count.to_bytes(4, "big") + unit * count + bytes(20))

        assert Growth(read).fault(lambda size: "x" * size) is None

    def test_bitmaps_are_no_larger_than_the_index(self) -> None:
        """One word may mean 270 billion ones."""
        ones = (1 | (0xFFFFFFFF << 1)).to_bytes(8, "big")
        bitmap = (1 << 31).to_bytes(4, "big") + (1).to_bytes(4, "big") + ones + bytes(4)
        assert read_bitmap(bitmap, 100) == set(range(100))
        chance = random.Random(3)
        for _ in range(500):
            data = bytearray(bitmap * 3)
            data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                assert max(read_bitmap(bytes(data), 1_000), default=0) < 1_000
            except DamagedIndex:
                continue
