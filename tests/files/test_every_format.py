"""What holds of every reader: any bytes give trees or a reason, soon, and a position points at the value."""

from __future__ import annotations

import time
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.files.formats import format_of
from scanner.files.inside import Insides
from scanner.files.read import read
from scanner.files.tree import Format, Parsed, Unparsed
from tests.files.trees import scalars, shown

FORMATS: tuple[Format, ...] = get_args(Format)
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "consumers"

ALPHABET = "{}%[]()<>:=;,#-@\"'\\/&!| \n\tax1.$*?_é"
PIECES = st.sampled_from([
    "{{ .x }}", "{% if %}", "${a:-b}", "<a b=\"c\"", "</a>", "[[t]]", "a = ", "<<EOF\n", "EOF\n", "resource \"a\" {", "}\n",
    "@(", "<!--", "var a = ", "[for x in ", "'''", "resource a 'b@c' = ",
    "--", "-----BEGIN", "LoginModule required ", "#{", "<<\"", "\\\n", "\r\n", "\x00", "a: |\n  ", "jwksgov: ignore[r]",
])  # fmt: skip


@given(st.binary(max_size=300), st.sampled_from(FORMATS))
@settings(max_examples=600, deadline=None)
def test_any_bytes_give_trees_or_a_reason(data: bytes, format_: Format) -> None:
    assert isinstance(read(data, format_), Parsed | Unparsed)


@given(st.lists(st.one_of(st.text(alphabet=ALPHABET, max_size=12), PIECES), max_size=25).map("".join), st.sampled_from(FORMATS))
@settings(max_examples=600, deadline=None)
def test_any_mangling_gives_trees_or_a_reason(text: str, format_: Format) -> None:
    """Places stay inside the text, also of strings that are read as another format."""
    parsed = read(text.encode(), format_)
    if isinstance(parsed, Unparsed):
        return
    count = text.count("\n") + 1
    insides = Insides(parsed.text)
    for node in parsed.documents:
        for scalar in scalars(node):
            if not scalar.text:
                continue  # libyaml puts a value that is not there behind the end
            assert 1 <= scalar.line <= scalar.end_line <= count
            assert scalar.column >= 1
            for inner_format in ("yaml", "json", "properties", "flags"):
                inner = insides.read(scalar, inner_format)
                if isinstance(inner, Parsed):
                    places = [each.line for document in inner.documents for each in scalars(document) if each.text]
                    assert all(scalar.line <= line <= count for line in places)


@given(st.text(max_size=40), st.sampled_from(FORMATS))
@settings(max_examples=400, deadline=None)
def test_any_line_end_gives_places_inside_the_text(text: str, format_: Format) -> None:
    parsed = read(text.encode("utf-8", "replace"), format_)
    if isinstance(parsed, Parsed) and format_ != "yaml":  # libyaml also ends lines at U+0085, U+2028 and U+2029
        for node in parsed.documents:
            for scalar in scalars(node):
                assert scalar.line <= text.count("\n") + text.count("\r") + 1


NAMES = st.from_regex(r"[a-z][a-z_]{0,6}", fullmatch=True)
VALUES = st.from_regex(r"[a-z0-9é😀][a-zA-Z0-9.:/_é-]{0,15}[a-z0-9]", fullmatch=True)
WRITTEN: dict[Format, tuple[str, str, str]] = {
    "yaml": ("k:\n", '  {0}: "{1}"\n', ""),
    "json": ("{{\n", '  "{0}": "{1}",\n', '"end": 1}}'),
    "properties": ("# é\n", "a.{0} = {1}\n", ""),
    "hcl": ('é "b" {{\n', '  {0} = "{1}" # é\n', "}}\n"),
    "toml": ("[a.'é']\n", "  {0} = '{1}'\n", ""),
    "ini": ("[é]\n", "{0} = {1} ; é\n", ""),
    "env": ("# é\n", "export {0}='{1}' # é\n", ""),
    "xml": ("<é/><x>", '<!-- é --><{0} y="é">{1}</{0}>\n', "</x>"),
    "directives": ("server {{\n", " # é\n  {0} {1}\n", "}}\n"),
    "nginx": ("server {{\n", " # é\n  {0} {1};\n", "}}\n"),
    "erlang": ('[{{é, "é"}}', ',\n  {{{0}, "{1}"}}', "].\n".replace("é", "e")),
    "flags": ("run \\\n", '  --{0}="{1}"\\\n', "  --last"),
    "bicep": ("var k = {{\n", "  {0}: '{1}' // é\n", "}}\n"),
    "jaas": ("x.OLoginModule required\n", ' {0}="{1}" é="é"\n', ";"),
    "python": ("é = f(\n", '  {0}="{1}",  # é\n', ")\n"),
    "javascript": ("é({{\n", '  {0}: "{1}", // é\n', "}});\n"),
    "ruby": ("é = [{{ a: 'é',\n", '  {0}: "{1}", # é\n', "}}]\n"),
    "hocon": ('é."b" {{\n', '  {0} = "{1}" # é\n', "}}\n"),
}


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=6), st.sampled_from(FORMATS))
@settings(max_examples=250, deadline=None)
def test_a_position_points_at_the_value(data: dict[str, str], format_: Format) -> None:
    begin, member, end = WRITTEN[format_]
    begin = begin.replace("é, ", "e, ")  # an atom is ASCII
    text = begin.format() + "".join(member.format(*pair) for pair in data.items()) + end.format()
    parsed = read(text.encode(), format_)
    assert isinstance(parsed, Parsed), (text, parsed)
    values = [scalar for node in parsed.documents for scalar in scalars(node)]
    assert set(data.values()) <= {scalar.text for scalar in values}
    for scalar in values:
        if scalar.text and scalar.value is not True:
            assert shown(text, scalar).lstrip("\"'").startswith(scalar.text), scalar


LARGE = 200_000
HOSTILE: dict[Format, list[str]] = {
    "yaml": ["k: |\n  {{ x }}\n" * (LARGE // 20)],
    "hcl": ["{[" * LARGE, 'a = "${' * (LARGE // 8), "a=<<E\n" * (LARGE // 8), "a {\n" * LARGE, "a = f(" * LARGE,
        "x\x00" * LARGE],
    "toml": ["a." * LARGE + "b = 1", "[" * LARGE, "a = {b = " * (LARGE // 8), 'a = """' * (LARGE // 8), "é" * LARGE],
    "ini": [
        "a = [" + "\n" * LARGE, "k = [\n" * (LARGE // 8), "a" + " " * LARGE + "x", "a b " * LARGE, "a =\n" + " b\n" * LARGE,
        "a = b" + " " * LARGE + "c\n", "a\\\n" * LARGE, "[" * LARGE, "a:" * LARGE, "{{" * LARGE,
    ],
    "env": ['A="\n' * (LARGE // 4), "A='" * LARGE, 'A="' + "\\" * LARGE, "export " * LARGE, "A" * LARGE],
    "xml": [
        '<a b="@(' * (LARGE // 8), '<a b="x"y' * (LARGE // 8), "<a " + "b " * LARGE, "<" * LARGE, "<!--" * LARGE,
        "<a></b>" * (LARGE // 8),
        "<a b='" * (LARGE // 8), "<!DOCTYPE [" * (LARGE // 8), "<a/>" * (LARGE // 8), "<a " + "/ " * LARGE,
        "<a>@{" * (LARGE // 8),
    ],
    "directives": [
        "${" * LARGE, "{{" * LARGE, '"' * LARGE, "a " * LARGE + "\n", "'\\" * LARGE, "a {\n" * LARGE, "<A>\n" * LARGE,
        "a \\\n" * LARGE, "a\\\n" * LARGE, "\\" * LARGE,
    ],
    "nginx": [
        "${" * LARGE, "{{" * LARGE, "a;" * LARGE, '"' * LARGE, "a " * LARGE + ";\n", "'\\" * LARGE, "a {\n" * LARGE,
        "a \\\n" * LARGE, "a;\n" + "${x" * LARGE,
    ],
    "erlang": ["[" * LARGE, "#{" * LARGE, "<<" * LARGE, "%" * LARGE, '"a" ' * LARGE, "a. " * LARGE,
        "[" + "{a,b}," * (LARGE // 8)],
    "bicep": [
        "'${" * LARGE, "var a = " + "[" * LARGE, "var a = {\n" * (LARGE // 8), "var a = 'x\n" * (LARGE // 8), "/*" * LARGE,
        "var a = '" + "${a}" * (LARGE // 4) + "'", "var a = " + "b ? " * (LARGE // 8), "'''" * LARGE, "resource a '" * LARGE,
        "var a0 = ['x']\n" + "".join(f"var a{n} = [a{n - 1}, a{n - 1}]\n" for n in range(1, 60)),
        "var a0 = 'xxxxxxxx'\n" + "".join(f"var a{n} = '${{a{n - 1}}}${{a{n - 1}}}'\n" for n in range(1, 60)),
        "var a = " + "[for x in ['a', 'b']: " * 60 + "x" + "]" * 60, "var a = " + "a." * LARGE + "b",
    ],
    "jaas": ["a" * LARGE, "LoginModule" + " " * LARGE, "LoginModule required " + "a" * LARGE,
        'LoginModule required a="' * (LARGE // 20)],
    "flags": ["-" * LARGE, '"' * LARGE, "\\" * LARGE, "--a " * LARGE, "#" * LARGE, "\n\\\n" * LARGE, "'\"" * LARGE,
        "a=" * LARGE],
    "python": ["(" * LARGE, "a(" * LARGE, "a." * LARGE, 'f"{' * LARGE, "a+" * LARGE, "a=" * LARGE, "if a:\n" * (LARGE // 4),
        "a = b\n" * (LARGE // 4), "".join(f"a{n} = [a{n - 1}, a{n - 1}]\n" for n in range(20_000)), "x().y" * LARGE],
    "javascript": ["(" * LARGE, "a(" * LARGE, "a." * LARGE, "`${" * LARGE, "a<" * LARGE, "<a>" * LARGE, "/" * LARGE,
        '"' * LARGE, "".join(f"const a{n} = [a{n - 1}, a{n - 1}];" for n in range(20_000)), "a?b:" * LARGE, "x().y" * LARGE],
    "ruby": ["(" * LARGE, "a(" * LARGE, "a." * LARGE, '"#{' * LARGE, "x:" * (LARGE // 2), "%w[" * LARGE, "<<E\n" * (LARGE // 4),
        "do " * LARGE],
    "hocon": ["{[" * LARGE, "a." * LARGE + "b = 1", "a = [" * LARGE, 'a = """' * (LARGE // 8), 'a = """x" = 1\n' * (LARGE // 8),
        "a = ${" * LARGE, "//" * LARGE, "a = b" + " " * LARGE + "c", "include " * LARGE, '"a' * LARGE, "a {\n" * LARGE],
}  # fmt: skip


@pytest.mark.parametrize(
    ("format_", "text"),
    [pytest.param(name, text, id=f"{name}-{at}") for name, texts in HOSTILE.items() for at, text in enumerate(texts)],
)
def test_hostile_text_ends_soon(format_: Format, text: str) -> None:
    """Each would take minutes in a reader that is not linear."""
    begin = time.monotonic()
    assert isinstance(read(text.encode(), format_), Parsed | Unparsed)
    assert time.monotonic() - begin < 30  # a hang, not a budget


@pytest.mark.skipif(not CORPUS.is_dir(), reason="shared-corpora: the real configuration files are not here")
def test_every_real_file_is_read_and_every_place_holds() -> None:
    """Files of many people: each is read, and a value of one line stands where its place says."""
    wrong: list[str] = []
    for path in sorted(CORPUS.glob("*/*")):
        data = path.read_bytes()
        format_ = format_of(path.name, data)
        assert format_ is not None, path
        parsed = read(data, format_)
        assert isinstance(parsed, Parsed), (path, parsed)
        text = parsed.text
        for scalar in (scalar for node in parsed.documents for scalar in scalars(node)):
            if not scalar.text or scalar.line != scalar.end_line or scalar.text not in text:
                continue  # several lines, or escapes
            begin = shown(text, scalar)
            if not begin.startswith(scalar.text, 1 if scalar.is_quoted else 0):
                wrong.append(f"{path.parent.name}:{scalar.line}:{scalar.column} {scalar.text[:40]!r} {begin[:40]!r}")
    assert wrong == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="shared-corpora: the real configuration files are not here")
@pytest.mark.parametrize("format_", FORMATS)
def test_every_reader_survives_every_real_file(format_: Format) -> None:
    for path in sorted(CORPUS.glob("*/*")):
        assert isinstance(read(path.read_bytes(), format_), Parsed | Unparsed)
