"""Replacements and variables: values of one resource that stand in others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import changed, record
from scanner.units.kustomize.budget import Budget
from scanner.units.kustomize.kustomization import text_of
from scanner.units.kustomize.placed import Items, Leaf, Map, Member, Placed, map_leaves, new_leaf, over
from scanner.units.kustomize.resource import Resource
from scanner.units.kustomize.selectors import Selector, Undecided

# a part of a field path: `spec`, `[name=app]`, `[a.b/c]`, `0`, `*`; an escaped dot is none between parts
_PART = lazy_pattern(r"\[((?:[^\[\]])++)\]|((?:\\.|[^.\\\[])++)")
_VARIABLE = lazy_pattern(r"\$\(([\w.-]{1,200})\)")
_LONGEST_VALUE = 64 * 1024


class NotFollowed(Exception):
    """A replacement that is not followed, or that has no source or target here."""


@record
class _Options:
    delimiter: str
    index: int
    creates: bool


def replace(resources: list[Resource], replacement: Node, budget: Budget) -> list[Resource]:
    """The resources after one replacement; NotFollowed where it cannot be carried out."""
    if not isinstance(replacement, Mapping):
        raise NotFollowed
    source, targets = replacement.get("source"), replacement.get("targets")
    if not isinstance(source, Mapping) or not isinstance(targets, Sequence):
        raise NotFollowed
    value = _read_source(resources, source, budget)
    for target in targets.items:
        resources = _fill(resources, target, value, budget)
    return resources


def _options(node: Mapping) -> _Options:
    options = node.get("options")
    if not isinstance(options, Mapping):
        return _Options("", 0, creates=False)
    index = text_of(options, "index") or "0"
    if not index.isdecimal() or text_of(options, "encoding"):
        raise NotFollowed
    return _Options(text_of(options, "delimiter"), int(index[:6]), creates=text_of(options, "create") == "true")


def _read_source(resources: list[Resource], source: Mapping, budget: Budget) -> Placed:
    selector = _selector(source)
    found = [each for each in resources if selector.fits(each, budget)]
    path = text_of(source, "fieldPath") or "metadata.name"
    value = _find(found[0].node, _parts(path)) if len(found) == 1 else None
    if value is None:
        raise NotFollowed
    options = _options(source)
    if options.delimiter and isinstance(value, Leaf):
        pieces = value.text.split(options.delimiter)
        if options.index >= len(pieces):
            raise NotFollowed
        return new_leaf(pieces[options.index], value)
    return value


def _selector(node: Mapping) -> Selector:
    try:
        return Selector(node)
    except Undecided:
        raise NotFollowed from None


def _parts(path: str) -> list[str]:
    return [bracket or plain.replace("\\.", ".") for bracket, plain in _PART.findall(path)]


def _find(node: Placed | None, parts: list[str]) -> Placed | None:
    for part in parts:
        number = _number_of(node, part)
        if isinstance(node, Items):
            node = node.items[number] if number is not None else None
        else:
            node = node.get(part) if isinstance(node, Map) else None
    return node


def _number_of(node: Placed | None, part: str) -> int | None:
    """The position of an item: written as such, or by a member of it."""
    if not isinstance(node, Items):
        return None
    name, mark, value = part.partition("=")
    if mark:
        return next((n for n, each in enumerate(node.items) if isinstance(each, Map) and each.text(name) == value), None)
    return int(part) if part.isdecimal() and len(part) < 7 and int(part) < len(node.items) else None


def _fill(resources: list[Resource], target: Node, value: Placed, budget: Budget) -> list[Resource]:
    select = target.get("select") if isinstance(target, Mapping) else None
    if not isinstance(target, Mapping) or not isinstance(select, Mapping):
        raise NotFollowed
    rejected = target.get("reject")
    rejects = [_selector(each) for each in _items(rejected) if isinstance(each, Mapping)]
    selector, options = _selector(select), _options(target)
    paths = [each.text for each in _items(target.get("fieldPaths")) if isinstance(each, Scalar)] or ["metadata.name"]
    made = []
    for each in resources:
        if selector.fits(each, budget) and not any(reject.fits(each, budget) for reject in rejects):
            node: Placed = each.node
            for path in paths:
                node = _put(node, _parts(path), value, options, budget)
            assert isinstance(node, Map)
            each = changed(each, node=node)
        made.append(each)
    return made


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _put(node: Placed, parts: list[str], value: Placed, options: _Options, budget: Budget) -> Placed:
    budget.take(1)
    if not parts:
        return _laid(node, value, options)
    part, rest = parts[0], parts[1:]
    if isinstance(node, Items):
        numbers = (
            list(range(len(node.items)))
            if part == "*"
            else [number for number in (_number_of(node, part),) if number is not None]
        )
        if not numbers:
            raise NotFollowed
        items = list(node.items)
        for number in numbers:
            items[number] = _put(items[number], rest, value, options, budget)
        return changed(node, items=tuple(items))
    if not isinstance(node, Map):
        raise NotFollowed
    inner = node.get(part)
    like = value if isinstance(value, Leaf) else None
    if inner is None:
        if not options.creates or like is None or "=" in part or part == "*":
            raise NotFollowed
        inner = Map((), like.at()) if rest else like
    made = _put(inner, rest, value, options, budget)
    return _with(node, part, made, like)


def _with(node: Map, name: str, value: Placed, like: Leaf | None) -> Map:
    key = next((each.key for each in node.members if each.key.text == name), None)
    if key is None:
        assert like is not None
        key = new_leaf(name, like)
    return node.with_member(key, value)


def _laid(lower: Placed, value: Placed, options: _Options) -> Placed:
    """The value in the place of the one that stands there, or of a part of it."""
    if not options.delimiter:
        return over(lower, value)
    if not isinstance(lower, Leaf) or not isinstance(value, Leaf):
        raise NotFollowed
    pieces = lower.text.split(options.delimiter)
    if options.index >= len(pieces):
        raise NotFollowed
    pieces[options.index] = value.text
    return over(lower, new_leaf(options.delimiter.join(pieces), value))


@record
class Variable:
    """A variable of a kustomization: its name, and its value; None where that is not at hand."""

    name: str
    value: Leaf | None


def read_variables(resources: list[Resource], variables: tuple[Node, ...], budget: Budget) -> Iterator[Variable]:
    """The variables of a kustomization, with the values that resources have."""
    for each in variables:
        reference = each.get("objref") if isinstance(each, Mapping) else None
        if not isinstance(each, Mapping) or not isinstance(reference, Mapping):
            continue
        field = each.get("fieldref")
        path = (text_of(field, "fieldPath") or text_of(field, "fieldpath")) if isinstance(field, Mapping) else ""
        selector = _selector(reference)
        found = [resource for resource in resources if selector.fits(resource, budget)]
        value = _find(found[0].node, _parts(path or "metadata.name")) if len(found) == 1 else None
        yield Variable(text_of(each, "name"), value if isinstance(value, Leaf) else None)


# where kustomize puts the values of variables without further configuration
_WITH_VARIABLES = frozenset({"args", "command", "env", "annotations", "rules", "tls", "httpGet", "volumeMounts"})


def fill_variables(resource: Resource, variables: dict[str, Leaf], budget: Budget) -> Resource:
    """The resource with `$(NAME)` of those variables as their values."""
    made = _fill_below(resource.node, lambda leaf: _fill_leaf(leaf, variables, budget), is_inside=False)
    assert isinstance(made, Map)
    return changed(resource, node=made)


def _fill_below(node: Placed, fill: Callable[[Leaf], Leaf], *, is_inside: bool) -> Placed:
    if is_inside:
        return map_leaves(node, fill)
    if isinstance(node, Leaf):
        return node
    if isinstance(node, Items):
        items = tuple(_fill_below(each, fill, is_inside=False) for each in node.items)
        return node if all(a is b for a, b in zip(items, node.items, strict=True)) else changed(node, items=items)
    values = [_fill_below(each.value, fill, is_inside=each.key.text in _WITH_VARIABLES) for each in node.members]
    if all(value is each.value for value, each in zip(values, node.members, strict=True)):
        return node
    return Map(tuple(Member(each.key, value) for each, value in zip(node.members, values, strict=True)), node.at)


def _fill_leaf(leaf: Leaf, variables: dict[str, Leaf], budget: Budget) -> Leaf:
    budget.take(1)
    if "$(" not in leaf.text:
        return leaf
    names = [name for name in _VARIABLE.findall(leaf.text) if name in variables]
    if not names or sum(len(variables[name].text) for name in names) > _LONGEST_VALUE:
        return leaf
    text = _VARIABLE.sub(lambda found: variables[found[1]].text if found[1] in variables else found[0], leaf.text)
    return changed(new_leaf(text, leaf), lower=None)
