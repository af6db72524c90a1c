"""Syntax trees of the tree-sitter grammars, with offsets that count characters.

A grammar's own columns count bytes. So the grammar gets a letter of one byte for every character beyond ASCII, and the text of
a node is cut from the original.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import lru_cache
from time import thread_time
from typing import Literal

import tree_sitter

from scanner.files.align import Lines
from scanner.files.limits import GRAMMAR_SECONDS, MOST_NODES, Refused
from scanner.files.tree import Unmask
from scanner.patterns import lazy_pattern

# octets that a grammar gets at once
_PIECE = 512
_NOT_ASCII = lazy_pattern(r"[^\x00-\x7f]")

Grammar = Literal["hcl", "toml", "python", "tsx", "typescript", "ruby"]


class Source:
    """A text and its syntax tree. `unmask` gives the original text of masked spans. Lines are counted on from `before`, so that
    a place in one of several texts tells which of them it is in.
    """

    def __init__(self, text: str, language: Grammar, unmask: Unmask | None, before: int = 0) -> None:
        self.text = text
        self.unmask = unmask
        self.before = before
        self.lines = Lines(text)
        self.count = 0
        octets = (text if text.isascii() else _NOT_ASCII.sub("x", text)).encode()
        self.root = _parse(octets, language).root_node

    def again(self, before: int) -> Source:
        """The same text and tree, with lines that are counted on from elsewhere."""
        other = copy(self)
        other.before, other.count = before, 0
        return other

    def text_of(self, start: int, end: int) -> tuple[str, bool]:
        """The text between two offsets, and whether a part of it was masked."""
        written = self.unmask(start, end) if self.unmask else None
        return (self.text[start:end], False) if written is None else (written, True)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line, column = self.lines.place(offset)
        return line + self.before, column

    def count_node(self, node: tree_sitter.Node) -> tuple[int, int]:
        """Line and column of a node that becomes a value; Refused where there are too many."""
        self.count += 1
        line, column = self.place(node.start_byte)
        if self.count > MOST_NODES:
            raise Refused("it has too many values", line)
        return line, column

    def end_line(self, node: tree_sitter.Node) -> int:
        """The last line of a node, without a line end at its end."""
        return self.place(max(node.end_byte - 1, node.start_byte))[0]


def _parse(octets: bytes, language: Grammar) -> tree_sitter.Tree:
    """The tree of the whole text. For some texts a grammar's time grows with the cube of their length, and nothing interrupts
    its C code: so it gets the text piece by piece, and no further piece once it had too much time.
    """
    end = thread_time() + GRAMMAR_SECONDS
    is_late = False

    def read_piece(start: int, _point: object) -> bytes:
        nonlocal is_late
        is_late = is_late or thread_time() > end
        return b"" if is_late else octets[start : start + _PIECE]

    tree = tree_sitter.Parser(_load_language(language)).parse(read_piece)
    if is_late:
        raise Refused(f"its grammar takes more than {GRAMMAR_SECONDS} s for it")
    return tree


@lru_cache(maxsize=8)
def _load_language(name: Grammar) -> tree_sitter.Language:
    """A grammar, imported at its first use."""
    if name == "hcl":
        import tree_sitter_hcl

        return tree_sitter.Language(tree_sitter_hcl.language())
    if name == "toml":
        import tree_sitter_toml

        return tree_sitter.Language(tree_sitter_toml.language())
    if name == "python":
        import tree_sitter_python

        return tree_sitter.Language(tree_sitter_python.language())
    if name == "ruby":
        import tree_sitter_ruby

        return tree_sitter.Language(tree_sitter_ruby.language())
    import tree_sitter_typescript

    is_tsx = name == "tsx"
    return tree_sitter.Language(
        tree_sitter_typescript.language_tsx() if is_tsx else tree_sitter_typescript.language_typescript()
    )


def first_error(node: tree_sitter.Node) -> tree_sitter.Node:
    """The first innermost node that the grammar could not read, below a node with an error."""
    while not (node.is_error or node.is_missing):
        wrong = next((child for child in node.children if child.has_error or child.is_missing), None)
        if wrong is None:
            break
        node = wrong
    return node


def list_children(node: tree_sitter.Node, *types: str) -> Iterator[tree_sitter.Node]:
    """The children of these types, in order."""
    return (child for child in node.children if child.type in types)
