"""One node of a configuration as a binding: its fields, their defaults, and the platform's behaviour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.evidence.bindings.behaviour import (
    NO_DEFAULT,
    DefaultBehaviour,
    Product,
    VersionedBehaviour,
    choose_by_version,
    find_effective,
    without_fetched,
)
from scanner.evidence.bindings.fields import FieldSource, Keys, ReadContext, is_left_to_a_template, read_field
from scanner.evidence.bindings.misspelt import find_misspelt
from scanner.evidence.bindings.paths.selectors import PathSelector
from scanner.evidence.bindings.paths.walk import Trail
from scanner.evidence.bindings.plan import CompiledRead, Field
from scanner.evidence.bindings.values.placeholders import begins_open
from scanner.evidence.model import Binding, Ineffective, Setting, Spot
from scanner.evidence.versions.seen import SeenVersion
from scanner.files.tree import Node, Scalar
from scanner.pack.binding_terms import FIELDS
from scanner.record import record

# where one of these is set, the consumer trusts keys there
TRUSTED_PLACES = ("issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file")
# the most specific setting of a binding gives its place
_PLACES = ("jwks_uri", "inline_keys", "key_file", "issuer", "discovery_url")
_FILES = ("file:", "classpath:")
_URLS = ("http://", "https://")


@record
class PlatformRole:
    """The platform of a binding, the role in which it verifies, and the fields that make a node a binding."""

    platform: str
    role: str
    needs: Sequence[str]


def read_binding(role: PlatformRole, compiled: CompiledRead, root: Trail, context: ReadContext) -> Binding | None:
    """The binding that the node `root` is, or None where it trusts no keys. BudgetExceeded where it cannot be read with what is
    left of the file's budget: a binding read by half could pass for a sound one.
    """
    if _is_filled_by_template(root.node, context):
        return _make_unknown_binding(role, compiled, root, context)
    if any(_is_satisfied(unless, root, context) for unless in compiled.unless):
        return None
    keys = Keys()
    found = _read_settings(compiled, root, context, keys)
    if not any(name in found and found[name].spot is not None for name in role.needs or TRUSTED_PLACES):
        return None
    spot = next((found[name].spot for name in _PLACES if name in found), None)
    known, chosen = _choose_behaviours(compiled, root, context)
    if _has_given_keys(found):
        known = without_fetched(known, chosen)
    settings = {name: found.get(name) or known.get(name, NO_DEFAULT).setting for name in FIELDS}
    return Binding(
        platform=role.platform,
        role=role.role,
        spot=spot or Spot(root.node.line, root.node.column),
        settings=settings,
        embedded=keys.jwk_set,
        has_symmetric_secret=keys.is_secret,
        secrets=tuple(keys.secrets),
        secret_digests=keys.digests,
        has_key_placeholder=keys.has_placeholder,
        behaviour=find_effective(known, settings),
        ineffective=tuple(_find_ineffective(compiled, root, context)),
        misspelt=find_misspelt(root.node, compiled.names, compiled.spelling),
        version=_find_version(compiled, context),
    )


def _find_version(compiled: CompiledRead, context: ReadContext) -> SeenVersion | None:
    """The version of the platform; where no file names it, of what it embeds."""
    found = (context.find_version(product) for product in compiled.products)
    return next((version for version in found if version is not None), None)


def _read_settings(compiled: CompiledRead, root: Trail, context: ReadContext, keys: Keys) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    joined: dict[str, list[Trail]] = {}
    for name, fields in compiled.fields:
        sources = [source for field in fields for source in _list_sources(field, compiled, root, context, joined)]
        setting = read_field(name, sources, context, keys)
        if setting is not None:
            context.walk.take_text(_count_text(setting))
            found[name] = setting
            if name == "jwks_uri" and any(field.spec.or_file for field in fields) and _is_file(setting):
                found["key_file"] = found.pop(name)
    return _mark_key_files(found)


def _is_file(setting: Setting) -> bool:
    """Whether a setting that takes a URL or a file is a file. What begins with an open part may be either: it stays a URL."""
    text = setting.resolved or setting.value
    if not isinstance(text, str) or text.lower().startswith(_URLS):
        return False
    return setting.state == "set" or not begins_open(text)


def _count_text(setting: Setting) -> int:
    """How many characters the setting has, as written and as resolved."""
    return sum(_count_characters(value) for value in (setting.value, setting.resolved))


def _count_characters(value: object) -> int:
    if isinstance(value, list):
        return sum(len(str(item)) + 1 for item in value)
    return len(value) if isinstance(value, str) else 0


def _mark_key_files(found: dict[str, Setting]) -> dict[str, Setting]:
    """A JWK Set from a file or the class path is a key file, whatever the setting's name."""
    uri = found.get("jwks_uri")
    text = uri.resolved or uri.value if uri is not None else None
    if uri is None or not isinstance(text, str) or not text.startswith(_FILES):
        return found
    return {name: setting for name, setting in found.items() if name != "jwks_uri"} | {"key_file": uri}


def _find_ineffective(compiled: CompiledRead, root: Trail, context: ReadContext) -> Iterator[Ineffective]:
    """The settings of the node that the platform ignores in this combination."""
    for unused, path, conditions in compiled.unused_settings:
        if not all(_is_satisfied(condition, root, context) for condition in conditions) or not _is_satisfied(
            path, root, context
        ):
            continue
        trail = path.select(root, context.walk)[0]
        place = trail.key or trail.node
        written = trail.key.text if trail.key is not None else unused.setting
        value = Spot(trail.node.line, trail.node.column)
        yield Ineffective(written, unused.because, unused.confidence, Spot(place.line, place.column), value)


def _list_sources(
    field: Field, compiled: CompiledRead, root: Trail, context: ReadContext, joined: dict[str, list[Trail]]
) -> list[FieldSource]:
    if not all(_is_satisfied(condition, root, context) for condition in field.when):
        return []
    of = field.spec.of
    if of is None:
        starts = [root]
    else:
        if of not in joined:
            from scanner.evidence.bindings.related_nodes import find_joined_nodes

            joined[of] = find_joined_nodes(compiled.joins[of], root, context, compiled.spelling)
        starts = joined[of]
    select = field.path.select_all if field.spec.every else field.path.select
    selected = [[trail.node for trail in select(start, context.walk)] for start in starts]
    nodes = [node for each in selected for node in each]
    is_elsewhere = field.spec.elsewhere and not (starts if of is not None else nodes)
    if not starts and not is_elsewhere:
        return []
    return [FieldSource(field, starts[0] if starts else root, nodes, is_elsewhere)]


def _is_filled_by_template(node: Node, context: ReadContext) -> bool:
    """Whether a template or an expression fills in the whole node: `rules: {{ toYaml .Values.rules }}`. An action within other
    text is a text.
    """
    if is_left_to_a_template(node, context.is_masked):
        return True
    if isinstance(node, Scalar) and node.is_unknown:
        return True
    return isinstance(node, Scalar) and node.is_masked and not node.is_quoted and node.text.startswith("{{")


def _make_unknown_binding(role: PlatformRole, compiled: CompiledRead, root: Trail, context: ReadContext) -> Binding:
    """A list that a template fills as a whole: one binding whose settings are all unknown."""
    spot = Spot(root.node.line, root.node.column)
    fields = {name for name, _ in compiled.fields}
    known = compiled.defaults | {
        name: _choose(name, fitting, each[0].product, context)
        for name, each in compiled.behaviours.items()
        if (fitting := [one.versioned for one in each if not one.when])
    }
    open_ = Setting("unresolved", spot=spot)
    settings = {name: open_ if name in fields else known.get(name, NO_DEFAULT).setting for name in FIELDS}
    version = _find_version(compiled, context)
    return Binding(role.platform, role.role, spot, settings, behaviour=find_effective(known, settings), version=version)


def _has_given_keys(found: Mapping[str, Setting]) -> bool:
    """Whether the keys are written into the configuration or a file, and no address of keys is."""
    return ("inline_keys" in found or "key_file" in found) and "jwks_uri" not in found and "discovery_url" not in found


def _choose_behaviours(
    compiled: CompiledRead, root: Trail, context: ReadContext
) -> tuple[Mapping[str, DefaultBehaviour], frozenset[str]]:
    """The first entry of each behaviour whose conditions the node satisfies, of the version of the platform; and the names of
    those that such a condition chose.
    """
    if not compiled.behaviours:
        return compiled.defaults, frozenset()
    known = dict(compiled.defaults)
    chosen: set[str] = set()
    for name, behaviours in compiled.behaviours.items():
        fitting: list[VersionedBehaviour] = []
        for each in behaviours:
            if all(_is_satisfied(condition, root, context) for condition in each.when):
                fitting.append(each.versioned)
                if each.when and len(fitting) == 1:
                    chosen.add(name)
                if not each.versioned.versions:
                    break
        if fitting:
            known[name] = _choose(name, fitting, behaviours[0].product, context)
    return known, frozenset(chosen)


def _choose(name: str, fitting: Sequence[VersionedBehaviour], product: Product, context: ReadContext) -> DefaultBehaviour:
    if not fitting[0].versions:
        return fitting[0].default
    return choose_by_version(name, fitting, product, context.find_version(product.id))


def _is_satisfied(condition: PathSelector, root: Trail, context: ReadContext) -> bool:
    """Whether the node satisfies a filter."""
    return bool(condition.select(root, context.walk))
