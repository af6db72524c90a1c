"""Checks beyond the shape of a file: the types of named values, and names that a file uses within itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.pack.binding_terms import FIELDS, Role, State
from scanner.pack.default_values import CHECKS, wrong_value
from scanner.pack.issuers import PublicIssuer, wrong_pattern
from scanner.pack.locate import ValuePath, locate
from scanner.pack.model import BindingExample, Param, Rule
from scanner.pack.platform import Behaviour, FieldSpec, Platform, Read, Reading, UnusedSetting
from scanner.patterns import lazy_pattern
from scanner.record import defaults_of

_STATES = tuple(f"{name}_state" for name in FIELDS)
_VERSION = lazy_pattern(r"\d+(\.\d+)*")
_DATE = lazy_pattern(r"20\d\d-[01]\d-[0-3]\d")


def check_rule_values(rule: Rule) -> None:
    """Check that versions are versions, that parameters have allowed values, and that the bindings in the examples of `rule`
    have settings of the right types.
    """
    for member in ("since", "removed_after"):
        _check_version(rule, member)
    for name, param in rule.params.items():
        _check_default(rule, name, param)
    for number, example in enumerate(rule.examples):
        if example.binding is not None:
            check_settings(example.binding, rule.place, ("examples", number, "binding"))


def check_settings(binding: BindingExample, file: Place, way: ValuePath) -> None:
    """Check that the settings of a binding in an example have the right types."""
    _check_all(_list_settings(binding), file, way)
    _check_all(binding.defaults, file, (*way, "defaults"))


def _check_version(rule: Rule, member: str) -> None:
    version = getattr(rule, member)
    if version is not None and not _VERSION.fullmatch(version):
        raise PolicyError(
            what=f"`{member}` is not a version: `{version}`",
            where=rule.places.of(member, rule.place),
            remedy="Write a version of jwksgov such as 0.4.0.",
        )


def _check_default(rule: Rule, name: str, param: Param) -> None:
    unknown = param.unknown_word(param.default)
    if unknown is not None:
        raise PolicyError(
            what=f"the default of `{name}` cannot be `{unknown[1]}`",
            where=locate(rule.place, ("params", name, "default", *unknown[0])),
            remedy=f"{did_you_mean(unknown[1], tuple(param.one_of))}Known: {', '.join(param.one_of)}.",
        )


def check_platform_values(platform: Platform) -> None:
    """Check that the behaviours of a platform file have the right types, and that its reads and joins are complete."""
    for way, behaviours in _list_behaviours(platform):
        for name, behaviour in behaviours.items():
            for step, each in _list_each(behaviour):
                if each.value is not None:
                    _check_one(name, each.value, platform.place, (*way, name, *step, "value"))
                _check_reading(each, platform.place, (*way, name, *step))
                _check_versions(each, platform.place, (*way, name, *step))
    for number, read in enumerate(platform.reads):
        _check_read(read, platform.place, ("reads", number))
        for index, unused in enumerate(read.unused_settings):
            _check_reading(unused, platform.place, ("reads", number, "unused_settings", index))
    for number, schema in enumerate(platform.schema_read):
        _check_date(schema.at, platform.place, ("schema_read", number, "at"))
        if not (schema.commit or schema.page):
            raise PolicyError(
                what="a schema that was read has no place",
                where=locate(platform.place, ("schema_read", number)),
                remedy="Add `commit: owner/name@revision path`, or the `page` of the reference.",
            )
    _check_gives(platform)


# what a confidence may be read from, the first as the proposal
_READ_BY: Mapping[str, tuple[str, ...]] = {
    "measured": ("measured",),
    "verified": ("code",),
    "inferred": ("code", "comment", "docs", "measured"),
    "docs-only": ("docs", "comment"),
}


def _check_reading(fact: Behaviour | UnusedSetting, file: Place, way: ValuePath) -> None:
    """A fact says when and from what it was read, and claims no more than that allows."""
    read = fact.read
    if read is None:
        if fact.confidence == "unverified":
            return
        raise PolicyError(
            what=f"a fact that is {fact.confidence} needs `read`",
            where=locate(file, way),
            remedy="Write `read: {at: YYYY-MM-DD, by: …}` with a commit or a page, or `confidence: unverified`.",
        )
    _check_one_reading(read, file, (*way, "read"))
    allowed = _READ_BY.get(fact.confidence)
    if allowed is not None and read.by not in allowed:
        raise PolicyError(
            what=f"what was read by {read.by} is not {fact.confidence}",
            where=locate(file, (*way, "read", "by")),
            remedy=f"A fact that is {fact.confidence} was read by {' or '.join(allowed)}; else write another confidence.",
        )


def _check_one_reading(read: Reading, file: Place, way: ValuePath) -> None:
    """Check that a reading has a day, and names what was read."""
    _check_date(read.at, file, (*way, "at"))
    needed = {"measured": ("version", "how"), "code": ("commit",), "comment": ("commit",), "docs": ("page",)}[read.by]
    for name in needed:
        if not getattr(read, name):
            raise PolicyError(
                what=f"what was read by {read.by} needs `{name}`",
                where=locate(file, way),
                remedy=f"Add the member `{name}`.",
            )


def _check_date(text: str, file: Place, way: ValuePath) -> None:
    if not _DATE.fullmatch(text):
        raise PolicyError(
            what=f"`at` is not a date: `{text}`",
            where=locate(file, way),
            remedy="Write the day of the reading, such as 2026-11-30.",
        )


def check_issuer_values(issuer: PublicIssuer) -> None:
    """Check that an issuer has patterns that can be read, a tenant, and a source."""
    for member in ("issuers", "jwks_uris"):
        for number, pattern in enumerate(getattr(issuer, member)):
            because = wrong_pattern(pattern)
            if because is not None:
                raise PolicyError(
                    what=f"`{pattern}` is no pattern: {because}",
                    where=locate(issuer.place, (member, number)),
                    remedy="Write an address, with a name in braces for each part that differs: https://{tenant}.example.com/",
                )
    if not issuer.issuers:
        raise PolicyError(
            what=f"the issuer `{issuer.id}` has no identifiers",
            where=locate(issuer.place, ("issuers",)),
            remedy="List the `iss` of its tokens, each exactly or as a pattern.",
        )
    if not issuer.read:
        raise PolicyError(
            what=f"the issuer `{issuer.id}` has no source",
            where=locate(issuer.place, ("read",)),
            remedy="Say when and where it was read: `read: [{at: 2026-11-30, by: docs, page: …}]`.",
        )
    for number, read in enumerate(issuer.read):
        _check_one_reading(read, issuer.place, ("read", number))


def _check_versions(behaviour: Behaviour, file: Place, way: ValuePath) -> None:
    for name in ("since", "until"):
        written = getattr(behaviour, name)
        if written is not None and not _VERSION.fullmatch(written):
            raise PolicyError(
                what=f"`{name}` is not a version: `{written}`",
                where=locate(file, (*way, name)),
                remedy="Write numbers with dots, such as 2.4.20.",
            )


def _check_gives(platform: Platform) -> None:
    """An example compares members of a binding, and their states, by their names."""
    words = {name: get_args(Role) if name == "role" else get_args(State) for name in ("role", *_STATES)}
    known = ("line", "column", "platform", "role", *FIELDS, *_STATES, *(f"{name}_resolved" for name in FIELDS))
    for number, example in enumerate(platform.examples):
        for index, given in enumerate(example.gives):
            for name, value in given.items():
                way: ValuePath = ("examples", number, "gives", index, name)
                if name not in known:
                    raise PolicyError(
                        what=f"unknown member `{name}` of a binding",
                        where=locate(platform.place, way, is_name=True),
                        remedy=f"{did_you_mean(name, known)}Write line, column, platform, role, a field, or a field with "
                        "_state or _resolved.",
                    )
                if value not in words.get(name, (value,)):
                    raise PolicyError(
                        what=f"`{name}` cannot be `{value}`",
                        where=locate(platform.place, way),
                        remedy=f"{did_you_mean(str(value), words[name])}Write one of {', '.join(words[name])}.",
                    )


def _list_settings(binding: BindingExample) -> Mapping[str, object]:
    given = ((name, getattr(binding, name)) for name in defaults_of(BindingExample) if name in CHECKS)
    return {name: value for name, value in given if value is not None}


def _check_all(values: Mapping[str, object], file: Place, way: ValuePath) -> None:
    for name, value in values.items():
        _check_one(name, value, file, (*way, name))


def _check_one(name: str, value: object, file: Place, way: ValuePath) -> None:
    remedy = wrong_value(name, value)
    if remedy is not None:
        shown = str(value).lower() if isinstance(value, bool) else value
        raise PolicyError(what=f"`{name}` cannot be `{shown}`", where=locate(file, way), remedy=remedy)


def _list_behaviours(platform: Platform) -> Iterator[tuple[ValuePath, Mapping[str, Behaviour | list[Behaviour]]]]:
    yield ("behaviour",), platform.behaviour
    for number, read in enumerate(platform.reads):
        yield ("reads", number, "behaviour"), read.behaviour


def _list_each(behaviour: Behaviour | list[Behaviour]) -> Iterator[tuple[ValuePath, Behaviour]]:
    if isinstance(behaviour, list):
        yield from (((number,), each) for number, each in enumerate(behaviour))
    else:
        yield (), behaviour


def _check_read(read: Read, file: Place, way: ValuePath) -> None:
    if (read.at is None) == (read.settings is None):
        raise PolicyError(
            what="a read needs exactly one of `at` and `settings`",
            where=locate(file, way),
            remedy="Write `at` for nested configuration, or `settings` for a dotted prefix.",
        )
    for name, join in read.join.items():
        if (join.at is None) == (join.settings is None) or (join.refers is None and join.same is None):
            raise PolicyError(
                what=f"the join `{name}` is not complete",
                where=locate(file, (*way, "join", name), is_name=True),
                remedy="Write exactly one of `at` and `settings`, and `refers` or `same`.",
            )
    for field, specs in read.fields.items():
        for number, spec in enumerate(specs if isinstance(specs, list) else [specs]):
            if isinstance(spec, FieldSpec) and spec.of is not None and spec.of not in read.join:
                step: ValuePath = (number, "of") if isinstance(specs, list) else ("of",)
                known = ", ".join(read.join) or "none"
                raise PolicyError(
                    what=f"unknown join `{spec.of}`",
                    where=locate(file, (*way, "fields", field, *step)),
                    remedy=f"{did_you_mean(spec.of, tuple(read.join))}The joins of this read: {known}.",
                )
