"""Whatever creates, changes, renames or removes a file does it in `scanner/files/write.py`, but for the places named here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import scanner

ROOT = Path(scanner.__file__).parent
WRITER = "files/write.py"
# place: why it need not be the writer
REASONED = {
    "commands/streams.py:os.dup2": "standard output, once nobody reads it, leads to the null device",
    "config/load.py:os.open": "reads; its flags are computed",
    "sources/tracked/tracked.py:os.open": "reads; its flags are computed",
    "sources/bundle/folder.py:os.open": "reads; its flags are computed",
    "sources/bundle/repair.py:os.unlink": "removes what a killed collection left in a bundle; a link is removed, not followed",
    "sources/bundle/writer.py:os.ftruncate": "takes half a line back from the log, by the writer's descriptor",
    "sources/ignored/tree.py:os.open": "reads; its flags are computed",
    "sources/bundle/zip_reader.py:tempfile.TemporaryFile": "a file without a name, which the system's folder holds",
    "sources/bundle/zip_writer.py:open": "a descriptor that the writer gave",
    "sources/bundle/zip_writer.py:zipfile.ZipFile": "over that descriptor",
    "sources/bundle/zip_writer.py:archive.open": "a member of that zip",
    "sources/bundle/zip_writer.py:shutil.copyfileobj": "into that member",
    "sources/bundle/zip_writer.py:shutil.rmtree": "removes the folder that is packed now; `rmtree` follows no link",
    "commands/output.py:open": "a descriptor that the writer gave, or that of a stream",
    "sources/programs.py:tempfile.TemporaryDirectory": "a new folder of this process, for the copy that `--render` gives away",
    "sources/programs.py:os.makedirs": "in that folder",
    "sources/programs.py:open": "a new file in that folder",
    "workers.py:os.fdopen": "a pipe to the process that started this one",
}
_MODES = frozenset("wax+")
_OPENERS = ("open", "fdopen", "ZipFile", "FileIO")
_NO_WRITE_FLAGS = frozenset({"O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC", "O_DIRECTORY"})
# of `os`, all that changes what is on the disk
_OS = re.compile(
    r"l?chmod|[fl]?chown|fchmod|creat|dup2|f?truncate|link|symlink|makedirs|mkdir|mkfifo|mknod|pwritev?|remove|removedirs|"
    r"renames?|replace|rmdir|unlink|utime|copy_file_range|sendfile|splice|setxattr"
)
_METHODS = re.compile(
    r"write_text|write_bytes|touch|mkdir|symlink_to|hardlink_to|rmdir|unlink|rename|chmod|extract|extractall|mkstemp|mkdtemp|"
    r"writestr"
)
_MODULES = frozenset({"shutil", "tempfile", "sqlite3", "dbm", "shelve", "tarfile", "gzip", "bz2", "lzma", "mmap"})
# what these modules have that changes nothing
_HARMLESS = frozenset({"gzip.decompress", "bz2.decompress", "lzma.decompress", "shutil.get_terminal_size", "shutil.which"})


def writes_in(code: str) -> Iterator[tuple[int, str]]:
    """Line and call of each place that may write."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if _may_write(called, node):
                yield node.lineno, called
        elif isinstance(node, ast.ImportFrom) and node.module in {*_MODULES, "os", "zipfile", "pathlib", "io"}:
            names = {alias.name for alias in node.names}
            if node.module in _MODULES or any(_OS.fullmatch(name) or name in _OPENERS for name in names):
                yield node.lineno, f"from {node.module} import"


def _may_write(called: str, node: ast.Call) -> bool:
    first, _, last = called.rpartition(".")
    if called == "os.open":
        return ast.unparse(node.args[0]) != "os.devnull" and not _only_reads(node)
    if first == "os" and _OS.fullmatch(last):
        return True
    if first in _MODULES:
        return called not in _HARMLESS
    if last in _OPENERS:
        return _has_writing_mode(node)
    return bool(first and _METHODS.fullmatch(last))


def _only_reads(node: ast.Call) -> bool:
    """Whether the flags are written out here, or in an assignment that is looked at likewise, and none of them writes."""
    names = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr.startswith("O_")}
    names |= {str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant) and str(each.value).startswith("O_")}
    return bool(names) and names <= _NO_WRITE_FLAGS


def _has_writing_mode(node: ast.Call) -> bool:
    """Whether a mode that writes is given. `Path(p).open` has it first, all others second."""
    given = [word.value for word in node.keywords if word.arg == "mode"]
    given += node.args[:2] if isinstance(node.func, ast.Attribute) else node.args[1:2]
    texts = [each.value for each in given if isinstance(each, ast.Constant)]
    return any(isinstance(text, str) and len(text) <= 4 and _MODES & set(text) for text in texts)


def places() -> list[str]:
    return sorted(
        f"{path.relative_to(ROOT).as_posix()}:{called}"
        for path in ROOT.rglob("*.py")
        for _, called in writes_in(path.read_text(encoding="utf-8"))
    )


class TestEveryPlaceThatWrites:
    def test_is_the_writer_or_has_a_reason(self) -> None:
        others = sorted({place for place in places() if not place.startswith(f"{WRITER}:")})
        assert others == sorted(REASONED), "write files with scanner.files.write.replace_file, or give the reason here"

    def test_of_the_writer_is_seen(self) -> None:
        found = {place.partition(":")[2] for place in places() if place.startswith(f"{WRITER}:")}
        assert found == {"os.open", "os.fchmod", "os.replace", "os.unlink", "os.makedirs"}


class TestTheSearch:
    @pytest.mark.parametrize(
        "code",
        [
            "open(p, 'w')",
            "open(p, mode='ab')",
            "open(p, 'r+')",
            "open(p, 'xt')",
            "io.open(p, 'w')",
            "Path(p).open('w')",
            "os.open(p, os.O_CREAT | os.O_WRONLY)",
            "os.open(p, flags)",
            "os.open(p, os.O_RDWR)",
            "os.fdopen(d, 'wb')",
            "os.rename(a, b)",
            "os.link(a, b)",
            "os.mkfifo(a)",
            "Path(p).write_text('')",
            "Path(p).touch()",
            "path.rename(other)",
            "shutil.copy(a, b)",
            "shutil.move(a, b)",
            "tempfile.mkstemp()",
            "tempfile.NamedTemporaryFile()",
            "zipfile.ZipFile(p, 'a')",
            "archive.extractall()",
            "sqlite3.connect(p)",
            "gzip.open(p, 'w')",
            "from shutil import copy",
            "from os import replace",
            "from tempfile import mkdtemp",
        ],
    )
    def test_sees(self, code: str) -> None:
        assert list(writes_in(code))

    @pytest.mark.parametrize(
        "code",
        [
            "open(p)",
            "open(p, 'rb')",
            "os.open(p, os.O_RDONLY | getattr(os, 'O_BINARY', 0))",
            "zipfile.ZipFile(p)",
            "text.replace('a', 'b')",
        ],
    )
    def test_leaves_out_what_reads(self, code: str) -> None:
        assert not list(writes_in(code))
