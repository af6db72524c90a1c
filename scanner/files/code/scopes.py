"""Where the names of a program are given their values, and where its settings stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.record import record

if TYPE_CHECKING:
    from tree_sitter import Node as Code


@record
class Bound:
    """What a name stands for: code (or a member of it, else `otherwise`), or something of another file (`canonical`); nothing
    where only the running program knows.
    """

    scope: Scope
    code: Code | None = None
    member: str | None = None
    otherwise: Code | None = None
    canonical: str | None = None


class Scope:
    """A file, a class or a function. `path`: how the tree names what is assigned in it; None in a function."""

    def __init__(self, above: Scope | None, path: tuple[str, ...] | None, *, is_class: bool = False) -> None:
        self.above = above
        self.path = path
        self.is_class = is_class
        self.names: dict[str, list[Bound]] = {}
        # of the instances of a class
        self.attributes: dict[str, list[Bound]] = {}
        self.base: Code | None = None

    def bind(self, name: str, bound: Bound) -> None:
        """Give a name a value."""
        self.names.setdefault(name, []).append(bound)

    def assign(self, name: str, bound: Bound) -> None:
        """Give a name another value, where it was declared."""
        home: Scope | None = self
        while home is not None and name not in home.names:
            home = home.above
        (home or self).bind(name, bound)

    def bind_attribute(self, path: tuple[str, ...], bound: Bound) -> None:
        """Give an attribute of the instance whose code this is a value; what is in it is no attribute."""
        home = self.class_around()
        if home is not None and len(path) == 1:
            home.attributes.setdefault(path[0], []).append(bound)

    def find(self, name: str) -> Bound | None:
        """What a name stands for; None where nothing, or more than one thing, says so."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found[0] if len(found) == 1 else None
            scope = scope.above
        return None

    def find_attribute(self, name: str) -> Bound | None:
        """The same of an attribute of the instance whose code this is."""
        home = self.class_around()
        found = home.attributes.get(name, home.names.get(name)) if home is not None else None
        return found[0] if found is not None and len(found) == 1 else None

    def class_around(self) -> Scope | None:
        """The class that this is in."""
        scope: Scope | None = self
        while scope is not None and not scope.is_class:
            scope = scope.above
        return scope


@record
class Setting:
    """An assignment that the tree shows: its path, the code of its target and of its value, and where it stands."""

    path: tuple[str, ...]
    target: Code
    value: Code
    scope: Scope


class Program:
    """What a walk over a file collects: its scopes, settings and calls."""

    def __init__(self) -> None:
        self.top = Scope(None, ())
        self.settings: list[Setting] = []
        self.calls: list[tuple[Code, Scope]] = []

    def set(self, path: tuple[str, ...], target: Code, value: Code, scope: Scope) -> None:
        """Note an assignment. Of a function's own names none is a setting; a member of something else is."""
        if scope.path is not None:
            self.settings.append(Setting((*scope.path, *path), target, value, scope))
        elif len(path) > 1:
            self.settings.append(Setting(path, target, value, scope))
