"""Every byte of a zip belongs to a member, to the directory or to its end: nothing rides along that no digest covers."""

from __future__ import annotations

import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from scanner.errors import BundleError
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.verify import verify
from tests.sources.bundle.bundles import exchanges, write

STOWAWAY = b"#!/bin/sh\necho hello\n"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    return Path(write(tmp_path / "it.zip", exchanges(3)))


def refused(path: Path) -> str:
    """Why nothing of the zip is judged and `verify` calls it changed."""
    with pytest.raises(BundleError) as caught:
        BundleReader(str(path))
    (problem,) = verify(str(path), None).problems
    assert problem.because == caught.value.what
    return problem.because


def parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Members, directory, end."""
    size, start = struct.unpack("<2L", data[-10:-2])
    return data[:start], data[start : start + size], data[-22:]


def ending(directory: bytes, start: int, count: int, comment: bytes = b"") -> bytes:
    return directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), start, len(comment)) + comment


def moved(directory: bytes, by: int, beyond: int = -1) -> bytes:
    """The directory with the places of the members that begin behind `beyond` moved."""
    made, at = b"", 0
    while at < len(directory):
        end = at + 46 + struct.unpack_from("<H", directory, at + 28)[0]
        place = struct.unpack_from("<L", directory, at + 42)[0]
        made += directory[at : at + 42] + struct.pack("<L", place + (by if place > beyond else 0)) + directory[at + 46 : end]
        at = end
    return made


def before(data: bytes) -> bytes:
    return STOWAWAY + data


def before_and_moved(data: bytes) -> bytes:
    members, directory, end = parts(data)
    size = len(STOWAWAY)
    return STOWAWAY + members + ending(moved(directory, size), len(members) + size, struct.unpack_from("<H", end, 8)[0])


def between_members(data: bytes) -> bytes:
    members, directory, end = parts(data)
    second = members.index(b"PK\3\4", 4)
    made = members[:second] + STOWAWAY + members[second:]
    return made + ending(moved(directory, len(STOWAWAY), 0), len(made), struct.unpack_from("<H", end, 8)[0])


def before_the_directory(data: bytes) -> bytes:
    members, directory, end = parts(data)
    return members + STOWAWAY + ending(directory, len(members + STOWAWAY), struct.unpack_from("<H", end, 8)[0])


def before_the_end(data: bytes) -> bytes:
    return data[:-22] + STOWAWAY + data[-22:]


def behind(data: bytes) -> bytes:
    return data + STOWAWAY


def in_a_comment(data: bytes) -> bytes:
    return data[:-2] + struct.pack("<H", len(STOWAWAY)) + STOWAWAY


def a_second_end(data: bytes) -> bytes:
    return data + data[-22:]


def a_second_directory(data: bytes) -> bytes:
    members, directory, end = parts(data)
    return members + directory + ending(directory, len(members + directory), struct.unpack_from("<H", end, 8)[0])


def by_the_library(change: Callable[[zipfile.ZipFile, zipfile.ZipInfo], None]) -> Callable[[bytes], bytes]:
    def apply(data: bytes) -> bytes:
        Path("old.zip").write_bytes(data)
        with zipfile.ZipFile("old.zip") as old, zipfile.ZipFile("new.zip", "w") as new:
            for member in old.infolist():
                content = old.read(member)
                change(new, member)
                new.writestr(member, content)
        return Path("new.zip").read_bytes()

    return apply


def extra_field(_: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    member.extra = struct.pack("<2H", 0x5455, len(STOWAWAY)) + STOWAWAY


def needless_sizes(_: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    member.extra = struct.pack("<2H3Q", 1, 24, 0, 0, 0)


def member_comment(_: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    member.comment = STOWAWAY


def folder_with_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if member.filename == "manifest.json":
        archive.writestr("objects/", STOWAWAY)


def unseekable(data: bytes) -> bytes:
    """Packed into a pipe: sizes and checksums come behind the members (data descriptors)."""

    class Pipe:
        made = b""

        def write(self, piece: bytes) -> int:
            self.made += piece
            return len(piece)

        def flush(self) -> None:
            pass

    Path("old.zip").write_bytes(data)
    pipe = Pipe()
    with zipfile.ZipFile("old.zip") as old, zipfile.ZipFile(pipe, "w") as new:  # type: ignore[call-overload]
        for member in old.infolist():
            new.writestr(member, old.read(member))
    return pipe.made


STOWED = [
    before,
    before_and_moved,
    between_members,
    before_the_directory,
    behind,
    in_a_comment,
    a_second_directory,
    by_the_library(extra_field),
    by_the_library(needless_sizes),
    by_the_library(member_comment),
    by_the_library(folder_with_content),
    unseekable,
]


class TestBytesThatBelongToNothing:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize("stow", STOWED)
    def test_are_refused(self, packed: Path, stow: Callable[[bytes], bytes]) -> None:
        made = stow(packed.read_bytes())
        packed.write_bytes(made)
        with zipfile.ZipFile(packed) as archive:
            assert archive.testzip() is None, "a lenient reader sees nothing"
        assert "belongs to no bundle" in refused(packed)

    @pytest.mark.parametrize("stow", [before_the_end, a_second_end])
    def test_that_make_it_unreadable_are_an_error(self, packed: Path, stow: Callable[[bytes], bytes]) -> None:
        packed.write_bytes(stow(packed.read_bytes()))
        with pytest.raises(BundleError):
            BundleReader(str(packed))
        with pytest.raises(BundleError):
            verify(str(packed), None)

    @pytest.mark.parametrize("seed", range(60))
    def test_are_refused_wherever_they_are(self, packed: Path, seed: int) -> None:
        """A byte more, anywhere."""
        rng = random.Random(seed)
        data = packed.read_bytes()
        at = rng.randrange(len(data) + 1)
        packed.write_bytes(data[:at] + rng.randbytes(1) + data[at:])
        with suppress(BundleError):  # so damaged that it is no zip
            assert verify(str(packed), None).problems
        with pytest.raises(BundleError), BundleReader(str(packed)) as reader:
            list(reader.visits())

    @pytest.mark.parametrize("name", ["manifest.json", "exchanges.jsonl", "objects/"])
    def test_behind_the_packed_data_of_a_member_are_refused(self, packed: Path, name: str) -> None:
        """The packed data says itself where it ends; the sizes may say more."""
        with zipfile.ZipFile(packed) as old, zipfile.ZipFile("new.zip", "w") as new:
            for member in old.infolist():
                content = old.read(member)
                is_chosen = member.filename.startswith(name)
                new.writestr(member, _deflated(content) + STOWAWAY if is_chosen else content, zipfile.ZIP_STORED)
                if is_chosen:
                    _pretend(new, content)
        os.replace("new.zip", packed)
        with zipfile.ZipFile(packed) as archive:
            assert archive.testzip() is None
        try:
            assert any(problem.file.startswith(name) for problem in verify(str(packed), None).problems)
        except BundleError as error:  # without a manifest nothing else can be checked
            assert name == "manifest.json"
            assert "cannot be decompressed" in error.what  # noqa: PT017
        with pytest.raises(BundleError), BundleReader(str(packed)) as reader:
            list(reader.visits())


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _pretend(archive: zipfile.ZipFile, content: bytes) -> None:
    """Have the member that was stored last be one that unpacks to `content`."""
    member = archive.infolist()[-1]
    member.compress_type, member.file_size, member.CRC = zipfile.ZIP_DEFLATED, len(content), zlib.crc32(content)
    assert archive.fp is not None
    archive.fp.seek(member.header_offset)
    archive.fp.write(member.FileHeader())
    archive.fp.seek(0, os.SEEK_END)


class TestZipsThatAreRead:
    def test_our_own(self, packed: Path) -> None:
        assert verify(str(packed), None).problems == ()

    def test_with_other_dates_and_modes_and_with_folders(self, packed: Path, tmp_path: Path) -> None:
        """As `shutil.make_archive` packs the folder of a bundle."""
        again = tmp_path / "again.zip"
        with zipfile.ZipFile(packed) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
            new.mkdir("objects")
            for name in old.namelist():
                new.writestr(name, old.read(name))
        assert verify(str(again), None).problems == ()
