"""Places that may be a binding, because an expression that nobody can evaluate decides what they are.

`kind: {{ .Values.kind }}` beside `spec.jwtRules` may be a RequestAuthentication. So each computed name and value is taken for
what a read asks for, and what the read then finds is open; but only where the rest is written plainly: the read's other names,
its fields, and one word about tokens or keys among them. A template of ordinary objects has none of that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scanner.evidence.bindings.computed import open_parts
from scanner.evidence.bindings.paths.selectors import PathSelector, PathStep
from scanner.evidence.bindings.paths.walk import Names, Trail, Walk
from scanner.evidence.bindings.plan import CompiledPlace, compile_place, spelling_of
from scanner.evidence.model import Spot
from scanner.files.tree import Entry, Mapping, Node, Parsed, Scalar, Sequence, list_nodes
from scanner.pack.platform import ReadPlace
from scanner.patterns import lazy_pattern
from scanner.record import changed, record

# a name that tells of tokens or keys
_TOKEN_WORD = lazy_pattern(r"jw[tks]|oidc|open_?id|issuer|discovery|authority|audience", re.IGNORECASE)
# a kind of object whose purpose is to verify them
_TOKEN_KIND = lazy_pattern(r"jw[tks]|oidc|open_?id|requestauth|authentication|token|trust", re.IGNORECASE)
# an action alone on its line that writes something
_WRITES = lazy_pattern(
    r"\s*+(?:- )?\{\{-?\s*+(?:include|template|toYaml|tpl|printf|[.$(])[^{}]*+\}\}\s*+$|\s*+\{%-?\s*+include\b"
)
# of one document: more are a file made for that
_MOST_KEYS = 50
_MOST_VARIANTS = 12


Body = tuple[tuple[PathStep, ...], tuple[PathStep, ...]]


@record
class OpenIdentity:
    """A place that may be what a read is for, and where the expression stands that decides it."""

    spot: Spot
    is_body: bool = False


@record
class _Variant:
    """What the computed values and keys of a document are taken for."""

    values: dict[str, tuple[str, ...]]
    key: str | None


class OpenNames:
    """The names of one document and what of it is computed and not known."""

    def __init__(self, node: Node, parsed: Parsed) -> None:
        self.node = node
        self.names: set[str] = set()
        self.keys: list[tuple[Scalar, list[str]]] = []
        self.values: dict[str, list[tuple[Scalar, list[str]]]] = {}
        self._lines = parsed.text.split("\n") if parsed.is_masked or "#@" in parsed.text or "#{" in parsed.text else []
        self._is_masked = parsed.is_masked
        self.walk = Walk().unbounded()  # of all reads together
        for each in list_nodes(node):
            for entry in each.entries if isinstance(each, Mapping) else ():
                self._note(entry)

    def __bool__(self) -> bool:
        return bool(self.keys or self.values) or self.writes_between(self.node.line, self.node.end_line + 1)

    def _note(self, entry: Entry) -> None:
        self.names.add(entry.key.text)
        parts = open_parts(entry.key)
        if parts is not None and len(self.keys) < _MOST_KEYS:
            self.keys.append((entry.key, parts))
        found = self.open_value(entry.value)
        if found is not None and isinstance(entry.value, Scalar):
            self.values.setdefault(entry.key.text, []).append((entry.value, found))

    def open_value(self, node: Node) -> list[str] | None:
        """The known parts around what is not known of a value; None where it is known."""
        if not isinstance(node, Scalar):
            return None
        parts = open_parts(node)
        if parts is None and node.value is None and not node.text and not node.is_quoted and self._is_left_open(node):
            return ["", ""]
        return parts

    def _is_left_open(self, node: Scalar) -> bool:
        """Whether a template writes the value of a name that has none: below, or in a comment of ytt."""
        line = self._lines[node.line - 1] if 0 < node.line <= len(self._lines) else ""
        return "#@" in line or "#{" in line or (self._is_masked and self.writes_between(node.line, node.line + 1))

    def writes_between(self, first: int, last: int) -> bool:
        """Whether an action that writes something stands alone on one of the lines."""
        return self._is_masked and any(_WRITES.match(line) for line in self._lines[first - 1 : last])


class OpenPlan:
    """What a read asks for that an expression may decide: worked out once, since every template is asked about every read, and
    compiled only for those whose names or kinds of object it may have.
    """

    def __init__(self, place: ReadPlace) -> None:
        self._place = place
        self._compiled: CompiledPlace | None = None
        self._filters = frozenset(map(spelling_of(place), place.filters))
        self._may_have_bodies = place.at is not None and "=" in place.at and bool(_TOKEN_KIND.search(place.at))
        self._bodies: tuple[Body, ...] | None = None

    @property
    def compiled(self) -> CompiledPlace:
        """The paths, compiled at first use."""
        if self._compiled is None:
            self._compiled = compile_place(self._place)
        return self._compiled

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Of each way to a node: the steps to the object whose kind tells of tokens, and those after it."""
        if self._bodies is None:
            at = self.compiled.at if self._may_have_bodies else None
            self._bodies = tuple(list_bodies(at)) if at is not None else ()
        return self._bodies

    def may_vary(self, names: OpenNames) -> bool:
        """Whether a computed name, or the computed value of a name that the read may filter by, is among the names."""
        return bool(names.keys) or not self._filters.isdisjoint(names.values)


def find_open_identities(
    names: OpenNames, plan: OpenPlan, roots: Callable[[Node], list[Trail]], binds: Callable[[Trail], bool]
) -> Iterator[OpenIdentity]:
    """The places of a document that may be for the read. `roots` gives what the read finds in a document, `binds` says whether
    such a node is a binding.
    """
    known: set[tuple[int, int]] | None = None
    compiled = plan.compiled
    for variant in _list_variants(names, compiled) if plan.may_vary(names) else ():
        made, taken = _substitute(names, variant, compiled.spelling)
        if known is None:
            known = {(root.node.line, root.node.column) for root in roots(names.node)}
        for root in roots(made):
            if names.open_value(root.node) is not None:
                continue  # nothing of it is written
            if (root.node.line, root.node.column) not in known and _tells_of_tokens(root, taken) and binds(root):
                yield OpenIdentity(_find_spot(root, taken))
    if plan.bodies and compiled.at is not None and names:
        yield from _find_open_bodies(names, plan.bodies, compiled.at)


def _list_variants(names: OpenNames, compiled: CompiledPlace) -> Iterator[_Variant]:
    many = 0
    for steps in _list_paths(compiled):
        for variant in _list_variants_of(names, steps, compiled.spelling):
            many += 1
            if many > _MOST_VARIANTS:
                return
            yield variant


def _list_paths(compiled: CompiledPlace) -> Iterator[tuple[PathStep, ...]]:
    """The ways in which the read finds its nodes, each with the filters on the document."""
    where = tuple(step for each in compiled.where for step in each.alternatives[0])
    if compiled.at is None:
        yield where
        return
    for steps in compiled.at.alternatives:
        yield (*where, *steps)


def _list_variants_of(names: OpenNames, steps: tuple[PathStep, ...], spelling: Names) -> Iterator[_Variant]:
    spelled = {spelling(name) for name in names.names}
    wanted = [step.wanted for step in steps if step.move == "name" and step.wanted]
    values: dict[str, tuple[str, ...]] = {}
    is_fitting = False
    for name, texts in _list_wanted_values(steps):
        wanted.append(spelling(name))
        values[name] = texts
        is_fitting |= any(_fits(parts, text) for _, parts in names.values.get(name, ()) for text in texts)
    missing = [name for name in dict.fromkeys(wanted) if name not in spelled]
    if is_fitting and not missing:
        yield _Variant(values, None)
    if len(set(wanted)) == 1 and not set(wanted).isdisjoint(map(spelling, values)):
        return  # all that is asked for is one name with one value: of a computed name nothing is written
    for key in dict.fromkeys(wanted) if len(missing) < 2 else ():
        if (not missing or missing == [key]) and any(_fits(parts, key) for _, parts in names.keys):
            yield _Variant(values, key)


def _list_wanted_values(steps: tuple[PathStep, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The filters of the steps: a name, and the texts that it may have."""
    for step in steps:
        for each in step.filters:
            plain = each.path.plain
            if plain is not None and not each.is_negated and (each.texts or each.globs):
                texts = (*sorted(each.texts), *(glob.replace("*", "") for glob in each.globs))
                yield from ((name, texts) for name in plain)


def _fits(parts: list[str], text: str) -> bool:
    """Whether the text may be the parts with something between them. Where nothing at all is known, it may be any."""
    first, *between, last = parts
    if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
        return False
    at = len(first)
    for part in between:
        found = text.find(part, at, len(text) - len(last))
        if found < 0:
            return False
        at = found + len(part)
    return True


def _substitute(names: OpenNames, variant: _Variant, spelling: Names) -> tuple[Node, set[tuple[int, int]]]:
    """The document with its computed values and keys taken for the variant's, and the places of those."""
    open_values = {id(scalar): parts for each in names.values.values() for scalar, parts in each}
    open_keys = {id(scalar): parts for scalar, parts in names.keys}
    taken: set[tuple[int, int]] = set()
    done: dict[int, Node] = {}

    def take(scalar: Scalar, text: str) -> Scalar:
        taken.add((scalar.line, scalar.column))
        return changed(scalar, text=text, value=text, is_expression=False)

    def entry_of(entry: Entry, siblings: set[str]) -> Entry:
        key, value = entry.key, substitute(entry.value)
        if variant.key is not None and id(key) in open_keys and variant.key not in siblings:
            key = take(key, variant.key) if _fits(open_keys[id(key)], variant.key) else key
        texts = variant.values.get(key.text, ())
        if isinstance(value, Scalar) and id(entry.value) in open_values and texts:
            text = next((each for each in texts if _fits(open_values[id(entry.value)], each)), None)
            value = value if text is None else take(value, text)
        return entry if key is entry.key and value is entry.value else Entry(key, value)

    def substitute(node: Node) -> Node:
        if isinstance(node, Scalar):
            return node
        if id(node) not in done:
            if isinstance(node, Sequence):
                items = tuple(substitute(item) for item in node.items)
                is_same = all(one is other for one, other in zip(items, node.items, strict=True))
                done[id(node)] = node if is_same else changed(node, items=items)
            else:
                siblings = {spelling(each.key.text) for each in node.entries}
                entries = tuple(entry_of(entry, siblings) for entry in node.entries)
                is_same = all(one is other for one, other in zip(entries, node.entries, strict=True))
                done[id(node)] = node if is_same else changed(node, entries=entries)
        return done[id(node)]

    return substitute(names.node), taken


def _tells_of_tokens(root: Trail, taken: set[tuple[int, int]]) -> bool:
    """Whether a name in the node or above it, written plainly, tells of tokens or keys."""
    keys = [entry.key for node in _list_near(root.node) if isinstance(node, Mapping) for entry in node.entries]
    trail: Trail | None = root
    while trail is not None:
        keys += [trail.key] if trail.key is not None else []
        trail = trail.above
    return any(_TOKEN_WORD.search(key.text) for key in keys if (key.line, key.column) not in taken)


def _list_near(node: Node) -> Iterator[Node]:
    yield node
    yield from node.items if isinstance(node, Sequence) else ()


def _find_spot(root: Trail, taken: set[tuple[int, int]]) -> Spot:
    trail: Trail | None = root
    while trail is not None:
        for entry in trail.node.entries if isinstance(trail.node, Mapping) else ():
            for scalar in (entry.key, entry.value):
                if (scalar.line, scalar.column) in taken:
                    return Spot(scalar.line, scalar.column)
        trail = trail.above
    return Spot(root.node.line, root.node.column)


def list_filter_names(compiled: CompiledPlace) -> frozenset[str]:
    """The names of the members by whose values a read chooses its nodes."""
    return frozenset(name for steps in _list_paths(compiled) for name, _ in _list_wanted_values(steps))


def list_bodies(at: PathSelector) -> Iterator[Body]:
    """Of each way to a node: the steps to the object whose kind tells of tokens, and those after it."""
    for steps in at.alternatives:
        last = max((number for number, step in enumerate(steps) if _is_token_kind(step)), default=None)
        if last is not None and last + 1 < len(steps):
            yield steps[: last + 1], steps[last + 1 :]


def _find_open_bodies(names: OpenNames, bodies: tuple[Body, ...], at: PathSelector) -> Iterator[OpenIdentity]:
    """Objects that are what the read is for, and whose rest a template or an expression writes."""
    walk = names.walk
    found: dict[int, tuple[Trail, list[tuple[PathStep, ...]]]] = {}
    for above, rest in bodies:
        for trail in PathSelector((above,), at.spelling, None).select_all(Trail(names.node), walk):
            found.setdefault(id(trail.node), (trail, []))[1].append(rest)
    for trail, rests in found.values():
        if any(PathSelector((rest,), at.spelling, None).select(trail, walk) for rest in rests):
            continue
        wanted = {step.wanted for rest in rests for step in rest if step.move == "name"}
        if (spot := _find_open_part(trail.node, wanted, names, at.spelling)) is not None:
            yield OpenIdentity(spot, is_body=True)


def _is_token_kind(step: PathStep) -> bool:
    return any(_TOKEN_KIND.search(text) for _, texts in _list_wanted_values((step,)) for text in texts)


def _find_open_part(node: Node, wanted: set[str], names: OpenNames, spelling: Names) -> Spot | None:
    """Where the first part stands that an expression writes and that may be what is wanted."""
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        for entry in current.entries if isinstance(current, Mapping) else ():
            if spelling(entry.key.text) not in wanted:
                if open_parts(entry.key) is not None:
                    return Spot(entry.key.line, entry.key.column)
                continue
            if names.open_value(entry.value) is not None:
                return Spot(entry.value.line, entry.value.column)
            waiting.append(entry.value)
            if names.writes_between(entry.value.line, entry.value.end_line + 1):
                return Spot(entry.value.line, entry.value.column)
        waiting += current.items if isinstance(current, Sequence) else ()
    return None
