"""Whether a file belongs to tests, samples or documentation, by its path: a key there is seldom one that is in use."""

from __future__ import annotations

from scanner.patterns import lazy_pattern

_TESTS = lazy_pattern(
    r"(?:^|[/._-])(?:tests?|testing|testdata|testutils?|testvectors?|e2e|specs?|fixtures?|mocks?|stubs?|examples?|samples?|demos?"
    r"|benchmarks?)(?:[/._-]|$)|(?:^|/)(?:t|__tests__)/"
)
_DOCUMENTATION = lazy_pattern(r"(?:^|/)(?:docs?|cookbook|guides?|tutorials?)/|(?:^|/)readme|\.(?:md|rst|adoc)$")
# a folder far above may be called anything
_NEAR = 5


def is_in_tests(path: str) -> bool:
    """Whether the name of the file or of a near folder is one of tests or samples. A JWK Set in `docs/` may be one that a web
    site publishes: documentation does not count.
    """
    return _TESTS.search(_find_near(path)) is not None


def is_in_tests_or_documentation(path: str) -> bool:
    """The same, or one of documentation."""
    return is_in_tests(path) or _DOCUMENTATION.search(_find_near(path)) is not None


def _find_near(path: str) -> str:
    parts = path.lower().split("/")
    # an absolute path is that of a file outside of the project: its folders say nothing about it
    is_outside = not parts[0] or parts[0].endswith(":")
    return parts[-1] if is_outside else "/".join(parts[-_NEAR:])
