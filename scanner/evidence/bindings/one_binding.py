"""One node of a configuration as a binding: its fields, their defaults, and the platform's behaviour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.evidence.bindings.behaviour import NO_DEFAULT, Default, effective
from scanner.evidence.bindings.fields import Around, Keys, Way, is_left_to_a_template, read_field
from scanner.evidence.bindings.misspelt import misspelt_in
from scanner.evidence.bindings.paths.selectors import Selector
from scanner.evidence.bindings.paths.walk import TooMuch, Trail
from scanner.evidence.bindings.plan import Compiled, Field
from scanner.evidence.model import Binding, Ineffective, Setting, Spot
from scanner.files.tree import Node, Scalar
from scanner.pack.binding_terms import FIELDS
from scanner.record import record

# where one of these is set, the consumer trusts keys there
_NEEDED = ("issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file")
# the most specific setting of a binding gives its place
_PLACES = ("jwks_uri", "inline_keys", "key_file", "issuer", "discovery_url")
_FILES = ("file:", "classpath:")


@record
class Who:
    """The platform of a binding, the role in which it verifies, and the fields that make a node a binding."""

    platform: str
    role: str
    needs: Sequence[str]


def read_binding(who: Who, compiled: Compiled, root: Trail, around: Around) -> Binding | None:
    """The binding that the node `root` is, or None where it trusts no keys."""
    if _is_a_whole_from_a_template(root.node, around):
        return _open(who, compiled, root)
    if any(_holds(unless, root, around) for unless in compiled.unless):
        return None
    keys = Keys()
    found = _settings(compiled, root, around, keys)
    # settings of earlier documents apply too, but this document must set something itself
    own = [name for name in found if (spot := found[name].spot) is not None and spot.line >= around.first_line]
    if not any(name in own for name in who.needs or _NEEDED):
        return None
    spot = next((found[name].spot for name in _PLACES if name in own), None)
    known = _known(compiled, root, around)
    settings = {name: found.get(name) or known.get(name, NO_DEFAULT).setting for name in FIELDS}
    return Binding(
        platform=who.platform,
        role=who.role,
        spot=spot or Spot(root.node.line, root.node.column),
        settings=settings,
        embedded=keys.jwk_set,
        has_symmetric_secret=keys.is_secret,
        has_key_placeholder=keys.has_placeholder,
        behaviour=effective(known, settings),
        ineffective=tuple(_ineffective(compiled, root, around)),
        misspelt=misspelt_in(root.node, compiled.names, compiled.spelling),
    )


def _settings(compiled: Compiled, root: Trail, around: Around, keys: Keys) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    joined: dict[str, list[Trail]] = {}
    for name, fields in compiled.fields:
        setting: Setting | None
        try:
            ways = [way for field in fields for way in _ways(field, compiled, root, around, joined)]
            setting = read_field(name, ways, around, keys)
        except TooMuch:
            # the budget does not suffice to read the other parts of the file for each binding
            setting = Setting("unresolved", spot=Spot(root.node.line, root.node.column))
        if setting is not None:
            found[name] = setting
    return _with_key_files(found)


def _with_key_files(found: dict[str, Setting]) -> dict[str, Setting]:
    """A JWK Set from a file or the class path is a key file, whatever the setting's name."""
    uri = found.get("jwks_uri")
    text = uri.resolved or uri.value if uri is not None else None
    if uri is None or not isinstance(text, str) or not text.startswith(_FILES):
        return found
    return {name: setting for name, setting in found.items() if name != "jwks_uri"} | {"key_file": uri}


def _ineffective(compiled: Compiled, root: Trail, around: Around) -> Iterator[Ineffective]:
    """The settings of the node that the platform ignores in this combination."""
    for dead, path, conditions in compiled.dead:
        if not all(_holds(condition, root, around) for condition in conditions) or not _holds(path, root, around):
            continue
        trail = path.select(root, around.walk)[0]
        place = trail.key or trail.node
        written = trail.key.text if trail.key is not None else dead.setting
        yield Ineffective(written, dead.because, dead.confidence, Spot(place.line, place.column))


def _ways(field: Field, compiled: Compiled, root: Trail, around: Around, joined: dict[str, list[Trail]]) -> list[Way]:
    if not all(_holds(condition, root, around) for condition in field.when):
        return []
    of = field.spec.of
    if of is None:
        starts = [root]
    else:
        if of not in joined:
            from scanner.evidence.bindings.related_nodes import joined_nodes

            joined[of] = joined_nodes(compiled.joins[of], root, around, compiled.spelling)
        starts = joined[of]
    select = field.path.select_all if field.spec.every else field.path.select
    selected = [[trail.node for trail in select(start, around.walk)] for start in starts]
    if not starts:
        return []
    return [Way(field, starts[0], [node for nodes in selected for node in nodes])]


def _is_a_whole_from_a_template(node: Node, around: Around) -> bool:
    """Whether a template fills in the whole node: `rules: {{ toYaml .Values.rules }}`. An action within other text
    is a text.
    """
    if is_left_to_a_template(node, around.is_masked):
        return True
    return isinstance(node, Scalar) and node.is_masked and not node.is_quoted and node.text.startswith("{{")


def _open(who: Who, compiled: Compiled, root: Trail) -> Binding:
    """A list that a template fills as a whole: one binding whose settings are all unknown."""
    spot = Spot(root.node.line, root.node.column)
    fields = {name for name, _ in compiled.fields}
    known = compiled.defaults | {name: each[-1].default for name, each in compiled.behaviours.items() if not each[-1].when}
    open_ = Setting("unresolved", spot=spot)
    settings = {name: open_ if name in fields else known.get(name, NO_DEFAULT).setting for name in FIELDS}
    return Binding(who.platform, who.role, spot, settings, behaviour=effective(known, settings))


def _known(compiled: Compiled, root: Trail, around: Around) -> Mapping[str, Default]:
    """The first entry of each behaviour whose conditions the node satisfies."""
    if not compiled.behaviours:
        return compiled.defaults
    known = dict(compiled.defaults)
    for name, behaviours in compiled.behaviours.items():
        for each in behaviours:
            if all(_holds(condition, root, around) for condition in each.when):
                known[name] = each.default
                break
    return known


def _holds(condition: Selector, root: Trail, around: Around) -> bool:
    """Whether the node satisfies a filter; false where the file's budget is exceeded."""
    try:
        return bool(condition.select(root, around.walk))
    except TooMuch:
        return False
