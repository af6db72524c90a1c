"""Paths into the uniform tree, as platform files write them.

    spec.jwtRules.*            members by name; `*` each member or item
    **[jwt].providers.*        `**` any depth, the node itself included; `[k]` has, `[!k]` lacks, `[k=a*|b]` is like
    clusters[name={a.b}]       `{…}`: the same as what this path selects from the node that the selection began at
    requires[**.name=x]        a filter's name may be a path, and `.` the node itself
    [type=oidc]  .[.=https:*]  filters alone: the node itself, if it is so; of a list its items that are
    remoteJwks.uri|jwks_uri    the first alternative that selects anything
    ^.^.optional               `^` the node above, `$` the document
    #key                       the name under which the node hangs
    #around.name               of a document in a string: the mapping that has the string
    $.#iam-statements          what the named reader makes of the node
    '@type'                    a quoted name may hold any character

A name applied to a list applies to each of its items, so there is no `[*]`, and to the pairs of a list that means a mapping
(`[{name: A, value: b}]`, `["A=b"]`, `["--flag", "b"]`). How names are compared is the spelling of a read (NAMES_COMPARED).
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from scanner.errors import did_you_mean
from scanner.evidence.bindings.paths.named_readers import NAMES
from scanner.evidence.bindings.paths.walk import Names, Trail, Walk, below, items
from scanner.files.tree import Mapping, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import record

_FILTER = lazy_pattern(
    r"\[(?P<not>!)?(?P<name>(?:\$\.)?'[^'\]]+'|[\w@/*.#^$-]+)(?:=(?:\{(?P<same>[^\]{}]+)\}|(?P<globs>[^\]{}]+)))?\]"
)
_NAMELESS = re.sub(r"[?]P<[a-z]+>", "?:", _FILTER.pattern)
_STEP = lazy_pattern(rf"(?P<name>'[^']+'|\*\*|\*|\^|\$|#[a-z-]+|[\w@/-]+|(?=\[))(?P<filters>(?:{_NAMELESS})*)")
# members that the readers of formats make, and the name of a node
_MADE = ("key", "around", "args", "text", "command", "call", "open")
_SQUASHED = lazy_pattern(r"[^a-z0-9]")
_GLOB = lazy_pattern(r"[*?\[]")
# what programs take for a switch that is on: YAML 1.1, Go's strconv and go-ini, environment variables
_ON = frozenset({"true", "True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON", "1", "enabled"})
_OFF = frozenset({"false", "False", "FALSE"})
_MOVES = frozenset({"*", "**", "^", "$", "#key", "#around", ""})


class BadPath(Exception):
    """An invalid path: what is wrong, the offset in characters, and what to do."""

    def __init__(self, what: str, offset: int, remedy: str) -> None:
        super().__init__(what)
        self.offset = offset
        self.remedy = remedy


@record
class _Filter:
    path: PathSelector
    is_negated: bool
    texts: frozenset[str]
    globs: tuple[str, ...]
    same: PathSelector | None


@record
class PathStep:
    """One step of a path. `move` is one of _MOVES, or `name` with the spelled name in `wanted`. `first`: a member that every
    node that passes the filters must have.
    """

    move: str
    wanted: str
    filters: tuple[_Filter, ...]
    first: str | None


@record
class PathSelector:
    """A compiled path. `plain`: its alternatives' names, where each is one name and nothing else."""

    alternatives: tuple[tuple[PathStep, ...], ...]
    spelling: Names
    plain: tuple[str, ...] | None

    def select(self, start: Trail, walk: Walk | None = None) -> list[Trail]:
        """The nodes of the first alternative that selects any, in document order. BudgetExceeded where the budget
        is exceeded.
        """
        walk = walk or Walk()
        if self.plain is not None and isinstance(start.node, Mapping):
            members = walk.members(start.node, self.spelling)
            entry = next((members[name] for name in self.plain if name in members), None)
            walk.visit()
            return [Trail(entry.value, entry.key, start)] if entry is not None else []
        for steps in self.alternatives:
            found = self._follow(steps, start, walk)
            if found:
                return found
        return []

    def select_all(self, start: Trail, walk: Walk | None = None) -> list[Trail]:
        """The nodes of all alternatives, in document order."""
        walk = walk or Walk()
        found = [trail for steps in self.alternatives for trail in self._follow(steps, start, walk)]
        if len(found) < 2:
            return found
        return sorted(_drop_repeats(found), key=lambda trail: (trail.node.line, trail.node.column))

    def _follow(self, steps: tuple[PathStep, ...], start: Trail, walk: Walk) -> list[Trail]:
        if steps and steps[0].move == "$" and not any(each.same for step in steps for each in step.filters):
            # the same from every node of a document: a file has many bindings
            top = start.top()
            walk.visit()
            return walk.once(("$", id(steps), id(top.node)), (steps, top), lambda: self._walk_steps(steps, top, walk))
        return self._walk_steps(steps, start, walk)

    def _walk_steps(self, steps: tuple[PathStep, ...], start: Trail, walk: Walk) -> list[Trail]:
        found = [start]
        for number, step in enumerate(steps):
            if not found:
                return found
            if step.move == "**":
                following = steps[number + 1] if number + 1 < len(steps) else None
                moved = [each for trail in found for each in self._select_below(step, following, trail, walk)]
            else:
                moved = [each for trail in found for each in self._move(step, trail, walk)]
                walk.visit(len(moved))
                if step.filters:
                    moved = [each for trail in moved for each in _find_candidates(trail, walk)]
            found = [each for each in moved if _is_passing(step.filters, each, start, walk)] if step.filters else moved
        return _drop_repeats(found) if len(found) > 1 else found

    def _select_below(self, step: PathStep, following: PathStep | None, trail: Trail, walk: Walk) -> list[Trail]:
        """The node and all below it. Where the next step needs a member, only the mappings that have it: a name reaches through
        lists to their items, which are below too.
        """
        needed = step.first
        if not step.filters and following is not None and following.move == "name":
            needed = following.wanted
        if needed is not None:
            held = walk.holders(trail, self.spelling).get(needed, [])
            walk.visit(len(held))
            return held
        everything = list(below(trail))
        walk.visit(len(everything))
        if not step.filters:
            return everything
        return [each for found in everything for each in _read_as_mapping(found, walk)]

    def _move(self, step: PathStep, trail: Trail, walk: Walk) -> Iterable[Trail]:
        move = step.move
        if move == "name":
            return self._select_named(step.wanted, trail, walk)
        if move == "*":
            return items(trail)
        if move == "^":
            return () if trail.above is None else (trail.above,)
        if move == "$":
            return (trail.top(),)
        if move == "#key":
            return () if trail.key is None else (Trail(trail.key, trail.key, trail),)
        if move == "#around":
            return () if walk.around is None else (walk.around,)
        if move == "read":
            return (Trail(walk.read_as(step.wanted, trail.node), trail.key, trail),)
        return (trail,)

    def _select_named(self, wanted: str, trail: Trail, walk: Walk) -> Iterator[Trail]:
        node = trail.node
        if isinstance(node, Mapping):
            entry = walk.members(node, self.spelling).get(wanted)
            if entry is not None:
                yield Trail(entry.value, entry.key, trail)
        elif isinstance(node, Sequence):
            pairs = walk.pairs(node)
            if pairs is not None:
                yield from self._select_named(wanted, Trail(pairs, trail.key, trail), walk)
            for item in node.items:
                if not isinstance(item, Scalar):
                    yield from self._select_named(wanted, Trail(item, trail.key, trail), walk)


def exact(name: str) -> str:
    """Names unchanged: most platforms ignore a member in the wrong case."""
    return name


@lru_cache(maxsize=4096)  # every document has the same few hundred names
def relaxed(name: str) -> str:
    """Letters and digits only, lower case: camel, snake and kebab are one."""
    return _SQUASHED.sub("", name.lower())


@lru_cache(maxsize=4096)
def any_case(name: str) -> str:
    """Names in any case, as Go's encoding/json and Apache's directives compare them (`ſ` is an `s` to Go)."""
    return name.casefold()


@lru_cache(maxsize=4096)
def any_dash(name: str) -> str:
    """An underscore is a dash, as in the flags of Kubernetes."""
    return name.replace("_", "-")


# how the names of a read are compared, by its `names`
NAMES_COMPARED: dict[str, Names] = {"exact": exact, "relaxed": relaxed, "any-case": any_case, "any-dash": any_dash}


def compile_path(text: str, spelling: Names = exact, offset: int = 0) -> PathSelector:
    """A path as a selector; BadPath where a part is invalid. `offset`: where the path begins in a longer one."""
    alternatives = tuple(tuple(_parse_steps(part, spelling, offset + at)) for at, part in _split_outside(text, "|"))
    is_plain = all(len(steps) == 1 and steps[0].move == "name" and not steps[0].filters for steps in alternatives)
    return PathSelector(alternatives, spelling, tuple(steps[0].wanted for steps in alternatives) if is_plain else None)


def _find_candidates(trail: Trail, walk: Walk) -> Iterable[Trail]:
    """The nodes that a step's conditions apply to: for a list, the mapping that it means and each item."""
    if not isinstance(trail.node, Sequence):
        return (trail,)
    pairs = walk.pairs(trail.node)
    return items(trail) if pairs is None else (Trail(pairs, trail.key, trail), *items(trail))


def _read_as_mapping(trail: Trail, walk: Walk) -> Iterable[Trail]:
    """The same below `**`, which visits the items itself."""
    if not isinstance(trail.node, Sequence):
        return (trail,)
    pairs = walk.pairs(trail.node)
    return () if pairs is None else (Trail(pairs, trail.key, trail),)


def _is_passing(filters: tuple[_Filter, ...], trail: Trail, start: Trail, walk: Walk) -> bool:
    return all(_is_match(condition, trail, start, walk) for condition in filters)


def _is_match(condition: _Filter, trail: Trail, start: Trail, walk: Walk) -> bool:
    found = condition.path.select(trail, walk)
    if condition.same is not None:
        is_so = not set(texts_of(found)).isdisjoint(texts_of(condition.same.select(start, walk)))
    elif condition.texts or condition.globs:
        is_so = any(
            text in condition.texts or any(fnmatch.fnmatchcase(text, glob) for glob in condition.globs)
            for text in texts_of(found)
        )
    else:
        is_so = bool(found)
    return is_so != condition.is_negated


def texts_of(trails: list[Trail]) -> Iterator[str]:
    """The texts of nodes, of computed ones what they give where that is known; for a list, those of its items."""
    for trail in trails:
        nodes = trail.node.items if isinstance(trail.node, Sequence) else (trail.node,)
        yield from (known_text(node) for node in nodes if isinstance(node, Scalar))


def known_text(node: Scalar) -> str:
    """The text of a scalar; of a computed one what it gives, where that is known."""
    if isinstance(node.value, str):
        return node.value
    if not node.is_expression or node.value is None:
        return node.text
    return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)


def _parse_steps(text: str, spelling: Names, offset: int) -> Iterator[PathStep]:
    if text == ".":  # the node itself
        return
    if text.startswith(".["):
        text, offset = text[1:], offset + 1
    for at, part in _split_outside(text, "."):
        start = offset + at
        found = _STEP.fullmatch(part)
        if found is None:
            raise _refuse_step(part, start)
        _check_name(found["name"], start)
        filters_at = start + found.start("filters")
        filters = tuple(_parse_filter(each, spelling, filters_at) for each in _split_filters(found["filters"]))
        is_quoted = found["name"].startswith("'")
        written = found["name"].strip("'")
        if written.startswith("#") and written[1:] in NAMES and not is_quoted:
            yield PathStep("read", written[1:], filters, None)
            continue
        move = written if written in _MOVES and not is_quoted else "name"
        first = next((name for each in filters if (name := _find_required_member(each)) is not None), None)
        yield PathStep(move, spelling(written), filters, first)


def _split_filters(text: str) -> Iterator[re.Match[str]]:
    """The filters of a step, which are nothing but filters."""
    at = 0
    while (found := _FILTER.match(text, at)) is not None:
        yield found
        at = found.end()


def _parse_filter(found: re.Match[str], spelling: Names, offset: int) -> _Filter:
    wanted = found["globs"].split("|") if found["globs"] else []
    return _Filter(
        path=compile_path(found["name"], spelling, offset + found.start("name")),
        is_negated=bool(found["not"]),
        texts=_spell_switches(frozenset(text for text in wanted if not _GLOB.search(text))),
        globs=tuple(text for text in wanted if _GLOB.search(text)),
        same=compile_path(found["same"], spelling, offset + found.start("same")) if found["same"] else None,
    )


def _spell_switches(texts: frozenset[str]) -> frozenset[str]:
    """The texts, and the other spellings of a switch among them."""
    return texts | (_ON if "true" in texts else frozenset()) | (_OFF if "false" in texts else frozenset())


def _find_required_member(condition: _Filter) -> str | None:
    """The member that every passing node must have; None where one of several is enough, or none is needed."""
    plain = condition.path.plain
    return plain[0] if plain is not None and len(plain) == 1 and not condition.is_negated else None


def _check_name(name: str, offset: int) -> None:
    """`#args` is a member that readers make; other names with a mark must be known."""
    if name.startswith("#") and name[1:] not in (*_MADE, *NAMES):
        known = tuple(f"#{each}" for each in (*_MADE, *NAMES))
        raise BadPath(f"unknown reader `{name}` in a path", offset, f"{did_you_mean(name, known)}Known: {', '.join(known)}.")


def _refuse_step(step: str, offset: int) -> BadPath:
    """The error for an invalid step, at its first invalid character."""
    begin = _STEP.match(step)
    read = begin.end() if begin is not None else 0
    remedy = "docs/platform-paths.md has the grammar; a name with other characters than letters, digits and _@/- is quoted."
    if not step:
        return BadPath("a step of a path is empty", offset, remedy)
    return BadPath(f"`{step}` is not a step of a path", offset + read, remedy)


def _split_outside(text: str, mark: str) -> list[tuple[int, str]]:
    """`text` split at `mark` outside quotes and brackets: each part with its offset."""
    parts: list[tuple[int, str]] = []
    depth, quoted, start = 0, False, 0
    for index, char in enumerate(text):
        quoted ^= char == "'"
        depth += (char == "[") - (char == "]")
        if char == mark and not quoted and depth == 0:
            parts.append((start, text[start:index]))
            start = index + 1
    return [*parts, (start, text[start:])]


def _drop_repeats(trails: list[Trail]) -> list[Trail]:
    """Each place once: below `**` a name can reach one node through several lists."""
    seen = {(id(each.node), id(each.key), id(each.above.node) if each.above else 0): each for each in reversed(trails)}
    return list(reversed(seen.values()))
