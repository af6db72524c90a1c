"""The format of a file: by its name, and by its beginning where one ending is for several formats."""

from __future__ import annotations

import re

from scanner.files.tree import Format
from scanner.patterns import lazy_pattern

_ENDINGS: dict[str, Format] = {
    ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".jsonc": "json", ".jwks": "json", ".jwk": "json",
    ".properties": "properties", ".toml": "toml", ".xml": "xml", ".ini": "ini", ".service": "ini", ".env": "env",
    ".tf": "hcl", ".tfvars": "hcl", ".hcl": "hcl", ".nomad": "hcl", ".tofu": "hcl",
    ".jaas": "jaas", ".sh": "flags", ".caddyfile": "directives",
}  # fmt: skip
_NAMES: dict[str, Format] = {"caddyfile": "directives"}
# endings of several formats: the content decides
_VAGUE_ENDINGS = (".conf", ".cfg", ".cnf", ".config")
_TEMPLATE_ENDINGS = (".tmpl", ".tpl", ".j2", ".template", ".tera", ".gotmpl", ".tftpl")
# not a supported format, but a place of private keys
_KEY_ENDINGS = (".pem", ".key", ".p8", ".pk8", ".pkcs8", ".priv", ".crt", ".cer")
_ALL_ENDINGS = (*_ENDINGS, *_VAGUE_ENDINGS, *_TEMPLATE_ENDINGS, *_KEY_ENDINGS)
_LOOK = 4096  # octets
_YAML_LINE = lazy_pattern(rb"^(?:---|-\s+[\w.-]+:|[\w.-]+:)(?:\s|$)", re.MULTILINE)


def may_hold(name: str) -> bool:
    """Whether a file of that name may have a supported format: by its ending, or because it has none. `.env.production` is an
    `.env`.
    """
    lower = name.lower()
    return lower.endswith(_ALL_ENDINGS) or "." not in name or lower.startswith(".env.")


def format_of(path: str, data: bytes) -> Format | None:
    """The format by the file's name (template endings taken off), by its beginning where the name does not decide."""
    name = path.rsplit("/", 1)[-1].lower()
    is_template = name.endswith(_TEMPLATE_ENDINGS)
    if is_template:
        name = name[: name.rfind(".")]
    for ending, format_ in _ENDINGS.items():
        if name.endswith(ending):
            return format_
    if name.startswith(".env."):
        return "env"
    if name.endswith(_VAGUE_ENDINGS):
        from scanner.files.vague_formats import guess_format

        return guess_format(data[:_LOOK])
    if name in _NAMES:
        return _NAMES[name]
    return _sniff(data[:1024]) if is_template or "." not in name else None


def _sniff(head: bytes) -> Format | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    # `{{` opens a template, not an object
    if start[:1] in (b"{", b"[") and start[:2] not in (b"{{", b"{%", b"{#"):
        return "json"
    return "yaml" if _YAML_LINE.search(head) else None
