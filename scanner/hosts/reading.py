r"""What clients make of a text that stands where a URL is expected: the one reading for every question about where it leads.

Clients differ. Browsers and Node (WHATWG URL §4.4) take `http:/h`, `http:h` and `http:\h` for `http://h`, and drop tabs and
line ends; curl guesses http for a text without a scheme; Java ignores `url:` before a URL; Go, Python and Java take the host
behind an `@` where WHATWG ends it at a backslash before; UTS #46 §4 maps full-width letters and dots, and drops invisible
characters. The reading has what the most willing client makes of the text, and every host that some client takes from it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from scanner.hosts.urls import parts_of
from scanner.patterns import lazy_pattern
from scanner.record import record

# `web`: http or https. `inline`: the content itself. `local`: a file of the machine. `other`: another scheme. `bare`: none, so
# that a client guesses one. `template`: not known
Kind = Literal["web", "inline", "local", "other", "bare", "template"]

INVISIBLE = "an invisible character"
# the last label of an address begins with a digit, and one of an internationalised name is read closely
_PLAIN = lazy_pattern(
    r"https?://(?![^/:?#]*xn--)(?:[a-z0-9_-]++\.)*+[a-z_][a-z0-9_-]*+\.?(?::\d{1,5}+)?(?:[/?#][!-\[\]-~]*+)?", re.IGNORECASE
)


@record
class UrlReading:
    """A text as clients read it.

    `scheme`: in lower case, empty where it names none. `hosts`: in lower case and in their plain spelling. `disguises` are
    spellings that hide the host from a reader, `oddities` others without an honest use, in words that quote nothing.
    """

    kind: Kind
    scheme: str = ""
    hosts: tuple[str, ...] = ()
    disguises: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()


@lru_cache(maxsize=1024)  # the facts of one binding ask a dozen times
def read_url(text: str) -> UrlReading:
    """The reading of any text."""
    if _PLAIN.fullmatch(text):
        parts = parts_of(text)
        return UrlReading("web", parts.scheme, (parts.host,))
    from scanner.hosts.lenient_urls import read  # most URLs are plain

    return read(text)
