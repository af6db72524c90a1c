"""Reading the values of HTTP fields (RFC 9110). A server may send anything, and no text raises an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from scanner.patterns import lazy_pattern

_ITEM = lazy_pattern(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)+', re.DOTALL)
_MEDIA_TYPE = lazy_pattern(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*(?:;.*)?", re.DOTALL)
# RFC 9111 §1.2.2: a greater number of seconds counts as this one
LONGEST: Final = 2**31


def list_items(text: str) -> Iterator[str]:
    """The items of a comma-separated list without the empty ones; commas inside quotes do not count (RFC 9110 §5.6.1)."""
    for found in _ITEM.finditer(text):
        if item := found[0].strip(" \t"):
            yield item


def delta_seconds(text: str) -> int | None:
    """A number of seconds (RFC 9111 §1.2.2); None for any other text."""
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0") or "0"  # int() refuses thousands of digits, also of zeros
    return LONGEST if len(digits) > len(str(LONGEST)) else min(int(digits), LONGEST)


def date_seconds(text: str) -> float | None:
    """A date in any of the three forms (RFC 9110 §5.6.7) as seconds since 1970; None for any other text."""
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def media_type(text: str) -> str | None:
    """Type and subtype in lower case, without parameters (RFC 9110 §8.3.1); None for any other text."""
    found = _MEDIA_TYPE.fullmatch(text.strip(" \t"))
    return found[1].lower() if found else None


def hsts_seconds(text: str) -> int | None:
    """The max-age of Strict-Transport-Security (RFC 6797 §6.1.1); None where browsers must ignore the policy: max-age is
    missing or stands twice.
    """
    found = [part.partition("=") for part in text.split(";")]
    ages = [value.strip(" \t") for name, _, value in found if name.strip(" \t").lower() == "max-age"]
    if len(ages) != 1:
        return None
    return delta_seconds(ages[0][1:-1] if ages[0][:1] == '"' == ages[0][-1:] else ages[0])
