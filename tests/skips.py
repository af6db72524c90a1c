"""A pytest plugin: in CI a skipped test fails the run, unless its reason is on the list `allowed_skips.txt`.

The reason of a skip is `name: what is missing and how to install it`. Elsewhere than in CI the skips are only reported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

LIST = Path(__file__).parent / "allowed_skips.txt"
ANYWHERE = "anywhere"


def is_ci(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this run is one of continuous integration: the variable that every service sets."""
    return environment.get("CI", "").lower() in ("1", "true")


def read_list(text: str) -> dict[str, list[str]]:
    """The names of skips, each with where it is allowed."""
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return {words[0]: words[1:] for words in lines if words}


def name_of(reason: str) -> str:
    """The name of a skip: what stands before the colon of its reason."""
    return reason.removeprefix("Skipped: ").partition(":")[0].strip()


def is_allowed(reason: str, allowed: Mapping[str, list[str]], platform: str = sys.platform) -> bool:
    """Whether the list names this skip for this platform."""
    where = allowed.get(name_of(reason), [])
    return ANYWHERE in where or platform in where


class SkipReport:
    """Collects the skips that the list does not name, reports them, and in CI fails the run."""

    def __init__(self, allowed: Mapping[str, list[str]], *, fails: bool) -> None:
        self.allowed = allowed
        self.fails = fails
        self.unlisted: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._take(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._take(report)

    def _take(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not is_allowed(reason, self.allowed):
            self.unlisted.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A run that is green so far becomes a failed one."""
        if self.fails and self.unlisted and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.unlisted:
            return
        title = "skips that fail this run" if self.fails else "skips that would fail CI"
        terminalreporter.section(title)
        for reason, tests in sorted(self.unlisted.items()):
            terminalreporter.line(f"{reason} ({len(tests)} skipped)")
            for test in tests if self.fails else tests[:1]:
                terminalreporter.line(f"  {test}")
        terminalreporter.line(
            "Install what is missing (.ci/run does), or name the skip and its reason in tests/allowed_skips.txt."
        )


def register(config: pytest.Config) -> None:
    """Watch the skips of this run; with pytest-xdist they all arrive at the process that shows them."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipReport(read_list(LIST.read_text(encoding="utf-8")), fails=is_ci()), "skip-report")
