"""Checks beyond the shape of a file: the types of named values, and names that a file uses within itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.errors import Place, PolicyError, did_you_mean
from scanner.pack.default_values import CHECKS, wrong_value
from scanner.pack.locate import ValuePath, locate
from scanner.pack.model import BindingExample, Rule
from scanner.pack.platform import Behaviour, FieldSpec, Platform, Read
from scanner.record import defaults_of

_VERSION = re.compile(r"\d+(\.\d+)*")


def check_rule_values(rule: Rule) -> None:
    """Check that versions are versions, and that the bindings in the examples of `rule` have settings of the right types."""
    for member in ("since", "removed_after"):
        version = getattr(rule, member)
        if version is not None and not _VERSION.fullmatch(version):
            raise PolicyError(
                what=f"`{member}` is not a version: `{version}`",
                where=rule.places.of(member, rule.place),
                remedy="Write a version of jwksgov such as 0.4.0.",
            )
    for number, example in enumerate(rule.examples):
        if example.binding is not None:
            way: ValuePath = ("examples", number, "binding")
            _check_all(_list_settings(example.binding), rule.place, way)
            _check_all(example.binding.defaults, rule.place, (*way, "defaults"))


def check_platform_values(platform: Platform) -> None:
    """Check that the behaviours of a platform file have the right types, and that its reads and joins are complete."""
    for way, behaviours in _list_behaviours(platform):
        for name, behaviour in behaviours.items():
            for step, each in _list_each(behaviour):
                if each.value is not None:
                    _check_one(name, each.value, platform.place, (*way, name, *step, "value"))
    for number, read in enumerate(platform.reads):
        _check_read(read, platform.place, ("reads", number))


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
