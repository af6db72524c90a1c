"""The names of compose files and env files."""

from __future__ import annotations

import re

from scanner.patterns import lazy_pattern
from scanner.units.files import UnitFiles

# compose-go cli/options.go: the first of these that a folder has, with the first of those
BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip
_COMPOSE = lazy_pattern(r"(?:([\w-]{1,60})[._-])?(?:docker-?|podman-|container-)?compose(?:[._-]([\w.-]{1,80}))?\.ya?ml", re.I)
_ENV = lazy_pattern(r"\.env\.([\w.-]{1,80})|([\w-]{1,80})\.env", re.IGNORECASE)
# copies for people to fill in
_EXAMPLES = frozenset({"example", "examples", "sample", "template", "dist", "defaults", "default", "tpl", "tmpl"})
_WORD = lazy_pattern(r"[^a-z0-9]+")
_MOST_FILES = 64


def list_compose(folder: str, files: UnitFiles) -> list[str]:
    """The compose files of a folder."""
    return [name for name in files.names(folder) if _COMPOSE.fullmatch(name) is not None][:_MOST_FILES]


def is_compose(name: str) -> bool:
    """Whether a file of that name is a compose file."""
    return _COMPOSE.fullmatch(name) is not None


def is_env(name: str) -> bool:
    """Whether a file of that name holds variables."""
    lower = name.lower()
    return lower == ".env" or lower.startswith(".env.") or lower.endswith(".env")


def variant_of(name: str) -> str:
    """The variant that the name of a compose file tells."""
    found = _COMPOSE.fullmatch(name)
    return (found[2] or found[1] or name) if found is not None else name


def env_variant_of(name: str) -> str:
    """The variant that the name of an env file tells; empty for that of all, and for a copy that people fill in."""
    found = _ENV.fullmatch(name)
    variant = (found[1] or found[2]) if found is not None else ""
    return "" if _EXAMPLES & set(_WORD.split(variant.lower())) else variant
