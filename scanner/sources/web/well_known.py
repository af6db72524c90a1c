"""Well-known URLs of metadata: the URLs for an issuer, and the issuer for such a URL."""

from __future__ import annotations

from scanner.sources.exchange import Role

_MARKS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


def well_known_urls(issuer: str) -> tuple[tuple[Role, str], ...]:
    """The well-known documents of an issuer identifier: OpenID Connect Discovery §4.1 appends, RFC 8414 §3.1 inserts between
    host and path; both remove one terminating slash. A SPIFFE trust domain has no metadata.
    """
    if issuer.startswith("spiffe://"):
        return ()
    openid, oauth = _MARKS
    base = issuer.removesuffix("/")
    scheme, slashes, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    return (
        ("openid-configuration", base + openid),
        ("oauth-authorization-server", f"{scheme}{slashes}{host}{oauth}{slash}{path}"),
    )


def other_places(issuer: str) -> tuple[tuple[Role, str], ...]:
    """Where servers have the documents of an issuer with a path that follow the other document's rule (RFC 8414 §5): OAuth's
    behind the path, OpenID's before it. Empty for an issuer without path.
    """
    base = issuer.removesuffix("/")
    scheme, slashes, rest = base.partition("://")
    host, _, path = rest.partition("/")
    openid, oauth = _MARKS
    if not path or scheme == "spiffe":
        return ()
    return (
        ("oauth-authorization-server", base + oauth),
        ("openid-configuration", f"{scheme}{slashes}{host}{openid}/{path}"),
    )


def role_of_document(url: str) -> Role | None:
    """The role of the well-known document at a URL, in either spelling; None for any other URL."""
    if issuer_of_document(url) is None:
        return None
    return "openid-configuration" if _MARKS[0] in url else "oauth-authorization-server"


def issuer_of_document(url: str) -> str | None:
    """The issuer whose metadata is at a URL, or None if the URL is not that of a well-known document.

    OpenID Connect Discovery §4 appends the name to the issuer, RFC 8414 §3.1 puts it between host and path; servers use either
    rule for both documents.
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
