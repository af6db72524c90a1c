"""The kinds of subject: the rest of jwksgov knows a kind only from its one declaration here.

A kind has a module of its own (`home`), which is imported when the first subject of the kind arrives: a hook on one file sees
few kinds. It provides

- `Row`: the record that a report lists for a subject; its first fields are `id`, `path`, `line` and `column`,
- `make_row(subject)`: that record,
- `identify(subject)`: the subject's identity, which stays when its file is moved or edited (`jwksFinding/v2`),
- `find_waiver_names(subject)`, where a waiver may select it by more than its id, path and visit,
- `subjects_of(evidence, ids)`, where one document gives subjects of this kind.

A kind of subjects that only several documents together give names a join (see scanner/subjects/joins.py). May import: evidence
and what lies before it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from scanner.evidence.model import Evidence
from scanner.record import record
from scanner.subjects.model import Subject


@record
class SubjectJoin:
    """A module whose `Join` records subjects of the kinds in `listens_to` and gives others when all documents are read. Two
    kinds may name the same join.
    """

    module: str
    listens_to: tuple[str, ...]


@record
class SubjectKind:
    """One kind. `table`: the name of its rows in a report. `noun` and `nouns`: its name in texts. `is_in`: whether a document
    may give subjects of this kind. `home` and `facts` are modules, by default those with the name of the kind.
    """

    name: str
    table: str
    noun: str
    nouns: str
    is_in: Callable[[Evidence], bool] | None = None
    join: SubjectJoin | None = None
    home: str = ""
    facts: str = ""

    @property
    def module(self) -> ModuleType:
        """The module about its subjects."""
        return import_module(self.home or f"scanner.subjects.kinds.{self.name}")

    @property
    def facts_module(self) -> ModuleType:
        """The module whose `FACTS` are about it."""
        return import_module(self.facts or f"scanner.facts.{self.name}")


_PUBLISHED = SubjectJoin("scanner.subjects.published", ("key_set", "issuer"))

# in the order of reports; a key comes with its key set, a waiver is judged where it applies (scanner/findings/waivers/), and
# a nested configuration where it holds (scanner/pipeline.py)
KINDS: tuple[SubjectKind, ...] = (
    SubjectKind("endpoint", "endpoints", "endpoint", "endpoints", lambda found: found.fetched is not None),
    SubjectKind("issuer", "issuers", "issuer", "issuers", lambda found: bool(found.metadata) or "issuer" in found.unreached),
    SubjectKind("key", "keys", "key", "keys"),
    SubjectKind(
        "key_set", "key_sets", "key set", "key sets", lambda found: bool(found.jwk_sets) or "key_set" in found.unreached
    ),
    SubjectKind("issuer_keys", "issuer_keys", "issuer with its keys", "issuers with their keys", join=_PUBLISHED),
    SubjectKind("fleet", "fleets", "fleet of issuers", "fleets of issuers", join=_PUBLISHED),
    SubjectKind("shared_key", "shared_keys", "key that others share", "keys that others share", join=_PUBLISHED),
    SubjectKind("binding", "bindings", "consumer binding", "consumer bindings", lambda found: bool(found.bindings)),
    SubjectKind(
        "known_fault",
        "known_faults",
        "consumer with a known fault",
        "consumers with known faults",
        lambda found: bool(found.known_faults),
    ),
    SubjectKind("override", "overrides", "overriding policy", "overriding policies", lambda found: bool(found.overrides)),
    SubjectKind(
        "platform",
        "platforms",
        "consumer platform",
        "consumer platforms",
        join=SubjectJoin("scanner.subjects.platforms", ("binding",)),
    ),
    SubjectKind("waiver", "waivers", "waiver", "waivers"),
    SubjectKind("nested_config", "nested_configs", "nested configuration", "nested configurations"),
    SubjectKind("private_key", "private_keys", "private key", "private keys", lambda found: bool(found.private_keys)),
    SubjectKind(
        "key_pair",
        "key_pairs",
        "key pair",
        "key pairs",
        join=SubjectJoin("scanner.subjects.key_pairs", ("key", "private_key")),
    ),
)


def kind_named(name: str) -> SubjectKind:
    """The kind of that name; KeyError for an unknown one."""
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise KeyError(name)


def kind_names() -> tuple[str, ...]:
    """The names of all kinds, in the order of reports."""
    return tuple(kind.name for kind in KINDS)


@record
class WaiverNames:
    """The names by which a waiver may select a subject, beside its id and path. Metadata may name another issuer than the
    inventory entry for which it was fetched: both names count.
    """

    issuers: tuple[str, ...] = ()
    kid: str | None = None


def make_row(subject: Subject) -> Any:
    """The subject as a report lists it: the `Row` of its kind."""
    return kind_named(subject.ref.kind).module.make_row(subject)


def identify(subject: Subject) -> tuple[str, ...]:
    """The subject's identity, which stays when its file is moved or edited."""
    found: tuple[str, ...] = kind_named(subject.ref.kind).module.identify(subject)
    return found


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The names of the subject; without a name of its own, the issuer for which it was fetched."""
    module = kind_named(subject.ref.kind).module
    if hasattr(module, "find_waiver_names"):
        found: WaiverNames = module.find_waiver_names(subject)
        return found
    return WaiverNames((subject.visit,) if subject.visit else ())
