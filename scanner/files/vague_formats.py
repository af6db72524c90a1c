"""The formats of a file whose name does not tell: `.conf`, `.cfg` or `.config`, which web servers, brokers and proxies share, a
file without an ending (`sites-enabled/shop`), or one of an unknown ending.

The text before the first setting, however long, does not count: blanks, comments, a byte order mark. What the first lines look
like is only the likeliest format. The others follow, and which of them are tried depends on whose words the file contains.
"""

from __future__ import annotations

import re

from scanner.files.tree import Format
from scanner.patterns import lazy_pattern

# how much is looked at after the comments at the beginning, and between the lines that are not comments
_LOOK = 4096  # octets
# comments, and lines that are an action of a template
_CONTENT = lazy_pattern(rb"^(?![ \t\f]*+(?:[%#;\n]|//|--[ \t]|\{[{%#][^\n]*[}%#]\}[ \t\r]*$))[^\n]++", re.MULTILINE)
_JSON = lazy_pattern(rb"[\[{]\s*+(?:[\"'\[{\]}\d/-]|true|false|null|[A-Za-z_$][\w$]*+\s*+:|\Z)")
_JAAS = lazy_pattern(rb"LoginModule[\s\\]+(?:required|requisite|sufficient|optional)\b", re.IGNORECASE)
_YAML = lazy_pattern(rb"---\s|[\w.-]+:(?:\s|$)")
# `- kind:`, `"kind":`, `? kind`, `&a kind:`, `%YAML`
_YAML_LINE = lazy_pattern(
    rb"^(?:---|%YAML|(?:-[ \t]++|\?[ \t]++|[&!]\S*+[ \t]++)*+(?:[\w./$-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+:)(?:\s|$)|^[?&!]",
    re.MULTILINE,
)
_BLOCK = lazy_pattern(rb"^[ \t]*+[^\s#=\[][^#=\n]*\{[ \t]*(?:#.*)?$", re.MULTILINE)
# an opened block, a tag of Apache, a section of HAProxy
_DIRECTIVES = lazy_pattern(
    rb"^[ \t]*(?:[^\s#=\[][^#=\n]*\{[ \t]*(?:#.*)?$|<[A-Za-z]\w*[ >]"
    rb"|(?:global|defaults|(?:frontend|backend|listen)[ \t]+\S+)[ \t]*$)",
    re.MULTILINE,
)
# nginx ends a directive with a semicolon, on a line of its own or before a brace
_SEMICOLON = lazy_pattern(rb"^[^#;=\n]*+(?:=[^#;\n]*+)?;[ \t]*+(?:$|[#}a-z_])", re.MULTILINE)
# SPIRE's server.conf is HCL
_QUOTED_PAIR = lazy_pattern(rb"^[ \t]*+\w++[ \t]*+=[ \t]*+\"[^\"\n]*\"[ \t]*$", re.MULTILINE)
_PAIR = lazy_pattern(rb"^[ \t]*+[^\s=#;]++[ \t]*+=|^[ \t]*\[[^\]\n]+\][ \t]*$", re.MULTILINE)
_SHELL = lazy_pattern(rb"#!\S*+(?:[ \t]++\S++)*?[ \t/](?:ba|da|k|z|a)?sh\b")
_ALL: tuple[Format, ...] = (
    "directives", "nginx", "ini", "yaml", "json", "hcl", "toml", "properties", "env", "jaas", "erlang", "xml", "flags",
    "hocon",
)  # fmt: skip
# names of texts for readers, and of programs: what they quote as an example is loaded by nobody
_PROSE = (
    "readme", "licen", "copying", "notice", "author", "changelog", "changes", "contribut", "codeowners", "maintainers", "todo",
    "news", "history", "install", "makefile", "gnumakefile", "jenkinsfile", "vagrantfile", "gemfile", "rakefile", "brewfile",
    "tiltfile", "justfile", "earthfile",
)  # fmt: skip


def list_formats(name: str, data: bytes, *, is_vague: bool, is_template: bool) -> tuple[Format, ...]:
    """The formats that the text may have, the likeliest first; none where it is not text. `is_vague`: the ending is one that
    several formats have.
    """
    if b"\0" in data[:_LOOK] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ()
    content = _skip_remarks(data)
    likeliest = _guess(content) if is_vague else _sniff(content) or _guess(content)
    if name.startswith(_PROSE):
        return (likeliest,) if likeliest in ("json", "yaml") else ()
    if is_template and likeliest is None:
        return ()
    if _SHELL.match(data):
        return ("flags",)
    first = likeliest or "directives"  # lines of no other format
    return (first, *(each for each in _ALL if each != first))


def _guess(content: bytes) -> Format | None:
    """The format by the look of the first lines; None for lines of no other format."""
    start = content.lstrip()
    if start.startswith((b"[", b"{")) and re.match(rb"[\[{][\s%]*[\[{#]|\[\s*%", start):
        return "erlang"
    if re.match(rb"<[?!a-z]", start):  # Apache's tags are capital
        return "xml"
    if start.startswith(b"{") and start[:2] != b"{{":
        return "json" if re.match(rb'\{\s*["}]', start) else "directives"
    if _JAAS.search(content):
        return "jaas"
    if _QUOTED_PAIR.search(content) and _BLOCK.search(content):
        return "hcl"
    if _SEMICOLON.search(content):
        return "nginx"
    if _DIRECTIVES.search(content):
        return "directives"
    if _PAIR.search(content):
        return "ini"
    return "yaml" if _YAML.match(start) else None


def _sniff(content: bytes) -> Format | None:
    """JSON or YAML, where the text looks like it."""
    start = content.lstrip()
    # `{{` opens a template and `[name]` a section, no object and no list
    if start[:2] not in (b"{{", b"{%", b"{#") and _JSON.match(start):
        return "json"
    return "yaml" if _YAML_LINE.search(content) else None


def _skip_remarks(data: bytes) -> bytes:
    """The first lines that are not blank and no comments."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    kept: list[bytes] = []
    left = _LOOK
    for found in _CONTENT.finditer(data):
        kept.append(found[0][:left])
        left -= len(found[0])
        if left <= 0:
            break
    return b"\n".join(kept)
