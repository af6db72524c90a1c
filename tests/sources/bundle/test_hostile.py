"""A bundle may come from anybody: whatever is in it, the reader gives evidence or an error that names the file."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.errors import BundleError
from scanner.record import defaults_of
from scanner.sources.bundle import reader, zip_reader
from scanner.sources.bundle.format import LARGEST_LINE
from scanner.sources.bundle.lines import line_of
from scanner.sources.bundle.reader import BundleReader
from scanner.sources.exchange import Exchange, Visit
from tests.sources.bundle.bundles import asked, exchange, exchanges, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An honest bundle."""
    return Path(write(tmp_path / "bundle", exchanges(3)))


def read(path: Path | str) -> list[Visit]:
    """All that is to be had of a bundle."""
    with BundleReader(str(path)) as found:
        found.clock()
        return list(found.visits())


def error_of(path: Path | str) -> BundleError:
    """What reading all of it ends with."""
    with pytest.raises(BundleError) as caught:
        read(path)
    assert caught.value.exit_code == 3
    assert caught.value.where is not None
    return caught.value


def place_of(error: BundleError) -> str:
    return str(error.where).rpartition("/bundle/")[2]


def change_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    members = json.loads((folder / "manifest.json").read_bytes())
    change(members)
    (folder / "manifest.json").write_text(json.dumps(members))


def put_log(folder: Path, text: bytes) -> None:
    """A log that the manifest does not speak of, as in a bundle that is being collected."""
    change_manifest(folder, lambda members: members.update(state="collecting", exchanges=None, finished=None))
    (folder / "exchanges.jsonl").write_bytes(text)


def line(**changes: object) -> bytes:
    members = {"issuer": "https://login-0.example.com", "role": "jwks", "url": "u", "started": "2026-11-01T10:00:00Z"}
    return json.dumps(members | changes).encode() + b"\n"


def an_object(folder: Path) -> Path:
    return next(path for path in sorted((folder / "objects").rglob("*")) if path.is_file())


class TestManifest:
    def test_a_later_format_asks_for_a_newer_version(self, folder: Path) -> None:
        change_manifest(folder, lambda members: members.update(format="jwksgov-bundle/v2"))
        error = error_of(folder)
        assert "does not know" in error.what
        assert "newer jwksgov" in error.remedy

    @pytest.mark.parametrize(
        "changes",
        [
            {"format": "zip"},
            {"format": None},
            {"state": "finished"},
            {"state": ["complete"]},
            {"started": "yesterday"},
            {"started": None},
            {"wanted": {}},
            {"wanted": [1]},
            {"wanted": [{"issuer": 1}]},
            {"wanted": [{"issuer": "a", "is_declared": "yes"}]},
            {"wanted": [{"issuer": "a", "source": "heard"}]},
            {"counts": {"exchanges": -1, "documents": 0, "failures": 0}},
            {"counts": None},
            {"tool": {"name": "\x1b[2J", "version": "1"}},
            {"settings": []},
            {"configuration": None},
            {"exchanges": {"sha256": "no digest", "size": 1}},
            {"exchanges": None},
            {"finished": None},
            {"finished": "2026-02-31T00:00:00Z"},
        ],
    )
    def test_a_member_of_another_type_is_named(self, folder: Path, changes: dict[str, Any]) -> None:
        change_manifest(folder, lambda members: members.update(changes))
        assert place_of(error_of(folder)) == "manifest.json"

    @pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"format": NaN}', b"9" * 5000])
    def test_what_is_no_object_of_json_is_refused(self, folder: Path, data: bytes) -> None:
        (folder / "manifest.json").write_bytes(data)
        assert place_of(error_of(folder)) == "manifest.json"

    def test_none_at_all_is_no_bundle(self, folder: Path) -> None:
        os.unlink(folder / "manifest.json")
        assert "not an evidence bundle" in error_of(folder).what


class TestLog:
    @pytest.mark.parametrize(
        "text",
        [
            b"[]\n",
            b"\n",
            b'{"issuer": \n',
            line(role="key"),
            line(issuer=1),
            line(started="soon"),
            line(started="2026-02-31T00:00:00Z"),
            line(started="0000-01-01T00:00:00Z"),
            line(purpose="again and again"),
            line(headers=[["only a name"]]),
            line(headers=[[{}, "x"]], sha256="a" * 64, size=1, status=200),
            line(headers={"a": "b"}),
            line(status="200"),
            line(status=10**400),
            line(number=-1),
            line(hops=[{"url": "u"}]),
            line(failure={"sort": "whim", "because": "so"}),
            line(failure="dns"),
            line(dns="asked"),
            line(dns={"cnames": "a.example.net"}),
            line(dns={"is_dangling": 1}),
            line(dns={"caa": [["0 issue"]]}),
            line(dns={"because": None}),
            line(tls={"certificate": "../../etc/passwd"}),
            line(sha256="../" * 21 + "a", size=1),
            line(sha256="A" * 64, size=1),
            line(sha256="a" * 64),
            line(resolved=["192.0.2.1", 7]),
            line(total_ms=-1),
            line(total_ms="1"),
            line(is_revalidated=1),
            line(issuer="https://somebody-else.example.com"),
        ],
    )
    def test_a_line_that_is_no_exchange_is_named(self, folder: Path, text: bytes) -> None:
        put_log(folder, line(url="good") + text)
        assert place_of(error_of(folder)).startswith("exchanges.jsonl")

    def test_a_line_without_end_is_not_read(self, folder: Path) -> None:
        """Memory stays bounded: the reader stops at the longest line that a collection writes."""
        put_log(folder, b" " * (LARGEST_LINE + 1))
        assert "longer" in error_of(folder).what

    def test_an_issuer_with_endless_lines_is_refused(self, folder: Path) -> None:
        put_log(folder, line() * 1001)
        assert "at most 1000 lines" in error_of(folder).what

    def test_a_torn_last_line_is_dropped_while_the_bundle_is_collected(self, folder: Path) -> None:
        put_log(folder, line(url="good") + line(url="torn")[:-9])
        assert [each.url for visit in read(folder) for each in visit.exchanges] == ["good"]

    def test_a_complete_bundle_has_the_log_that_its_manifest_speaks_of(self, folder: Path) -> None:
        whole = (folder / "exchanges.jsonl").read_bytes()
        for text in (whole[:-1], whole + line(), whole.replace(b'"status":200', b'"status":201', 1), b""):
            (folder / "exchanges.jsonl").write_bytes(text)
            assert place_of(error_of(folder)).startswith("exchanges.jsonl")

    def test_a_log_that_is_gone_is_missing(self, folder: Path) -> None:
        os.unlink(folder / "exchanges.jsonl")
        assert place_of(error_of(folder)) == "exchanges.jsonl"


class TestObjects:
    @pytest.mark.parametrize("data", [b"", b"another body", b"0" * 70_000_000])
    def test_one_of_another_digest_is_named(self, folder: Path, data: bytes) -> None:
        an_object(folder).write_bytes(data)
        assert place_of(error_of(folder)) == str(an_object(folder).relative_to(folder))

    def test_one_that_is_gone_is_named(self, folder: Path) -> None:
        path = an_object(folder)
        path.unlink()
        assert place_of(error_of(folder)) == str(path.relative_to(folder))

    def test_a_body_of_another_size_than_its_line_says_is_refused(self, folder: Path) -> None:
        sha256 = exchanges(1)[0].sha256
        put_log(folder, line(sha256=sha256, size=1))
        assert "size differs" in error_of(folder).what

    def test_an_issuer_whose_documents_would_fill_the_memory_is_refused(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reader, "LARGEST_VISIT", 10)
        assert "the documents of one issuer" in error_of(folder).what

    def test_one_object_for_many_lines_is_read_once(self, folder: Path) -> None:
        first = exchanges(1)[0]
        put_log(folder, line(sha256=first.sha256, size=len(first.body or b"")) * 900)
        bodies = [each.body for visit in read(folder) for each in visit.exchanges]
        assert len(bodies) == 900
        assert all(body is bodies[0] for body in bodies)


class TestLinks:
    """A link could lead anywhere, and a pipe is waited for for ever."""

    @pytest.mark.parametrize("name", ["manifest.json", "exchanges.jsonl", "object"])
    def test_a_file_that_is_a_link_is_refused(self, folder: Path, tmp_path: Path, name: str) -> None:
        path = an_object(folder) if name == "object" else folder / name
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
        assert "it is a link" in error_of(folder).what

    @pytest.mark.parametrize("name", ["objects", "prefix"])
    def test_a_folder_that_is_a_link_is_refused(self, folder: Path, tmp_path: Path, name: str) -> None:
        path = an_object(folder).parent if name == "prefix" else folder / name
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
        assert "it is a link" in error_of(folder).what

    @pytest.mark.parametrize("name", ["manifest.json", "exchanges.jsonl", "object"])
    def test_what_is_no_ordinary_file_is_refused(self, folder: Path, name: str) -> None:
        path = an_object(folder) if name == "object" else folder / name
        path.unlink()
        os.mkfifo(path)
        assert "not a regular file" in error_of(folder).what

    def test_the_bundle_itself_may_be_a_link(self, folder: Path, tmp_path: Path) -> None:
        """Whoever names it means it: `latest` beside dated folders."""
        (tmp_path / "latest").symlink_to(folder)
        assert len(read(tmp_path / "latest")) == 3


class TestZip:
    @pytest.fixture
    def packed(self, tmp_path: Path) -> Path:
        (tmp_path / "bundle").mkdir()
        return Path(write(tmp_path / "bundle" / "it.zip", exchanges(3)))

    def rewrite(self, packed: Path, change: Callable[[zipfile.ZipFile, zipfile.ZipInfo, bytes], None]) -> None:
        with zipfile.ZipFile(packed) as old:
            found = [(member, old.read(member)) for member in old.infolist()]
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            for member, data in found:
                change(new, member, data)

    def test_a_bomb_is_not_unpacked(self, packed: Path) -> None:
        def change(archive: zipfile.ZipFile, member: zipfile.ZipInfo, data: bytes) -> None:
            archive.writestr(member, b"0" * 10_000_000 if member.filename.startswith("objects/") else data)

        self.rewrite(packed, change)
        assert "far more" in error_of(packed).what

    def test_a_bomb_that_lies_about_its_size_is_not_unpacked_either(self, packed: Path) -> None:
        data = packed.read_bytes()
        with zipfile.ZipFile(packed) as archive:
            member = next(each for each in archive.infolist() if each.filename.startswith("objects/"))
        bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = bomb.compress(b"0" * 100_000_000) + bomb.flush()
        start = member.header_offset + 30 + len(member.filename)
        packed.write_bytes(data[:start] + body[: member.compress_size] + data[start + member.compress_size :])
        error_of(packed)

    def test_two_files_of_one_name_are_refused(self, packed: Path) -> None:
        """Which of them was signed, and which is read?"""
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(packed, "a") as archive:
            archive.writestr("manifest.json", "{}")
        assert "two files of one name" in error_of(packed).what

    def test_names_that_lead_out_lead_nowhere(self, packed: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(packed, "a") as archive:
            for name in ("../out", "/etc/cron.d/out", "objects/../../out", "C:\\out"):
                archive.writestr(name, "evil")
        assert len(read(packed)) == 3
        assert sorted(os.listdir(tmp_path)) == ["bundle"]

    def test_damage_anywhere_is_an_error_or_harmless(self, packed: Path) -> None:
        """One octet changed at a time, all over the file: never another exception, never other evidence."""
        data = packed.read_bytes()
        honest = read(packed)
        for at in range(0, len(data), 7):
            packed.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
            try:
                found = read(packed)
            except BundleError:
                continue
            assert [visit.exchanges for visit in found] == [visit.exchanges for visit in honest]

    def test_a_file_before_the_beginning_is_an_error(self, packed: Path) -> None:
        """The end of the directory says that it begins further on than it does: all places move before the file."""
        data = bytearray(packed.read_bytes())
        at = data.rfind(b"PK\x05\x06") + 16
        data[at : at + 4] = (int.from_bytes(data[at : at + 4], "little") + 10_000).to_bytes(4, "little")
        packed.write_bytes(data)
        assert "there are bytes before" in error_of(packed).what

    def test_a_cut_zip_is_no_bundle(self, packed: Path) -> None:
        data = packed.read_bytes()
        for size in (0, 1, 21, 22, 100, len(data) // 2, len(data) - 1):
            packed.write_bytes(data[:size])
            error_of(packed)

    def test_a_directory_that_would_fill_the_memory_is_not_read(self, packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zip_reader, "_LARGEST_DIRECTORY", 100)
        assert "too many files" in error_of(packed).what

    def test_a_file_that_needs_a_password_is_an_error(self, packed: Path) -> None:
        data = bytearray(packed.read_bytes())
        at = data.find(b"PK\x01\x02")
        data[at + 8] |= 1
        packed.write_bytes(data)
        error_of(packed)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12) | st.sampled_from(["0" * 64]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = [*sorted(defaults_of(Exchange)), "size"]


class TestAnyOctets:
    @settings(max_examples=60, deadline=None)
    @given(data=st.binary(max_size=400), name=st.sampled_from(["manifest.json", "exchanges.jsonl"]))
    def test_give_evidence_or_an_error(self, tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
        folder = Path(write(tmp_path_factory.mktemp("any") / "bundle", [exchange()], asked(1)))
        (folder / name).write_bytes(data)
        with suppress(BundleError):
            read(folder)

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(name=st.sampled_from(NAMES), value=anything, is_inside=st.booleans())
    def test_any_member_of_any_type_gives_evidence_or_an_error(
        self, tmp_path_factory: pytest.TempPathFactory, name: str, value: object, is_inside: bool
    ) -> None:
        folder = tmp_path_factory.getbasetemp() / "members"
        if not folder.exists():
            write(folder, [exchange()], asked(1))
        written = json.loads(line_of(exchange()))
        inside = written.get(name)
        if is_inside and isinstance(inside, dict):
            inside[next(iter(inside))] = value
        else:
            written[name] = value
        put_log(folder, json.dumps(written).encode() + b"\n")
        with suppress(BundleError):
            read(folder)
