"""A platform as text: what is recognised and read of it, and what it does when a setting is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner.evidence.bindings.reader import embedded_in
from scanner.pack.advisory import NO_ADVISORIES, Advisories
from scanner.pack.binding_terms import BEHAVIOURS, FIELDS
from scanner.pack.platform import Behaviour, FieldSpec, Platform, Read, VersionPlaces
from scanner.pack.versions import say_versions

# what an overview shows of each platform
_COLUMNS = {
    "cache_s": "keys are kept",
    "unknown_kid_refetch": "unknown `kid` refetches",
    "endpoint_down": "issuer down",
    "new_key_visible_s": "new key accepted within",
    "removed_key_trusted_s": "removed key trusted for",
    "issuer_check": "issuer checked",
    "audience_check": "audience checked",
}
_MARKS = {"measured": " (m)", "verified": "", "inferred": " ~", "docs-only": " (d)", "unverified": " (?)"}


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


def _versions(places: VersionPlaces) -> Iterator[str]:
    """Where the version is written."""
    packages = [f"{ecosystem} {', '.join(map(_code, names))}" for ecosystem, names in places.packages.items()]
    told = {
        "images": ", ".join(map(_code, places.images)),
        "charts": ", ".join(map(_code, places.charts)),
        "charts whose version it is": ", ".join(map(_code, places.chart_versions)),
        "packages": "; ".join(packages),
        "Terraform providers": ", ".join(map(_code, places.providers)),
        "settings": ", ".join(map(_code, places.paths)),
    }
    yield from (f"- {name}: {listed}" for name, listed in told.items() if listed)
    in_use = say_versions(places.in_use.since, places.in_use.until)
    if in_use:
        yield f"- where no file names it, versions {in_use} are counted with"


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
        "acts; `~`: inferred from code; `(d)`: documentation only; `(?)`: unverified; empty: not known. A page says what is",
        "recognised and where a figure comes from.",
        "",
        f"| platform | category | {' | '.join(_COLUMNS.values())} |",
        f"|---|---|{'---|' * len(_COLUMNS)}",
    ]
    for platform in sorted(platforms.values(), key=lambda each: (each.category, each.id)):
        known = {name: behaviours for name, behaviours, _ in _behaviours(platforms, platform)}
        cells = [_cell(name, known.get(name, [])) for name in _COLUMNS]
        lines.append(f"| [{platform.name}]({platform.id}.md) | {platform.category} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _lines(platforms: Mapping[str, Platform], platform: Platform) -> Iterator[str]:
    yield f"# {platform.name}"
    yield ""
    uses = f" · works through {', '.join(platform.uses)}" if platform.uses else ""
    yield f"`{platform.id}` · {platform.category} · read from {platform.version_read}{uses}"
    if platform.reads:
        yield from ("", "## What is recognised", "")
        yield from (f"- {_recognised(read)}" for read in platform.reads)
        yield from ("", "## What is read", "", "| field | where it is written |", "|---|---|")
        yield from (f"| {name} | {where} |" for name, where in _fields(platform))
    yield from ("", "## What happens when it is left out", "")
    yield from _defaults(platforms, platform)
    if platform.versions is not None and (told := list(_versions(platform.versions))):
        yield from ("", "## Where its version is written", "", *told)
    if platform.notes:
        yield from ("", "## Notes", "", *(f"- {note}" for note in platform.notes))
    if platform.sources:
        yield from ("", "## Sources", "", *(f"- {source}" for source in platform.sources))


def _recognised(read: Read) -> str:
    where = f"settings under {_code(read.settings)}" if read.settings else f"at {_code(read.at or '')}"
    files = f" in files called {', '.join(map(_code, read.files))}" if read.files else ""
    inside = f" in texts called {', '.join(map(_code, read.inside))}" if read.inside else ""
    login = " (a login client, which verifies ID tokens)" if read.role == "id_token" else ""
    spelling = _SPELLINGS[read.names]
    environment = ", also as environment variables" if read.environment else ""
    return f"{', '.join(read.formats)}: {where}{spelling}{environment}{files}{inside}{login}"


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
    yield from ("| behaviour | default | confidence | source |", "|---|---|---|---|")
    for name, behaviours, engine in found:
        for behaviour in behaviours:
            source = f"{engine}: {behaviour.source}" if engine else behaviour.source
            yield f"| {name} | {_said(name, behaviour)} | {behaviour.confidence} | {_plain(source)} |"


def _said(name: str, behaviour: Behaviour) -> str:
    parts = [_value(name, behaviour.value)]
    if behaviour.when:
        parts.append(f"where {' and '.join(map(_code, behaviour.when))}")
    if behaviour.since or behaviour.until:
        parts.append(f"in versions {say_versions(behaviour.since, behaviour.until)}")
    if behaviour.follows:
        times = f"{behaviour.times} times " if behaviour.times > 1 else ""
        parts.append(f"or {times}as {behaviour.follows} says")
    text = " ".join(parts)
    return _plain(f"{text}. {behaviour.meaning}" if behaviour.meaning else text)


def _behaviours(platforms: Mapping[str, Platform], platform: Platform) -> Iterator[tuple[str, list[Behaviour], str | None]]:
    """Each known behaviour in the order of the report, and the engine that it is taken from."""
    sources: list[tuple[Platform, str | None]] = [(platform, None)]
    sources += [(engine, engine.name) for engine in embedded_in(platform, platforms)]
    for name in (*FIELDS, *BEHAVIOURS):
        for source, engine in sources:
            behaviours = source.behaviour.get(name)
            if behaviours is not None:
                yield name, behaviours if isinstance(behaviours, list) else [behaviours], engine
                break


def _cell(name: str, behaviours: list[Behaviour]) -> str:
    known = [behaviour for behaviour in behaviours if behaviour.value is not None]
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
        return ", ".join(map(str, value))
    return "not known" if value is None else _plain(str(value))


def _code(text: str) -> str:
    return "`" + " ".join(text.split()).replace("|", "\\|") + "`"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
