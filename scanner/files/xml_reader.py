"""XML as platforms accept it, which is not always well-formed: an API Management policy holds C# with quotes in its attributes.

An element is a mapping of `@attribute`s, `#text` and its elements, or only its text where it has nothing else. Names are local
names. Comments, processing instructions and document types are skipped. Character references, the five entities of XML and
those with a text in the document type are expanded.
"""

from __future__ import annotations

import re
from html import unescape

from scanner.files.align import Lines
from scanner.files.grouped import MappingBuilder
from scanner.files.limits import DEEPEST, MOST_LENGTH, MOST_NODES, Refused
from scanner.files.tree import Fault, Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

_MARK = lazy_pattern(r"<(?:!--|!\[CDATA\[|!DOCTYPE|\?|/?[A-Za-z_])")
_CLOSING = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_NAME = lazy_pattern(r"</?([\w:.\-]+)")
_ATTRIBUTE = lazy_pattern(r"[^\w>/]*+(?:/(?!>)[^\w>/]*+)*+([\w:.\-]++)(?:\s*+=\s*+([\"'])?)?")
_TAG_END = lazy_pattern(r"[^>]*?(/?)>")
# what may follow the quote that ends a value
_AFTER_VALUE = lazy_pattern(r"\s*/?>|\s+[\w:.\-]+\s*=|\s*\?>")
# in a document type: an entity with its text, a comment, any other text in quotes, and what ends it
_SUBSET = lazy_pattern(
    r"<!ENTITY\s++([\w:.\-]++)\s++(?:\"([^\"]{0,4096})\"|'([^']{0,4096})')|<!--|\"[^\"<]{0,4096}\"|'[^'<]{0,4096}'|[\[\]>]"
)
_ENTITY_USE = lazy_pattern(r"&([A-Za-z_][\w:.\-]*+);")
_DEEPEST_ENTITY = 4
_REFERENCE = lazy_pattern(r"&(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
# of a C# expression: the quote of a string, a character, a bracket
_EXPRESSION = lazy_pattern(r'"|\'(?:\\.|[^\'\\\n])\'|[(){}]')
_STRING = lazy_pattern(r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+(")?')
_BARE_VALUE = lazy_pattern(r"[^\s>\"']*")


def read_xml(text: str) -> tuple[Node, tuple[Fault, ...]]:
    """The elements at the top as one mapping; Refused where there is none."""
    reader = _XmlReader(text)
    group = reader.document()
    if not reader.count:
        raise Refused("not XML: it has no element")
    return group, ()


class _Element:
    def __init__(self, key: Scalar) -> None:
        self.key = key
        self.members = MappingBuilder(key.line, key.column)
        self.texts: list[tuple[str, int]] = []


class _XmlReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.count = 0
        self.open: list[_Element] = []
        self.entities: dict[str, str] = {}
        self.growth = 0
        # how many more characters the search for ends of expressions may read; beyond that a value ends at its first quote
        self.budget = 8 * len(text)

    def document(self) -> Mapping:
        top = _Element(Scalar("", "", 1, 1, 1))
        top.members.end_line = self.lines.count
        self.open.append(top)
        at = 0
        while (mark := _MARK.search(self.text, at)) is not None:
            self.add_text(at, mark.start())
            at = self.markup(mark[0], mark.start())
        while len(self.open) > 1:
            self.close(len(self.text))
        return top.members.node()

    def resolve(self, text: str) -> str:
        """Text with its references expanded; entities only as far as they do not grow without measure."""
        for _ in range(_DEEPEST_ENTITY if self.entities and "&" in text else 0):
            names = [name for name in _ENTITY_USE.findall(text) if name in self.entities]
            self.growth += sum(len(self.entities[name]) for name in names)
            if not names:
                break
            if self.growth > MOST_LENGTH:
                raise Refused("its entities repeat too much text")
            text = _ENTITY_USE.sub(lambda found: self.entities.get(found[1], found[0]), text)
        return _resolve_references(text)

    def markup(self, mark: str, at: int) -> int:
        """Skip a comment, an instruction or a tag."""
        if mark in _CLOSING:
            end = self.text.find(_CLOSING[mark], at + len(mark))
            end = len(self.text) if end < 0 else end
            if mark == "<![CDATA[":
                self.open[-1].texts.append((self.text[at + len(mark) : end], at + len(mark)))
            return end + len(_CLOSING[mark])
        if mark == "<!DOCTYPE":
            return self.skip_document_type(at)
        return self.end_tag(at) if mark[1] == "/" else self.start_tag(at)

    def skip_document_type(self, at: int) -> int:
        """The offset after a document type. The texts of entities in it are kept."""
        here, depth = at + 1, 0
        while (found := _SUBSET.search(self.text, here)) is not None:
            here = found.end()
            if found[0] == "<!--":
                end = self.text.find("-->", here)
                here = len(self.text) if end < 0 else end + 3
            elif found[0] in "[]":
                depth += 1 if found[0] == "[" else -1
            elif found[0] == ">" and depth <= 0:
                break
            elif found[1]:
                self.entities.setdefault(found[1], found[2] or found[3] or "")
        return here if found is not None else len(self.text)

    def start_tag(self, at: int) -> int:
        name = _NAME.match(self.text, at)
        assert name is not None
        element = _Element(self.scalar(name[1].rpartition(":")[2], name.start(1), name.end(1)))
        if len(self.open) > DEEPEST:
            raise Refused("it nests too deep", element.key.line)
        self.open.append(element)
        at = name.end()
        while (attribute := _ATTRIBUTE.match(self.text, at)) is not None:
            at = self.attribute(element, attribute)
        end = _TAG_END.match(self.text, at)
        at = end.end() if end else len(self.text)
        if end is None or end[1]:
            self.close(at)
            return at
        return self.skip_expression(at)

    def skip_expression(self, at: int) -> int:
        """Skip a policy expression: it is text, also with a `<`."""
        start = at + len(self.text[at : at + 200]) - len(self.text[at : at + 200].lstrip())
        end = self.find_expression_end(start)
        if end is None:
            return at
        self.add_text(start, end)
        return end

    def attribute(self, element: _Element, found: re.Match[str]) -> int:
        key = self.scalar(f"@{found[1].rpartition(':')[2]}", found.start(1), found.end(1))
        start = found.end()
        if found[2]:
            end = self.find_value_end(start, found[2])
            value = self.scalar(self.resolve(self.text[start:end]), start - 1, end, is_quoted=True)
            element.members.add(key, value)
            return end + 1
        bare = _BARE_VALUE.match(self.text, start) if "=" in found[0] else None
        end = bare.end() if bare else start
        element.members.add(key, self.scalar(self.text[start:end], start, end))
        return max(end, start)

    def find_value_end(self, start: int, quote: str) -> int:
        """The offset of the quote that ends a value: after the expression, or the first quote with valid text after it."""
        end = self.find_expression_end(start)
        if end is not None and self.text.startswith(quote, end):
            return end
        first = at = self.text.find(quote, start)
        while at >= 0 and self.budget > 0 and not _AFTER_VALUE.match(self.text, at + 1):
            after = self.text.find(quote, at + 1)
            self.budget -= (after if after >= 0 else len(self.text)) - at
            at = after
        best = first if at < 0 or self.budget <= 0 else at
        return len(self.text) if best < 0 else best

    def find_expression_end(self, at: int) -> int | None:
        """The end of a policy expression `@(…)` or `@{…}` that begins at `at`; None where there is none, or it does not end."""
        if self.text[at : at + 2] not in ("@(", "@{"):
            return None
        depth, here, open_to = 0, at, 0
        while self.budget > 0 and (found := _EXPRESSION.search(self.text, here)) is not None:
            end = found.end()
            if found[0] == '"' and end > open_to:  # no other quote before `open_to` has an end either
                string = _STRING.match(self.text, found.start())
                assert string is not None
                end, open_to = (string.end(), open_to) if string[1] else (end, string.end())
            self.budget -= end - here
            here = end
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(found[0], 0)
            if depth == 0 and found[0] in ")}":
                return here
        self.budget -= len(self.text) - here
        return None

    def end_tag(self, at: int) -> int:
        name = _NAME.match(self.text, at)
        local = name[1].rpartition(":")[2] if name else ""
        end = self.text.find(">", at)
        end = len(self.text) if end < 0 else end + 1
        if any(element.key.text == local for element in self.open[1:]):
            while self.open[-1].key.text != local:
                self.close(at)
            self.close(end)
        return end

    def close(self, end: int) -> None:
        element = self.open.pop()
        end_line = self.lines.place(max(end - 1, 0))[0]
        text = self.text_of(element, end_line)
        element.members.end_line = end_line
        members = element.members.node()
        if not members.entries:
            self.open[-1].members.add(element.key, text or Scalar("", None, element.key.line, element.key.column, end_line))
            return
        if text is not None:
            element.members.add(Scalar("#text", "#text", text.line, text.column, text.line), text)
            members = element.members.node()
        self.open[-1].members.add(element.key, members)

    def add_text(self, start: int, end: int) -> None:
        text = self.text[start:end]
        if text.strip():
            self.open[-1].texts.append((self.resolve(text), start))

    def text_of(self, element: _Element, end_line: int) -> Scalar | None:
        if not element.texts:
            return None
        text = "".join(text for text, _ in element.texts)
        first = element.texts[0][1] + len(element.texts[0][0]) - len(element.texts[0][0].lstrip())
        line, column = self.lines.place(first)
        return Scalar(text.strip(), text.strip(), line, column, end_line)

    def scalar(self, text: str, start: int, end: int, *, is_quoted: bool = False) -> Scalar:
        self.count += 1
        line, column = self.lines.place(start)
        if self.count > MOST_NODES:
            raise Refused("it has too many values", line)
        return Scalar(text, text, line, column, self.lines.place(max(end - 1, start))[0], is_quoted)


def _resolve_references(text: str) -> str:
    """Character references and the five entities of XML (§4.6); others stay as written."""
    return _REFERENCE.sub(lambda found: unescape(found[0]), text) if "&" in text else text
