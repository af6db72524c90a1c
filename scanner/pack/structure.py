"""From a positioned tree to a record: shape errors name the file, the line, the column and the nearest name.

One generic reader serves every model, so a new member only needs a new field. (pydantic would cost 5 × the start-up time of
Python; it prints the schemas from the same classes, outside scans.)
"""

from __future__ import annotations

import types
import typing
from typing import Any, TypeVar, Union

from scanner.errors import Place, ScannerError, did_you_mean
from scanner.files.read import read
from scanner.files.tree import Mapping, Node, Scalar, Sequence, Unparsed, to_plain
from scanner.pack.model import Places
from scanner.record import MISSING, defaults_of, is_record

Model = TypeVar("Model")
# the reader sets these; files never do
_OURS = ("place", "places")


def own_documents(data: bytes, path: str, error: type[ScannerError], *, unread: str, repeated: str) -> tuple[Node, ...]:
    """The documents of a policy or configuration file in YAML: no template, nothing repeated. A fault raises `error` with the
    remedy for an unreadable file (`unread`) or a repeated name (`repeated`).
    """
    parsed = read(data, "yaml", templates=False)
    if isinstance(parsed, Unparsed):
        raise error(what=parsed.because, where=Place(path, parsed.line, parsed.column), remedy=unread)
    for fault in parsed.faults:
        if fault.kind == "byte-order-mark":  # YAML 1.2.2 §5.2 allows one
            continue
        raise error(what=fault.message, where=Place(path, fault.line, fault.column), remedy=repeated)
    return parsed.documents


def structure(node: Node, model: type[Model], path: str, error: type[ScannerError]) -> Model:
    """`node` as an instance of the record `model`; a wrong shape raises `error` with its place and remedy."""
    return typing.cast("Model", _StructureReader(path, error).model(node, model))


_SHAPES: dict[type[Any], tuple[dict[str, Any], tuple[str, ...]]] = {}


def _read_shape(model: type[Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The resolved type of each member, and the members that must be there; once per model."""
    if model not in _SHAPES:
        hints = typing.get_type_hints(model)
        defaults = defaults_of(model)
        required = tuple(name for name, default in defaults.items() if default is MISSING)
        _SHAPES[model] = {name: hints[name] for name in defaults}, required
    return _SHAPES[model]


class _StructureReader:
    def __init__(self, path: str, error: type[ScannerError]) -> None:
        self.path = path
        self.error = error

    def fail(self, node: Node, what: str, remedy: str) -> ScannerError:
        return self.error(what=what, where=Place(self.path, node.line, node.column), remedy=remedy)

    def model(self, node: Node, model: type[Any]) -> Any:
        hints, required = _read_shape(model)
        if not isinstance(node, Mapping):
            raise self.fail(node, f"{_add_article(model)} is a mapping", f"Write the members {', '.join(required)}.")
        known = tuple(name for name in hints if name not in _OURS)
        values: dict[str, Any] = {}
        spots: dict[str, list[int]] = {}
        for entry in node.entries:
            name = entry.key.text
            if name not in known:
                raise self.fail(
                    entry.key,
                    f"unknown member `{name}` of {_add_article(model)}",
                    f"{did_you_mean(name, known)}{_add_article(model).capitalize()} has {', '.join(known)}.",
                )
            if name in values:
                raise self.fail(entry.key, f"`{name}` stands twice", "Keep one of the two.")
            values[name] = self.value(entry.value, hints[name], name)
            spots[name] = [entry.value.line, entry.value.column]
        for name in required:
            if name not in values:
                raise self.fail(node, f"{_add_article(model)} needs `{name}`", f"Add the member `{name}`.")
        if "place" in hints:
            values["place"] = Place(self.path, node.line, node.column)
        if "places" in hints:
            values["places"] = Places(self.path, spots)
        return model(**values)

    def value(self, node: Node, hint: Any, name: str) -> Any:
        if hint is Any:
            return to_plain(node)
        origin = typing.get_origin(hint)
        if origin in (Union, types.UnionType):
            return self.read_union(node, typing.get_args(hint), name)
        if origin is typing.Literal:
            choices = typing.get_args(hint)
            if isinstance(node, Scalar) and node.text in choices:
                return node.text
            text = node.text if isinstance(node, Scalar) else ""
            raise self.fail(
                node, f"`{name}` cannot be `{text}`", f"{did_you_mean(text, choices)}Write one of {', '.join(choices)}."
            )
        if origin is list:
            if not isinstance(node, Sequence):
                raise self.fail(node, f"`{name}` is a list", f"Write `{name}: [ … ]`.")
            return [self.value(item, typing.get_args(hint)[0], name) for item in node.items]
        if origin is dict:
            if not isinstance(node, Mapping):
                raise self.fail(node, f"`{name}` is a mapping", f"Write `{name}:` and its members below it.")
            of_names, of_values = typing.get_args(hint)
            return {self.name(entry.key, of_names, name): self.value(entry.value, of_values, name) for entry in node.entries}
        if is_record(hint):
            return self.model(node, typing.cast("type[Any]", hint))
        return self.scalar(node, hint, name)

    def name(self, key: Scalar, hint: Any, member: str) -> str:
        """The name of an entry in a mapping; one of a closed list where the model says so."""
        if typing.get_origin(hint) is typing.Literal and key.text not in typing.get_args(hint):
            known = typing.get_args(hint)
            raise self.fail(
                key, f"`{member}` has no `{key.text}`", f"{did_you_mean(key.text, known)}Known: {', '.join(known)}."
            )
        return key.text

    def scalar(self, node: Node, hint: type[Any], name: str) -> Any:
        if isinstance(node, Scalar):
            # YAML may read a version or an id as a number; a text field keeps the written form
            if hint is str and node.value is not None:
                if "\0" in node.text:  # YAML can write one; as a path it would be refused by every call
                    raise self.fail(node, f"`{name}` holds a NUL character", "Write it without.")
                return node.text
            if hint is float and type(node.value) is int:
                return float(node.value)
            if type(node.value) is hint:
                return node.value
        raise self.fail(node, f"`{name}` is a {_WORDS.get(hint, hint.__name__)}", f"Write a {_WORDS[hint]} there.")

    def read_union(self, node: Node, hints: tuple[Any, ...], name: str) -> Any:
        if isinstance(node, Scalar) and node.value is None and not node.is_quoted and type(None) in hints:
            return None
        choices = [hint for hint in hints if hint is not type(None)]
        if len(choices) == 1:
            return self.value(node, choices[0], name)
        for hint in choices:
            if _is_shape_of(node, hint):
                return self.value(node, hint, name)
        raise self.fail(node, f"`{name}` has the wrong shape", f"Write {' or '.join(_list_words(hint) for hint in choices)}.")


_WORDS: dict[Any, str] = {str: "text", bool: "true or false", int: "whole number", float: "number"}


def _list_words(hint: Any) -> str:
    if typing.get_origin(hint) is list:
        return "a list"
    return "members" if is_record(hint) else _WORDS.get(hint, str(hint))


def _add_article(model: type[Any]) -> str:
    noun = _find_noun(model)
    if noun.endswith("settings"):
        return f"the {noun}"
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _find_noun(model: type[Any]) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in model.__name__).strip()


def _is_shape_of(node: Node, hint: Any) -> bool:
    """Whether a node has the shape of this member of a union."""
    if isinstance(node, Sequence):
        if typing.get_origin(hint) is not list:
            return False
        inner = typing.get_args(hint)[0]
        return all(_is_shape_of(item, inner) for item in node.items)
    if isinstance(node, Mapping):
        return is_record(hint) or typing.get_origin(hint) is dict
    if typing.get_origin(hint) is typing.Literal:
        return node.text in typing.get_args(hint)
    return hint is str if node.is_quoted else type(node.value) is hint
