"""What the name of a profile or environment says about where it is deployed."""

from __future__ import annotations

from scanner.patterns import lazy_pattern

_WORD = lazy_pattern(r"[a-z]++|(?<![0-9])[0-9]++[a-z]++[0-9]*+")
_PRODUCTION = frozenset({"production", "prod", "prd", "live", "release"})
# a cluster or a provider of servers: the place where the application runs for others
_DEPLOYED = frozenset({"k8s", "kubernetes", "openshift", "cloud", "aws", "azure", "gcp", "heroku"})
_DEVELOPMENT = frozenset({
    "dev", "develop", "developer", "development", "devel", "local", "localhost", "test", "tests", "testing", "tst", "unittest",
    "integrationtest", "it", "e2e", "ci", "mock", "debug", "demo", "sandbox",
})  # fmt: skip


def is_for_production(name: str) -> bool:
    """Whether a name means production, or the servers where an application runs."""
    words = _words(name)
    return bool(words & (_PRODUCTION | _DEPLOYED)) and not words & (_DEVELOPMENT | {"non", "pre", "not", "no"})


def is_for_development(name: str) -> bool:
    """Whether a name means development or tests, which no user of the application meets."""
    return bool(_words(name) & _DEVELOPMENT)


def order_by_stage(name: str) -> int:
    """Production first and development last: where there are too many, the first are read."""
    return 0 if is_for_production(name) else 2 if is_for_development(name) else 1


def _words(name: str) -> frozenset[str]:
    """Its words, also without a number at their end."""
    words = [word.lower() for word in _WORD.findall(name)]
    return frozenset((*words, *(word.rstrip("0123456789") for word in words)))
