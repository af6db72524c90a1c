"""Bicep: a template with the parameters that each `.bicepparam` and each module of another template gives it.

A template that somebody calls is not deployed by itself; each call is a variant. An argument that the caller's own file does
not tell stays open, also where the template has a default for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import cast

from scanner.files.align import Lines
from scanner.files.bicep_tokens import BicepTokens, find_value
from scanner.files.read import read
from scanner.files.tree import Mapping, Node, Parsed, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.made import Made, MadeText, OpenPart, Origin, Piece, Variant
from scanner.units.unit import MOST_VARIANTS, Unit

_NAME = lazy_pattern(r"[^/\\]{1,200}\.bicep(?:param)?")
# folders above a template in which another one may call it
_MOST_ABOVE = 2
# stands for a value that the caller's file does not tell
_OPEN = "jwksgov_open_value"
_INTERPOLATION = lazy_pattern(r"\$\{[^{}]*+\}")
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@record
class _Call:
    """What one file gives a template: the file, the line of the call, and the arguments by name."""

    file: UnitFile
    line: int
    arguments: dict[str, Node]


class BicepTemplates:
    """The templates of one folder that are called."""

    def __init__(self, name: str, calls: dict[str, tuple[UnitFile, list[_Call]]]) -> None:
        self.name = name
        self.is_base_deployed = False
        self.replaces = frozenset(calls)
        self.left_out_variants = sum(max(len(made) - MOST_VARIANTS, 0) for _, made in calls.values())
        self._made: dict[str, tuple[Made, ...]] = {}
        variants: dict[str, Variant] = {}
        for path, (template, made) in calls.items():
            texts = []
            for call in made[:MOST_VARIANTS]:
                said = _name_call(call)
                variant = variants.setdefault(said, Variant(said, (call.file.path,)))
                texts.append(Made(_write(template, call), "bicep", os.path.basename(path), variant))
            self._made[path] = tuple(texts)
        self.variants = tuple(variants.values())

    def make(self, document: Document) -> tuple[Made, ...]:
        """The template as each call makes it."""
        return self._made.get(document.path, ())

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:  # noqa: ARG002
        """None: what is not known is open in the text."""
        return ()


class Bicep:
    """Knows templates that files of parameters or other templates call."""

    name = "bicep"

    def find(self, document: Document, files: UnitFiles) -> str | None:
        """The folder of a template that is called."""
        assert document.origin is not None
        path = os.path.realpath(document.origin)
        return os.path.dirname(path) if path.endswith(".bicep") and next(_list_calls(path, files), None) else None

    def load(self, folder: str, files: UnitFiles) -> Unit | None:
        """The templates of a folder that are called."""
        calls: dict[str, tuple[UnitFile, list[_Call]]] = {}
        for name in files.names(folder):
            path = os.path.join(folder, name)
            found = list(_list_calls(path, files)) if name.endswith(".bicep") else []
            template = files.read(path) if found else None
            if template is not None:
                calls[template.path] = template, found
        return BicepTemplates(files.report_path(folder), calls) if calls else None

    def companions(self, path: str, files: UnitFiles) -> Iterator[str]:
        """The templates that a file calls."""
        caller = files.read(path)
        for source, _, _ in _list_sources(caller) if caller is not None else ():
            yield os.path.realpath(os.path.join(os.path.dirname(path), source))


def _name_call(call: _Call) -> str:
    stem, _, ending = os.path.basename(call.file.path).rpartition(".")
    return stem if ending == "bicepparam" else f"{stem}.{ending}:{call.line}"


def _list_calls(path: str, files: UnitFiles) -> Iterator[_Call]:
    """The calls of a template in the files around it."""
    folder, name = os.path.split(path)
    near = [os.path.join(folder, each) for each in files.folders(folder)]
    above = [each for number, each in enumerate(files.above(folder)) if number <= _MOST_ABOVE]
    for each in dict.fromkeys((*above, *near)):
        for found in files.find_names(each, _NAME):
            caller = files.read(os.path.join(each, found[0]))
            if caller is None or caller.origin == path or name.encode() not in caller.data:
                continue
            for source, line, arguments in _find_sources(caller, files):
                if os.path.realpath(os.path.join(each, source)) == path:
                    yield _Call(caller, line, arguments)


def _find_sources(file: UnitFile, files: UnitFiles) -> tuple[tuple[str, int, dict[str, Node]], ...]:
    """The templates that a file calls; each file is parsed once for all templates around it."""
    key = "bicep", file.origin
    if key not in files.kept:
        files.kept[key] = tuple(_list_sources(file))
    return cast("tuple[tuple[str, int, dict[str, Node]], ...]", files.kept[key])


def _list_sources(file: UnitFile) -> Iterator[tuple[str, int, dict[str, Node]]]:
    """The templates that a file calls: the relative path, the line, and the arguments."""
    parsed = read(file.data, "bicep")
    root = parsed.documents[0] if isinstance(parsed, Parsed) else None
    if not isinstance(root, Mapping):
        return
    using, parameters = root.get("using"), root.get("parameters")
    if isinstance(using, Scalar) and isinstance(parameters, Mapping):
        values = {
            each.key.text: value
            for each in parameters.entries
            if isinstance(each.value, Mapping) and (value := each.value.get("value")) is not None
        }
        yield using.text, using.line, values
    modules = root.get("modules")
    for module in modules.items if isinstance(modules, Sequence) else ():
        source = module.get("source") if isinstance(module, Mapping) else None
        given = module.get("params") if isinstance(module, Mapping) else None
        if isinstance(source, Scalar) and source.text.endswith(".bicep"):
            arguments = {each.key.text: each.value for each in given.entries} if isinstance(given, Mapping) else {}
            yield source.text, source.line, arguments


def _write(template: UnitFile, call: _Call) -> MadeText:
    """The text of a template in which a call gives the parameters."""
    text = template.data.decode("utf-8", "replace")
    lines, tokens = Lines(text), BicepTokens(text)
    pieces: list[Piece] = []
    done = 0
    for begin in tokens.statements:
        argument = call.arguments.get(tokens.word(begin + 1)) if tokens.word(begin) == "param" else None
        if argument is None:
            continue
        at = find_value(tokens, begin)
        if at is None:
            end = tokens.end_of_expression(begin)
            start = stop = tokens.all[end - 1].end
        else:
            start, stop = tokens.all[at].start, tokens.all[tokens.end_of_expression(at) - 1].end
        pieces.append(_copy(template, lines, done, start))
        origin = Origin(call.file.path, argument.line, argument.column, "argument")
        written = text[start:stop]
        place = Origin(template.path, *lines.place(max(start - (at is None), 0)))
        literal = f"{' = ' if at is None else ''}{_write_literal(argument)}"
        pieces.append(Piece(literal, place, origins=(origin,), written=written))
        done = stop
    return MadeText([*pieces, _copy(template, lines, done, len(text))])


def _copy(template: UnitFile, lines: Lines, start: int, end: int) -> Piece:
    return Piece(lines.text[start:end], Origin(template.path, *lines.place(start)), is_copy=True)


def _write_literal(node: Node) -> str:
    """A value as Bicep writes it, on one line."""
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_write_literal, node.items))}]"
    if isinstance(node, Mapping):
        return f"{{{', '.join(f'{_quote(each.key.text)}: {_write_literal(each.value)}' for each in node.entries)}}}"
    if node.is_unknown:
        return _OPEN
    return _quote(node.value) if isinstance(node.value, str) else "null" if node.value is None else str(node.value).lower()


def _quote(text: str) -> str:
    """A quoted text. What the caller leaves open in it stays so."""
    return f"'{_INTERPOLATION.sub(f'${{{_OPEN}}}', text.translate(_ESCAPES))}'"
