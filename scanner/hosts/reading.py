r"""What clients make of a text that stands where a URL is expected: the one reading for every question about where it leads.

Clients differ. Browsers and Node (WHATWG URL §4.4) take `http:/h`, `http:h` and `http:\h` for `http://h`, and drop tabs and
line ends; curl guesses http for a text without a scheme; Java ignores `url:` before a URL; Go, Python and Java take the host
behind an `@` where WHATWG ends it at a backslash before; UTS #46 §4 maps full-width letters and dots, and drops invisible
characters. The reading has what the most willing client makes of the text, and every host that some client takes from it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from scanner.hosts.urls import UrlParts, parts_of
from scanner.record import record

# `web`: http or https. `inline`: the content itself. `local`: a file of the machine. `other`: another scheme. `bare`: none, so
# that a client guesses one. `template`: not known
Kind = Literal["web", "inline", "local", "other", "bare", "template"]

INVISIBLE = "an invisible character"
_ALSO_IN_NAMES = str.maketrans(".-_", "aaa")


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


_NOTHING = UrlReading("bare")


@lru_cache(maxsize=1024)  # the facts of one binding ask a dozen times
def read_url(text: str) -> UrlReading:
    """The reading of any text."""
    parts = parts_of(text)
    if _is_plain(parts, text):
        return UrlReading("web", parts.scheme, (parts.host,))
    if not text:
        return _NOTHING
    from scanner.hosts.lenient_urls import read  # most URLs are plain

    return read(text)


def _is_plain(parts: UrlParts, text: str) -> bool:
    """Whether every client reads the URL alike: no other beginning than `://`, a name of plain letters, and nothing else before
    the path than a port. The last label of an address begins with a digit; an internationalised name is read closely.
    """
    if not (parts.is_web and text.isascii() and text.isprintable()) or " " in text or "\\" in text or parts.has_user:
        return False
    host, port = parts.host, parts.written_port
    is_name = host.translate(_ALSO_IN_NAMES).isalnum() and not host[host.rfind(".") + 1].isdigit() and "xn--" not in host
    return is_name and (not port or port.isdigit())
