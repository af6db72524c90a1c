"""The plugin that keeps CI from passing over tests in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.skips import LIST, SkipReport, is_allowed, is_ci, name_of, read_list

TESTS = Path(__file__).parent
LISTED = """\
import pytest

def test_it():
    pytest.skip("shared-corpora: the files are not here")
"""
UNLISTED = """\
import pytest

def test_it():
    pytest.skip("browser: chromium is not installed; apt-get install chromium")

def test_another():
    pass
"""
MARKED = """\
import pytest

@pytest.mark.skipif(True, reason="browser: chromium is not installed")
def test_it():
    pass
"""
MODULE = """\
import pytest

pytest.importorskip("no_such_module", reason="extras: pip install it")
"""
EXPECTED_TO_FAIL = """\
import pytest

@pytest.mark.xfail(reason="browser: later")
def test_it():
    assert False
"""
FAILED = UNLISTED + "\ndef test_broken():\n    assert False\n"


def run(pytester: pytest.Pytester, test: str, *more: str, fails: bool = True) -> pytest.RunResult:
    pytester.makepyfile(test)
    plugin = SkipReport({"shared-corpora": ["anywhere"]}, fails=fails)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest", *more, plugins=[plugin])


class TestInCi:
    @pytest.mark.parametrize("test", [UNLISTED, MARKED])
    def test_a_skip_that_is_not_listed_fails_the_run_and_says_why(self, test: str, pytester: pytest.Pytester) -> None:
        ran = run(pytester, test)
        assert ran.ret == pytest.ExitCode.TESTS_FAILED
        ran.stdout.fnmatch_lines(
            ["*skips that fail this run*", "browser: chromium is not installed*(1 skipped)", "  test_*::test_it"]
        )

    def test_a_module_that_is_skipped_as_a_whole_fails_it_too(self, pytester: pytest.Pytester) -> None:
        ran = run(pytester, MODULE + "\n" + "def test_it():\n    pass\n")
        ran.stdout.fnmatch_lines(["extras: pip install it (1 skipped)"])
        assert ran.ret != pytest.ExitCode.OK

    def test_skips_of_workers_count(self, pytester: pytest.Pytester) -> None:
        ran = run(pytester, UNLISTED, "-n", "1")
        assert ran.ret == pytest.ExitCode.TESTS_FAILED
        ran.stdout.fnmatch_lines(["*skips that fail this run*", "browser: *(1 skipped)"])

    def test_a_listed_one_does_not(self, pytester: pytest.Pytester) -> None:
        ran = run(pytester, LISTED)
        assert ran.ret == pytest.ExitCode.OK
        ran.stdout.no_fnmatch_line("*skips that*")

    def test_an_expected_failure_is_no_skip(self, pytester: pytest.Pytester) -> None:
        assert run(pytester, EXPECTED_TO_FAIL).ret == pytest.ExitCode.OK

    def test_other_failures_keep_their_code(self, pytester: pytest.Pytester) -> None:
        assert run(pytester, FAILED).ret == pytest.ExitCode.TESTS_FAILED


class TestElsewhere:
    def test_a_skip_is_reported_and_the_run_passes(self, pytester: pytest.Pytester) -> None:
        ran = run(pytester, UNLISTED, fails=False)
        assert ran.ret == pytest.ExitCode.OK
        ran.stdout.fnmatch_lines(["*skips that would fail CI*", "browser: *apt-get install chromium (1 skipped)"])


class TestTheList:
    def test_is_read_with_comments(self) -> None:
        assert read_list("# name\n\na  anywhere # why\nb darwin win32\n") == {"a": ["anywhere"], "b": ["darwin", "win32"]}

    def test_allows_a_name_on_its_platforms_alone(self) -> None:
        allowed = read_list("b darwin win32\n")
        assert is_allowed("Skipped: b: why", allowed, "darwin")
        assert not is_allowed("b: why", allowed, "linux")
        assert not is_allowed("c: why", allowed, "darwin")
        assert not is_allowed("b is not here", allowed, "darwin")

    def test_names_only_skips_that_some_test_has(self) -> None:
        texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__)]
        assert [name for name in read_list(LIST.read_text()) if not any(f'"{name}: ' in text for text in texts)] == []

    def test_name_of_a_skip_stands_before_the_colon(self) -> None:
        assert name_of("Skipped: browser: node: missing") == "browser"

    @pytest.mark.parametrize(
        ("value", "expected"), [("true", True), ("1", True), ("TRUE", True), ("false", False), ("", False)]
    )
    def test_ci_is_what_the_variable_says(self, value: str, expected: bool) -> None:
        assert is_ci({"CI": value}) is expected
        assert not is_ci({})
