"""Source code as a tree: what is assigned, what is called, and what only the running program knows."""

from __future__ import annotations

import pytest

from scanner.files import syntax
from scanner.files.formats import format_of, is_code, is_other_code, may_hold
from scanner.files.limits import LARGEST_CODE
from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Node, Scalar, Sequence, Unparsed
from tests.files.trees import at, tree


def call(node: Node, name: str) -> Mapping:
    """The first call of that name."""
    assert isinstance(node, Mapping)
    calls = node.get("()")
    assert isinstance(calls, Sequence)
    return next(each for each in calls.items if isinstance(each, Mapping) and at(each, "#call").text == name)


def names(node: Node) -> list[str]:
    """What is called, in order."""
    calls = node.get("()") if isinstance(node, Mapping) else None
    return [at(each, "#call").text for each in calls.items] if isinstance(calls, Sequence) else []


class TestAssignments:
    @pytest.mark.parametrize(
        ("format_", "text", "path"),
        [
            ("python", 'A = {"B": "x"}', ("A", "B")),
            ("python", 'A: dict = dict(B="x")', ("A", "B")),
            ("python", 'def f(app):\n    app.config["B"] = "x"', ("app", "config", "B")),
            ("python", 'class A(Base):\n    B = "x"', ("A", "B")),
            ("python", 'A = {}\nA["B"] = "x"', ("A", "B")),
            ("python", "if DEBUG:\n    A = 'x'", ("A",)),
            ("javascript", "export const A = { B: 'x' } as const;", ("A", "B")),
            ("javascript", "module.exports = { B: `x` }", ("module", "exports", "B")),
            ("javascript", "export default { B: 'x' } satisfies C", ("default", "B")),
            ("javascript", "class A { static readonly B: string = 'x' }", ("A", "B")),
            ("ruby", "a['B'] = 'x'", ("a", "B")),
            ("ruby", "a.b = :x", ("a", "b")),
            ("ruby", "A = { 'B' => 'x', c: 1 }.freeze", ("A", "B")),
        ],
    )
    def test_are_members_by_name(self, format_: Format, text: str, path: tuple[str, ...]) -> None:
        assert at(tree(text, format_), *path).text == "x"

    def test_a_functions_own_names_are_no_settings(self) -> None:
        for text, format_ in (("def f():\n    A = 1", "python"), ("function f() { const A = 1 }", "javascript")):
            assert tree(text, format_) == Mapping((), 1, 1, text.count("\n") + 1)  # type: ignore[arg-type]

    def test_two_values_of_a_name_are_a_list(self) -> None:
        node = tree('if X:\n    A = "a"\nelse:\n    A = "b"\n', "python")
        assert [at(node, "A", 0).text, at(node, "A", 1).text] == ["a", "b"]


class TestCalls:
    @pytest.mark.parametrize(
        ("format_", "text", "name"),
        [
            ("python", "import jwt\njwt.decode(1)", "jwt.decode"),
            ("python", "import jwt as j\nj.decode(1)", "jwt.decode"),
            ("python", "from jwt import decode as d\nd(1)", "jwt.decode"),
            ("python", "from a import C\nc = C()\ndef f():\n    c.get(1)", "a.C().get"),
            ("python", "from a import C\nclass D(C):\n    def __init__(self):\n        super().__init__(1)", "a.C"),
            ("python", "from a import C\nclass D:\n    def f(self):\n        self.c = C(1)\n        self.c.g()", "a.C().g"),
            ("javascript", "import c from 'm'; c(1)", "m"),
            ("javascript", "import { a as b } from 'm'; b(1)", "m.a"),
            ("javascript", "import * as c from 'm'; new c.D(1)", "m.D"),
            ("javascript", "import c = require('m'); c.a(1)", "m.a"),
            ("javascript", "const { a: b } = require('m'); b(1)", "m.a"),
            ("javascript", "const A = require('m').A; new A(1)", "m.A"),
            ("javascript", "const m = await import('m'); m.a(1)", "m.a"),
            ("javascript", "import { S } from 'm'; class T extends P(S) { constructor() { super({}) } }", "m.S"),
            ("javascript", "import { a } from 'm'; class T { #k = a(); f() { this.#k.g() } }", "m.a().g"),
            ("ruby", "a.b :c, d: 1", "a.b"),
            ("ruby", "x do |p|\n  p.b(1)\nend", "p.b"),
        ],
    )
    def test_have_the_name_that_the_module_gives(self, format_: Format, text: str, name: str) -> None:
        assert name in names(tree(text, format_))

    def test_have_their_arguments_by_position_and_name(self) -> None:
        made = call(tree('f("a", *b, c=1, **d)', "python"), "f")
        assert at(made, "1").text == "a"
        assert at(made, "c").value == 1
        assert at(made, "...").is_expression

    def test_a_call_is_an_argument_as_well(self) -> None:
        node = tree("import { a, b } from 'm'; const k = a('x'); b(t, k, { c: 1 })", "javascript")
        assert at(call(node, "m.b"), "2", "#call").text == "m.a"
        assert at(call(node, "m.b"), "2", "1").text == "x"
        assert at(call(node, "m.b"), "3", "c").value == 1

    def test_a_call_has_the_call_whose_result_it_belongs_to(self) -> None:
        node = tree('A = open("a").read()\nB = f(x, "y")\n', "python")
        assert at(node, "A", "#of", "1").text == "a"
        assert at(node, "B", "#open", 0).text == "1"

    def test_comments_and_texts_call_nothing(self) -> None:
        assert names(tree('# f(1)\n"""f(1)"""\n', "python")) == []
        assert names(tree("// f(1)\n/* f(1) */ `f(1)`", "javascript")) == []
        assert names(tree("# f(1)\n=begin\nf(1)\n=end\n", "ruby")) == []


class TestValues:
    @pytest.mark.parametrize(
        ("format_", "text", "value"),
        [
            ("python", 'B = "b"\nA = f"a{B}c"', "abc"),
            ("python", 'B = "b"\nA = "a" + B', "ab"),
            ("python", 'A = "a" "b"', "ab"),
            ("python", r'A = "\x41\u0042\n"', "AB\n"),
            ("python", r'A = r"\n"', r"\n"),
            ("python", "A = 60 * 5 - 1", 299),
            ("python", "from datetime import timedelta\nA = timedelta(minutes=1, seconds=5)", "65s"),
            ("python", "A = None", None),
            ("javascript", "const B = 'b'; const A = `a${B}c`", "abc"),
            ("javascript", "const A = new URL('/k', 'https://a.example.com').toString()", "https://a.example.com/k"),
            ("javascript", "const A = (5 * 60 * 1_000) as number", 300_000),
            ("javascript", "const B = { c: 'x' }; const A = B.c", "x"),
            ("javascript", "const A = 'a' || 'b'", "a"),
            ("ruby", "B = 'b'\nA = \"a#{B}\"", "ab"),
            ("ruby", "A = <<~T\n  x\nT\n", "\n  x\n"),
        ],
    )
    def test_are_known_where_the_file_says_them(self, format_: Format, text: str, value: object) -> None:
        found = at(tree(text, format_), "A")
        assert (found.value, found.is_expression) == (value, False)

    @pytest.mark.parametrize(
        ("format_", "text", "value"),
        [
            ("python", 'import os\nA = os.environ["X"]', "${X}"),
            ("python", 'import os\nA = os.getenv("X", "d")', "${X:-d}"),
            ("python", 'from os import environ as e\nA = e.get("X") or "d"', "${X:-d}"),
            ("python", 'from decouple import config\nA = config("X", default=True, cast=bool)', "${X:-true}"),
            ("python", 'import environ\nenv = environ.Env()\nA = env.str("X", default="d")', "${X:-d}"),
            ("python", "import os\nA = f\"https://{os.environ['X']}/k\"", "https://${X}/k"),
            ("python", 'from configurations import values\nA = values.Value("d", environ_name="X")', "${X:-d}"),
            ("javascript", "const A = process.env.X", "${X}"),
            ("javascript", "const A = process.env['X'] ?? 'd'", "${X:-d}"),
            ("javascript", "const { X: y = 'd' } = process.env; const A = y", "${X:-d}"),
            ("javascript", "const A = this.config.getOrThrow<string>('X')", "${X}"),
            ("ruby", "A = ENV['X'] || 'd'", "${X:-d}"),
            ("ruby", "A = ENV.fetch('X') { 'd' }", "${X:-d}"),
        ],
    )
    def test_variables_of_the_environment_have_their_default(self, format_: Format, text: str, value: str) -> None:
        assert at(tree(text, format_), "A").value == value

    @pytest.mark.parametrize(
        ("format_", "text"),
        [
            ("python", "A = f('x')"),
            ("python", "from .b import B\nA = B"),
            ("python", "B = 1\nB = 2\nA = B"),
            ("python", "A = A"),
            ("python", "A = 'x' if c else 'y'"),
            ("python", "for B in c:\n    A = B"),
            ("javascript", "const A = a ? 'x' : 'y'"),
            ("javascript", "let B = 'x'; B = 'y'; const A = B"),
            ("javascript", "const A = () => 'x'"),
            ("ruby", "A = x.y('z')"),
        ],
    )
    def test_are_open_where_only_the_running_program_knows(self, format_: Format, text: str) -> None:
        node = tree(text, format_)
        assert isinstance(node, Mapping)
        found = node.get("A")
        found = found.get("#text") if isinstance(found, Mapping) else found
        assert isinstance(found, Scalar)
        assert found.is_expression

    def test_an_open_value_tells_no_text_of_the_code(self) -> None:
        found = at(tree("const A = Buffer.from('hunter2').x", "javascript"), "A")
        assert found.is_expression
        assert "hunter2" not in found.text

    def test_a_value_with_a_name_stands_where_it_is_written(self) -> None:
        found = at(tree("A = 'x'\n\nB = A\n", "python"), "B")
        assert (found.text, found.line, found.column) == ("x", 1, 5)

    def test_members_of_another_mapping_are_its_members(self) -> None:
        node = tree("const a = { b: 1 }; const A = { ...a, ...f(), c: 2 }", "javascript")
        assert at(node, "A", "b").value == 1
        assert at(node, "A", "...").is_expression


class TestFiles:
    @pytest.mark.parametrize("name", ["a.py", "a.js", "a.mjs", "a.cjs", "a.jsx", "a.ts", "a.mts", "a.cts", "a.tsx", "a.rb"])
    def test_of_code_are_opened(self, name: str) -> None:
        assert may_hold(name)
        assert is_code(name)
        assert format_of(name, b"") in ("python", "javascript", "ruby")

    @pytest.mark.parametrize(
        "path",
        ["a/test_x.py", "x_test.py", "conftest.py", "tests/a.py", "a.spec.ts", "src/__tests__/a.ts", "b.d.ts", "a.min.js"],
    )
    def test_of_tests_and_of_programs_say_nothing(self, path: str) -> None:
        assert is_other_code(path)
        assert not is_other_code("src/latest/contest.py")

    def test_with_errors_are_read_as_far_as_they_can(self) -> None:
        assert at(tree("A = 'x'\nB = (\n", "python"), "A").text == "x"
        assert at(tree("const A = 'x'; const = {", "javascript"), "A").text == "x"

    def test_of_jsx_and_of_old_casts_are_read(self) -> None:
        assert at(tree("const b = <p a={1}>x</p>; const A = 'x'", "javascript"), "A").text == "x"
        assert at(tree("const b = <any>c; const A = 'x'", "javascript"), "A").text == "x"

    def test_have_a_limit(self) -> None:
        assert isinstance(read(b"#" * (LARGEST_CODE + 1), "python"), Unparsed)

    def test_values_of_values_do_not_multiply(self) -> None:
        text = "a0 = ['x', 'y']\n" + "".join(f"a{n} = [a{n - 1}, a{n - 1}]\n" for n in range(1, 60))
        assert isinstance(tree(text, "python"), Mapping)


class TestTheGrammar:
    def test_that_takes_too_long_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Ruby's time for such a text grows with the cube of its length, and C code is not interrupted."""
        monkeypatch.setattr(syntax, "GRAMMAR_SECONDS", 0.2)
        parsed = read(b"<!--" * 20_000, "ruby")
        assert isinstance(parsed, Unparsed)
        assert "its grammar takes more than" in parsed.because
