"""Source code as a tree: what is assigned, by name, and every call.

    SIMPLE_JWT = {"ISSUER": "https://…"}           SIMPLE_JWT.ISSUER
    app.config["JWT_ALGORITHM"] = "HS256"          app.config.JWT_ALGORITHM
    class Settings: AUDIENCE = "api"               Settings.AUDIENCE
    jwt.decode(token, key, audience="api")         '()' has a mapping with `#call: jwt.decode`, `1`, `2` and `audience`

`#call` is the name of what is called as its own module has it, whatever the file calls it. A name of the file that is given one
value stands for it; a variable of the environment is `${NAME}`, with its default `${NAME:-default}`. Where only the running
program knows a value, it is an expression. Nothing is run, and no other file is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin

from scanner.files.code.language import Language, fixed_text
from scanner.files.code.parts import (
    Argument,
    Call,
    Choice,
    Inner,
    Items,
    Literal,
    Member,
    Members,
    Name,
    Operation,
    Part,
    Super,
    Text,
)
from scanner.files.code.scopes import Bound, Program, Scope, Setting
from scanner.files.limits import DEEPEST, MOST_NODES, Refused
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern

if TYPE_CHECKING:
    from tree_sitter import Node as Code

Made = TypeVar("Made", Mapping, Sequence)

# members of the tree that no code has
CALLS = "()"
CALL = "#call"
MORE = "..."
OPEN = "#open"
OF = "#of"
# names of names of names
_DEEPEST_NAME = 12
# of a value that a name stands for, counting what is in it
_LARGEST_SHARED = 500
# of a call whose result has a method that is called
_LARGEST_OWNER = 20
_LONGEST_TEXT = 8192
_VARIABLE = lazy_pattern(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_NOT_OF_NAMES = lazy_pattern(r"[^\w.$@/()-]+")
# what gives a variable of the environment by its name
_OF_ENVIRONMENT = frozenset({"process.env", "import.meta.env", "Bun.env", "os.environ", "environ", "ENV"})
_READS_ENVIRONMENT = frozenset(
    {
        "os.getenv", "os.environ.get", "environ.get", "getenv", "ENV.fetch", "Deno.env.get", "decouple.config", "environ.Env",
        "env", "config", "get_env", "getEnv", "require_env", "requireEnv",
    }
)  # fmt: skip
_SETTINGS = "configurations.values."
# methods that give a setting by its name; it is one of the environment if it looks so
_GETTERS = frozenset(
    {"get", "getOrThrow", "getenv", "env", "str", "string", "url", "bool", "int", "fetch", "require", "config"}
)
# functions and methods that give their argument, or the object itself, in another form
_TRANSPARENT = frozenset(
    {
        "URL", "String", "str", "HttpUrl", "AnyHttpUrl", "AnyUrl", "SecretStr", "Secret", "Set", "Array.from", "Object.freeze",
        "frozenset", "set", "list", "tuple", "Boolean", "Number", "int", "bool", "parseInt", "url.URL", "yarl.URL",
        "pydantic.HttpUrl", "pydantic.AnyHttpUrl", "pydantic.AnyUrl", "pydantic.SecretStr", "starlette.datastructures.Secret",
    }
)  # fmt: skip
_SAME = frozenset(
    {
        "toString", "strip", "rstrip", "trim", "encode", "to_s", "to_sym", "freeze", "unicode_string", "get_secret_value",
        "toLowerCase",
    }
)  # fmt: skip
_JOINERS = frozenset({"urllib.parse.urljoin", "urljoin"})
_SECONDS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}


def read_code(language: Language) -> Mapping:
    """The tree of a file."""
    return CodeReader(language).file()


class CodeReader:
    """Reads one file."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.source = language.source
        self.program = Program()
        # by the ids of nodes of the grammar: their values, and None while one is made
        self._made: dict[int, Node | None] = {}
        self._sizes: dict[int, int] = {}
        self._parts: dict[int, Part | None] = {}

    def file(self) -> Mapping:
        """All that is assigned and called in the file, as one mapping."""
        self._walk()
        group = _Group()
        for setting in self.program.settings:
            self._add(setting, group)
        calls = [self.value(code, scope) for code, scope in self.program.calls]
        self._check_size(calls)
        made = [call for call in calls if isinstance(call, Mapping) and call.get(CALL) is not None]
        entries = list(group.entries())
        if made:
            entries.append(Entry(_key(CALLS, made[0]), Sequence(tuple(made), 1, 1, self.source.lines.count)))
        return Mapping(tuple(entries), 1, 1, self.source.lines.count)

    def _walk(self) -> None:
        """Find what each node of the grammar states."""
        waiting = [(self.source.root, self.program.top)]
        while waiting:
            node, scope = waiting.pop()
            inner = self.language.enter(node, scope, self.program)
            waiting.extend((child, inner) for child in reversed(node.named_children))

    def _add(self, setting: Setting, group: _Group) -> None:
        value = self.value(setting.value, setting.scope)
        self._check_size([value])
        line, column = self.source.place(setting.target.start_byte)
        group.add([Scalar(name, name, line, column, line) for name in setting.path[:DEEPEST]], value)

    def _check_size(self, nodes: Iterable[Node]) -> None:
        """Count what the tree has, and Refused where that is too much: values that names stand for count each time."""
        for node in nodes:
            self.source.count += self._size(node)
            if self.source.count > MOST_NODES:
                raise Refused("it has too many values", node.line)

    def _size(self, node: Node) -> int:
        return self._sizes.get(id(node), 1)

    def _part(self, code: Code) -> Part | None:
        """What an expression is; asked often of the same ones."""
        if code.id not in self._parts:
            self._parts[code.id] = self.language.part(code)
        return self._parts[code.id]

    def value(self, code: Code, scope: Scope, depth: int = 0) -> Node:
        """What an expression gives, as far as the file tells."""
        if code.id not in self._made:
            self._made[code.id] = None
            made = self._make(code, scope, depth) if depth < DEEPEST else None
            self._made[code.id] = made if made is not None else self._open(code, scope)
        known = self._made[code.id]
        return known if known is not None else self._open(code, scope)

    def _make(self, code: Code, scope: Scope, depth: int) -> Node | None:
        part = self._part(code)
        if isinstance(part, Inner):
            return self.value(part.code, scope, depth + 1)
        if isinstance(part, Literal):
            text = "null" if part.value is None else str(part.value)
            return self._scalar(text.lower() if isinstance(part.value, bool) else text, code, part.value)
        if isinstance(part, Text):
            return self._text(part.pieces, code, scope, depth)
        if isinstance(part, Items):
            return self._sequence(part, code, scope, depth)
        if isinstance(part, Members):
            return self._mapping(part, code, scope, depth)
        if isinstance(part, Name):
            return self._named(part, code, scope, depth)
        if isinstance(part, Member):
            return self._member(part, code, scope, depth)
        if isinstance(part, Call):
            return self._call(part, code, scope, depth)
        if isinstance(part, Choice):
            return self._choice(part, code, scope, depth)
        return self._operation(part, code, scope, depth) if isinstance(part, Operation) else None

    def _scalar(self, text: str, code: Code, value: str | int | float | bool | None, *, is_text: bool = False) -> Scalar:
        line, column = self.source.place(code.start_byte)
        return Scalar(text, value, line, column, self.source.end_line(code), is_quoted=is_text)

    def _open(self, code: Code, scope: Scope) -> Scalar:
        """An expression that only the running program knows. Its text is a name, never a literal within it."""
        line, column = self.source.place(code.start_byte)
        text = self._say(code, scope)
        return Scalar(text, text, line, column, self.source.end_line(code), is_expression=True)

    def _say(self, code: Code, scope: Scope) -> str:
        part = self._part(code)
        name = self.canonical(code, scope) if isinstance(part, Name | Member | Call | Inner) else None
        return _NOT_OF_NAMES.sub("_", name)[:80] if name else "expression"

    def _text(self, pieces: Iterable[str | Code], code: Code, scope: Scope, depth: int) -> Scalar | None:
        """A text with the values of the expressions in it, and `${name}` for those that are open."""
        made: list[str] = []
        for piece in pieces:
            made.append(piece if isinstance(piece, str) else self._piece(self.value(piece, scope, depth + 1)))
            if sum(map(len, made[-2:])) > _LONGEST_TEXT and len(made) > 1:
                return None
        text = "".join(made)
        return self._scalar(text, code, text, is_text=True)

    def _piece(self, value: Node) -> str:
        if not isinstance(value, Scalar):
            return "${expression}"
        return f"${{{value.text}}}" if value.is_expression else value.text

    def _sequence(self, part: Items, code: Code, scope: Scope, depth: int) -> Sequence:
        items: list[Node] = []
        for each, is_more in part.items:
            value = self.value(each, scope, depth + 1)
            items += value.items if is_more and isinstance(value, Sequence) else (value,)
        return self._note(Sequence(tuple(items), *self.source.count_node(code), self.source.end_line(code)), items)

    def _mapping(self, part: Members, code: Code, scope: Scope, depth: int) -> Mapping:
        entries: list[Entry] = []
        for name, each in part.members:
            value = self.value(each, scope, depth + 1)
            if name is None:
                entries += self._more(value)
                continue
            key = name if isinstance(name, str) else self._known_text(self.value(name, scope, depth + 1))
            at = each if isinstance(name, str) else name
            line, column = self.source.place(self._start_of(at))
            key = key if key is not None else MORE
            entries.append(Entry(Scalar(key, key, line, column, line), value))
        entries = list({entry.key.text: entry for entry in entries}.values())  # the last one counts
        made = Mapping(tuple(entries), *self.source.count_node(code), self.source.end_line(code))
        return self._note(made, [entry.value for entry in entries])

    def _start_of(self, code: Code) -> int:
        """Where the member of a mapping begins: at its name."""
        above = code.parent
        return above.start_byte if above is not None and above.type == "pair" else code.start_byte

    def _more(self, value: Node) -> Iterator[Entry]:
        """The members that another mapping adds; one that is not known as `...`."""
        if isinstance(value, Mapping) and value.get(CALL) is None:
            yield from value.entries
        else:
            text = value.get("#text") if isinstance(value, Mapping) else None
            yield Entry(_key(MORE, value), text or value)

    def _known_text(self, value: Node) -> str | None:
        return value.text if isinstance(value, Scalar) and not value.is_expression else None

    def _note(self, made: Made, inner: Iterable[Node]) -> Made:
        """Note how large a mapping or list is, counting what is in it."""
        self._sizes[id(made)] = 1 + sum(map(self._size, inner))
        return made

    def _named(self, part: Name, code: Code, scope: Scope, depth: int) -> Node | None:
        bound = scope.find(part.name)
        return self._of(bound, code, depth) if bound is not None else None

    def _of(self, bound: Bound, code: Code, depth: int) -> Node | None:
        """What a name stands for, at the place where the name is used."""
        if bound.code is None:
            return None
        value = self.value(bound.code, bound.scope, depth + 1)
        if bound.member is not None:
            owner = self.canonical(bound.code, bound.scope)
            otherwise = self.value(bound.otherwise, bound.scope, depth + 1) if bound.otherwise is not None else None
            if owner in _OF_ENVIRONMENT:
                return self._variable(bound.member, otherwise, code)
            found = value.get(bound.member) if isinstance(value, Mapping) else None
            if found is None:
                return None
            value = found
        return self._here(value, code)

    def _here(self, value: Node, code: Code) -> Node | None:
        """A value where a name of it is used: a scalar stands there, and what is larger where it is written."""
        if isinstance(value, Scalar):
            line, column = self.source.place(code.start_byte)
            end = self.source.end_line(code)
            return Scalar(value.text, value.value, line, column, end, value.is_quoted, False, value.is_expression)
        return value if self._size(value) <= _LARGEST_SHARED else None

    def _member(self, part: Member, code: Code, scope: Scope, depth: int) -> Node | None:
        owner = self.canonical(part.of, scope)
        if owner in _OF_ENVIRONMENT:
            return self._variable(part.name, None, code)
        if owner in ("self", "this", "cls"):
            bound = scope.find_attribute(part.name)
            return self._of(bound, code, depth) if bound is not None else None
        if part.name in _SAME:
            return self.value(part.of, scope, depth + 1)  # a method without brackets
        if not isinstance(self._part(part.of), Name | Member):
            return None
        value = self.value(part.of, scope, depth + 1)
        found = value.get(part.name) if isinstance(value, Mapping) and value.get(CALL) is None else None
        return self._here(found, code) if found is not None else None

    def _choice(self, part: Choice, code: Code, scope: Scope, depth: int) -> Node | None:
        first, second = self.value(part.first, scope, depth + 1), self.value(part.second, scope, depth + 1)
        if isinstance(first, Scalar) and not first.is_expression:
            if first.text.startswith("${") and first.text.endswith("}") and ":-" not in first.text:
                return self._variable(first.text[2:-1], second, code)
            return first if first.value else second
        return None

    def _variable(self, name: str, default: Node | None, code: Code) -> Scalar | None:
        """A variable of the environment, with its default where that is a text."""
        if not name.isidentifier():
            return None
        text = f"${{{name}}}"
        if isinstance(default, Scalar) and not default.is_expression and default.value is not None:
            is_plain = "{" not in default.text or (default.text.startswith("${") and default.text.count("{") == 1)
            text = f"${{{name}:-{default.text}}}" if is_plain else text
        return self._scalar(text, code, text, is_text=True)

    def _operation(self, part: Operation, code: Code, scope: Scope, depth: int) -> Node | None:
        """Texts and lists joined, numbers calculated."""
        operands, marks = [part.right], [part.mark]
        left: Code = part.left
        inner = self._part(left)
        while isinstance(inner, Operation) and len(operands) < DEEPEST:
            operands.append(inner.right)
            marks.append(inner.mark)
            left = inner.left
            inner = self._part(left)
        values = [self.value(each, scope, depth + 1) for each in (left, *reversed(operands))]
        marks.reverse()
        if all(isinstance(each, Sequence) for each in values) and set(marks) == {"+"}:
            items = [item for each in values if isinstance(each, Sequence) for item in each.items]
            return self._note(Sequence(tuple(items), *self.source.count_node(code), self.source.end_line(code)), items)
        scalars = [each for each in values if isinstance(each, Scalar)]
        if len(scalars) < len(values):
            return None
        numbers = [each.value for each in scalars if isinstance(each.value, int | float) and not isinstance(each.value, bool)]
        if len(numbers) == len(scalars):
            result = _calculate(numbers, marks)
            return self._scalar(str(result), code, result) if result is not None else None
        if set(marks) != {"+"} or not any(isinstance(each.value, str) and each.is_quoted for each in scalars):
            return None
        text = "".join(map(self._piece, scalars))
        return self._scalar(text, code, text, is_text=True) if len(text) <= _LONGEST_TEXT else None

    def _call(self, part: Call, code: Code, scope: Scope, depth: int) -> Node | None:
        name = self._callee(part, scope)
        last = name.rpartition(".")[2]
        arguments = [each for each in part.arguments if not each.is_more]
        known = self._environment(part, name, last, arguments, code, scope, depth)
        if known is not None:
            return known
        if name in ("require", "import"):
            return None  # another file's; its name is that of the module
        values = [(each, self.value(each.code, scope, depth + 1)) for each in part.arguments]
        plain = [value for each, value in values if each.name is None and not each.is_more]
        if name in _TRANSPARENT and len(plain) in (1, 2) and len(plain) == len(values):
            is_relative = len(plain) == 2 and name.endswith("URL")
            return self._join_url(plain[1], plain[0], code) if is_relative else plain[0]
        if name in _JOINERS and len(plain) == 2:
            return self._join_url(plain[0], plain[1], code)
        if last in _SAME and isinstance(part.callee, Member):
            of = self.value(part.callee.of, scope, depth + 1)
            if isinstance(of, Scalar):
                return of
        if last == "timedelta":
            seconds = _count_seconds(values)
            if seconds is not None:
                return self._scalar(f"{seconds}s", code, f"{seconds}s")
        made = self._mapping_of_call(name, values, code)
        return self._add_owner(made, part, scope, depth)

    def _environment(
        self, part: Call, name: str, last: str, arguments: list[Argument], code: Code, scope: Scope, depth: int
    ) -> Scalar | None:
        """A variable of the environment that a call gives."""
        if name.startswith(_SETTINGS):
            return self._setting(arguments, code, scope, depth)
        plain = [each for each in arguments if each.name is None]
        if not plain or not (name in _READS_ENVIRONMENT or last in _GETTERS or name.endswith((".Env()", "environs.Env()"))):
            return None
        variable = fixed_text(self._part(plain[0].code)) or ""
        is_one = _VARIABLE.fullmatch(variable) is not None or (
            name.startswith(("os.", "ENV.", "Deno.")) and variable.isidentifier()
        )
        if not is_one:
            return None
        given = [each.code for each in arguments if each.name == "default"] + [each.code for each in plain[1:2]]
        if part.otherwise is not None:
            given.append(part.otherwise)
        default = self.value(given[0], scope, depth + 1) if given else None
        return self._variable(variable, default, code)

    def _setting(self, arguments: list[Argument], code: Code, scope: Scope, depth: int) -> Scalar | None:
        """A value of django-configurations: a variable of the environment by that or the setting's own name, with a default."""
        named = next((fixed_text(self._part(each.code)) for each in arguments if each.name == "environ_name"), None)
        given = next((each.code for each in arguments if each.name in (None, "default")), None)
        default = self.value(given, scope, depth + 1) if given is not None else None
        return self._variable(named or "SETTING", default, code)

    def _join_url(self, base: Node, rest: Node, code: Code) -> Scalar | None:
        if not isinstance(base, Scalar) or not isinstance(rest, Scalar) or rest.is_expression:
            return None
        if rest.text.startswith(("http:", "https:", "${")):
            return self._scalar(rest.text, code, rest.text, is_text=True)
        if "${" in base.text or base.is_expression:
            text = f"{self._piece(base).rstrip('/')}/{rest.text.lstrip('/')}"
        else:
            try:
                text = urljoin(base.text, rest.text)
            except ValueError:
                return None
        return self._scalar(text, code, text, is_text=True)

    def _mapping_of_call(self, name: str, values: list[tuple[Argument, Node]], code: Code) -> Mapping:
        """A call as a mapping: its name, its arguments by position and by name. Taken for a text it is open."""
        line, column = self.source.count_node(code)
        end = self.source.end_line(code)
        said = _NOT_OF_NAMES.sub("_", name)[:80] or "call"
        entries = [
            Entry(Scalar(CALL, CALL, line, column, line), Scalar(name, name, line, column, line)),
            Entry(Scalar("#text", "#text", line, column, line), Scalar(said, said, line, column, line, is_expression=True)),
        ]
        position = 0
        unknown: list[Node] = []
        for argument, value in values:
            at_line, at_column = self.source.place(argument.code.start_byte)
            if argument.is_more:
                entries += self._more(value)
                continue
            position += argument.name is None
            key = argument.name or str(position)
            entries.append(Entry(Scalar(key, key, at_line, at_column, at_line), value))
            if isinstance(value, Scalar) and value.is_expression:
                unknown.append(Scalar(key, key, at_line, at_column, at_line))
        if unknown:
            listed = Sequence(tuple(unknown), line, column, end)
            entries.insert(1, Entry(Scalar(OPEN, OPEN, line, column, line), listed))
        made = Mapping(tuple(entries), line, column, end)
        self._note(made, [entry.value for entry in entries])
        return made

    def _add_owner(self, made: Mapping, part: Call, scope: Scope, depth: int) -> Mapping:
        """The mapping of a call with the call whose result it belongs to: `open("a").read()`."""
        if not isinstance(part.callee, Member) or not isinstance(self._part(part.callee.of), Call):
            return made
        owner = self.value(part.callee.of, scope, depth + 1)
        if not isinstance(owner, Mapping) or self._size(owner) > _LARGEST_OWNER:
            return made
        entries = (*made.entries, Entry(Scalar(OF, OF, made.line, made.column, made.line), owner))
        larger = Mapping(entries, made.line, made.column, made.end_line)
        return self._note(larger, [entry.value for entry in entries])

    def _callee(self, part: Call, scope: Scope, depth: int = 0) -> str:
        """The name of what is called, as its own module has it."""
        callee = part.callee
        if isinstance(callee, Super):
            home = scope.class_around()
            return (self._base_name(home, depth) if home is not None else None) or "super"
        if isinstance(callee, Name):
            return self._canonical_name(callee.name, scope, depth) or callee.name
        if isinstance(callee, Member):
            return self._canonical_member(callee, scope, depth) or f"?.{callee.name}"
        return "?"

    def _base_name(self, home: Scope, depth: int) -> str | None:
        """The class that a class extends; of a call that makes it of another one (`PassportStrategy(Strategy)`), that one."""
        if home.base is None or home.above is None:
            return None
        part = self._part(home.base)
        if isinstance(part, Call) and part.arguments:
            return self.canonical(part.arguments[0].code, home.above, depth + 1)
        return self.canonical(home.base, home.above, depth + 1)

    def canonical(self, code: Code, scope: Scope, depth: int = 0) -> str | None:
        """What an expression names, as its own module has it: `jwt.PyJWKClient`, `jwks-rsa()`; None where it is no name."""
        if depth > _DEEPEST_NAME:
            return None
        part = self._part(code)
        if isinstance(part, Inner):
            return self.canonical(part.code, scope, depth + 1)
        if isinstance(part, Name):
            return self._canonical_name(part.name, scope, depth)
        if isinstance(part, Member):
            return self._canonical_member(part, scope, depth)
        if isinstance(part, Call):
            return self._canonical_call(part, scope, depth)
        return None

    def _canonical_name(self, name: str, scope: Scope, depth: int) -> str | None:
        bound = scope.find(name)
        return self._canonical_bound(bound, name, depth) if bound is not None else name

    def _canonical_bound(self, bound: Bound, name: str, depth: int) -> str | None:
        if bound.canonical is not None:
            return bound.canonical.removesuffix(".default")
        if bound.code is None:
            return name
        found = self.canonical(bound.code, bound.scope, depth + 1)
        if found is None:
            return name
        return f"{found}.{bound.member}" if bound.member is not None else found

    def _canonical_member(self, part: Member, scope: Scope, depth: int) -> str | None:
        owner = self.canonical(part.of, scope, depth + 1)
        if owner in ("self", "this", "cls"):
            bound = scope.find_attribute(part.name)
            if bound is not None:
                return self._canonical_bound(bound, f"{owner}.{part.name}", depth)
        if part.name == "default" and owner is not None:
            return owner
        return f"{owner}.{part.name}" if owner is not None else None

    def _canonical_call(self, part: Call, scope: Scope, depth: int) -> str | None:
        if isinstance(part.callee, Name) and part.callee.name in ("require", "import") and part.arguments:
            module = fixed_text(self._part(part.arguments[0].code))
            if module is not None:
                return module
        return f"{self._callee(part, scope, depth + 1)}()"


def _key(name: str, at: Node) -> Scalar:
    return Scalar(name, name, at.line, at.column, at.line)


def _calculate(numbers: list[int | float], marks: list[str]) -> int | float | None:
    """Multiplications first, then sums; None where a division fails or the result is absurd."""
    terms: list[int | float] = [numbers[0]]
    for mark, number in zip(marks, numbers[1:], strict=True):
        if mark == "/" and number == 0:
            return None
        if mark in "*/":
            terms[-1] = terms[-1] * number if mark == "*" else terms[-1] / number
        else:
            terms.append(number if mark == "+" else -number)
        if abs(terms[-1]) > 1e18:
            return None
    total = sum(terms)
    return int(total) if float(total).is_integer() else total


def _count_seconds(values: list[tuple[Argument, Node]]) -> int | None:
    """The seconds of Python's `timedelta`."""
    total = 0.0
    for number, (argument, value) in enumerate(values):
        unit = argument.name or ("days", "seconds")[min(number, 1)]
        if (
            argument.is_more
            or unit not in _SECONDS
            or not isinstance(value, Scalar)
            or not isinstance(value.value, int | float)
        ):
            return None
        total += value.value * _SECONDS[unit]
    return int(total) if total < 1e12 else None


class _Group:
    """What is assigned to one name: values, and members that are assigned one by one."""

    def __init__(self) -> None:
        self._members: dict[str, tuple[Scalar, list[Node], _Group]] = {}

    def add(self, path: list[Scalar], value: Node) -> None:
        """Add a value at a path of names."""
        group = self
        for key in path[:-1]:
            group = group._member(key)[2]
        group._member(path[-1])[1].append(value)

    def _member(self, key: Scalar) -> tuple[Scalar, list[Node], _Group]:
        return self._members.setdefault(key.text, (key, [], _Group()))

    def entries(self) -> Iterator[Entry]:
        """The members, as the tree has them."""
        for key, values, group in self._members.values():
            yield Entry(key, _combine(key, values, group))


def _combine(key: Scalar, values: list[Node], group: _Group) -> Node:
    """One value, or several as a list; members that were assigned one by one are laid over a mapping."""
    inner = tuple(group.entries())
    nodes = list(values)
    if inner:
        first = nodes[0] if nodes and isinstance(nodes[0], Mapping) else None
        own = first.entries if first is not None else ()
        end = max((entry.value.end_line for entry in (*own, *inner)), default=key.end_line)
        laid = {entry.key.text: entry for entry in (*own, *inner)}
        merged = Mapping(tuple(laid.values()), key.line, key.column, end)
        nodes = [merged, *nodes[1:]] if first is not None else [*nodes, merged]
    if len(nodes) == 1:
        return nodes[0]
    return Sequence(tuple(nodes), nodes[0].line, nodes[0].column, nodes[0].end_line)
