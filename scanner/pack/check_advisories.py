"""Checks of an advisory beyond the shape of its file: its product, its versions, its identifiers and dates."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.errors import PolicyError
from scanner.pack.advisory import Advisory
from scanner.pack.check_values import check_settings
from scanner.pack.locate import ValuePath, locate
from scanner.pack.versions import read_version, span_of_constraint
from scanner.patterns import lazy_pattern

_VERSION = lazy_pattern(r"\d+(\.\d+)*")
_DATE = lazy_pattern(r"20\d\d-[01]\d-[0-3]\d")
_IDENTIFIER = lazy_pattern(r"CVE-\d{4}-\d{4,7}|GHSA(-[23456789cfghjmpqrvwx]{4}){3}|GO-\d{4}-\d{4}|PYSEC-\d{4}-\d+")


def check_advisory_values(advisory: Advisory) -> None:
    """PolicyError with its place for the first thing that an advisory says wrong."""
    for way, what, remedy in _find_faults(advisory):
        raise PolicyError(what=what, where=locate(advisory.place, way), remedy=remedy)
    for number, example in enumerate(advisory.examples):
        if example.binding is not None:
            check_settings(example.binding, advisory.place, ("examples", number, "binding"))


def _find_faults(advisory: Advisory) -> Iterator[tuple[ValuePath, str, str]]:
    if advisory.platform is None and not any(advisory.packages.values()):
        yield (), "an advisory needs a product", "Write `platform`, `packages`, or both."
    if advisory.when is not None and advisory.platform is None:
        yield (
            ("when",),
            "`when` asks about a binding, which a package alone has not",
            "Write `platform`, or `condition` in words.",
        )
    if advisory.when is not None and advisory.condition is None:
        yield ("when",), "`when` needs its condition in words", "Add `condition`, to follow “only where”."
    if not advisory.affected:
        yield ("affected",), "no version is affected", "Write at least one range."
    for number, affected in enumerate(advisory.affected):
        if affected.fixed is not None and affected.until is not None:
            yield ("affected", number), "a range ends twice", "Write `fixed` or `until`."
        for name in ("since", "fixed", "until"):
            version = getattr(affected, name)
            if version is not None and not _VERSION.fullmatch(version):
                yield (
                    ("affected", number, name),
                    f"`{name}` is not a version: `{version}`",
                    "Write numbers with dots, as 2.4.20.",
                )
        if affected.span.below is not None and affected.span.low >= affected.span.below:
            yield ("affected", number), "the range is empty", "Write the lower version as `since`."
    for number, identifier in enumerate(advisory.identifiers):
        if not _IDENTIFIER.fullmatch(identifier):
            yield (
                ("identifiers", number),
                f"`{identifier}` is no identifier",
                "Write it as CVE-2026-1234 or GHSA-xxxx-xxxx-xxxx.",
            )
    if not advisory.identifiers:
        yield ("identifiers",), "an advisory needs an identifier", "Write its CVE or GHSA."
    if not advisory.sources:
        yield ("sources",), "an advisory needs a source", "Write where it is described, and when that was read."
    for number, source in enumerate(advisory.sources):
        if not source.page.startswith("https://"):
            yield ("sources", number, "page"), f"`{source.page}` is no address", "Write an https address."
        if not _DATE.fullmatch(source.at):
            yield (
                ("sources", number, "at"),
                f"`at` is not a date: `{source.at}`",
                "Write the day of the reading, as 2026-11-30.",
            )
    yield from _find_faults_of_examples(advisory)


def _find_faults_of_examples(advisory: Advisory) -> Iterator[tuple[ValuePath, str, str]]:
    for number, example in enumerate(advisory.examples):
        way: ValuePath = ("examples", number)
        if read_version(example.version) is None and span_of_constraint(example.version) is None:
            yield (*way, "version"), f"`{example.version}` is no version", "Write a version, or a constraint as ^5.2."
        if example.binding is not None and example.config is not None:
            yield way, "an example has one consumer", "Write `binding` or `config`."
        is_package = example.binding is None and example.config is None
        if is_package and not advisory.packages:
            yield way, "the example has no consumer", "Write the settings of a `binding`, or a `config`."
        if not is_package and advisory.platform is None:
            yield way, "a package alone has no configuration", "Leave `binding` and `config` out."
