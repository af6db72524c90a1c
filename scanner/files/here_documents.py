"""The here-documents of shell scripts: `cat > FILE <<EOF`, `kubectl apply -f - <<'EOF'`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record

# not the string after `<<<`
_HERE = lazy_pattern(r"(?<!<)<<-?[ \t]*+(['\"]?)(\w++)\1")


@record
class HereDocument:
    """The offset of its mark, and its body, in which a shell fills in variables unless the mark is quoted."""

    mark: int
    start: int
    end: int
    is_literal: bool


def list_here_documents(text: str) -> Iterator[HereDocument]:
    """Each of them, in order; one that does not end goes to the end of the text."""
    if "<<" not in text:
        return
    offset, mark, start, word, is_literal = 0, -1, 0, "", False
    for line in text.splitlines(keepends=True):
        if mark >= 0 and line.strip() == word:
            yield HereDocument(mark, start, offset, is_literal)
            mark = -1
        elif mark < 0 and (found := _HERE.search(line)) is not None:
            mark, start, word, is_literal = offset + found.start(), offset + len(line), found[2], bool(found[1])
        offset += len(line)
    if mark >= 0:
        yield HereDocument(mark, start, offset, is_literal)


def blank_bodies(text: str, found: Iterable[HereDocument]) -> str:
    """The text with blanks in place of the bodies, so that every place stays what it is."""
    plain: list[str] = []
    end = 0
    for here in found:
        body = "".join("\n" if each == "\n" else " " for each in text[here.start : here.end])
        plain += [text[end : here.start], body]
        end = here.end
    return "".join([*plain, text[end:]])
