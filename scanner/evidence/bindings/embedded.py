"""Documents inside strings: configuration in a ConfigMap, a heredoc, an environment variable, a block scalar; and those that
Terraform writes as expressions.

As with files, keywords decide which strings to read. The name of the string and its first words decide its format. Prose is not
read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from scanner.evidence.bindings.paths.pair_lists import as_mapping
from scanner.evidence.bindings.paths.walk import Trail
from scanner.evidence.bindings.signs import Look
from scanner.evidence.model import OpenPlace, Spot
from scanner.evidence.respelling import add_spelling, spell_out
from scanner.files.formats import CODE, formats_of, may_hold
from scanner.files.tree import Format, Mapping, Node, Parsed, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import changed, record

if TYPE_CHECKING:
    from scanner.evidence.bindings.encoded_nodes import EncodedNode
    from scanner.evidence.unread_parts import MayBind
    from scanner.files.inside import Insides

_SHORTEST = 20
_DEEPEST = 4
# prose for readers
_PROSE = frozenset({"description", "summary", "message", "notes", "title", "help", "comment", "documentation", "pattern"})
# commands for a shell: only they are read there
_SHELL = frozenset({"run", "script"})
# commands that show a text rather than act on it
_SHOWING = frozenset({"echo", "printf", "grep", "sed", "cat", "#"})
_FILES = ("data", "stringData")
# annotations of a resource with what a tool applied once: it has no effect, whatever it says
_RECORDS = ("last-applied-configuration", "/last-applied")
_SECTION = lazy_pattern(r"\[[\w .\"'-]+\]\s*$", re.MULTILINE)
_BLOCK = lazy_pattern(r"\w++(?:\s++\"[^\"\n]*+\")*+\s*+\{\s*$", re.MULTILINE)
_TERM = lazy_pattern(r"\[\s*+(?:%[^\n]*+\s*+)*+\{\s*+[a-z']\w*+'?\s*+,")
# a quoted value, or a list over several lines: no properties file has them
_QUOTED = lazy_pattern(r"^[^\S\n]*+[\w.-]++\s*+=\s*+(?:\"|\[[^\S\n]*+$)", re.MULTILINE)
_FLAG = lazy_pattern(r"(?:^|\s)(?:--[a-z][\w.-]+[= ]|-D[A-Za-z][\w.-]+=|cfg:[\w.-]+=)")
_MEMBER = lazy_pattern(r"^[^\S\n]*+(?:- )?[\w./'\"-]++\s*+:(?:\s|$)", re.MULTILINE)
_SETTING = lazy_pattern(r"^[^\S\n]*+(?:export\s++)?[\w.-]++\s*+=", re.MULTILINE)


@record
class Child:
    """A string read as a document: the string (of an expression, its name), its content in one of the formats that it may have,
    its name, the lower-case bytes of name and string, the signs in them, and the path to the mapping around it (None where a
    list has it).
    """

    string: Scalar
    parsed: Parsed
    name: str
    lower: bytes
    look: Look
    around: Trail | None = None


def children(
    parsed: Parsed,
    find_signs: Callable[[bytes], Look],
    may_bind: MayBind,
    open_places: list[OpenPlace],
    choose: Callable[[tuple[Format, ...], bytes, Look], tuple[Format, ...]] = lambda formats, _, __: formats[:1],
) -> Iterator[Child]:
    """The documents in the strings of a file, and those in their strings, in order. `choose`: of the formats that a string may
    have, those that the signs in it are for. A string that can be read in several comes several times, the likeliest first.
    Those that cannot be read and may hold a binding are added to `open_places`.
    """
    yield from _list_expressions(parsed, find_signs)
    insides: Insides | None = None
    waiting = [(parsed, 1)]
    for outer, depth in waiting:  # it grows meanwhile
        if outer.format in CODE:
            continue  # what a text of a program holds, is loaded by nobody
        layered, done = _find_layered(outer), set[int]()
        for name, scalar, around in _list_strings(outer):
            if id(scalar) in done:
                continue
            if id(scalar) in layered:
                insides = insides or _open_strings(parsed)
                child = _lay_strings(layered[id(scalar)], insides, find_signs, open_places)
                for _, each in layered[id(scalar)]:
                    layered.pop(id(each), None)
                    done |= {id(each)} if child is not None else set()
                if child is not None:
                    yield child
                    continue
            lower, look = _find_signs(name, scalar.text, find_signs)
            guessed = _guess_formats(name, scalar.text) if lower else ()
            if name.lower() in _SHELL:
                guessed = tuple(each for each in guessed[:1] if each == "flags")
            formats = _add_code(_choose(guessed, lower, look, choose), scalar.text, lower, look, choose)
            if not formats:
                continue
            if depth > _DEEPEST:
                open_places.append(OpenPlace("documents in strings nest too deep", Spot(scalar.line, scalar.column)))
                continue
            insides = insides or _open_strings(parsed)
            likeliest = insides.read(scalar, formats[0])
            if isinstance(likeliest, Parsed) and name.lower() in _SHELL:
                likeliest = changed(likeliest, documents=tuple(node for node in likeliest.documents if _is_command(node)))
            readings = [likeliest, *(insides.read(scalar, format_) for format_ in formats[1:])]
            inners = [reading for reading in readings if isinstance(reading, Parsed)]
            for inner in inners:
                yield Child(scalar, inner, name, lower, look, around)
            if isinstance(likeliest, Parsed):
                open_places += _list_unread_parts(likeliest, may_bind)
                waiting.append((likeliest, depth + 1))
            elif not inners and may_bind(lower, formats[0], name):
                because = f"a document in a string: {likeliest.because}"
                open_places.append(OpenPlace(because, Spot(likeliest.line or scalar.line, likeliest.column or scalar.column)))


def _list_expressions(parsed: Parsed, find_signs: Callable[[bytes], Look]) -> Iterator[Child]:
    """The documents that are expressions of a module of Terraform, or that a program of Pulumi means."""
    list_documents: Callable[[Parsed], Iterator[EncodedNode]]
    if parsed.format == "hcl":
        from scanner.evidence.bindings.encoded_nodes import list_encoded_nodes as list_documents
    elif parsed.format == "yaml" and "runtime" in parsed.text and "resources" in parsed.text:
        from scanner.evidence.bindings.pulumi import list_pulumi_documents as list_documents
    else:
        return
    from scanner.evidence.respelling import texts_of

    for each in list_documents(parsed):
        lower = f"{each.name}\n".lower().encode("utf-8", "surrogatepass") + texts_of(each.parsed)
        look = find_signs(lower)
        if _may_hold(look, lower):
            yield Child(each.key, each.parsed, each.name, lower, look, each.around)


def _open_strings(parsed: Parsed) -> Insides:
    from scanner.files.inside import Insides  # most files have no such string

    return Insides(parsed.text)


def _find_layered(outer: Parsed) -> dict[int, tuple[tuple[str, Scalar], ...]]:
    """The strings that are files of one application, by their ids."""
    if "application" not in outer.text:
        return {}
    from scanner.evidence.bindings.layered_strings import find_layered  # few files have them

    return find_layered(outer)


def _lay_strings(
    group: tuple[tuple[str, Scalar], ...],
    insides: Insides,
    find_signs: Callable[[bytes], Look],
    open_places: list[OpenPlace],
) -> Child | None:
    """The files of one application as one document for each profile; None where they are read one by one."""
    from scanner.evidence.bindings.layered_strings import lay_strings

    lower, look = _find_signs("application.yaml", "\n".join(f"{name}\n{scalar.text}" for name, scalar in group), find_signs)
    laid = lay_strings(group, insides) if lower else None
    if laid is None:
        return None
    parsed, left_out = laid
    first = group[0][1]
    if left_out:
        open_places.append(OpenPlace(f"{left_out} profiles more are not read", Spot(first.line, first.column)))
    return Child(first, parsed, "application.yaml", lower, look)


def _list_unread_parts(parsed: Parsed, may_bind: MayBind) -> Iterator[OpenPlace]:
    if any(fault.end_line for fault in parsed.faults):
        from scanner.evidence.unread_parts import list_unread_parts  # most strings are read whole

        yield from list_unread_parts(parsed, may_bind)


def _choose(
    formats: tuple[Format, ...],
    lower: bytes,
    look: Look,
    choose: Callable[[tuple[Format, ...], bytes, Look], tuple[Format, ...]],
) -> tuple[Format, ...]:
    """The formats to try. The likeliest comes first even where no sign is for it: strings in it are read, too."""
    if not formats or not _may_hold(look, lower):
        return formats[:1]
    chosen = choose(formats, lower, look)
    return (formats[0], *(each for each in chosen if each != formats[0])) if chosen else ()


def _add_code(
    formats: tuple[Format, ...],
    text: str,
    lower: bytes,
    look: Look,
    choose: Callable[[tuple[Format, ...], bytes, Look], tuple[Format, ...]],
) -> tuple[Format, ...]:
    """The formats to try, and source code where a read for it has its words: settings that are a program, as the value of a
    chart or a variable.
    """
    if not look.may_bind or not ("\n" in text or "=" in text) or any(each in CODE for each in formats):
        return formats
    return (*formats, *(each for each in choose(_CODE_IN_TEXTS, lower, look) if each not in formats))


def _is_command(node: Node) -> bool:
    """Whether a line of a script runs a program with its options."""
    name = node.get("#command") if isinstance(node, Mapping) else None
    return isinstance(name, Scalar) and name.text.rpartition("/")[2] not in _SHOWING


def _find_signs(name: str, text: str, find_signs: Callable[[bytes], Look]) -> tuple[bytes, Look]:
    """The lower-case bytes of a string, in each of their spellings, if they have the signs of a platform, else nothing; and
    their signs.
    """
    # the name identifies what a short text alone does not (`JWT_SECRET: {"type": "HS256", …}`)
    plain = f"{name}\n{text}".encode("utf-8", "surrogatepass")
    look = find_signs(plain)
    respelled = spell_out(plain, look, tells=look.tells())
    if respelled is None and not look.tells():
        return b"", look  # as most strings
    lower = add_spelling(plain.lower(), respelled)
    look = look if respelled is None else find_signs(lower)
    is_one = _may_hold(look, lower) or (respelled is not None and respelled.needs_tree)
    return (lower if is_one else b""), look


def _may_hold(look: Look, lower: bytes) -> bool:
    """Whether a string with those signs may hold a platform's configuration."""
    return look.may_bind or look.may_be_computed(lower)


def _list_strings(parsed: Parsed) -> Iterator[tuple[str, Scalar, Trail | None]]:
    """Every text that may contain a document, with its name and the path to the mapping around it; a text that aliases share
    comes once.
    """
    seen: set[int] = set()
    # the name, the node, whether it is below the names of files, its key, and the path to what has it
    waiting: list[tuple[str, Node, bool, Scalar | None, Trail | None]] = [
        ("", node, False, None, None) for node in reversed(parsed.documents)
    ]
    while waiting:
        name, node, is_file, key, above = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            has_files, trail = _has_files(node), Trail(node, key, above)
            waiting += [
                (
                    _name_string(name, entry.key.text),
                    entry.value,
                    is_file or (has_files and entry.key.text in _FILES),
                    entry.key,
                    trail,
                )
                for entry in reversed(node.entries)
                if not entry.key.text.endswith(_RECORDS)
            ]
            yield from _list_wrapped(node)
        elif isinstance(node, Sequence):
            pairs, trail = as_mapping(node), Trail(node, key, above)
            # the texts of a list that means a mapping are its pairs, by their names
            waiting += [
                (name, item, is_file, None, trail)
                for item in reversed(node.items)
                if pairs is None or not isinstance(item, Scalar)
            ]
            if pairs:
                trail = Trail(pairs, key, above)
                waiting += [(entry.key.text, entry.value, is_file, entry.key, trail) for entry in reversed(pairs.entries)]
        elif _may_be_one(node) and (is_file or name.lower() not in _PROSE):
            # a file may be called `run` or `script`, too; no shell runs its text as that of a pipeline
            around = above if above is not None and isinstance(above.node, Mapping) else None
            yield "" if is_file and name.lower() in _SHELL else name, _make_known(node), around


def _name_string(above: str, name: str) -> str:
    """The name of a string. A local of Terraform is no prose, whatever its name: something else uses it."""
    return "" if above == "locals" and name.lower() in _PROSE else name


def _make_known(node: Scalar) -> Scalar:
    """The string with the expressions in it replaced by what they give, where that is known."""
    if not node.is_quoted or not isinstance(node.value, str) or node.value == node.text:
        return node
    return Scalar(node.value, node.value, node.line, node.column, node.end_line, is_quoted=True)


def _has_files(node: Mapping) -> bool:
    """Whether the members of its `data` are files, whatever their names."""
    kind = node.get("kind")
    return isinstance(kind, Scalar) and kind.text in ("ConfigMap", "Secret")


def _list_wrapped(node: Mapping) -> Iterator[tuple[str, Scalar, None]]:
    """The files that a Secret or a ConfigMap has in base64, each with its name. What is beside them is encoded, too."""
    names = node.names()
    files = [node.get("binaryData")] if "binaryData" in names else []
    if "data" in names and isinstance(kind := node.get("kind"), Scalar) and kind.text == "Secret":
        files.append(node.get("data"))
    if not files:
        return  # as most mappings
    from scanner.files.base64_text import decode_text

    for each in files:
        for entry in each.entries if isinstance(each, Mapping) else ():
            text = decode_text(entry.value.text) if isinstance(entry.value, Scalar) else None
            if text is not None and len(text) >= _SHORTEST:
                at = entry.value
                yield entry.key.text, Scalar(text, text, at.line, at.column, at.end_line, is_quoted=True), None


def _may_be_one(node: Scalar) -> bool:
    text = node.text
    if len(text) < _SHORTEST or node.is_expression:
        return False
    if "\n" in text or text.lstrip()[:1] in ("{", "[", "<") or " --" in text or " cfg:" in text or "LoginModule" in text:
        return True
    return text.startswith(("-D", "--")) or " -D" in text  # JAVA_TOOL_OPTIONS


def _guess_formats(name: str, text: str) -> tuple[Format, ...]:
    """The formats by the name, else by the look of the text; none where neither shows one."""
    if "." in name and may_hold(name):
        said = formats_of(name, text.encode("utf-8", "surrogatepass"))
        if said:
            return said
    look = _guess_by_look(text)
    if look is None or "\n" not in text:
        return () if look is None else (look,)
    return (look, *(each for each in formats_of("", text.encode("utf-8", "surrogatepass")) if each != look))


def _guess_by_look(text: str) -> Format | None:
    start = text.lstrip()
    if "LoginModule" in start[:400]:
        return "jaas"
    if start.startswith("<"):
        return "xml"
    if _SECTION.match(start):
        return "ini"
    if _TERM.match(start):
        return "erlang"
    if start[:1] in ("{", "[") and start[:2] != "{{":
        return "json"
    return _guess_by_lines(start)


def _guess_by_lines(start: str) -> Format | None:
    first = next((line for line in start.splitlines() if line.strip() and line.lstrip()[:1] not in "#/;"), "")
    for pattern, format_ in _LOOKS:
        if pattern.match(first):
            return "ini" if format_ == "properties" and _QUOTED.search(start) else format_
    return "flags" if _FLAG.search(start) else "yaml" if _MEMBER.search(start) else None


_CODE_IN_TEXTS: tuple[Format, ...] = ("python", "ruby")
_LOOKS: tuple[tuple[re.Pattern[str], Format], ...] = ((_BLOCK, "hcl"), (_MEMBER, "yaml"), (_SETTING, "properties"))
