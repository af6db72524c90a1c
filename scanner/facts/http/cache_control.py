"""Reading Cache-Control, and for how long clients may use an answer (RFC 9111). Every header, valid or not, has a result."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from scanner.facts.http.fields import date_seconds, delta_seconds, list_items
from scanner.patterns import lazy_pattern
from scanner.record import record

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_DIRECTIVE = lazy_pattern(rf'({_WORD})(?:=({_WORD}|"(?:[^"\\]|\\.)*"))?')
# the directives of responses (RFC 9111 §5.2.2, RFC 5861, RFC 8246): messages name only these
KNOWN: Final = frozenset(
    {
        "max-age", "s-maxage", "no-cache", "no-store", "no-transform", "must-revalidate", "must-understand", "private",
        "proxy-revalidate", "public", "stale-while-revalidate", "stale-if-error", "immutable",
    }
)  # fmt: skip


@record
class CacheControl:
    """The directives by their names in lower case, with their arguments unquoted, None where there is none. The first of a
    repeated directive counts (RFC 9111 §4.2.1). `repeated` names these, `malformed` counts invalid ones.
    """

    directives: Mapping[str, str | None]
    repeated: tuple[str, ...] = ()
    malformed: int = 0

    def seconds(self, name: str) -> int | None:
        """The argument of a directive in seconds; None where the directive is left out. An invalid number counts as 0: the
        answer is then stale (RFC 9111 §4.2.1).
        """
        if name not in self.directives:
            return None
        return delta_seconds(self.directives[name] or "") or 0

    def refuses(self) -> list[str]:
        """Which directives forbid reusing an answer without asking again: `no-store`, and `no-cache` unless it names single
        fields (RFC 9111 §5.2.2.4).
        """
        return [name for name in ("no-store", "no-cache") if name in self.directives and self.directives[name] is None]


def read_cache_control(lines: Sequence[str]) -> CacheControl:
    """The directives of all lines of the header, which count as one list (RFC 9110 §5.3)."""
    directives: dict[str, str | None] = {}
    repeated: list[str] = []
    malformed = 0
    for part in list_items(", ".join(lines)):
        found = _DIRECTIVE.fullmatch(part)
        if found is None:
            malformed += 1
            continue
        name = found[1].lower()
        if name in directives:
            repeated.append(name)
        else:
            directives[name] = _unquote(found[2])
    return CacheControl(directives, tuple(dict.fromkeys(repeated)), malformed)


def freshness_lifetime(headers: Mapping[str, Sequence[str]], *, received: float, is_shared: bool) -> int | None:
    """For how many seconds from its Date clients may use the answer without asking again (RFC 9111 §4.2.1); None where the
    server leaves that to the cache. `headers` are by their names in lower case, `received` is in seconds since 1970. Only
    shared caches use s-maxage.
    """
    control = read_cache_control(headers.get("cache-control", ()))
    if control.refuses():
        return 0  # §4.2.1: where directives conflict, the most restrictive one counts
    for name in ("s-maxage", "max-age") if is_shared else ("max-age",):
        stated = control.seconds(name)
        if stated is not None:
            return stated
    # §5.3: with max-age present, Expires is ignored even when it is later
    return _read_expires(headers, received)


def stale_seconds(control: CacheControl) -> int:
    """For how many more seconds clients may use a stale answer, while they ask again or where that fails (RFC 5861 §3, §4).
    Both windows begin when the answer becomes stale, so the longer one counts.
    """
    if "must-revalidate" in control.directives or control.refuses():
        return 0  # RFC 9111 §5.2.2.2
    return max(control.seconds("stale-while-revalidate") or 0, control.seconds("stale-if-error") or 0)


def _read_expires(headers: Mapping[str, Sequence[str]], received: float) -> int | None:
    written = headers.get("expires", ())
    if not written:
        return None
    expires = date_seconds(written[0])
    if expires is None:
        return 0  # RFC 9111 §5.3: an invalid date, "0" above all, has expired
    dates = headers.get("date", ())
    date = date_seconds(dates[0]) if dates else None
    return max(0, int(expires - (received if date is None else date)))


def _unquote(argument: str | None) -> str | None:
    """The argument without quotes (RFC 9110 §5.6.4); clients read both forms of every directive (RFC 9111 §5.2)."""
    if argument is None or not argument.startswith('"'):
        return argument
    return re.sub(r"\\(.)", r"\1", argument[1:-1])
