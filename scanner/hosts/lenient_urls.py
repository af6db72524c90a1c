"""Reading a URL that is not spelt plainly, as the most willing clients do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from scanner.hosts.host_spelling import read_host
from scanner.hosts.reading import INVISIBLE, Kind, UrlReading
from scanner.hosts.urls import WEB_PORTS, parts_of
from scanner.patterns import lazy_pattern

# `localhost:8080/jwks` has a port and no scheme
_SCHEME = lazy_pattern(r"([a-z][a-z0-9+.-]*+):(?!\d{1,5}(?:[/?#]|$))(.*)", re.IGNORECASE | re.DOTALL)
# what comes before the path
_HEAD = lazy_pattern(r"[^:/\\?#]*+:?[/\\]*+[^/\\?#]*+")
# marks of templates, with those of Python, Windows, BOSH and Angular
_OPEN = lazy_pattern(r"[{}$<>]|%\(|%s|%(?![0-9a-f]{2})\w++%|\(\(|\[\[", re.IGNORECASE)
# java.net.URL drops `url:`; a `jar:` URL begins with the URL of the archive
_WRAPPERS = frozenset({"url", "jar"})
# `inline:` is Oathkeeper's spelling of a content
_INLINE = frozenset({"data", "inline"})
# files of the machine, or of the program that runs on it
_LOCAL = frozenset({"file", "classpath", "resource"})
_NETWORK_PATHS = ("//", "\\\\", "/\\", "\\/")
_LOCAL_PATHS = ("/", "./", "../", "~")
# shown as nothing, though their category is that of a letter, a mark or a symbol
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
_LINE_ENDS = frozenset("\t\r\n")
# UTS #46 §4 maps it to a dot; NFKC maps the other full stops to one of these two
_STOPS = str.maketrans("\u3002", ".")

STAND_INS = "full-width letters or other stand-ins"
BACKSLASH = "a backslash before the path"
USER = "a user name that looks like a host"
LINE_END = "a tab or line end"
BEGINNING = "another beginning than `://`"
UNREADABLE = "no host that can be read"


def read(text: str) -> UrlReading:
    """The reading of any text."""
    seen = "".join(char for char in text if char == " " or not is_invisible(char)).strip(" ")
    plain = seen if seen.isascii() else unicodedata.normalize("NFKC", seen).translate(_STOPS)
    scheme, rest = _split_scheme(plain)
    if scheme not in _INLINE and _OPEN.search(_head(plain)):
        return _read_template(scheme, rest, has_invisible=any(map(_is_hidden, text)))
    oddities = [LINE_END] if not _LINE_ENDS.isdisjoint(text) else []
    if scheme in _WRAPPERS:
        inner = _split_scheme(rest)
        if inner[0]:
            oddities.append(f"a URL behind `{scheme}:`")
            scheme, rest = inner[0], inner[1].partition("!/")[0]
    if scheme not in WEB_PORTS:
        return _read_other(scheme, rest, (*([INVISIBLE] if any(map(_is_hidden, text)) else ()), *oddities))
    disguises = list(_list_disguises(text, seen, plain))
    hosts = list(_read_hosts(rest, disguises))
    if not re.match(r"//(?![/\\])", rest):
        oddities.append(BEGINNING)
    if INVISIBLE not in disguises and any(map(_is_hidden, text)):
        oddities.append(INVISIBLE)
    if not hosts:
        oddities.append(UNREADABLE)
    return UrlReading("web", scheme, tuple(dict.fromkeys(hosts)), tuple(dict.fromkeys(disguises)), tuple(oddities))


def is_invisible(char: str) -> bool:
    """Whether a reader sees nothing where the character stands, or a blank that is none."""
    return not "!" <= char <= "~" and (unicodedata.category(char) in _HIDDEN_CATEGORIES or char in _BLANKS)


def _is_hidden(char: str) -> bool:
    """Whether the character is invisible, and neither a plain blank nor a tab or line end, which an editor shows."""
    return char != " " and char not in _LINE_ENDS and is_invisible(char)


def _head(text: str) -> str:
    found = _HEAD.match(text)
    return found[0] if found else ""


def _split_scheme(text: str) -> tuple[str, str]:
    found = _SCHEME.match(text)
    return (found[1].lower(), found[2]) if found else ("", text)


def _read_template(scheme: str, rest: str, *, has_invisible: bool) -> UrlReading:
    """The literal scheme of a template counts. About the rest nothing is said."""
    oddities = (INVISIBLE,) if has_invisible else ()
    if scheme not in WEB_PORTS:
        return UrlReading("template", scheme, oddities=oddities)
    host = parts_of(scheme + "://" + rest.lstrip("/\\")).host
    return UrlReading("web", scheme, (host,) if host else (), oddities=oddities)


def _read_other(scheme: str, rest: str, oddities: tuple[str, ...]) -> UrlReading:
    kind = _kind_of(scheme, rest)
    is_on_network = rest.startswith(_NETWORK_PATHS)
    if kind in ("inline", "local") or (scheme and not is_on_network):  # `urn:a` has no host
        return UrlReading(kind, scheme, oddities=oddities)
    authority = _authority(rest, "/\\?#")
    host = read_host(authority.rpartition("@")[2])
    has_host = host is not None and (is_on_network or "." in host.name or ":" in authority)
    return UrlReading(kind, scheme, (host.name,) if host is not None and has_host else (), oddities=oddities)


def _kind_of(scheme: str, rest: str) -> Kind:
    if scheme in _INLINE:
        return "inline"
    if scheme in _LOCAL:
        # a file of another machine (RFC 8089 appendix E.3)
        is_remote = re.match(r"//(?!/|localhost/)|\\\\", rest, re.IGNORECASE) is not None
        return "other" if scheme == "file" and is_remote else "local"
    if scheme:
        return "local" if len(scheme) == 1 else "other"  # a drive of Windows
    return "local" if rest.startswith(_LOCAL_PATHS) and not rest.startswith(_NETWORK_PATHS) else "bare"


def _authority(rest: str, ends: str) -> str:
    found = rest.lstrip("/\\")
    for end in ends:
        found = found.partition(end)[0]
    return found


def _list_disguises(text: str, seen: str, plain: str) -> Iterator[str]:
    head = _head(plain)
    if not unicodedata.normalize("NFC", seen).startswith(head):
        yield STAND_INS
    hidden = next((at for at, char in enumerate(text) if _is_hidden(char)), len(text))
    if hidden < len(text) and sum(not is_invisible(char) for char in text[:hidden]) <= len(_head(seen)):
        yield INVISIBLE


def _read_hosts(rest: str, disguises: list[str]) -> Iterator[str]:
    """The hosts by WHATWG, which ends an authority at a backslash, and by RFC 3986, which does not."""
    by_whatwg, by_rfc = _authority(rest, "/\\?#"), _authority(rest, "/?#")
    if by_whatwg != by_rfc:
        disguises.append(BACKSLASH)
    for authority in dict.fromkeys((by_whatwg, by_rfc)):
        user, _, name = authority.rpartition("@")
        if "@" in user or "." in user.partition(":")[0]:
            disguises.append(USER)
        host = read_host(name)
        if host is not None:
            disguises += host.disguises
            yield host.name
