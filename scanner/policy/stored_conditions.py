"""The compiled conditions of our own rules, stored beside their parsed form: opening one takes a tenth of compiling it.

A condition is found by its text and by the types of all facts and parameters that it could name, so that a stored one is never
another's. What is not stored is compiled; a file that is missing, old or damaged costs only time.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from scanner.pack.cache import make_plain, read_plain, write_plain
from scanner.pack.pack import Pack
from scanner.pack.shipped import is_installed, stored_file

_NAME = "conditions.bin"


def key_of(types: Mapping[str, str], text: str, returns: str) -> bytes:
    """What a compiled condition is stored under: the declared `types` (name → fact type), its text, and the type it gives."""
    told = "\n".join([*(f"{name} {kind}" for name, kind in sorted(types.items())), returns, text])
    return sha256(told.encode("utf-8", "surrogatepass")).digest()


def stored_conditions() -> Mapping[bytes, bytes]:
    """Key → the compiled condition, of the shipped rules in the default profile; empty where nothing is stored."""
    conditions = _read().get("conditions")
    return conditions if isinstance(conditions, dict) else {}


def refresh_stored_conditions(pack: Pack) -> None:
    """In a source checkout: store the conditions of `pack`, our own policies, where those that are stored are of others. A
    place that cannot be written costs only time.
    """
    if is_installed() or _read().get("digest") == pack.digest:
        return
    write_plain(stored_file(_NAME), conditions_of(pack))
    _read.cache_clear()


def conditions_of(pack: Pack) -> bytes:
    """The conditions of the default profile's rules as the bytes that are stored."""
    from scanner.config.model import Config  # the stored form is made once
    from scanner.facts.registry import facts_about
    from scanner.policy.compile import CompiledRules
    from scanner.policy.select import select_configured
    from scanner.subjects.kinds import kind_names

    rules = select_configured(pack, Config())
    compiled = {kind: CompiledRules(rules.about(kind), facts_about(kind)) for kind in kind_names() if rules.ids_about(kind)}
    conditions = {key: form for kind in compiled.values() for key, form in kind.stored_forms()}
    return make_plain({"digest": pack.digest, "conditions": conditions})


@cache
def _read() -> dict[str, Any]:
    """The stored file's members."""
    return read_plain(stored_file(_NAME))
