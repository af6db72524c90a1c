"""The functions that conditions may call beside CEL's own: those that would be wrong or long as an expression."""

from __future__ import annotations

from collections.abc import Callable

from scanner.hosts.domains import is_under
from scanner.pack.versions import read_version
from scanner.patterns import lazy_pattern
from scanner.record import record

_CALL = lazy_pattern(r"(?<![\w.])([a-z][a-z_]*+)\s*\(")


@record
class Function:
    """A function of conditions: its name, how it is called with what its arguments are, and its help."""

    name: str
    call: str
    doc: str
    run: Callable[[str, str], bool]


def _is_at_least(version: str, least: str) -> bool:
    """Whether a version is `least` or a newer one; both are compared number by number."""
    has, wants = read_version(version), read_version(least)
    if has is None or wants is None:
        raise ValueError(f"`{(version if has is None else least)[:100]}` is not a version such as `1.24.3`")
    length = max(len(has), len(wants))
    return (*has, *(0,) * (length - len(has))) >= (*wants, *(0,) * (length - len(wants)))


# each takes two texts and answers yes or no; what it cannot answer is an error, and the rule undetermined
FUNCTIONS = (
    Function(
        "is_under",
        "is_under(host, domain)",
        "Whether a host is the domain or lies under it, label by label: `login.example.com` is under `example.com`, "
        "`evilexample.com` and `example.com.evil.org` are not. Case, a dot at the end and the two spellings of international "
        "names make no difference; an address is under itself alone.",
        is_under,
    ),
    Function(
        "is_at_least",
        "is_at_least(version, least)",
        "Whether a version is `least` or newer: `1.10` is at least `1.9`.",
        _is_at_least,
    ),
)


def functions_in(bare: str) -> tuple[Function, ...]:
    """The functions that an expression without its strings calls."""
    called = set(_CALL.findall(bare)) if "is_" in bare else set()
    return tuple(each for each in FUNCTIONS if each.name in called)
