"""What a value says once the file's own definitions are filled in, and whether anything stays open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

# a template action, a variable, a Maven or Ansible mark: something the file leaves to somebody else
_OPEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^{}]*\}|@[A-Za-z_][\w.-]*@|\$\([A-Za-z_]\w*\)", re.DOTALL)
_VARIABLE = re.compile(r"\$\{([^{}:]+)(?::-?([^{}]*))?\}")
_DEEPEST = 6

Lookup = Callable[[str], str | None]


def nothing(_name: str) -> None:
    """A lookup that knows no name."""
    return


def resolve(text: str, lookup: Lookup = nothing) -> str | None:
    """`text` with `${name}` looked up and `${name:default}` filled in, nested ones too; None where a part stays open."""
    for _ in range(_DEEPEST):
        filled = _VARIABLE.sub(lambda found: _value(found[1], found[2], lookup) or found[0], text)
        if filled == text:
            break
        text = filled
    return None if is_open(text) else text


def is_open(text: str) -> bool:
    """Whether `text` holds something that the file does not say."""
    return _OPEN.search(text) is not None


def lookup_in(values: Mapping[str, str]) -> Lookup:
    """A lookup over the settings of the same document."""
    return values.get


def _value(name: str, default: str | None, lookup: Lookup) -> str | None:
    found = lookup(name.strip())
    return found if found is not None else default
