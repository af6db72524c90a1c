"""The adapter to CEL (cel-expr-python): compile with types, evaluate with errors as data.

Every fact is a declared variable with a dotted name, so a misspelling is a compile error; evaluation errors arrive as values of
type ERROR, or as RuntimeError when a budget runs out; `has()` on a dotted variable returns the value and `dyn` switches type
checks off, so both are refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cel_expr_python import cel

from scanner.patterns import lazy_pattern

if TYPE_CHECKING:
    from scanner.policy.functions import Function

_TYPES = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "str": cel.Type.STRING,
    "float": cel.Type.DOUBLE,
    "list[str]": cel.Type.List(cel.Type.STRING),
    "list[int]": cel.Type.List(cel.Type.INT),
}
_WHERE = lazy_pattern(r"<input>:(\d+):(\d+): (.*?)(?:\n|$| \[INVALID_ARGUMENT\])", re.S)
_REFUSED = lazy_pattern(r"\b(has|dyn)\s*\(")
_STRING = lazy_pattern(r"'(?:\\.|[^'\\])*+(?:'|\\?\Z)|\"(?:\\.|[^\"\\])*+(?:\"|\\?\Z)", re.DOTALL)
_CHAIN = lazy_pattern(r"(?<!\w)[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)++")


class BadCondition(Exception):
    """A condition that does not compile: CEL's words, and line and column (1-based) inside the condition."""

    def __init__(self, because: str, line: int, column: int) -> None:
        super().__init__(because)
        self.because = because
        self.line = line
        self.column = column


class EvaluationFault:
    """An evaluation that ended in an error: a variable without value, or a budget overrun."""

    __slots__ = ("because",)

    def __init__(self, because: str) -> None:
        self.because = because

    @property
    def is_missing_value(self) -> bool:
        """Whether a variable had no value (and not, for example, a budget that ran out)."""
        return "No value with name" in self.because


class Condition:
    """A compiled expression."""

    __slots__ = ("_expression",)

    def __init__(self, expression: Any) -> None:
        self._expression = expression

    def evaluate(self, activation: Any) -> Any:
        """The plain value, or a Fault."""
        try:
            value = self._expression.eval(activation)
        except RuntimeError as error:  # the budget overrun's channel
            return EvaluationFault(str(error))
        if value.type() == cel.Type.ERROR:
            return EvaluationFault(str(value.value()))
        return value.plain_value()

    def stored_form(self) -> bytes:
        """What `Environment.open` makes the condition of."""
        form: bytes = self._expression.serialize()
        return form


class Environment:
    """A CEL environment with `variables` (name → fact type). Creating one is cheap; its first expression is not, so rules share
    one.
    """

    __slots__ = ("_env",)

    def __init__(self, variables: Mapping[str, str], functions: Iterable[Function] = ()) -> None:
        self._env = cel.NewEnv(
            variables={name: _TYPES[kind] for name, kind in variables.items()},
            container="",
            functions=[_declare(each) for each in functions],
        )

    def compile(self, text: str, returns: str) -> Condition:
        """Compile `text`, which must give `returns` (a fact type); raises BadCondition."""
        refused = _REFUSED.search(blank_strings(text))
        if refused:
            raise BadCondition(f"`{refused[1]}()` is not allowed in a policy", *_find_line_column(text, refused.start()))
        try:
            expression = self._env.compile(text)
        except RuntimeError as error:
            found = _WHERE.search(str(error))
            if found is None:
                raise BadCondition(str(error).split("\n")[0], 1, 1) from None
            raise BadCondition(found[3].strip(), int(found[1]), max(int(found[2]), 1)) from None
        if expression.return_type() != _TYPES[returns]:
            raise BadCondition(f"the condition gives {expression.return_type().name()}, not {returns}", 1, 1)
        return Condition(expression)

    def open(self, stored: bytes) -> Condition | None:
        """A stored condition that was compiled with the same types of what it names; None where it cannot be opened."""
        try:
            return Condition(self._env.deserialize(stored))
        except (RuntimeError, TypeError, ValueError):
            return None

    def activation(self, values: Mapping[str, Any]) -> Any:
        """The values for one subject. A view: `values` must not change while it is used."""
        return self._env.Activation(values)


def _declare(function: Function) -> Any:
    """The function for CEL: two texts in, yes or no out; what it raises becomes an error of the evaluation."""
    overload = cel.Overload(
        f"{function.name}_text_text",
        return_type=cel.Type.BOOL,
        parameters=[cel.Type.STRING, cel.Type.STRING],
        is_member=False,
        impl=function.run,
    )
    return cel.FunctionDecl(function.name, [overload])


def names_in(bare: str, known: Collection[str]) -> Iterator[str]:
    """The names of `known` that an expression without its strings mentions: the longest known head of each dotted chain
    (`key.alg.startsWith` is the fact `key.alg` and a method).
    """
    for chain in _CHAIN.findall(bare):
        while chain and chain not in known:
            chain = chain.rpartition(".")[0]
        if chain:
            yield chain


def blank_strings(text: str) -> str:
    """`text` with the contents of string literals blanked, same length."""
    if "'" not in text and '"' not in text:
        return text
    return _STRING.sub(lambda found: " " * len(found[0]), text)


def _find_line_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
