"""Converts an Exchange to a line of exchanges.jsonl, and back. Bodies and certificates are objects of the bundle: the line has
their digests, and the size of the body. Members with their default values are omitted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, get_args

from scanner.files.json_rows import Row, document
from scanner.redaction.values import redact_values
from scanner.sources.bundle.format import DIGEST, FORM, members_of, read_time
from scanner.sources.exchange import ROLES, Dns, Exchange, Failure, FailureSort, Hop, Purpose, Tls

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
_SORTS: tuple[FailureSort, ...] = get_args(FailureSort)
_TIMES = ("dns_ms", "connect_ms", "tls_ms", "first_byte_ms", "total_ms")


def line_of(exchange: Exchange) -> bytes:
    """The line, with its line end, without private values. ASCII only, so that nothing a server sent can end a line."""
    members = members_of(exchange)
    if members.pop("body", None) is not None:
        members["size"] = len(exchange.body or b"")
    if exchange.hops:
        members["hops"] = [members_of(hop) for hop in exchange.hops]
    if exchange.tls is not None:
        members["tls"] = _tls_members(exchange.tls)
    if exchange.dns is not None:
        members["dns"] = members_of(exchange.dns)
    if exchange.failure is not None:
        members["failure"] = vars(exchange.failure)
    return json.dumps(redact_values(members), separators=(",", ":")).encode() + b"\n"


def objects_of(exchange: Exchange) -> dict[str, bytes]:
    """The objects that the line refers to, by digest."""
    certificate = exchange.tls.certificate if exchange.tls is not None else None
    return {hashlib.sha256(data).hexdigest(): data for data in (exchange.body, certificate) if data is not None}


def _tls_members(tls: Tls) -> dict[str, Any]:
    members = members_of(tls)
    if tls.certificate is not None:
        members["certificate"] = hashlib.sha256(tls.certificate).hexdigest()
    return members


def row_of(line: bytes, path: str) -> Row:
    """Parse the line; its members are checked when they are read."""
    return document(line, path, FORM)


def references_of(row: Row) -> dict[str, int | None]:
    """The digests that a line refers to, each with the size that the line states, if any."""
    found: dict[str, int | None] = {}
    tls = row.row_or_none("tls")
    if tls is not None and tls.members.get("certificate") is not None:
        found[_digest(tls, "certificate")] = None
    if row.members.get("sha256") is not None:
        found[_digest(row, "sha256")] = row.count("size")
    return found


def exchange_of(row: Row, read_object: Callable[[str, int | None], bytes]) -> Exchange:
    """The exchange of a line. `read_object` reads an object by its digest, and checks its size if one is given."""
    sha256 = _digest(row, "sha256") if row.members.get("sha256") is not None else None
    return Exchange(
        issuer=row.text("issuer"),
        role=row.one_of("role", ROLES),
        url=row.text("url"),
        started=read_time(row, "started"),
        purpose=row.one_of_or_none("purpose", PURPOSES) or "first",
        number=_count(row, "number", 0),
        attempts=_count(row, "attempts", 1),
        hops=tuple(_hop(hop) for hop in row.rows("hops")),
        status=row.count("status") if row.members.get("status") is not None else None,
        http_version=row.text_or_none("http_version"),
        headers=_headers(row),
        body=read_object(sha256, row.count("size")) if sha256 is not None else None,
        sha256=sha256,
        removed=tuple(row.texts("removed")),
        wire_size=row.count("wire_size") if row.members.get("wire_size") is not None else None,
        address=row.text_or_none("address"),
        resolved=tuple(row.texts("resolved")),
        is_through_proxy=row.flag("is_through_proxy", False),
        is_revalidated=row.flag("is_revalidated", False),
        tls=_tls(row.row_or_none("tls"), read_object),
        dns=_dns(row.row_or_none("dns")),
        client=row.text("client", ""),
        failure=_failure(row.row_or_none("failure")),
        **{name: row.measure(name) for name in _TIMES},
    )


def _digest(row: Row, name: str) -> str:
    return row.matching(name, DIGEST, "a SHA-256")


def _count(row: Row, name: str, default: int) -> int:
    return row.count(name) if name in row.members else default


def _hop(row: Row) -> Hop:
    return Hop(row.text("url"), row.count("status"), row.text_or_none("location"), row.text_or_none("address"))


def _headers(row: Row) -> tuple[tuple[str, str], ...]:
    found = row.listed("headers")
    if not all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair) for pair in found):
        raise row.wrong("headers", "a list of pairs of texts")
    return tuple((name, value) for name, value in found)


def _tls(row: Row | None, read_object: Callable[[str, int | None], bytes]) -> Tls | None:
    if row is None:
        return None
    return Tls(
        version=row.text_or_none("version"),
        cipher=row.text_or_none("cipher"),
        alpn=row.text_or_none("alpn"),
        certificate=read_object(_digest(row, "certificate"), None) if row.members.get("certificate") is not None else None,
        problem=row.text_or_none("problem"),
    )


def _dns(row: Row | None) -> Dns | None:
    if row is None:
        return None
    return Dns(
        cnames=tuple(row.texts("cnames")),
        is_dangling=_flag_or_none(row, "is_dangling"),
        caa=tuple(row.texts("caa")) if row.members.get("caa") is not None else None,
        caa_at=row.text_or_none("caa_at"),
        is_authenticated=_flag_or_none(row, "is_authenticated"),
        because=row.text("because", ""),
    )


def _flag_or_none(row: Row, name: str) -> bool | None:
    return None if row.members.get(name) is None else row.flag(name)


def _failure(row: Row | None) -> Failure | None:
    return Failure(row.one_of("sort", _SORTS), row.text("because")) if row else None
