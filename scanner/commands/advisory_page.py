"""The page of an advisory, and of all of them, as Markdown that also reads well in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.pack.advisory import Advisories, Advisory, AffectedVersions, products_of
from scanner.pack.versions import say_versions


def advisory_page(advisory: Advisory, *, level: int = 1) -> str:
    """Everything about one known fault."""
    return "\n".join(_lines(advisory, level)).rstrip() + "\n"


def advisories_page(advisories: Advisories) -> str:
    """All known faults, by product."""
    lines = [
        "# Known faults of consumers",
        "",
        "Each holds in some versions, and most under some configuration only. Where a file names the version of a consumer",
        "([versions.md](versions.md)), the rules [consumer-has-critical-fault](rules/consumer-has-critical-fault.md),",
        "[consumer-has-known-fault](rules/consumer-has-known-fault.md) and",
        "[consumer-has-lesser-fault](rules/consumer-has-lesser-fault.md) say whether it has the fault. A condition that lies",
        "in code is not seen: such a package in a lock file is undetermined. What is undetermined about a known fault fails",
        "no run, not even with `--fail-on-undetermined`.",
        "",
        "| advisory | product | versions | identifiers |",
        "|---|---|---|---|",
    ]
    ordered = sorted(advisories.values(), key=lambda each: (next(products_of(each)), each.id))
    for each in ordered:
        versions = "; ".join(map(_say_range, each.affected))
        lines.append(
            f"| [{each.id}](#{each.id}) | {', '.join(products_of(each))} | {versions} | {', '.join(each.identifiers)} |"
        )
    return "\n".join([*lines, "", *(advisory_page(each, level=2) for each in ordered)])


def _lines(advisory: Advisory, level: int) -> Iterator[str]:
    yield f"{'#' * level} {advisory.id}"
    yield ""
    yield f"{advisory.title}. {advisory.severity} · {', '.join(products_of(advisory))}"
    yield ""
    yield advisory.gains.strip()
    yield ""
    yield f"- versions: {'; '.join(map(_say_range, advisory.affected))}"
    if advisory.condition is not None:
        yield f"- only where {advisory.condition.strip().rstrip('.')}"
    if advisory.when is not None:
        yield f"- seen as `{advisory.when.strip()}`"
    elif advisory.condition is not None:
        yield "- no file shows that, so that a consumer of these versions is undetermined"
    yield f"- {', '.join(advisory.identifiers)}"
    yield from (f"- {source.page} (read {source.at})" for source in advisory.sources)


def _say_range(affected: AffectedVersions) -> str:
    if affected.fixed is not None:
        return f"from {affected.since} up to {affected.fixed}" if affected.since is not None else f"up to {affected.fixed}"
    return say_versions(affected.since, affected.until) or "all"
