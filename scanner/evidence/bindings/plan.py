"""A read of a platform file with its paths compiled, once, when a file first needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.evidence.bindings.behaviour import DefaultBehaviour, Product, VersionedBehaviour, make_default
from scanner.evidence.bindings.paths.selectors import NAMES_COMPARED, PathSelector, compile_path, exact, relaxed
from scanner.evidence.bindings.paths.walk import Names
from scanner.pack.platform import Behaviour, FieldSpec, NodeJoin, Platform, Read, ReadPlace, UnusedSetting
from scanner.pack.versions import EVERY_VERSION, say_versions, span_between
from scanner.patterns import lazy_pattern
from scanner.record import changed, record

_FLAT_NAME = lazy_pattern(r"([\w-]++(?:\.[\w-]++)++)((?:\[.*\])?)", re.DOTALL)
_PART = lazy_pattern(r"\{([^{}]+)\}")


@record
class Field:
    """One way to read a field: its specification, its path, its conditions and the parts of its format."""

    spec: FieldSpec
    path: PathSelector
    when: tuple[PathSelector, ...]
    parts: tuple[tuple[str, PathSelector], ...]


@record
class JoinPlan:
    """The nodes of a join, and how they name the binding's node."""

    at: PathSelector | None
    settings: str | None
    refers: PathSelector | None
    same: tuple[PathSelector, PathSelector] | None
    by_word: bool


@record
class ConditionalBehaviour:
    """A behaviour of some versions of a product, and its conditions."""

    versioned: VersionedBehaviour
    when: tuple[PathSelector, ...]
    product: Product

    @property
    def is_for_all(self) -> bool:
        """Whether it is true of each binding, in each version."""
        return not self.when and not self.versioned.versions


@record
class CompiledPlace:
    """The compiled paths that say where the nodes of a read are."""

    at: PathSelector | None
    where: tuple[PathSelector, ...]
    spelling: Names


@record
class CompiledRead:
    """The compiled parts of a read. `defaults` are the behaviours of every binding, `behaviours` those that depend
    on its node or on the version. `variables`: the settings by their relaxed names, for reads of environment variables.
    `is_part`: the rest of such a binding is written elsewhere.
    `products`: the platform and those that it embeds, of those whose versions files may name. `is_generic`: see Platform.
    """

    at: PathSelector | None
    where: tuple[PathSelector, ...]
    unless: tuple[PathSelector, ...]
    fields: tuple[tuple[str, tuple[Field, ...]], ...]
    joins: dict[str, JoinPlan]
    defaults: dict[str, DefaultBehaviour]
    behaviours: dict[str, tuple[ConditionalBehaviour, ...]]
    names: dict[str, str]
    variables: dict[str, str]
    unused_settings: tuple[tuple[UnusedSetting, PathSelector, tuple[PathSelector, ...]], ...]
    spelling: Names
    is_part: bool = False
    products: tuple[str, ...] = ()
    is_generic: bool = False


def compile_read(platform: Platform, read: Read, used: tuple[Platform, ...] = ()) -> CompiledRead:
    """The read compiled; BadPath where a path is invalid. `used`: the platforms that this one embeds, nearest first."""
    place = compile_place(read)
    spelling = place.spelling
    behaviours = _compile_behaviours(platform, read, used, spelling)
    return CompiledRead(
        at=place.at,
        where=place.where,
        unless=tuple(_compile_filter(f"[{each}]", spelling) for each in read.unless),
        fields=tuple((name, tuple(_compile_fields(specs, read, spelling))) for name, specs in read.fields.items()),
        joins={name: _compile_join(join, spelling) for name, join in read.join.items()},
        defaults={name: known[0].versioned.default for name, known in behaviours.items() if known and known[0].is_for_all},
        behaviours={name: known for name, known in behaviours.items() if known and not known[0].is_for_all},
        names={spelling(name): name for name in _list_names(read)} if read.also else {},
        variables={relaxed(name): name for name in _list_names(read)} if read.environment else {},
        unused_settings=tuple(_compile_unused(each, read, spelling) for each in read.unused_settings),
        spelling=spelling,
        is_part=read.part,
        products=tuple(each.id for each in (platform, *used) if each.versions is not None),
        is_generic=platform.generic,
    )


def compile_place(read: Read | ReadPlace) -> CompiledPlace:
    """Where the nodes of a read are, compiled; BadPath where a path is invalid."""
    spelling = spelling_of(read)
    return CompiledPlace(
        at=compile_path(read.at, spelling) if read.at else None,
        where=tuple(_compile_filter(f"$[{each}]", exact) for each in read.where),
        spelling=spelling,
    )


def spelling_of(read: Read | ReadPlace) -> Names:
    """How the names of a read are compared."""
    return NAMES_COMPARED[read.names]


def _compile_unused(
    unused: UnusedSetting, read: Read, spelling: Names
) -> tuple[UnusedSetting, PathSelector, tuple[PathSelector, ...]]:
    path = as_settings(unused.setting) if read.settings is not None else unused.setting
    return unused, compile_path(path, spelling), tuple(_compile_filter(f"[{condition}]", spelling) for condition in unused.when)


def _list_names(read: Read) -> Iterator[str]:
    """Every setting of the node that the platform knows."""
    yield from read.also
    for specs in read.fields.values():
        for each in specs if isinstance(specs, list) else [specs]:
            if isinstance(each, FieldSpec) and each.of is not None:
                continue
            for way in (each if isinstance(each, str) else each.path).split("|"):
                name = way.partition("[")[0].strip("'")
                yield name if read.settings else name.partition(".")[0]


def _compile_filter(text: str, spelling: Names) -> PathSelector:
    return compile_path(text, spelling)


def _compile_fields(specs: str | FieldSpec | list[FieldSpec], read: Read, spelling: Names) -> Iterator[Field]:
    for each in specs if isinstance(specs, list) else [specs]:
        spec = each if isinstance(each, FieldSpec) else FieldSpec(path=each)
        is_flat = is_below_settings(spec, read)
        yield Field(
            spec=spec,
            path=compile_path(as_settings(spec.path) if is_flat else spec.path, spelling),
            when=tuple(_compile_filter(f"[{condition}]", spelling) for condition in spec.when),
            parts=tuple(
                (f"{{{name}}}", compile_path(as_settings(name) if is_flat else name, spelling)) for name in parts_of(spec)
            ),
        )


def parts_of(spec: FieldSpec) -> tuple[str, ...]:
    """The paths of the parts of a field's format."""
    return tuple(dict.fromkeys(_PART.findall(spec.format or "")))


def is_below_settings(spec: FieldSpec, read: Read) -> bool:
    """Whether the field's paths begin at a dotted prefix."""
    return read.settings is not None and (spec.of is None or read.join[spec.of].settings is not None)


def as_settings(path: str) -> str:
    """Below a dotted prefix, `a.b` is one flat name."""
    return "|".join(f"'{found[1]}'{found[2]}" if (found := _FLAT_NAME.fullmatch(part)) else part for part in path.split("|"))


def _compile_join(join: NodeJoin, spelling: Names) -> JoinPlan:
    return JoinPlan(
        at=compile_path(join.at, spelling) if join.at else None,
        settings=join.settings,
        refers=compile_path(join.refers, spelling) if join.refers else None,
        same=(compile_path(join.same.theirs, spelling), compile_path(join.same.mine, spelling)) if join.same else None,
        by_word=join.same is not None and join.same.words,
    )


def _compile_behaviours(
    platform: Platform, read: Read, used: tuple[Platform, ...], spelling: Names
) -> dict[str, tuple[ConditionalBehaviour, ...]]:
    """The read's own behaviours before the platform's, and the conditionless ones of what it embeds after them."""
    found: dict[str, list[ConditionalBehaviour]] = {}
    own = _product_of(platform)
    for source in (read.behaviour, platform.behaviour):
        for name, behaviours in source.items():
            for behaviour in behaviours if isinstance(behaviours, list) else [behaviours]:
                when = tuple(_compile_filter(f"[{condition}]", spelling) for condition in behaviour.when)
                found.setdefault(name, []).append(ConditionalBehaviour(_version(behaviour, make_default(behaviour)), when, own))
    for engine in used:
        product = _product_of(engine)
        for name, behaviours in engine.behaviour.items():
            listed = behaviours if isinstance(behaviours, list) else [behaviours]
            if name not in found:
                found[name] = [
                    ConditionalBehaviour(_version(each, _name_engine(engine, make_default(each))), (), product)
                    for each in listed
                    if not each.when
                ]
    return {name: tuple(known) for name, known in found.items()}


def _product_of(platform: Platform) -> Product:
    in_use = platform.versions.in_use if platform.versions is not None else None
    span = EVERY_VERSION if in_use is None else span_between(in_use.since, in_use.until)
    return Product(platform.id, platform.name, span)


def _version(behaviour: Behaviour, default: DefaultBehaviour) -> VersionedBehaviour:
    return VersionedBehaviour(
        default, span_between(behaviour.since, behaviour.until), say_versions(behaviour.since, behaviour.until)
    )


def _name_engine(engine: Platform, default: DefaultBehaviour) -> DefaultBehaviour:
    """The behaviour of an embedded engine, with its name in the source: the source does not describe the outer platform."""
    setting = default.setting
    confidence = "inferred" if setting.confidence in ("measured", "verified") else setting.confidence
    if setting.state == "unknown":
        return default
    return changed(default, setting=changed(setting, confidence=confidence, source=f"{engine.name}: {setting.source}"))
