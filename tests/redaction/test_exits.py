"""Nothing leaves but through the filter: every place that prints or writes is found by walking the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scanner

ROOT = Path(scanner.__file__).parent
FILTERS = frozenset({"redact", "redact_values", "redact_private"})
# functions that write through the filter themselves: the last test looks into them
FILTERED = frozenset({"write_report", "write_baseline", "line_of", "to_bytes", "_clean", "show", "tell"})
# module:function: why what it writes needs no filter
REASONED = {
    "cli.py:main": "the version of jwksgov",
    "cli.py:run": "empties the buffers of both streams",
    "commands/output.py:wants_color": "asks whether standard output is a terminal",
    "commands/output.py:write": "hands a new file to the function that fills it, which is found as a place of its own",
    "commands/progress.py:_bar": "numbers of the collection alone",
    "commands/progress.py:_can_show": "asks whether standard error is a terminal",
    "commands/streams.py:lose_output": "leads standard output to the null device",
    "commands/streams.py:prepare_streams": "puts both streams over other files",
    "pack/cache.py:write_plain": "policies and their conditions, for this machine alone",
    "renderers/html/render.py:write": "the stream that `write_report` gives it",
    "sources/bundle/files.py:write_atomically": "what BundleWriter gives it",
    "sources/bundle/folder.py:FolderBundle._open": "reads",
    "sources/bundle/repair.py:_keep_lines": "copies whole lines of the bundle",
    "sources/bundle/writer.py:BundleWriter._append": "a line that `line_of` made",
    "sources/bundle/writer.py:BundleWriter._write_object": "a certificate, or a body that `redact_private` has passed",
    "sources/bundle/zip_reader.py:_open": "reads",
    "sources/bundle/zip_writer.py:write_zip": "packs the files of the bundle",
    # what a platform would load, for the readers of evidence
    "units/application/kind.py:_make": "a made text",
    "units/compose/models.py:ModelMaker.make": "a made text",
    "units/dotnet.py:_make": "a made text",
    "units/helm/evaluate.py:_Parts.write": "a made text",
    "units/helm/evaluate.py:_Pieces.write": "a made text",
    "units/helm/strings.py:_join": "a made text",
    "units/helm/strings.py:_join_quoted": "a made text",
    "units/helm/strings.py:_print": "a made text",
    "units/helm/strings.py:_to_text": "a made text",
    "units/helm/strings.py:_with_blanks": "a made text",
    "units/helm/strings.py:_write_verb": "a made text",
    "units/helm/structures.py:_write": "a made text",
    "workers.py:_Worker.wait": "reads",
    "workers.py:_work": "a pipe to the process that started this one",
}
_WRITERS = frozenset(
    {
        "print",
        "replace_file",
        "open_to_append",
        "open_stream",
        "write_all",
        "write_atomically",
        "write_zip",
        "Console",
        "fdopen",
    }
)
_METHODS = frozenset({"write_text", "write_bytes", "writestr", "writelines"})
_WRITER = "files/write.py"


class _Places(ast.NodeVisitor):
    """The functions of a module that print or write, with what else they name."""

    def __init__(self) -> None:
        self.within: list[str] = []
        self.writing: dict[str, set[str]] = {}
        self.named: dict[str, set[str]] = {}

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._enter(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._enter(node)

    def _enter(self, node: ast.ClassDef | ast.FunctionDef) -> None:
        self.within.append(node.name)
        self.generic_visit(node)
        self.within.pop()

    def visit_Name(self, node: ast.Name) -> None:
        self.named.setdefault(self._place, set()).add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.named.setdefault(self._place, set()).add(node.attr)
        if ast.unparse(node) in ("sys.stdout", "sys.stderr"):
            self._note(ast.unparse(node))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = ast.unparse(node.func)
        last = called.rpartition(".")[2]
        if (
            called == "os.write"
            or last in _METHODS
            or (last in _WRITERS and not called.startswith("self."))
            or called == "write"
        ):
            self._note(called)
        self.generic_visit(node)

    @property
    def _place(self) -> str:
        return ".".join(self.within)

    def _note(self, what: str) -> None:
        self.writing.setdefault(self._place, set()).add(what)


def places_of(code: str) -> _Places:
    found = _Places()
    found.visit(ast.parse(code))
    return found


def unfiltered(code: str) -> Iterator[str]:
    """The functions that print or write without naming the filter."""
    found = places_of(code)
    for place in found.writing:
        if found.named.get(place, set()).isdisjoint(FILTERS | FILTERED):
            yield place


def _modules() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name != _WRITER:
            yield name, path.read_text(encoding="utf-8")


class TestEveryExit:
    def test_has_the_filter_or_a_reason(self) -> None:
        found = sorted(f"{name}:{place}" for name, code in _modules() for place in unfiltered(code))
        assert found == sorted(REASONED), "call scanner.redaction on what leaves, or give the reason here"

    def test_of_a_format_is_behind_write_report(self) -> None:
        """Renderers write to the stream that they get; nobody but `write_report` hands them one."""
        callers = [
            name
            for name, code in _modules()
            if not name.startswith("renderers/") and "scanner.renderers" in code
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scanner.renderers")
            for alias in node.names
            if alias.name == "write"
        ]
        loaders = [name for name, code in _modules() if "import_module(f" in code or 'import_module("scanner.renderers' in code]
        assert callers == []
        assert sorted(loaders) == ["cli.py", "renderers/choose.py"]

    @pytest.mark.parametrize("name", sorted(FILTERED))
    def test_that_others_rely_on_has_the_filter(self, name: str) -> None:
        defined = [
            node
            for _, code in _modules()
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        assert defined
        used = [{each.id for each in ast.walk(node) if isinstance(each, ast.Name)} for node in defined]
        assert all(not names.isdisjoint(FILTERS | {"redact_report", "_clean"}) for names in used)


class TestTheSearch:
    @pytest.mark.parametrize(
        "code",
        [
            "def f(x): print(x)",
            "import sys\ndef f(x): sys.stderr.write(x)",
            "def f(x):\n with replace_file(p) as d: os.write(d, x)",
            "def f(x): Path(p).write_text(x)",
            "def f(x): write(p, lambda file: file.write(x))",
            "class C:\n def f(self, x): write_all(self.log, x)",
            "print('at the import')",
        ],
    )
    def test_sees_an_exit_without_the_filter(self, code: str) -> None:
        assert list(unfiltered(code))

    def test_sees_the_filter(self) -> None:
        assert not list(unfiltered("def f(x): print(redact(x))"))
