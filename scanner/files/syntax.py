"""Syntax trees of the tree-sitter grammars, with offsets that count characters.

A grammar's own columns count octets. Every character beyond ASCII is read as a letter of one octet, and what a node says is cut
from the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import tree_sitter

from scanner.files.align import Lines
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Unmask

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class Source:
    """A text and its syntax tree. `unmask` gives back what masked spans say."""

    def __init__(self, text: str, language: Literal["hcl", "toml"], unmask: Unmask | None) -> None:
        self.text = text
        self.unmask = unmask
        self.lines = Lines(text)
        self.count = 0
        octets = (text if text.isascii() else _NOT_ASCII.sub("x", text)).encode()
        self.root = tree_sitter.Parser(_language(language)).parse(octets).root_node

    def said(self, start: int, end: int) -> tuple[str, bool]:
        """What stands between two offsets, and whether a mask was put over some of it."""
        written = self.unmask(start, end) if self.unmask else None
        return (self.text[start:end], False) if written is None else (written, True)

    def counted(self, node: tree_sitter.Node) -> tuple[int, int]:
        """Line and column of a node that becomes a value; Refused where there are too many."""
        self.count += 1
        line, column = self.lines.place(node.start_byte)
        if self.count > MOST_NODES:
            raise Refused("it has too many values", line)
        return line, column

    def end_line(self, node: tree_sitter.Node) -> int:
        """The last line of a node; a line end that belongs to it is not one."""
        return self.lines.place(max(node.end_byte - 1, node.start_byte))[0]


@lru_cache(maxsize=4)
def _language(name: str) -> tree_sitter.Language:
    if name == "hcl":
        import tree_sitter_hcl

        return tree_sitter.Language(tree_sitter_hcl.language())
    import tree_sitter_toml

    return tree_sitter.Language(tree_sitter_toml.language())


def first_error(node: tree_sitter.Node) -> tree_sitter.Node:
    """The innermost first node that the grammar could not read, below a node that has an error."""
    while not (node.is_error or node.is_missing):
        wrong = next((child for child in node.children if child.has_error or child.is_missing), None)
        if wrong is None:
            break
        node = wrong
    return node


def named(node: tree_sitter.Node, *types: str) -> Iterator[tree_sitter.Node]:
    """The children of these types, in order."""
    return (child for child in node.children if child.type in types)
