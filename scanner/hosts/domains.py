"""Hosts compared as hosts: whether one lies at or under a domain, and the spelling in which two are compared."""

from __future__ import annotations

import unicodedata

from scanner.hosts.reach import is_address
from scanner.patterns import lazy_pattern

# RFC 1035 §2.3.1, with the underscore that real names have
_LABEL = lazy_pattern(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_LONGEST = 253


class NoDomain(ValueError):
    """A text that should be a domain and is none."""


def comparable(host: str) -> str:
    """A host in the spelling in which hosts are compared: lower case, without a dot at the end, international letters in their
    ASCII form (RFC 5891 §4.4). A text that is no host stays as it is, but for that.
    """
    name = host.strip().lower().rstrip(".")
    if name.isascii():
        return name
    return ".".join(map(_in_ascii, unicodedata.normalize("NFKC", name).lower().split(".")))


def is_under(host: str, domain: str) -> bool:
    """Whether a host is the domain itself or has it as its last labels: `login.example.com` is under `example.com`,
    `evilexample.com` and `example.com.evil.org` are not. An address is under itself alone. A `domain` may begin with `*.` or a
    dot, which changes nothing. NoDomain where it is no host name and no address.
    """
    wanted, name = comparable(domain).removeprefix("*").removeprefix("."), comparable(host)
    if not _is_host(wanted):
        raise NoDomain(f"`{domain[:100]}` is not a domain such as `example.com`")
    if name == wanted:
        return True
    return not is_address(wanted) and not is_address(name) and _is_host(name) and name.endswith(f".{wanted}")


def _is_host(name: str) -> bool:
    if is_address(name):
        from scanner.hosts.addresses import plain_address  # its tables take longer than a name

        return plain_address(name) is not None
    return len(name) <= _LONGEST and all(len(label) < 64 and _LABEL.fullmatch(label) for label in name.split("."))


def _in_ascii(label: str) -> str:
    if label.isascii():
        return label
    try:
        return "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:  # a lone surrogate
        return label
