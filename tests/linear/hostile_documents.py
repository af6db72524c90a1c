"""Documents that repeat one construct as often as fits, in each format, before or behind a real binding or inside a string.

A family is a construct in one place of one format. Every example of every platform is a family as well, repeated as documents
or blocks of one file.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from scanner.files.formats import format_of
from scanner.pack.pack import Pack
from scanner.pack.platform import PlatformExample

# `%i` becomes the number of the repetition
UNITS = (
    '"', "'", "\\", '\\"', "{", "[", "(", "<", "{}", "[]", "{{", "}}", "{{ x }}", "{% x %}", "{#", "{# x #}", "${", "${a}",
    "$(a)", "%{", "%{ if x }", "@a@", "#", "# x\n", "//", "// x\n", "/*", "/* x */", "<!--", "<!-- x -->", "<a", "<a>",
    "<a>x</a>", '<a b="', '<a b="c">', "</a>", "&amp;", "&", "<![CDATA[", "<!DOCTYPE>", "<?", "@(", '@("', "\n", " ", "\t",
    " \n", "a", "a ", "a:", "a: ", "a: 1\n", "a%i: 1\n", "a=1\n", "a%i=1\n", 'a = "x"\n', "a%i = [\n", "a=", "- a\n", "- ",
    "- - ", "? ", "? a\n", "&a%i x\n", "- &a%i x\n", "- *a\n", "*a ", "|\n", ">-\n", "x%i: |\n  a\n", "<<: *a\n",
    "x = <<EOF\n", "<<EOF\n", '"""', "'''", "---\n", "---\na: 1\n", "#---\n", "a=1\n#---\n", "...\n", "%YAML 1.2\n", ";",
    "a;", "a b;\n", "a {", "a {\n", "a {}\n", "a%i {\n}\n", "}", "}\n", "]", ",", '"a":', '"a":1,', '"a%i":1,\n', '"a":{',
    '"a":[', "[1,", "!x ", "!", "%", "%x\n", "-", ".", "a.", "a%i.b.c=1\n", "a[%i]=1\n", "[a]\n", "[a%i]\nb=1\n", "[[a]]\n",
    "--a ", "--a=b ", "--a=b \\\n", "-a\n", "|", "&&", "export A%i=1\n", "A_%i=1\n", "jwksgov: ignore[",
    "#jwksgov: ignore[", "#jwksgov: ignore[a] b\n", "# jwksgov: ignore[a] b; owner=c\na%i: 1\n", "LoginModule required ",
    'LoginModule required a="b";\n', 'a="b" ', "\r", "\r\n", "\u2028", "-----BEGIN PRIVATE KEY-----\n", "-----BEGIN ",
    "kty: ", '"kty":', '"kty":"RSA",', "\\\\u0061", "\\u0061", "\\x{41}", "{a,", "{a, 1}, ", "<<\"a\">>, ", "0", "1e", "1.",
    "-1 ", "1, ", "eyJrdHki", "QUFBQUFBQUFBQUFBQUFBQQ", "\u00e9", "\x00", "true ", "null\n", "a\\\n", "a \\\n  ", "  ",
    "a: b: c", "/", "@", "`", "$", "https://example.com/", "https://example.com/%i\n", "${a:${b:", "${a:-", "YOUR_", "<a b",
    "X",
)  # fmt: skip
_BETWEEN = {"yaml": "\n---\n", "properties": "\n#---\n"}
_HOLDER = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  {name}: |\n"


class Family(NamedTuple):
    """One way to make a document of about so many characters."""

    name: str
    path: str
    make: Callable[[int], str]
    is_example: bool = False


def families(pack: Pack) -> Iterator[Family]:
    """All families, the same ones in each run."""
    for format_, example in _examples(pack):
        whole = example.text + _BETWEEN.get(format_, "\n")
        yield Family(f"{format_}: example of {example.file}, repeated", example.file, partial(repeat, whole), is_example=True)
    for name, shortest in shortest_examples(pack).items():
        for unit in UNITS:
            yield from _around(name, shortest, unit)


def shortest_examples(pack: Pack) -> dict[str, PlatformExample]:
    """For each format the shortest file with a binding."""
    found: dict[str, PlatformExample] = {}
    for format_, example in _examples(pack):
        found[format_] = min(found.get(format_, example), example, key=lambda each: len(each.text))
    return found


def _examples(pack: Pack) -> Iterator[tuple[str, PlatformExample]]:
    """Each example with a binding, and its format."""
    for platform in pack.platforms.values():
        for example in platform.examples:
            format_ = format_of(example.file, example.text.encode())
            if example.gives and format_ is not None:
                yield format_, example


def _around(format_: str, example: PlatformExample, unit: str) -> Iterator[Family]:
    """A unit behind and before a binding, and behind one in a string."""
    text = example.text.rstrip("\n") + "\n"
    yield Family(f"{format_}: binding, then {unit!r}", example.file, lambda length: text + repeat(unit, length))
    yield Family(f"{format_}: {unit!r}, then binding", example.file, lambda length: repeat(unit, length) + "\n" + text)
    head = _HOLDER.format(name=example.file.rpartition("/")[2])
    yield Family(
        f"{format_} in a string: binding, then {unit!r}",
        "a.yaml",
        lambda length: head + textwrap.indent(text + repeat(unit, length), "    "),
    )


def repeat(unit: str, length: int) -> str:
    """The unit as often as the length asks for, each with its number."""
    many = max(length // len(unit), 1)
    return "".join(unit.replace("%i", str(number)) for number in range(many)) if "%i" in unit else unit * many
