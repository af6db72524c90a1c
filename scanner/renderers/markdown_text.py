"""Makes text safe for GitHub-flavoured Markdown in a comment.

A backslash is not enough: GitHub and GitLab search the parsed Markdown for @mentions, #123, addresses and commit ids, but not
in code. So only plain words become text, everything else code.
"""

from __future__ import annotations

import re

from scanner.patterns import lazy_pattern
from scanner.renderers.escape import escape_text

# letters and digits, with an apostrophe or a single hyphen inside, or a section's number; quotes, brackets and the punctuation
# of a sentence around
_PLAIN = lazy_pattern(r"""[("“‘]*([^\W_]+(?:[’'-][^\W_]+)*|§?\d+(?:\.\d+)*)["”’)]*[.,;:!?…]?""")
# words that may be references in themselves: commit ids, GH-12, www
_REFERENCE = lazy_pattern(r"[0-9a-f]{7,}|(?>.+?-\d).*+|www", re.IGNORECASE)
_END = lazy_pattern(r"(.*?)([.,;:!?…]?)", re.DOTALL)


def literal(text: str, *, longest: int = 400) -> str:
    """Any text, with its plain words as words and the rest as code."""
    spoken: list[str] = []
    code: list[str] = []
    for token in escape_text(text, longest=longest).split(" "):
        if _is_plain(token):
            spoken += _flush(code)
            spoken.append(token)
        else:
            code.append(token)
    return " ".join(spoken + _flush(code))


def prose(text: str) -> str:
    """The text of a policy's author: code stays code, the rest is made safe."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:
        return literal(text, longest=len(text))
    return "".join(code(part) if index % 2 else literal(part, longest=len(part)) for index, part in enumerate(parts) if part)


def code(text: str) -> str:
    """A code span (CommonMark §6.1) that no run of backticks in the text can end."""
    shown = escape_text(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""


def _is_plain(token: str) -> bool:
    if token in ("", "–", "—", "="):
        return True
    match = _PLAIN.fullmatch(token)
    return match is not None and not _REFERENCE.fullmatch(match[1])


def _flush(tokens: list[str]) -> list[str]:
    """The collected tokens as one code span, with the punctuation after it."""
    if not tokens:
        return []
    match = _END.fullmatch(" ".join(tokens))
    assert match is not None
    tokens.clear()
    return [f"{code(match[1])}{match[2]}"]
