"""Command lines as mappings: `--name=value`, `--name value` and a bare `--name`; `#command` is the first word.

A flag takes the next word as its value unless that begins with a dash. Flags that repeat are a list. Grafana's `cfg:name=value`
is a flag. `NAME=value` before a command is a member too, and so is that of `-e NAME=value` and `--env`. A script is one mapping
for each command that has any of these, after one of the variables that its commands set for all (`export`, a Dockerfile's
`ENV`). A here-document that is YAML or JSON is a mapping with one member, a text: `heredoc.yaml` or
`heredoc.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.files.align import Lines
from scanner.files.command_words import Word, unquote, words
from scanner.files.grouped import MappingBuilder
from scanner.files.here_documents import HereDocument, blank_bodies, list_here_documents
from scanner.files.limits import MOST_NODES, Refused
from scanner.files.tree import Entry, Fault, Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

_FLAG = lazy_pattern(r"(--?[A-Za-z][\w.:\-]*+|cfg:[\w.\-]++(?==))(=)?")
_VARIABLE = lazy_pattern(r"([A-Za-z_]\w*+)(=)")
_ENDS = frozenset({";", "&&", "||", "|", "&"})
# what sets the variables after it for the commands that follow
_SETS = frozenset({"export", "declare", "readonly", "local", "set", "env", "ENV", "ARG"})
_GIVES = frozenset({"-e", "--env", "-E", "--build-arg"})
# a Dockerfile's list of words
_WORD_LIST = lazy_pattern(r"^[ \t]*+(?:ENTRYPOINT|CMD|RUN)[ \t]++\[[^\]\n]*+\]", re.MULTILINE)
# how a document begins that is no further script: after blank lines and comments a brace, or a name of YAML
_DOCUMENT = lazy_pattern(r"(?:[^\S\n]*+(?:#[^\n]*+)?\n)*+[^\S\n]*+(?:[{\[]|---|(?:- )?[\w./'\"-]++\s*+:(?:\s|$))")
_TABS = lazy_pattern(r"^\t++", re.MULTILINE)
_LIST_MARKS = lazy_pattern(r"(?<=[\"\s\[])[\[,\]]|[\[,\]](?=[\"\s])|\]$")


def read_flags(text: str) -> tuple[tuple[Node, ...], tuple[Fault, ...]]:
    """The commands of a text."""
    lines = Lines(text)
    documents = tuple(each for each in list_here_documents(text) if _DOCUMENT.match(text, each.start))
    inside = tuple(_make_document(text, lines, each) for each in documents)
    text = _WORD_LIST.sub(lambda found: _LIST_MARKS.sub(" ", found[0]), blank_bodies(text, documents))
    common = MappingBuilder(1, 1, lines.count)
    found: list[tuple[Node, bool]] = []
    for words_ in _split_commands(text):
        command = _Command(text, lines, words_, common)
        if command.is_set:
            command.read_variables()  # into `common`, whose node is made once
        else:
            found.append((command.node(), command.has_members))
    with_members = (*(node for node, has_members in found if has_members), *inside)
    if common.is_empty():
        return with_members or tuple(node for node, _ in found[:1]), ()
    return (common.node(), *with_members), ()


def _make_document(text: str, lines: Lines, here: HereDocument) -> Mapping:
    line, column = lines.place(here.mark)
    end_line = lines.place(max(here.end - 1, here.mark))[0]
    body = text[here.start : here.end]
    if text.startswith("<<-", here.mark):
        body = _TABS.sub("", body)
    value = Scalar(body, body, line, column, end_line, is_quoted=True)
    name = "heredoc.json" if body.lstrip()[:1] in "{[" else "heredoc.yaml"
    return Mapping((Entry(Scalar(name, name, line, column, line), value),), line, column, end_line)


def _split_commands(text: str) -> Iterator[list[Word]]:
    """The words of each command. A line end ends one unless a flag begins the next line."""
    command: list[Word] = []
    for count, word in enumerate(words(text)):
        if count > MOST_NODES:
            raise Refused("it has too many values")
        is_new_line = (
            command and not word.text.startswith("-") and "\n" in text[command[-1].end : word.start].replace("\\\n", "")
        )
        if command and (is_new_line or word.text in _ENDS):
            yield command
            command = []
        if word.text not in _ENDS:
            command.append(word)
    yield command


class _Command:
    """One command. Where it only sets variables they go to `common`."""

    def __init__(self, text: str, lines: Lines, command: list[Word], common: MappingBuilder) -> None:
        self.text = text
        self.lines = lines
        self.words = command
        self.is_set = bool(command) and (command[0].text in _SETS or all(_VARIABLE.match(text, word.start) for word in command))
        first, last = (command[0], command[-1]) if command else (Word("", 0, 0), Word("", 0, 0))
        own = MappingBuilder(*lines.place(first.start), lines.place(max(last.end - 1, 0))[0])
        self.group = common if self.is_set else own
        self.has_members = False
        self.waiting: Scalar | None = None  # a flag that may take the next word

    def node(self) -> Node:
        """The command as a mapping."""
        for word in map(self.bare, self.words):
            flag = _FLAG.match(self.text, word.start)
            if flag is None and self.waiting:
                self.add(self.waiting, self.scalar(word.text, word.start, word.end))
                continue
            self.set_switch()
            if flag:
                self.named(word, flag)
            elif not self.group.has("#command"):
                self.first(word)
        self.set_switch()
        return self.group.node()

    def read_variables(self) -> None:
        """`A=b`, `export A=b C=d`, and the older `ENV A b`."""
        for word in self.words:
            variable = _VARIABLE.match(self.text, word.start) or _VARIABLE.match(word.text)
            if variable and variable.string is self.text:
                self.named(word, variable)
            elif variable:  # quoted as a whole
                value = word.text[variable.end() :]
                self.add(self.scalar(variable[1], word.start, word.start), self.scalar(value, word.start, word.end))
        if self.words[0].text == "ENV" and len(self.words) > 2 and not self.has_members:
            _, name, older, *_ = self.words
            self.add(self.scalar(name.text, name.start, name.end), self.scalar(older.text, older.start, older.end))

    def bare(self, word: Word) -> Word:
        """A flag that is quoted as a whole (`"-Da=b"`) without its quotes."""
        begin, end = self.text[word.start], self.text[word.end - 1]
        is_quoted = begin in "\"'" and begin == end and word.text.startswith(("-", "cfg:"))
        return Word(word.text, word.start + 1, word.end - 1) if is_quoted else word

    def first(self, word: Word) -> None:
        """A variable, or the command itself."""
        variable = _VARIABLE.match(self.text, word.start)
        if variable:
            self.named(word, variable)
        else:
            self.group.add(self.scalar("#command", word.start, word.end), self.scalar(word.text, word.start, word.end))

    def named(self, word: Word, found: re.Match[str]) -> None:
        key = self.scalar(found[1], found.start(1), found.end(1))
        if found[2]:
            self.add(key, self.scalar(unquote(self.text[found.end() : word.end]), found.end(), word.end))
        else:
            self.waiting = key

    def set_switch(self) -> None:
        """A flag without a value is switched on."""
        if self.waiting:
            key = self.waiting
            self.add(key, Scalar("true", True, key.line, key.column, key.end_line))

    def add(self, key: Scalar, value: Scalar) -> None:
        """A member; of `-e A=b` the variable alone, since a list of several `-e` would mean it once more."""
        self.has_members, self.waiting = True, None
        given = _VARIABLE.match(value.text) if key.text in _GIVES else None
        if not given:
            self.group.add(key, value)
            return
        start = value.column + value.is_quoted
        name = Scalar(given[1], given[1], value.line, start, value.line)
        text = value.text[given.end() :]
        self.group.add(name, Scalar(text, text, value.line, start + given.end(), value.end_line))

    def scalar(self, text: str, start: int, end: int) -> Scalar:
        line, column = self.lines.place(start)
        is_quoted = self.text[start : start + 1] in ('"', "'")
        return Scalar(text, text, line, column, self.lines.place(max(end - 1, start))[0], is_quoted)
