"""Which format a file has: by its name, and by a look at its beginning where names differ by platform."""

from __future__ import annotations

import re

from scanner.files.tree import Format

_ENDINGS: dict[str, Format] = {
    ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".jsonc": "json", ".jwks": "json", ".jwk": "json",
    ".properties": "properties", ".toml": "toml",
    ".tf": "hcl", ".tfvars": "hcl", ".hcl": "hcl", ".nomad": "hcl", ".tofu": "hcl",
}  # fmt: skip
_TEMPLATE_ENDINGS = (".tmpl", ".tpl", ".j2", ".template", ".tera", ".gotmpl", ".tftpl")
# every ending that a file of ours may have
ENDINGS = (*_ENDINGS, *_TEMPLATE_ENDINGS)
_YAML_LINE = re.compile(rb"^(?:---|-\s+[\w.-]+:|[\w.-]+:)(?:\s|$)", re.MULTILINE)


def format_of(path: str, data: bytes) -> Format | None:
    """The format by the file's name (template endings taken off), by a look at the first KiB where the name has none."""
    name = path.rsplit("/", 1)[-1].lower()
    is_template = name.endswith(_TEMPLATE_ENDINGS)
    if is_template:
        name = name[: name.rfind(".")]
    for ending, format_ in _ENDINGS.items():
        if name.endswith(ending):
            return format_
    return _sniff(data[:1024]) if is_template or "." not in name else None


def _sniff(head: bytes) -> Format | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    # `{{` opens a template, not an object
    if start[:1] in (b"{", b"[") and start[:2] not in (b"{{", b"{%", b"{#"):
        return "json"
    return "yaml" if _YAML_LINE.search(head) else None
