"""The functions of Go, Sprig and Helm that make texts of texts, and keep the places of their parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from scanner.patterns import lazy_pattern
from scanner.units.helm.numbers import write_number
from scanner.units.helm.value import NOT_KNOWN, Part, Value, cut_parts, join_origins, text_of

TextFunction = Callable[..., Value]
_VERB = lazy_pattern(r"%(?P<flags>[-+# 0]*+(?:\d++|\*)?+(?:\.(?:\d++|\*)?+)?+)(?P<verb>.)|%\Z")
_SPACE = " \t\n\v\f\r\x85\xa0"
# one text that a template makes is no longer
LONGEST_TEXT = 4 * 1024 * 1024


def write_text(value: Value, *, nil: str = "") -> tuple[Part, ...]:
    """What an action writes for a value."""
    data = value.data
    if isinstance(data, str):
        return value.list_parts()
    return ((write_plain(data, nil), value.origins),)


def write_plain(data: object, nil: str = "<nil>") -> str:
    """A value that is no text, as `%v` writes it."""
    if data is None:
        return nil
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int | float):
        return write_number(data)
    if isinstance(data, list):
        return f"[{' '.join(write_plain(item.data) for item in data)}]"
    if isinstance(data, dict):
        return f"map[{' '.join(f'{name}:{write_plain(data[name].data)}' for name in sorted(data))}]"
    return str(data)


def _text(value: Value) -> Value:
    """A value that must be a text."""
    if not isinstance(value.data, str):
        raise TypeError
    return value


def _each(change: Callable[[str], str]) -> TextFunction:
    """A function that changes each part by itself."""

    def apply(value: Value) -> Value:
        text = _text(value)
        return text_of(((change(part), origins) for part, origins in text.list_parts()), text)

    return apply


def _cut(find: Callable[[str], tuple[int, int]]) -> TextFunction:
    """A function that keeps one stretch."""

    def apply(value: Value) -> Value:
        text = _text(value)
        return text_of(cut_parts(text.list_parts(), *find(text.data)), text)

    return apply


def _strip(text: str, characters: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip(characters))
    return start, max(len(text.rstrip(characters)), start)


def _trim_all(characters: Value, value: Value) -> Value:
    return _cut(lambda text: _strip(text, str(characters.data)))(value)


def _trim_left(characters: Value, value: Value) -> Value:
    return _cut(lambda text: (len(text) - len(text.lstrip(str(characters.data))), len(text)))(value)


def _trim_right(characters: Value, value: Value) -> Value:
    return _cut(lambda text: (0, len(text.rstrip(str(characters.data)))))(value)


def _trim_suffix(suffix: Value, value: Value) -> Value:
    return _cut(lambda text: (0, len(text.removesuffix(str(suffix.data)))))(value)


def _trim_prefix(prefix: Value, value: Value) -> Value:
    return _cut(lambda text: (len(text) - len(text.removeprefix(str(prefix.data))), len(text)))(value)


def _truncate(length: Value, value: Value) -> Value:
    count = int(length.data)
    if _text(value).is_open:
        return value  # how long it is, nobody knows
    return _cut(lambda text: (0, min(count, len(text))) if count >= 0 else (max(len(text) + count, 0), len(text)))(value)


def _substring(start: Value, end: Value, value: Value) -> Value:
    first, last = int(start.data), int(end.data)
    return _cut(lambda text: (max(first, 0), len(text) if last < 0 or last > len(text) else last))(value)


def _quote(*values: Value) -> Value:
    return _join_quoted(values, lambda text: json.dumps(text, ensure_ascii=False)[1:-1], '"')


def _single_quote(*values: Value) -> Value:
    return _join_quoted(values, str, "'")


def _join_quoted(values: tuple[Value, ...], escape: Callable[[str], str], quote: str) -> Value:
    """Each value that is not nil in quotes, with a blank between."""
    parts: list[Part] = []
    known = [value for value in values if value.data is not None]
    for number, value in enumerate(known):
        written = write_text(value)
        origins = join_origins((value,))
        parts.append((" " + quote if number else quote, origins))
        parts += ((escape(text), places) for text, places in written)
        parts.append((quote, origins))
    found = text_of(parts, *known)
    # a quoted value is one stretch wherever it comes from one place
    origins = join_origins(known)
    is_one = all(places == origins for _, places in parts)
    return Value(found.data, origins, is_open=found.is_open, is_branched=found.is_branched) if is_one else found


def _indent(width: Value, value: Value) -> Value:
    text = _text(value)
    pad = " " * min(max(int(width.data), 0), 1000)
    parts = text.list_parts()
    if text.data.count("\n") * len(pad) > LONGEST_TEXT:
        return NOT_KNOWN
    first = ((pad, parts[0][1] if parts else ()),)
    return text_of((*first, *((part.replace("\n", "\n" + pad), origins) for part, origins in parts)), text)


def _indent_below(width: Value, value: Value) -> Value:
    found = _indent(width, value)
    if not isinstance(found.data, str):
        return found
    parts = found.list_parts()
    return text_of((("\n", parts[0][1] if parts else ()), *parts), found)


def _replace(old: Value, new: Value, value: Value) -> Value:
    text = _text(value)
    if not old.data or (text.data.count(old.data) + 1) * len(str(new.data)) > LONGEST_TEXT:
        return NOT_KNOWN if old.data or len(str(new.data)) else text
    whole = text.data.replace(old.data, str(new.data))
    parts = [(part.replace(old.data, str(new.data)), origins) for part, origins in text.list_parts()]
    if "".join(part for part, _ in parts) != whole:
        parts = [(whole, join_origins((text,)))]
    return text_of(parts, text, new)


def _print(*values: Value) -> Value:
    """Values one after another, with a blank between two that are no texts."""
    parts: list[Part] = []
    for number, value in enumerate(values):
        if number and not isinstance(value.data, str) and not isinstance(values[number - 1].data, str):
            parts.append((" ", ()))
        parts += write_text(value, nil="<nil>")
    return text_of(parts, *values)


def _print_line(*values: Value) -> Value:
    return text_of([*_with_blanks(values), ("\n", ())], *values)


def _concatenate(*values: Value) -> Value:
    known = tuple(value for value in values if value.data is not None)
    return text_of(_with_blanks(known), *known)


def _with_blanks(values: tuple[Value, ...]) -> Iterator[Part]:
    for number, value in enumerate(values):
        if number:
            yield " ", ()
        yield from write_text(value, nil="<nil>")


def _join(separator: Value, value: Value) -> Value:
    items = value.data if isinstance(value.data, list) else [value]
    parts: list[Part] = []
    known = [item for item in items if item.data is not None]
    for number, item in enumerate(known):
        if number:
            parts.append((str(separator.data), item.origins))
        parts += write_text(item)
    return text_of(parts, *known)


def _print_format(pattern: Value, *values: Value) -> Value:
    """`printf`: the usual verbs. A flag on anything but a number is not known."""
    text, waiting = str(pattern.data), list(values)
    parts: list[Part] = []
    at = 0
    for found in _VERB.finditer(text):
        parts.append((text[at : found.start()], pattern.origins))
        at = found.end()
        if found["verb"] == "%":
            parts.append(("%", pattern.origins))
            continue
        if not waiting:
            parts.append((f"%!{found['verb']}(MISSING)", ()))
            continue
        written = _write_verb(found["verb"] or "", found["flags"] or "", waiting.pop(0))
        if written is None:
            return NOT_KNOWN
        parts += written
    if waiting:
        return NOT_KNOWN  # Go says so in the text
    return text_of([*parts, (text[at:], pattern.origins)], pattern, *values)


def _write_verb(verb: str, flags: str, value: Value) -> tuple[Part, ...] | None:
    data = value.data
    if verb in "sv" and not flags:
        if verb == "s" and not isinstance(data, str | list | dict):
            return None  # an error in the text
        return write_text(value, nil="<nil>")
    if verb == "q" and not flags and isinstance(data, str):
        return _quote(value).list_parts()
    if "*" in flags or value.is_open or len(flags) > 6:
        return None
    if not isinstance(data, bool) and ((verb in "dx" and isinstance(data, int)) or (verb in "feg" and isinstance(data, float))):
        return ((f"%{flags}{verb}" % data, value.origins),)
    if verb == "t" and isinstance(data, bool) and not flags:
        return ((write_plain(data), value.origins),)
    if verb == "s" and isinstance(data, str):
        return ((f"%{flags}s" % data, value.origins),)
    return None


def _to_text(value: Value) -> Value:
    return text_of(write_text(value, nil="<nil>"), value)


def _repeat(count: Value, value: Value) -> Value:
    text = _text(value)
    times = max(int(count.data), 0)
    if times * len(text.data) > LONGEST_TEXT:
        return NOT_KNOWN
    return text_of(tuple(text.list_parts()) * times, text)


# each may be given texts in which an action stays
TEXT_FUNCTIONS: dict[str, TextFunction] = {
    "quote": _quote, "squote": _single_quote, "indent": _indent, "nindent": _indent_below, "print": _print,
    "println": _print_line, "printf": _print_format, "cat": _concatenate, "join": _join, "replace": _replace,
    "trim": _cut(lambda text: _strip(text, _SPACE)), "trimAll": _trim_all, "trimSuffix": _trim_suffix,
    "trimPrefix": _trim_prefix, "trimLeft": _trim_left, "trimRight": _trim_right, "trunc": _truncate, "toString": _to_text,
    "lower": _each(str.lower), "upper": _each(str.upper), "title": _each(str.title), "substr": _substring,
    "nospace": _each(lambda text: "".join(text.split())), "repeat": _repeat,
}  # fmt: skip
