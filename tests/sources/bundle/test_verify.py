"""A bundle is checked link by link, and every file that was changed is named."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.errors import BundleError
from scanner.sources.bundle.keys import read_public_keys
from scanner.sources.bundle.signature import make_signer
from scanner.sources.bundle.verify import VerificationResult, verify
from scanner.sources.bundle.writer import create
from tests.sources.bundle.bundles import FINISHED, asked, exchange, exchanges, failure
from tests.sources.bundle.signing_keys import private_pem, public_pem, put


@pytest.fixture
def key(tmp_path: Path) -> str:
    return put(tmp_path / "public.pem", public_pem("ES256"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A signed bundle."""
    return signed(tmp_path / "bundle")


def signed(target: Path) -> Path:
    with create(str(target), asked()) as writer:
        for each in [*exchanges(2), failure(2), exchange(2, role="openid-configuration", body=None)]:
            writer.add(each)
        writer.finish(FINISHED, make_signer(put(target.parent / "private.pem", private_pem("ES256"))))
    return target


def check(path: Path, key: str | None = None) -> VerificationResult:
    return verify(str(path), read_public_keys(key) if key else None)


def named(found: VerificationResult) -> set[str]:
    return {problem.file for problem in found.problems}


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class TestUnchanged:
    def test_with_the_key_that_signed(self, folder: Path, key: str) -> None:
        found = check(folder, key)
        assert (found.signature_status, found.problems) == ("signed", ())
        assert found.verified_signature is not None
        assert found.verified_signature.alg == "ES256"
        assert (found.lines, found.objects) == (6, 7)

    def test_in_a_zip(self, tmp_path: Path, key: str) -> None:
        found = check(signed(tmp_path / "bundle.zip"), key)
        assert (found.signature_status, found.problems) == ("signed", ())

    def test_without_a_key_nobody_vouches_for_the_manifest(self, folder: Path) -> None:
        found = check(folder)
        assert (found.signature_status, found.has_signature, found.problems) == ("not checked", True, ())

    def test_an_unsigned_bundle_is_not_signed(self, folder: Path, key: str) -> None:
        os.unlink(folder / "manifest.jws")
        assert check(folder, key).signature_status == "not signed"

    def test_an_interrupted_collection_may_have_left_something(self, tmp_path: Path) -> None:
        """Objects without a line, a torn line: what is whole is checked."""
        with create(str(tmp_path / "bundle"), asked()) as writer:
            writer.add(exchange())
            writer.interrupt()
        (tmp_path / "bundle" / "objects" / "00").mkdir(exist_ok=True)
        (tmp_path / "bundle" / "objects" / "00" / ("0" * 64)).write_bytes(b"")
        with (tmp_path / "bundle" / "exchanges.jsonl").open("ab") as file:
            file.write(b'{"torn')
        found = check(tmp_path / "bundle")
        assert (found.problems, found.lines) == ((), 1)
        assert found.manifest is not None
        assert found.manifest.state == "interrupted"


class TestChanged:
    @pytest.mark.parametrize("at", [0, 0.5, 1])
    def test_one_bit_anywhere_names_its_file(self, folder: Path, key: str, at: float) -> None:
        for name in files(folder):
            data = (folder / name).read_bytes()
            index = round(at * (len(data) - 1))
            (folder / name).write_bytes(data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
            found = named(check(folder, key))
            (folder / name).write_bytes(data)
            assert any(name in each for each in found), name
        assert check(folder, key).problems == ()

    def test_every_octet_of_the_manifest_is_under_the_signature(self, folder: Path, key: str) -> None:
        data = (folder / "manifest.json").read_bytes()
        for index in range(0, len(data), 3):
            (folder / "manifest.json").write_bytes(data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
            assert "manifest.json or manifest.jws" in named(check(folder, key))

    def test_every_octet_of_the_log_is_under_its_digest(self, folder: Path) -> None:
        """Without any key."""
        data = (folder / "exchanges.jsonl").read_bytes()
        for index in range(0, len(data), 11):
            (folder / "exchanges.jsonl").write_bytes(data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
            assert "exchanges.jsonl" in named(check(folder))

    def test_all_of_several_files_are_named(self, folder: Path) -> None:
        names = [name for name in files(folder) if name.startswith("objects/")]
        for name in names:
            (folder / name).write_bytes(b"other")
        assert named(check(folder)) == set(names)

    @pytest.mark.parametrize("remove", [os.unlink, lambda path: Path(path).rename(f"{path}.moved")])
    def test_what_is_missing_is_named(self, folder: Path, remove: Callable[[Path], object]) -> None:
        for name in [*(name for name in files(folder) if name.startswith("objects/")), "exchanges.jsonl"]:
            remove(folder / name)
            assert name in named(check(folder))

    def test_what_was_added_is_named(self, folder: Path) -> None:
        for name in ("notes.txt", f"objects/00/{'0' * 64}", "objects/stray", "objects/00/deep/er"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("")
        assert named(check(folder)) == {"notes.txt", f"objects/00/{'0' * 64}", "objects/stray", "objects/00/deep"}

    def test_a_line_that_says_another_size_is_named_with_its_object(self, folder: Path) -> None:
        path = folder / "exchanges.jsonl"
        path.write_bytes(path.read_bytes().replace(b'"size":', b'"size":9', 1))
        assert len(named(check(folder))) == 2

    def test_a_broken_line_is_named_by_its_number(self, folder: Path) -> None:
        lines = (folder / "exchanges.jsonl").read_bytes().split(b"\n")
        lines[2] = lines[2][:-5]
        (folder / "exchanges.jsonl").write_bytes(b"\n".join(lines))
        assert {"exchanges.jsonl", "exchanges.jsonl:3"} <= named(check(folder))

    def test_a_link_in_the_place_of_an_object_is_named(self, folder: Path, tmp_path: Path) -> None:
        name = next(name for name in files(folder) if name.startswith("objects/"))
        (folder / name).rename(tmp_path / "elsewhere")
        (folder / name).symlink_to(tmp_path / "elsewhere")
        assert named(check(folder)) == {name}

    def test_a_manifest_that_was_signed_and_cannot_be_read_any_more(self, folder: Path, key: str) -> None:
        (folder / "manifest.json").write_text("{")
        found = check(folder, key)
        assert named(found) == {"manifest.json", "manifest.json or manifest.jws"}
        assert found.manifest is None

    def test_whoever_rewrites_the_manifest_is_seen_with_the_key_alone(self, folder: Path, key: str) -> None:
        """The digest in manifest.json is no protection by itself, and `verify` says so."""
        path = folder / "manifest.json"
        path.write_bytes(path.read_bytes().replace(b"1.2.3", b"1.2.4"))
        assert check(folder).problems == ()
        assert check(folder, key).signature_status == "signature does not hold"

    def test_of_very_many_problems_the_first_are_named(self, folder: Path) -> None:
        with (folder / "exchanges.jsonl").open("ab") as file:
            file.write(b"{}\n" * 5000)
        found = check(folder)
        assert (len(found.problems), found.unnamed) == (1000, 4001)

    def test_a_damaged_member_of_a_zip_is_named(self, tmp_path: Path, key: str) -> None:
        path = signed(tmp_path / "bundle.zip")
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        whole = path.read_bytes()
        for member in members:
            at = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
            try:
                assert any(member.filename in each for each in named(check(path, key))), member.filename
            except BundleError as error:  # the manifest itself cannot be unpacked
                assert member.filename in str(error.where)  # noqa: PT017


class TestUnreadable:
    def test_what_is_no_bundle(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("words")
        for name in ("absent", "file", "."):
            with pytest.raises(BundleError):
                check(tmp_path / name)

    def test_without_a_key_a_manifest_that_cannot_be_read_is_no_bundle(self, folder: Path) -> None:
        (folder / "manifest.json").write_text("{")
        with pytest.raises(BundleError):
            check(folder)
