"""Value types that cost next to nothing to declare: a constructor, comparison, hash and text.

A frozen dataclass generates and compiles six functions when its module is imported, and importing `dataclasses` brings
`inspect` with it; together that was a quarter of the hook's time. A record compiles one function, its constructor, when its
first few instances have been made, and shares the others. mypy sees a frozen dataclass; so do `dataclasses.fields`,
`dataclasses.replace` and pydantic, for whom the fields are described when they ask. That a record is frozen is checked by
mypy, not at run time.
May import: nothing of jwksgov.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

Type_ = TypeVar("Type_", bound=type[Any])
Record_ = TypeVar("Record_")

MISSING = object()  # a field without a default
_FEW = 6


class Default:
    """A field's default that must be made anew for each instance: `made_by` is called without arguments."""

    __slots__ = ("made_by",)

    def __init__(self, made_by: Callable[[], Any]) -> None:
        self.made_by = made_by


def field(*, default_factory: Callable[[], Any]) -> Any:
    """The declaration of a field whose default is made anew for each instance."""
    return Default(default_factory)


@overload
def record(cls: Type_) -> Type_: ...
@overload
def record(*, kw_only: bool = False, frozen: bool = True, slots: bool = False) -> Callable[[Type_], Type_]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: Any = None, *, kw_only: bool = False, frozen: bool = True, slots: bool = False) -> Any:  # noqa: ARG001
    """Make `cls` a record; `@record` or `@record(kw_only=True)`. `frozen=False`: a tally that is counted up (mypy asks for
    it). `slots=True`: for what there are thousands of; the class is made a second time for that.
    """

    def make(each: Any) -> Any:
        names = tuple(each.__annotations__)
        defaults = {name: each.__dict__[name] for name in names if name in each.__dict__}
        ours = {
            "__fields__": names,
            "__record__": (defaults, kw_only),
            "__made__": 0,
            "__match_args__": () if kw_only else names,
            "__dataclass_fields__": _Fields(),
            "__init__": _first_init,
            "__eq__": _equal,
            "__hash__": _hash,
            "__repr__": _repr,
        }
        if not slots:
            for name, value in ours.items():
                setattr(each, name, value)
            return each
        members = {name: value for name, value in each.__dict__.items() if name not in (*names, "__dict__", "__weakref__")}
        return type(each)(each.__name__, each.__bases__, members | ours | {"__slots__": names})

    return make(cls) if cls is not None else make


def is_record(kind: object) -> bool:
    """Whether `kind` is a record type."""
    return hasattr(kind, "__record__")


def defaults_of(kind: type[Any]) -> dict[str, Any]:
    """Each field of a record type, in order, with its default: a value, a Default, or MISSING."""
    defaults: dict[str, Any] = kind.__record__[0]
    return {name: defaults.get(name, MISSING) for name in kind.__fields__}


def members(instance: Any) -> dict[str, Any]:
    """The fields of a record by name, as `json.dumps(…, default=members)` asks for them; TypeError for anything else."""
    kind: Any = type(instance)
    if not is_record(kind):
        raise TypeError(f"a {kind.__name__} cannot be written as JSON")
    return dict(zip(kind.__fields__, read_fields(kind)(instance), strict=True))


@cache
def read_fields(kind: Any) -> Callable[[Any], Iterable[Any]]:
    """A function that gives all values of a record, faster than asking for one after another."""
    names = kind.__fields__
    return attrgetter(*names) if len(names) > 1 else lambda instance: (getattr(instance, names[0]),)


def changed(instance: Record_, **changes: Any) -> Record_:
    """A copy of a record with some fields replaced."""
    kind: Any = type(instance)
    copy: Record_ = kind(**{name: getattr(instance, name) for name in kind.__fields__} | changes)
    return copy


def _first_init(self: Any, *args: Any, **kwargs: Any) -> None:
    """The constructor of a type's first few instances. Many types have no more in a run, and to compile costs as much as a
    hundred of these; then the compiled one takes its place.
    """
    kind = type(self)
    defaults, kw_only = kind.__record__
    kind.__made__ += 1
    if kind.__made__ > _FEW or len(args) > len(kind.__fields__) or (kw_only and args):
        kind.__init__ = _constructor(kind)
        kind.__init__(self, *args, **kwargs)
        return
    given = dict(zip(kind.__fields__, args, strict=False))
    if not given.keys().isdisjoint(kwargs):
        raise TypeError(f"{kind.__name__}: a field is given twice")
    given |= kwargs
    for name in kind.__fields__:
        if name in given:
            setattr(self, name, given.pop(name))
        elif name in defaults:
            default = defaults[name]
            setattr(self, name, default.made_by() if isinstance(default, Default) else default)
        else:
            raise TypeError(f"{kind.__name__} needs `{name}`")
    if given:
        raise TypeError(f"{kind.__name__} has no `{next(iter(given))}`")


def _constructor(kind: type[Any]) -> Any:
    defaults, kw_only = kind.__record__
    around: dict[str, Any] = {}
    parameters, lines = ["self", *(["*"] if kw_only else [])], []
    for name in kind.__fields__:
        value = name
        if name in defaults:
            around[f"_{name}"] = defaults[name]
            parameters.append(f"{name}=_{name}")
            if isinstance(defaults[name], Default):
                value = f"_{name}.made_by() if {name} is _{name} else {name}"
        else:
            parameters.append(name)
        lines.append(f" self.{name} = {value}")
    # the text is made of the names of a class in this package
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), around)  # noqa: S102
    return around["__init__"]


class _Fields:
    """`__dataclass_fields__`, made at first use."""

    def __get__(self, instance: object, kind: type[Any]) -> Any:
        import dataclasses

        described: list[Any] = []
        for name, default in defaults_of(kind).items():
            if isinstance(default, Default):
                described.append((name, kind.__annotations__[name], dataclasses.field(default_factory=default.made_by)))
            elif default is not MISSING:
                described.append((name, kind.__annotations__[name], dataclasses.field(default=default)))
            else:
                described.append((name, kind.__annotations__[name]))
        # keyword-only there, so that the order of defaults does not matter
        made: Any = dataclasses.make_dataclass(kind.__name__, described, kw_only=True)
        fields = made.__dataclass_fields__
        type.__setattr__(kind, "__dataclass_fields__", fields)
        return fields


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__fields__)


def _equal(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={value!r}" for name, value in zip(self.__fields__, _values(self), strict=True))
    return f"{type(self).__qualname__}({shown})"
