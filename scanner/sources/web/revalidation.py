"""304 Not Modified: the body of an earlier bundle, with headers brought up to date."""

from __future__ import annotations

from scanner.sources.web.header_redaction import Fields

# RFC 9111 §3.2: what describes the message that came rather than the stored content is not taken over
_OF_THE_MESSAGE = frozenset(
    {"content-length", "content-encoding", "content-range", "transfer-encoding", "connection", "keep-alive", "trailer"}
)


def merged(stored: Fields, fresh: Fields) -> Fields:
    """The stored headers, each replaced by those of its name that came with the 304 (RFC 9111 §3.2)."""
    taken = tuple((name, value) for name, value in fresh if name not in _OF_THE_MESSAGE)
    replaced = {name for name, _ in taken}
    return tuple((name, value) for name, value in stored if name not in replaced) + taken
