"""The models of the files about public issuers: whose keys a consumer fetches, and for how many they sign.

A pattern has names in braces for what differs: `https://login.example.com/{tenant}/v2.0`. Scheme, letter case of the host and a
slash at the end do not count when a text is held against it. A text with a query names something else: some issuers publish
other keys there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from scanner.errors import Place
from scanner.pack.platform import Reading
from scanner.record import field, record

Tenancy = Literal["shared", "own"]


@record(kw_only=True)
class PublicIssuer:
    """A public issuer, or a family of issuers of one product.

    `issuers`: their identifiers, and `jwks_uris`: the addresses of their key sets, each exactly or as a pattern. `keys`:
    whether one key set signs for many of its tenants (`shared`), or each tenant has keys of its own (`own`). `tenant`: what a
    tenant is, in a noun. `read`: from what, and when, this was read. `meaning`: what a reader has to know beside it.
    """

    id: str
    name: str
    keys: Tenancy
    tenant: str
    issuers: list[str]
    jwks_uris: list[str]
    read: list[Reading]
    meaning: str | None = None
    place: Place = Place("")

    @property
    def patterns(self) -> tuple[str, ...]:
        """Every text by which it is recognised."""
        return (*self.issuers, *self.jwks_uris)


@record
class IssuerIndex:
    """By which hosts issuers are found, so that looking for one opens no other: a host, or the end of one behind a name in
    braces (`.example.com`), → the ids of issuers; under the empty text those whose host may be any.
    """

    hosts: dict[str, list[str]] = field(default_factory=dict)

    def candidates(self, host: str) -> Iterator[str]:
        """The ids of the issuers that the host may belong to, those with its whole name first."""
        yield from self.hosts.get(host, ())
        at = host.find(".")
        while at >= 0:
            yield from self.hosts.get(host[at:], ())
            at = host.find(".", at + 1)
        yield from self.hosts.get("", ())


def index_of(issuers: Mapping[str, PublicIssuer]) -> IssuerIndex:
    """The index of all of them."""
    hosts: dict[str, list[str]] = {}
    for name, issuer in issuers.items():
        for pattern in issuer.patterns:
            key = _key_of(pattern)
            if name not in hosts.setdefault(key, []):
                hosts[key].append(name)
    return IssuerIndex(hosts)


class PublicIssuers(Mapping[str, PublicIssuer]):
    """The public issuers of a pack by id."""

    def __init__(self, by_id: Mapping[str, PublicIssuer], index: IssuerIndex | None = None) -> None:
        self._by_id = by_id
        self._index = index
        self._found: dict[str, PublicIssuer | None] = {}

    @property
    def index(self) -> IssuerIndex:
        """By which hosts they are found."""
        if self._index is None:
            self._index = index_of(self._by_id)
        return self._index

    def find(self, text: str) -> PublicIssuer | None:
        """The issuer that a text names: its identifier, the address of its key set or of its discovery document."""
        if text not in self._found:
            if len(self._found) > _MOST_KEPT:
                self._found.clear()
            self._found[text] = self._search(text)
        return self._found[text]

    def _search(self, text: str) -> PublicIssuer | None:
        if len(text) > _LONGEST or "?" in text:
            return None
        plain = plain_form(text)
        host = plain.partition("/")[0]
        for name in self.index.candidates(host):
            issuer = self._by_id[name]
            if any(is_like(plain, plain_form(each)) for each in issuer.patterns):
                return issuer
        return None

    def __getitem__(self, name: str) -> PublicIssuer:
        return self._by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


# no URL is longer
_LONGEST = 2048
_MOST_KEPT = 4096
_DOCUMENTS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


def plain_form(text: str) -> str:
    """A URL without what does not count: scheme, slashes at the end, the path of a discovery document; the host in lower case,
    without the port that https has by itself.
    """
    rest = text.strip().partition("://")[2] or text.strip()
    rest = rest.partition("#")[0].rstrip("/")
    for document in _DOCUMENTS:
        rest = rest.removesuffix(document)
    host, slash, path = rest.rstrip("/").partition("/")
    return f"{host.lower().removesuffix(':443')}{slash}{path}"


def is_like(plain: str, pattern: str) -> bool:
    """Whether a text in its plain form fits a pattern in its plain form. A name in braces stands for one or more characters of
    one part of the path, or of the host.
    """
    parts, wanted = plain.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(_is_part_like, parts, wanted))


def _is_part_like(part: str, wanted: str) -> bool:
    if "{" not in wanted:
        return part == wanted
    first, *others = _literals(wanted)
    if not part.startswith(first):
        return False
    at = len(first)
    for number, literal in enumerate(others, 1):
        if number == len(others):
            return part.endswith(literal) and len(part) - len(literal) > at
        at = part.find(literal, at + 1)
        if at < 0:
            return False
        at += len(literal)
    return False


def _literals(wanted: str) -> list[str]:
    """What stands around the names in braces."""
    first, *others = wanted.split("{")
    return [first, *(each.partition("}")[2] for each in others)]


def _key_of(pattern: str) -> str:
    """The text under which the index has a pattern."""
    host = plain_form(pattern).partition("/")[0]
    last = host.rpartition("}")[2]
    if last == host:
        return host
    return last[last.find(".") :] if "." in last else ""


def wrong_pattern(text: str) -> str | None:
    """Why a text is no pattern; None for one."""
    if not plain_form(text) or any(each.isspace() for each in text):
        return "it is empty or has white space"
    for part in text.split("/"):
        first, *others = part.split("{")
        if "}" in first or any(each.count("}") != 1 or not _is_name(each.partition("}")[0]) for each in others):
            return "a name in braces has small letters, digits and underscores"
        if "}{" in part:
            return "two names in braces touch"
    return None


def _is_name(text: str) -> bool:
    return text.isascii() and text.replace("_", "a").isalnum() and text == text.lower()
