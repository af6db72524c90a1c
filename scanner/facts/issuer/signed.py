"""Facts about `signed_metadata`: a JWT with the metadata as its claims (RFC 8414 §2.1)."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from scanner.facts.fact import Fact, fact
from scanner.facts.issuer.values import text, value
from scanner.subjects.model import Issuer

_LONGEST = 256 * 1024
_COMPARED = ("issuer", "jwks_uri")


@fact("issuer.has_signed_metadata", spec="RFC 8414 §2.1")
def has_signed_metadata(issuer: Issuer) -> bool:
    """Whether `signed_metadata` is present as text."""
    return bool(text(issuer, "signed_metadata"))


@fact("issuer.signed_metadata_faults", spec="RFC 8414 §2.1; RFC 7519 §4.1")
def signed_metadata_faults(issuer: Issuer, at: datetime) -> list[str]:
    """What is wrong with the statement, apart from its signature, which only the issuer's keys can verify."""
    parts = (text(issuer, "signed_metadata") or "")[:_LONGEST].split(".")
    header, claims = (_decode_object(parts[0]), _decode_object(parts[1])) if len(parts) == 3 else (None, None)
    if header is None or claims is None:
        return ["it is not a JWT"]
    faults = []
    if header.get("alg") in (None, "none") or not parts[2]:
        faults.append("it is not signed")
    if not isinstance(claims.get("iss"), str):
        faults.append("it has no iss")
    end = claims.get("exp")
    if isinstance(end, int | float) and end < at.timestamp():
        faults.append("it has expired")
    for name in _COMPARED:
        if name in claims and claims[name] != value(issuer, name):
            faults.append(f"its {name} differs from the plain member")
    return faults


def _decode_object(part: str) -> dict[str, object] | None:
    """One part of a JWT as a JSON object."""
    import json

    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return found if isinstance(found, dict) else None


FACTS: tuple[Fact, ...] = (has_signed_metadata, signed_metadata_faults)
