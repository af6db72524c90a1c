"""Blocks of a template that a condition may leave out: `{{ if }} … {{ end }}`, `{% if %} … {% endif %}`, loops."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.model import Binding, Setting
from scanner.patterns import lazy_pattern
from scanner.record import changed, record

_CONTROL = lazy_pattern(r"\{\{-?[ \t]*+(if|with|range|else|end)\b|\{%-?[ \t]*+(if|for|else|elif|endif|endfor)\b")
_KEY = lazy_pattern(r"[ \t]*+(?:-[ \t]++)?[\"']?([\w.-]++)[\"']?[ \t]*+[:=]")
_OPENS = frozenset({"if", "with", "range", "for"})
_ENDS = frozenset({"end", "endif", "endfor"})
# where one of these is set outside of a block, the binding exists without it
_ANCHORS = ("issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file")


@record(slots=True)
class Block:
    """The first and last line of a block, and how many branches it has. A loop may have none."""

    first_line: int
    last_line: int
    branches: int


def find_blocks(text: str) -> list[Block]:
    """The blocks of a template, inner ones before those around them. One without an end is none."""
    found: list[Block] = []
    open_: list[list[int]] = []
    line, at = 1, 0
    for control in _CONTROL.finditer(text):
        line += text.count("\n", at, control.start())
        at = control.start()
        word = control[1] or control[2]
        if word in _OPENS:
            open_.append([line, 1])
        elif open_ and word in _ENDS:
            first, branches = open_.pop()
            found.append(Block(first, line, branches))
        elif open_:
            open_[-1][1] += 1
    return found


def mark_conditional(bindings: list[Binding], text: str) -> Iterator[Binding]:
    """The bindings of a template, each setting marked that a condition of its own may leave out."""
    blocks = find_blocks(text)
    lines = text.split("\n") if blocks else []
    for binding in bindings:
        anchors = [spot.line for name in _ANCHORS if (spot := binding.settings[name].spot) is not None]
        settings = {
            name: changed(setting, is_conditional=True) if _is_conditional(setting, anchors, blocks, lines) else setting
            for name, setting in binding.settings.items()
        }
        yield changed(binding, settings=settings) if settings != binding.settings else binding


def _is_conditional(setting: Setting, anchors: list[int], blocks: list[Block], lines: list[str]) -> bool:
    if setting.spot is None:
        return False
    line = setting.spot.line
    around = (block for block in blocks if block.first_line <= line <= block.last_line)
    return any(
        any(not block.first_line <= anchor <= block.last_line for anchor in anchors if anchor != line)
        and not _is_in_each_branch(line, block, lines)
        for block in around
    )


def _is_in_each_branch(line: int, block: Block, lines: list[str]) -> bool:
    """Whether each of several branches sets the name that the line sets."""
    if block.branches < 2:
        return False
    inside = [found[1] for each in lines[block.first_line - 1 : block.last_line] if (found := _KEY.match(each)) is not None]
    above = (_KEY.match(each) for each in reversed(lines[block.first_line - 1 : line]))
    name = next((found[1] for found in above if found is not None), None)
    return name is not None and inside.count(name) >= block.branches
