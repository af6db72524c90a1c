"""The format of a `.conf`, `.cfg` or `.config`: web servers, brokers and proxies share these endings."""

from __future__ import annotations

import re

from scanner.files.tree import Format
from scanner.patterns import lazy_pattern

_REMARKS = lazy_pattern(rb"(?:\s|[%#;][^\n]*(?:\n|$))*+")
_JAAS = lazy_pattern(rb"LoginModule[\s\\]+(?:required|requisite|sufficient|optional)\b", re.IGNORECASE)
_YAML = lazy_pattern(rb"---\s|[\w.-]+:(?:\s|$)")
# an opened block or a closed directive, a tag of Apache, a section of HAProxy
_DIRECTIVES = lazy_pattern(
    rb"^[ \t]*(?:[^\s#=\[][^#=\n]*\{[ \t]*(?:#.*)?$|[a-z_]+[ \t][^#\n]*;[ \t]*(?:#.*)?$|<[A-Z]\w*[ >]"
    rb"|(?:global|defaults|(?:frontend|backend|listen)[ \t]+\S+)[ \t]*$)",
    re.MULTILINE,
)
_SEMICOLON = lazy_pattern(rb"^[ \t]*[a-z_]+[ \t][^#\n]*;[ \t]*(?:#.*)?$", re.MULTILINE)
# SPIRE's server.conf is HCL
_QUOTED_PAIR = lazy_pattern(rb"^[ \t]*+\w++[ \t]*+=[ \t]*+\"[^\"\n]*\"[ \t]*$", re.MULTILINE)
_PAIR = lazy_pattern(rb"^[ \t]*+[^\s=#;]++[ \t]*+=|^[ \t]*\[[^\]\n]+\][ \t]*$", re.MULTILINE)


def guess_format(head: bytes) -> Format:
    """The format by the beginning of the file; lines of no other format are directives."""
    head = head.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf")
    start = _skip_remarks(head)
    if start.startswith((b"[", b"{")) and re.match(rb"[\[{][\s%]*[\[{#]|\[\s*%", start):
        return "erlang"
    if re.match(rb"<[?!a-z]", start):  # Apache's tags are capital
        return "xml"
    if start.startswith(b"{") and start[:2] != b"{{":
        return "json" if re.match(rb'\{\s*["}]', start) else "directives"
    if _JAAS.search(head):
        return "jaas"
    if _DIRECTIVES.search(head):
        return "hcl" if _QUOTED_PAIR.search(head) and not _SEMICOLON.search(head) else "directives"
    if _PAIR.search(head):
        return "ini"
    return "yaml" if _YAML.match(start) else "directives"


def _skip_remarks(head: bytes) -> bytes:
    found = _REMARKS.match(head)
    return head[found.end() :] if found else head
