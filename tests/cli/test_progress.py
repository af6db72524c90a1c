"""Progress is for a person at a terminal, and for nobody else."""

from __future__ import annotations

import os
import pty
import re
import sys
import termios
import threading

import pytest

from scanner.commands.progress import ProgressBar
from scanner.sources.exchange import Exchange, Failure, Visit, Wanted

A = "https://a.example.com"
CURSOR = re.compile(r"\x1b\[\??[0-9;]*[A-Za-z]")


def visit(*, failure: Failure | None = None) -> Visit:
    exchange = Exchange(
        issuer=A, role="jwks", url=A, started="2026-06-01T00:00:00.000Z", failure=failure,
        status=None if failure else 200, body=None if failure else b"{}",
    )  # fmt: skip
    return Visit(Wanted(issuer=A), (exchange,))


FAILED = visit(failure=Failure("dns", "the name has no address"))


def seen_on_a_terminal(monkeypatch: pytest.MonkeyPatch, *, quiet: bool = False) -> str:
    """What three visits, one of which failed, write to a terminal."""
    monkeypatch.setenv("COLUMNS", "100")
    reader, writer = pty.openpty()
    shown: list[bytes] = []
    # what is written arrives a moment later: it is read until the terminal is closed
    reading = threading.Thread(target=lambda: shown.extend(iter(lambda: _read(reader), b"")))
    reading.start()
    with os.fdopen(writer, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with ProgressBar(3, quiet=quiet) as issuers:
            for each in (visit(), FAILED, visit()):
                issuers.advance(each)
        terminal.flush()
        termios.tcdrain(terminal.fileno())
    reading.join(30)
    os.close(reader)
    return b"".join(shown).decode()


def _read(reader: int) -> bytes:
    try:
        return os.read(reader, 1 << 16)
    except OSError:  # Linux says EIO where the other side has closed
        return b""


class TestOnATerminal:
    def test_counts_issuers_and_failures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm")
        shown = CURSOR.sub("", seen_on_a_terminal(monkeypatch))
        assert "issuers 3/3" in " ".join(shown.split())
        assert "1 failed" in shown
        assert "/s" in shown
        assert "left" in shown

    def test_cleans_up_behind_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The cursor is shown again, and the line is erased."""
        monkeypatch.setenv("TERM", "xterm")
        shown = seen_on_a_terminal(monkeypatch)
        assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
        assert shown.rindex("\x1b[2K") > shown.rindex("issuers")

    def test_has_no_colour_where_none_is_wanted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm-256color")
        assert re.search(r"\x1b\[[0-9;]*3[0-9]m", seen_on_a_terminal(monkeypatch))
        monkeypatch.setenv("NO_COLOR", "1")
        assert not re.search(r"\x1b\[(?:[0-9;]*;)?[34][0-9](?:;[0-9;]*)?m", seen_on_a_terminal(monkeypatch))

    @pytest.mark.parametrize("term", ["dumb", ""])
    def test_is_silent_where_the_cursor_cannot_move(self, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", term)
        assert seen_on_a_terminal(monkeypatch) == ""

    def test_is_silent_where_that_is_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm")
        assert seen_on_a_terminal(monkeypatch, quiet=True) == ""


class TestInAPipe:
    def test_counts_without_a_word(self, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm")
        with ProgressBar(2, quiet=False) as issuers:
            issuers.advance(FAILED)
            issuers.advance(visit())
        assert (issuers.done, issuers.failed) == (2, 1)
        assert capfd.readouterr().err == ""
