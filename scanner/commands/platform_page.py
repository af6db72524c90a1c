"""A platform as text: what is recognised and read of it, and what it does when a setting is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from scanner.evidence.bindings.reader import embedded_in
from scanner.pack.advisory import NO_ADVISORIES, Advisories
from scanner.pack.binding_terms import BEHAVIOURS, FIELDS
from scanner.pack.platform import Behaviour, FieldSpec, Platform, Read, VersionPlaces
from scanner.pack.versions import say_versions
from scanner.record import changed

# what an overview shows of each platform
_COLUMNS = {
    "cache_s": "keys are kept",
    "unknown_kid_refetch": "unknown `kid` refetches",
    "endpoint_down": "issuer down",
    "new_key_visible_s": "new key accepted within",
    "removed_key_trusted_s": "removed key trusted for",
    "issuer_check": "issuer checked",
    "audience_check": "audience checked",
    "expiry_required": "`exp` required",
    "on_empty_set": "an empty key set",
    "on_empty_inline_set": "an empty key set in the configuration",
    "set_breakers": "one such key breaks the set",
}
_MARKS = {"measured": " (m)", "verified": "", "inferred": " ~", "docs-only": " (d)", "unverified": " (?)"}


_CONFIDENCES = {
    "measured": "measured",
    "verified": "read in the code that acts",
    "inferred": "inferred",
    "docs-only": "from documentation only",
    "unverified": "unverified",
}
# the behaviours that a page tells together; what is in none stands in the first
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Settings": (),
    "Keys over time": (
        "new_key_visible_s", "negative_cache_s", "removed_key_trusted_s", "removed_key_under_traffic_s",
        "same_kid_replacement_s", "verified_token_cache_s", "refreshed_set",
    ),
    "Fetching": (
        "refresh_model", "unknown_kid_refetch", "unknown_kid_min_interval_s", "follows_jwks_redirect", "fetch_timeout_s",
        "fetch_size_limit",
    ),
    "Outages and odd sets": (
        "endpoint_down", "stale_max_s", "outage_tolerance_s", "recovers_within_s", "on_empty_set",
        "on_empty_inline_set", "set_breakers",
    ),
    "What is checked": (
        "issuer_check", "audience_check", "expiry_required", "accepted_algorithms", "kid_required", "unknown_kid_fallback",
        "duplicate_kid", "needs_alg_in_jwk", "enforces_jwk_alg", "enforces_jwk_use", "min_rsa_bits", "ignores_crit",
        "header_key_sources", "multi_issuer",
    ),
}  # fmt: skip


# a behaviour, and the ways to write a binding that it holds for, in words; empty for all
_Told: TypeAlias = tuple[Behaviour, str]

# what a page adds for a read of another role than access tokens
_ROLES: Mapping[str, str] = {
    "id_token": " (a login client, which verifies ID tokens)",
    "trust_anchor": " (trust anchors of OpenID Federation)",
}
# how a page says in what spelling names count
_SPELLINGS = {
    "exact": "",
    "relaxed": ", in any spelling",
    "any-case": ", in any case",
    "any-dash": ", with underscores for dashes too",
}


def platform_page(platforms: Mapping[str, Platform], platform: Platform, advisories: Advisories = NO_ADVISORIES) -> str:
    """Everything about a platform, as Markdown that also reads well in a terminal."""
    return "\n".join([*_lines(platforms, platform), *_known_faults(platform, advisories)]).rstrip() + "\n"


def _known_faults(platform: Platform, advisories: Advisories) -> Iterator[str]:
    found = advisories.about(f"platform:{platform.id}")
    if found:
        yield from ("", "## Known faults", "")
        yield from (f"- {', '.join(each.identifiers)}: {each.title} ({each.id})" for each in found)


def platforms_overview(platforms: Mapping[str, Platform]) -> str:
    """A table of all platforms with what they do by default."""
    lines = [
        "# Platforms",
        "",
        "What each consumer does when nothing is configured. `(m)`: measured on a running one; no mark: read in the code that",
        "acts; `~`: inferred from code; `(d)`: documentation only; `(?)`: unverified; empty: not known. Several values: it",
        "differs by version or by other settings. A page says what is recognised and where a figure comes from.",
        "",
        f"| platform | category | {' | '.join(_COLUMNS.values())} |",
        f"|---|---|{'---|' * len(_COLUMNS)}",
    ]
    for platform in sorted(platforms.values(), key=lambda each: (each.category, each.id)):
        known = {name: told for name, told, _ in _behaviours(platforms, platform)}
        cells = [_cell(name, known.get(name, [])) for name in _COLUMNS]
        lines.append(f"| [{platform.name}]({platform.id}.md) | {platform.category} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _lines(platforms: Mapping[str, Platform], platform: Platform) -> Iterator[str]:
    yield f"# {platform.name}"
    yield ""
    uses = f" · works through {', '.join(platform.uses)}" if platform.uses else ""
    yield f"`{platform.id}` · {platform.category} · read from {platform.version_read}{uses}"
    if platform.versions is not None:
        yield from ("", *_versions(platform.versions))
    if platform.reads:
        yield from ("", "## What is recognised", "")
        yield from (f"- {_recognised(read)}" for read in platform.reads)
        yield from ("", "## What is read", "", "| field | where it is written |", "|---|---|")
        yield from (f"| {name} | {where} |" for name, where in _fields(platform))
    yield from _schemas(platform)
    yield from ("", "## What happens when it is left out", "")
    yield from _defaults(platforms, platform)
    if platform.notes:
        yield from ("", "## Notes", "", *(f"- {note}" for note in platform.notes))
    if platform.sources:
        yield from ("", "## Sources", "", *(f"- {source}" for source in platform.sources))


def _schemas(platform: Platform) -> Iterator[str]:
    """What the reads were held against, and what of it is not read."""
    if platform.schema_read:
        yield from ("", f"Held against {'; '.join(_plain(each.source) for each in platform.schema_read)}.")
    if platform.left_out:
        yield from ("", "## What is not read", "", "| setting | because |", "|---|---|")
        yield from (f"| {_code(each.setting)} | {_plain(each.because)} |" for each in platform.left_out)


def _recognised(read: Read) -> str:
    where = f"settings under {_code(read.settings)}" if read.settings else f"at {_code(read.at or '')}"
    files = f" in files called {', '.join(map(_code, read.files))}" if read.files else ""
    inside = f" in texts called {', '.join(map(_code, read.inside))}" if read.inside else ""
    role = _ROLES.get(read.role, "")
    spelling = _SPELLINGS[read.names]
    environment = ", also as environment variables" if read.environment else ""
    return f"{', '.join(read.formats)}: {where}{spelling}{environment}{files}{inside}{role}"


def _fields(platform: Platform) -> Iterator[tuple[str, str]]:
    """Each field with every path it is read from, in the order of the report."""
    for name in FIELDS:
        paths = dict.fromkeys(path for read in platform.reads if name in read.fields for path in _paths(read.fields[name]))
        if paths:
            yield name, ", ".join(map(_code, paths))


def _paths(specs: str | FieldSpec | list[FieldSpec]) -> Iterator[str]:
    for each in specs if isinstance(specs, list) else [specs]:
        if isinstance(each, str):
            yield each
        else:
            versions = say_versions(each.since, each.until)
            yield f"{each.path} ({versions})" if versions else each.path


def _defaults(platforms: Mapping[str, Platform], platform: Platform) -> Iterator[str]:
    found = list(_behaviours(platforms, platform))
    if not found:
        yield "Nobody looked yet: what is left out is unknown, and rules that need it are undetermined."
        return
    yield _count_readings([behaviour for _, told, _ in found for behaviour, _ in told if behaviour.value is not None])
    for title, names in _GROUPS.items():
        rows = [
            each for each in found if (each[0] in names if names else not any(each[0] in group for group in _GROUPS.values()))
        ]
        rows.sort(key=lambda each: names.index(each[0]) if names else 0)
        if rows:
            yield from ("", f"### {title}", "", "| behaviour | default | confidence | source |", "|---|---|---|---|")
            yield from (row for name, told, engine in rows for row in _rows(name, told, engine))


def _rows(name: str, told: list[_Told], engine: str | None) -> Iterator[str]:
    for behaviour, ways in told:
        source = f"{engine}: {_source(behaviour)}" if engine else _source(behaviour)
        yield f"| {name} | {_said(name, behaviour, ways)} | {behaviour.confidence} | {_plain(source)} |"


def _source(behaviour: Behaviour) -> str:
    """Where a fact was read; of a measurement the version first."""
    read = behaviour.read
    if read is None or read.by != "measured":
        return behaviour.source
    return f"version {read.version}, {read.at}: {read.how}"


def _count_readings(behaviours: list[Behaviour]) -> str:
    """How many facts there are of each confidence, and with what was measured."""
    counts = {word: sum(each.confidence == name for each in behaviours) for name, word in _CONFIDENCES.items()}
    parts = [f"{count} {word}" for word, count in counts.items() if count]
    with_ = sorted({each.read.version or "" for each in behaviours if each.confidence == "measured" and each.read is not None})
    measured = f" Measured with version {', '.join(with_)}." if with_ else ""
    return f"{len(behaviours)} facts: {', '.join(parts)}.{measured}"


def _versions(places: VersionPlaces) -> Iterator[str]:
    """Where a version is recognised, and which count where none is."""
    found = [
        *(f"the image {_code(each)}" for each in places.images),
        *(f"the chart {_code(each)}" for each in places.charts),
        *(f"the version of the chart {_code(each)}" for each in places.chart_versions),
        *(f"the {ecosystem} package {_code(each)}" for ecosystem, names in places.packages.items() for each in names),
        *(f"the provider {_code(each)}" for each in places.providers),
        *(f"{_code(each)} of the document" for each in places.paths),
    ]
    if found:
        yield f"Its version is recognised by {', '.join(found)}."
    in_use = say_versions(places.in_use.since, places.in_use.until)
    if in_use:
        yield f"Where none is known, the versions {in_use} count."


def _said(name: str, behaviour: Behaviour, ways: str) -> str:
    parts = [_value(name, behaviour.value), *([ways] if ways else [])]
    if behaviour.when:
        parts.append(f"where {' and '.join(map(_code, behaviour.when))}")
    if behaviour.since or behaviour.until:
        parts.append(f"in versions {say_versions(behaviour.since, behaviour.until)}")
    if behaviour.follows:
        times = f"{behaviour.times} times " if behaviour.times > 1 else ""
        parts.append(f"or {times}as {behaviour.follows} says")
    text = " ".join(parts)
    return " ".join((f"{text}. {_plain(behaviour.meaning)}" if behaviour.meaning else text).split())


def _behaviours(platforms: Mapping[str, Platform], platform: Platform) -> Iterator[tuple[str, list[_Told], str | None]]:
    """Each known behaviour in the order of the report, and the engine that it is taken from."""
    sources: list[tuple[Platform, str | None]] = [(platform, None)]
    sources += [(engine, engine.name) for engine in embedded_in(platform, platforms)]
    for name in (*FIELDS, *BEHAVIOURS):
        for source, engine in sources:
            told = [] if engine else list(_of_reads(platform, name))
            told += [(_inherited(each) if engine else each, "") for each in _each(source.behaviour.get(name))]
            if told:
                yield name, told, engine
                break


def _of_reads(platform: Platform, name: str) -> Iterator[_Told]:
    """What holds for single ways to write a binding, each once with the ways that it holds for."""
    found: dict[str, tuple[Behaviour, list[str]]] = {}
    for read in platform.reads:
        for each in _each(read.behaviour.get(name)):
            _, ways = found.setdefault(repr(each), (each, []))
            ways.append("logins" if read.role == "id_token" else _code(read.settings or read.at or ""))
    for each, ways in found.values():
        yield each, "" if len(ways) == len(platform.reads) else f"for {' and '.join(dict.fromkeys(ways))}"


def _inherited(behaviour: Behaviour) -> Behaviour:
    """A fact of an engine, as it counts for what embeds it: nobody saw the outer platform do it."""
    is_seen = behaviour.confidence in ("measured", "verified")
    return changed(behaviour, confidence="inferred") if is_seen else behaviour


def _each(behaviour: Behaviour | list[Behaviour] | None) -> list[Behaviour]:
    return behaviour if isinstance(behaviour, list) else [] if behaviour is None else [behaviour]


def _cell(name: str, told: list[_Told]) -> str:
    known = [behaviour for behaviour, _ in told if behaviour.value is not None]
    return " / ".join(dict.fromkeys(f"{_value(name, each.value)}{_MARKS[each.confidence]}" for each in known))


def _value(name: str, value: object) -> str:
    """A value in words: seconds as people say them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith("_s"):
        for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
            if value >= size and value % size == 0 and not (unit == "days" and value < 2 * size):
                return f"{value // size} {unit}"
        return f"{value} s"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not known" if value is None else _plain(str(value))


def _code(text: str) -> str:
    return "`" + " ".join(text.split()).replace("|", "\\|") + "`"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
