"""Whether a file belongs to tests, samples or documentation, by its path: a key there is seldom one that is in use."""

from __future__ import annotations

from scanner.patterns import lazy_pattern

# a JWK Set may be called after what it is made for, as that of a mock is: only its folders tell
_TEST_FOLDERS = lazy_pattern(
    r"(?:^|[/._-])(?:tests?|testing|testdata|testutils?|testvectors?|e2e|specs?|fixtures?|examples?|samples?|benchmarks?)"
    r"(?:[._-][^/]{0,200})?/|(?:^|/)(?:t|__tests__|mocks?|stubs?|demos?)/"
)
_TEST_NAMES = lazy_pattern(
    r"(?:^|[/._-])(?:tests?|testing|testdata|testutils?|specs?|fixtures?|mocks?|stubs?|examples?|samples?|demos?)(?:[._-][^/]{0,200})?$"
)
_DOCUMENTATION = lazy_pattern(r"(?:^|/)(?:docs?|cookbook|guides?|tutorials?)/|(?:^|/)readme|\.(?:md|rst|adoc)$")
# a folder far above may be called anything
_NEAR = 5


def is_in_tests(path: str) -> bool:
    """Whether the name of a near folder is one of tests or samples. A JWK Set in `docs/` may be one that a web site publishes:
    documentation does not count.
    """
    return _TEST_FOLDERS.search(_find_near(path)) is not None


def is_in_tests_or_documentation(path: str) -> bool:
    """The same, or one of documentation, also by the name of the file."""
    near = _find_near(path)
    return any(each.search(near) is not None for each in (_TEST_FOLDERS, _TEST_NAMES, _DOCUMENTATION))


def _find_near(path: str) -> str:
    parts = path.lower().split("/")
    # an absolute path is that of a file outside of the project: its folders say nothing about it
    is_outside = not parts[0] or parts[0].endswith(":")
    return parts[-1] if is_outside else "/".join(parts[-_NEAR:])
