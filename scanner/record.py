"""Value types that are quick to declare: a dataclass whose comparison and text are shared, not generated.

A frozen dataclass with slots generates six functions, each compiled at import; with some seventy types that was a fifth of
the hook's time. A record is a real dataclass (`fields`, pydantic and mypy see one), compiled for its constructor alone. That
it is frozen is checked by mypy, not at run time. May import: nothing of ours.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform, overload

Type_ = TypeVar("Type_", bound=type[Any])


@overload
def record(cls: Type_) -> Type_: ...
@overload
def record(*, kw_only: bool = False) -> Callable[[Type_], Type_]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: Any = None, *, kw_only: bool = False) -> Any:
    """Make `cls` a record; `@record` or `@record(kw_only=True)`."""

    def make(each: Any) -> Any:
        each.__eq__, each.__hash__, each.__repr__ = _equal, _hash, _repr
        return dataclasses.dataclass(eq=False, repr=False, slots=True, kw_only=kw_only)(each)

    return make(cls) if cls is not None else make


def _values(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def _equal(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={value!r}" for name, value in zip(self.__dataclass_fields__, _values(self), strict=True))
    return f"{type(self).__qualname__}({shown})"
