"""What a value says once the file's own definitions are filled in, and whether anything stays open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from scanner.evidence.selectors import relaxed

# a variable, a Maven or Ansible mark: something the file leaves to somebody else
_OPEN = re.compile(r"\$\{[^{}]*\}|@[A-Za-z_][\w.-]*@|\$\([A-Za-z_]\w*\)")
# found by hand: a lazy pattern looks through the rest of the text once for each opening mark
_ACTIONS = (("{{", "}}"), ("{%", "%}"))
_VARIABLE = re.compile(r"\$\{([^{}:]+)(?::-?([^{}]*))?\}")
_DEEPEST = 6
# definitions that name each other multiply; no URL is longer
_LONGEST = 4096

Lookup = Callable[[str], str | None]


def nothing(_name: str) -> None:
    """A lookup that knows no name."""
    return


def fill(text: str, lookup: Lookup = nothing) -> str:
    """`text` with `${name}` looked up and `${name:default}` filled in, nested ones too, as far as the file goes."""
    for _ in range(_DEEPEST):
        if "${" not in text or len(text) > _LONGEST:
            break
        filled = _VARIABLE.sub(lambda found: _value(found[1], found[2], lookup) or found[0], text)
        if filled == text or len(filled) > _LONGEST:
            break
        text = filled
    return text


def resolve(text: str, lookup: Lookup = nothing) -> str | None:
    """`text` filled in; None where a part stays open."""
    filled = fill(text, lookup)
    return None if is_open(filled) else filled


def is_open(text: str) -> bool:
    """Whether `text` holds something that the file does not say."""
    for begin, end in _ACTIONS:
        at = text.find(begin)
        if at >= 0 and text.find(end, at) >= 0:
            return True
    return _OPEN.search(text) is not None


def lookup_in(values: Mapping[str, str]) -> Lookup:
    """A lookup over the settings of the same file, under their own name or another spelling of it."""
    respelt = {relaxed(name): value for name, value in values.items()}
    return lambda name: values[name] if name in values else respelt.get(relaxed(name))


def _value(name: str, default: str | None, lookup: Lookup) -> str | None:
    found = lookup(name.strip())
    chosen = found if found is not None else default
    return chosen if chosen is None or len(chosen) <= _LONGEST else None
