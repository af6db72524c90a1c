"""Reading a JSON object value by value gives what Python's decoder gives at once, however the text is written and cut."""

from __future__ import annotations

import json
import tracemalloc
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scanner.files.json_stream import BadJson, read_members

OPENED = frozenset({"subjects", "results"})
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=8) | st.sampled_from(["\ud83d\ude00", "\ud800", "\u2028", '\\"', "]},:"])
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=8
)
names = st.sampled_from(["subjects", "results", "findings", "run", "", "é"]) | st.text(max_size=4)
documents = st.dictionaries(names, values, max_size=4)
indents = st.none() | st.integers(0, 3) | st.sampled_from(["\t", "\r\n ", " \n"])
separators = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " :\r\n"), ("\t,", "\n\n:  ")])


class OneByOne(BytesIO):
    """Gives a few bytes for each read, however many are asked for."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._size)


def put_together(data: bytes, size: int = 1 << 20, opened: frozenset[str] = OPENED) -> dict[str, Any]:
    """The document that the members make. Of an empty list or an empty opened object nothing is said."""
    made: dict[str, Any] = {}
    for path, value in read_members(OneByOne(data, size), opened):
        at: Any = made
        for part, following in pairwise(path):
            at = at.setdefault(part, [] if isinstance(following, int) else {})
        if isinstance(at, list):
            assert path[-1] == len(at)
            at.append(value)
        else:
            at[path[-1]] = value
    return made


def without_empty(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what the reader has nothing to say about."""
    made = {}
    for name, value in document.items():
        kept = {inner: each for inner, each in value.items() if each != []} if _is_opened(name, value) else value
        if kept != [] and not (_is_opened(name, value) and kept == {}):
            made[name] = kept
    return made


def _is_opened(name: str, value: object) -> bool:
    return name in OPENED and isinstance(value, dict)


class TestAnyObject:
    @given(documents, indents, separators, st.booleans(), st.integers(1, 9))
    def test_is_read_as_by_pythons_decoder(
        self, document: dict[str, Any], indent: Any, separator: tuple[str, str], is_ascii: bool, size: int
    ) -> None:
        is_ascii = is_ascii or "\\ud" in json.dumps(document)  # a lone surrogate has no UTF-8
        text = json.dumps(document, indent=indent, separators=separator, ensure_ascii=is_ascii)
        data = f" \n{text}\r\n".encode()
        assert put_together(data, size) == without_empty(json.loads(data))

    @pytest.mark.parametrize(
        "text",
        [
            '{"a": [1.5e-3, -0, 1E+2, 12, "x"], "subjects": {"keys": [{"b": "\\ud83d\\ude00 é"}], "n": -1.25}, "t": true}',
            '\ufeff{"é\\u00e9": null, "results": {"k": {"deep": [[[{}]]]}}, "findings": [[], {}, ""], "z": 1e5}',
        ],
    )
    def test_is_the_same_wherever_it_is_cut(self, text: str) -> None:
        """A border at every position of the text."""
        data = text.encode()
        whole = without_empty(json.loads(text.removeprefix("\ufeff")))
        for size in range(1, len(data) + 1):
            assert put_together(data, size) == whole, size

    def test_may_hold_a_value_of_any_ordinary_length(self) -> None:
        document = {"findings": [{"message": "é" * 3_000_000}, {"n": 1}]}
        assert put_together(json.dumps(document).encode()) == document


class TestBrokenText:
    @pytest.mark.parametrize(
        ("text", "line", "because"),
        [
            (b"", 1, "`{`"),
            (b"\n\n[1]", 3, "`{`"),
            (b'{"a": 1,\n"b": tru}', 2, "Expecting value"),
            (b'{"a": 1,\n}', 2, ""),
            (b'{"a" 1}', 1, "`:`"),
            (b'{"a": [1 2]}', 1, "`,` or `]`"),
            (b'{1: 2}', 1, "without a name"),
            (b'{"a": "\nb"}', 1, "Invalid control character"),
            (b'{"a": 1}\n\n{"b": 2}', 3, "more text after the object"),
            (b'{"a": 1,\n\n"b": "\xff"}', 1, "not UTF-8"),
            (b'{"a":\n1e999}', 2, "`1e999` is not a JSON number"),
            (b'{"a":\n\nNaN}', 3, "`NaN` is not a JSON number"),
            (b'{"a": [\n-Infinity]}', 2, "`-Infinity` is not a JSON number"),
            (b'{"a":\n' + b"9" * 10_000 + b"}", 2, "Exceeds the limit"),
            (b'{"a":\n' + b"[" * 200_000 + b"]" * 200_000 + b"}", 2, "nested too deep"),
            (b'{"a":\n' + b'{"a":' * 200_000, 2, "nested too deep"),
        ],
    )  # fmt: skip
    def test_is_told_with_its_line(self, text: bytes, line: int, because: str) -> None:
        with pytest.raises(BadJson) as error:
            list(read_members(BytesIO(text)))
        assert error.value.because.startswith(f"line {line}: ")
        assert because in error.value.because

    @given(documents.filter(bool), st.data(), st.integers(1, 9))
    def test_that_ends_too_soon_is_told(self, document: dict[str, Any], data: st.DataObject, size: int) -> None:
        text = json.dumps(document, indent=1).encode()
        with pytest.raises(BadJson, match=r"^line \d+: "):
            list(read_members(OneByOne(text[: data.draw(st.integers(0, len(text) - 1))], size), OPENED))

    @given(documents, st.data(), st.binary(min_size=1, max_size=3), st.integers(1, 9))
    def test_that_was_damaged_is_refused_where_pythons_decoder_refuses_it(
        self, document: dict[str, Any], data: st.DataObject, damage: bytes, size: int
    ) -> None:
        text = json.dumps(document, indent=1).encode()
        at = data.draw(st.integers(0, len(text) - 1))
        broken = text[:at] + damage + text[at + 1 :]
        wanted = _strictly_read(broken)
        if wanted is not None:
            assert put_together(broken, size) == without_empty(wanted)
            return
        with pytest.raises(BadJson, match=r"^line \d+: "):
            list(read_members(OneByOne(broken, size), OPENED))

    def test_with_one_value_of_70_mb_is_refused(self) -> None:
        with pytest.raises(BadJson, match="line 2: a value that is too large"):
            list(read_members(BytesIO(b'{"a":\n["' + b"a" * (70 * 1024 * 1024) + b'"]}')))

    def test_is_refused_before_the_rest_is_read(self) -> None:
        """A fault at the top of a large file is found there."""
        file = BytesIO(b'{"findings": [x' + b" " * (20 * 1024 * 1024))
        with pytest.raises(BadJson, match="line 1: Expecting value"):
            list(read_members(file))
        assert file.tell() <= 2 * 1024 * 1024


def _strictly_read(text: bytes) -> dict[str, Any] | None:
    """The object that Python reads, without the numbers that RFC 8259 does not have; None where it reads no object."""
    try:
        found = json.loads(text.decode(), parse_constant=float, object_pairs_hook=_without_twins)
        json.dumps(found, allow_nan=False)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assume(len({name for name, _ in pairs}) == len(pairs))  # Python keeps the last of two, and the reader tells both
    return dict(pairs)


class TestALongList:
    def test_takes_no_memory(self) -> None:
        row = json.dumps({"id": "x" * 200, "line": 12}).encode()
        file = BytesIO(b'{"findings": [' + b",\n".join([row] * 100_000) + b"]}")
        tracemalloc.start()
        try:
            count = sum(1 for _ in read_members(file))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert count == 100_000
        assert peak < 8 * 1024 * 1024
