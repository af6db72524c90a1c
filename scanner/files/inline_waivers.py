"""Waivers in comments: `# jwksgov: ignore[rule-id] reason; owner=…; expires=2027-03-31`.

A YAML composer drops comments, so they are found in the text. At the end of a line a waiver covers that line; alone on a
line it covers the next line that holds a value and everything nested under it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from scanner.errors import nearest
from scanner.files.tree import InlineWaiver, Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

# behind any format's comment sign: YAML, HCL, nginx; JSON5, HCL, JAAS; properties; ini; Erlang; XML
_WAIVER = lazy_pattern(r"(?:(?<!#)#++|//|/\*|!|(?<!;);++|(?<!%)%++|<!--)\s*+jwksgov:\s*+ignore\[([^\[\]]*+)\]([^\n]*+)")
# what was meant as one
_ALMOST = lazy_pattern(r"(?i)(?:(?<!#)#++|//|/\*|!|(?<!;);++|(?<!%)%++|<!--)\s*+@?jwksgov(?:\s*+[:=])?+\s*+ignor")
_MEMBERS = ("owner", "approver", "expires", "ticket", "compensating_control")
_NAME = "jwksgov"
_FORM = "jwksgov: ignore[rule-id] reason; owner=…; expires=2027-03-31"
_COMMENT_END = lazy_pattern(r"\*/|-->")


def find_waivers(text: str, documents: Iterable[Node]) -> tuple[InlineWaiver, ...]:
    """Every waiver of a file, with the lines that it covers."""
    if _NAME not in text.casefold():
        return ()  # as most files
    lines = text.split("\n")
    ends = _find_ends(documents)
    begun = sorted(ends)
    found: list[InlineWaiver] = []
    for number, line in enumerate(lines, 1):
        match = _WAIVER.search(line)
        if match is None:
            almost = _ALMOST.search(line) if _NAME in line.casefold() else None
            if almost is not None and not _is_quoted(line[: almost.start()]):
                fault = f"this comment waives nothing: it does not have the form `{_FORM}`"
                found.append(InlineWaiver((), "", {}, number, number, number, fault, is_none=True))
            continue
        if _is_quoted(line[: match.start()]):
            continue
        if line[: match.start()].strip():
            first = last = number
        else:
            after = bisect_right(begun, number)
            first = begun[after] if after < len(begun) else number
            last = ends.get(first, number)
        found.append(_waiver(match, number, first, last))
    return tuple(found)


def _waiver(match: re.Match[str], number: int, first: int, last: int) -> InlineWaiver:
    reason, *parts = (part.strip() for part in _COMMENT_END.split(match[2], maxsplit=1)[0].split(";"))
    named = dict(part.split("=", 1) for part in parts if "=" in part)
    named = {name.strip(): value.strip() for name, value in named.items()}
    return InlineWaiver(
        rules=tuple(rule.strip() for rule in match[1].split(",") if rule.strip()),
        reason=reason,
        members=named,
        line=number,
        first_line=first,
        last_line=last,
        fault=_find_fault(parts),
    )


def _find_fault(parts: Iterable[str]) -> str:
    """What is wrong with the parts after the reason. A reason may have semicolons of its own."""
    for part in parts:
        name, sign, _ = part.partition("=")
        name = name.strip() if sign else part.partition(" ")[0].rstrip(":")
        if name in _MEMBERS and sign:
            continue
        near = name if name in _MEMBERS else nearest(name, _MEMBERS)
        if near is not None or (sign and name.isidentifier()):
            meant = f"did you mean `{near}=`?" if near is not None else f"it takes {', '.join(_MEMBERS)}"
            return f"a part of this waiver has no effect: {meant}"
    return ""


def _is_quoted(before: str) -> bool:
    """Whether the comment sign stands inside a string: an odd number of quotes before it on its line."""
    return before.replace('\\"', "").count('"') % 2 == 1 or re.sub(r"\w'\w", "", before).count("'") % 2 == 1


def _find_ends(documents: Iterable[Node]) -> dict[int, int]:
    """For each line where a member or item begins, the last line of the outermost one that begins there."""
    ends: dict[int, int] = {}
    seen: set[int] = set()
    waiting: list[Node] = list(documents)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            begun = [(entry.key.line, entry.value) for entry in node.entries]
        else:
            begun = [(item.line, item) for item in node.items]
        for line, value in begun:
            ends[line] = max(ends.get(line, line), value.end_line)
            waiting.append(value)
    return ends
