"""304 Not Modified: the body of an earlier bundle, with updated headers."""

from __future__ import annotations

from scanner.sources.web.header_redaction import Fields

# RFC 9111 §3.2: fields that describe the 304 message itself do not update the stored headers
_MESSAGE_FIELDS = frozenset(
    {"content-length", "content-encoding", "content-range", "transfer-encoding", "connection", "keep-alive", "trailer"}
)


def merge_headers(stored: Fields, fresh: Fields) -> Fields:
    """The stored headers, updated by those of the 304 with the same name (RFC 9111 §3.2)."""
    updates = tuple((name, value) for name, value in fresh if name not in _MESSAGE_FIELDS)
    replaced = {name for name, _ in updates}
    return tuple((name, value) for name, value in stored if name not in replaced) + updates
