"""An edit leaves what the user wrote as it was: the old lines are all there, in their order."""

from __future__ import annotations

import pytest

from scanner.files.edit import append_item
from scanner.files.limits import Refused
from scanner.files.read import read
from scanner.files.tree import Parsed, to_plain

ITEM = {"rule": "a", "subject": {"path": "*", "kid": "on"}, "expires": "2027-03-31", "reason": "why: # not\x1b"}

INDENTED = """\
# Reviewed every quarter.
waivers:
  # the kiosks
  - rule: "b"   # quoted
    subject: {path: 'kiosk/**'}
    reason: >-
      Two lines
      of it.

  - {rule: c, expires: 2026-12-31}
# the end
"""
FLUSH = "waivers:\n- rule: b\n  reason: x\n"


def values(text: str) -> object:
    parsed = read(text.encode(), "yaml", templates=False)
    assert isinstance(parsed, Parsed)
    return to_plain(parsed.documents[0])


class TestAppend:
    @pytest.mark.parametrize("text", [INDENTED, FLUSH, "other: 1 # kept\nwaivers:\n    -   rule: b\n        reason: c\n"])
    def test_keeps_every_line_and_comment(self, text: str) -> None:
        made = append_item(text, "waivers", ITEM).splitlines()
        rest = iter(made)
        assert [line for line in text.splitlines() if line not in rest] == []

    @pytest.mark.parametrize(
        "text", [INDENTED, FLUSH, "", "# nothing yet\n", "waivers: []\n", "waivers:\n", "waivers: [{rule: b}]\n"]
    )
    def test_adds_the_item_at_the_end_and_reads_back_as_it_was(self, text: str) -> None:
        made = values(append_item(text, "waivers", ITEM))
        assert isinstance(made, dict)
        assert made["waivers"][-1] == ITEM
        before = (values(text) if "rule" in text else None) or {"waivers": []}
        assert isinstance(before, dict)
        assert made["waivers"][:-1] == before["waivers"]

    def test_keeps_a_file_of_comments(self) -> None:
        assert append_item("# nothing yet", "waivers", {"rule": "a"}) == "# nothing yet\nwaivers:\n  - rule: a\n"

    def test_keeps_the_ends_of_lines(self) -> None:
        made = append_item(INDENTED.replace("\n", "\r\n"), "waivers", {"rule": "a"})
        assert made == append_item(INDENTED, "waivers", {"rule": "a"}).replace("\n", "\r\n")

    @pytest.mark.parametrize("text", ["[", "- a\n", "waivers: {a: b}\n", "a: 1\n---\nb: 2\n"])
    def test_refuses_what_it_cannot_keep(self, text: str) -> None:
        with pytest.raises(Refused):
            append_item(text, "waivers", ITEM)
