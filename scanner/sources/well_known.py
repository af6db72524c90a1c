"""Well-known places of metadata: which issuer a URL of such a document belongs to."""

from __future__ import annotations

_MARKS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


def issuer_of_document(url: str) -> str | None:
    """The issuer whose metadata a URL should give, or None where the URL is that of no well-known document.

    OpenID Connect Discovery §4 appends the name to the issuer, RFC 8414 §3.1 puts it between host and path; servers do either
    with both.
    """
    plain = url.partition("#")[0].partition("?")[0]
    for mark in _MARKS:
        before, found, after = plain.partition(mark)
        if found and "://" in before and (not after or after.startswith("/")):
            is_inserted = "/" not in before.partition("://")[2]
            if not after.strip("/"):
                return before
            return before + after if is_inserted else None
    return None
