"""Every regular expression of the code, found by walking it: a new one is tested without being listed anywhere."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import scanner

ROOT = Path(scanner.__file__).parent
_WAYS = frozenset({"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
# where a pattern is handed to other code, any of these may be done with it
_ANY_WAY = frozenset({"match", "finditer"})


class Found(NamedTuple):
    """One pattern, where it stands, and the methods that the code calls."""

    where: str
    pattern: str | bytes
    flags: int
    ways: frozenset[str]


def all_patterns() -> list[Found]:
    """The patterns of every module: those it keeps, and those it writes where they are used."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}
    ways = {_module(path): _ways_by_name(tree) for path, tree in trees.items()}
    return [*_kept_patterns(ways), *(found for path, tree in trees.items() for found in _written_patterns(path, tree))]


def calls_without_a_literal() -> set[str]:
    """`file:line` of each call of `re` whose pattern is made while the program runs."""
    return {
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in ROOT.rglob("*.py")
        for call in _calls_of_re(ast.parse(path.read_text(encoding="utf-8")))
        if _literal(call.args[0]) is None
    }


def _kept_patterns(ways: dict[str, dict[str, frozenset[str]]]) -> Iterator[Found]:
    seen: set[tuple[int, frozenset[str]]] = set()
    for module in pkgutil.walk_packages(scanner.__path__, "scanner."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            used = ways[module.name].get(name, frozenset())
            for number, (pattern, flags) in enumerate(_patterns_in(value)):
                if used and (id(value), used) not in seen:
                    yield Found(f"{module.name}.{name}[{number}]", pattern, flags, used)
            seen.add((id(value), used))


def _patterns_in(value: Any) -> Iterator[tuple[str | bytes, int]]:
    """The patterns that are, or are in, the value of a module's name."""
    if type(value).__name__ == "_LazyPattern":
        text, flags = value._arguments
        yield text, int(flags)
    elif isinstance(value, re.Pattern):
        yield value.pattern, value.flags & ~re.UNICODE
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _patterns_in(each)
    elif type(value) is dict and len(value) < 1000:
        for each in value.values():
            yield from _patterns_in(each)


def _module(path: Path) -> str:
    name = "scanner." + path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    return name.removesuffix(".__init__")


def _ways_by_name(tree: ast.Module) -> dict[str, frozenset[str]]:
    """The methods called on each name of a module. A name that is also used otherwise has every method."""
    ways: dict[str, set[str]] = {}
    known: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _WAYS and isinstance(node.value, ast.Name):
            ways.setdefault(node.value.id, set()).add(node.attr)
            known.add(node.value)
        elif isinstance(node, ast.Attribute) and node.attr == "pattern":  # a part of another pattern, which is tested
            known.add(node.value)
    for container, items in _loops(tree):
        called = {way for item in items for way in ways.get(item, ())}
        ways.setdefault(container.id, set()).update(called or _ANY_WAY)
        known.add(container)
    for statement in tree.body:  # a pattern in a constant of the module is used through that
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Tuple):
            known |= set(ast.walk(statement.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in known:
            ways.setdefault(node.id, set()).update(_ANY_WAY)
    return {name: frozenset(found) for name, found in ways.items()}


def _loops(tree: ast.Module) -> Iterator[tuple[ast.Name, list[str]]]:
    """Each name that is looped over (or its `items()`), and the names that its items get."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.For | ast.comprehension):
            continue
        container = (
            node.iter.func.value if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Attribute) else node.iter
        )
        if isinstance(container, ast.Name):
            yield container, [item.id for item in ast.walk(node.target) if isinstance(item, ast.Name)]


def _written_patterns(path: Path, tree: ast.Module) -> Iterator[Found]:
    for call in _calls_of_re(tree):
        pattern = _literal(call.args[0])
        if pattern is not None:
            way = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            ways = frozenset({way}) if way in _WAYS else _ANY_WAY
            yield Found(f"{path.relative_to(ROOT)}:{call.lineno}", pattern, _flags(call), ways)


def _calls_of_re(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in {*_WAYS, "compile"}
        ):
            yield node


def _literal(node: ast.expr) -> str | bytes | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str | bytes) else None


def _flags(call: ast.Call) -> int:
    """The flags of a call: every name of a flag in it."""
    names = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute) and node.attr.isupper()}
    return int(sum({int(getattr(re, name)) for name in names if isinstance(getattr(re, name, None), re.RegexFlag)}))
