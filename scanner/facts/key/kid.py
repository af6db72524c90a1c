"""Facts about `kid`: consumers use it as a file name, a query, a cache key and a label, so its text matters."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import Jwk, Octets
from scanner.facts.fact import Fact, fact, readable
from scanner.patterns import lazy_pattern

# what opens a path, a string, a tag, a command or a template where a consumer inserts the kid (RFC 8725 §3.10)
_DANGEROUS = lazy_pattern(r"(?:^|[/\\])\.\.(?:[/\\]|$)|[\"'<>`]|\$\(|\{\{|[\x00-\x1f\x7f]")
_DIGEST = lazy_pattern(r"[A-Za-z0-9_-]{43}")
_DISCLOSURES = {
    "an e-mail address": lazy_pattern(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[A-Za-z]{2,}"),
    "a private address": lazy_pattern(
        r"(?<![\d.])(?:(?:10|127)\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)(?:\.\d{1,3}){2}(?![\d.])"
    ),
    "an ARN": lazy_pattern(r"arn:aws[a-z-]*:"),
    "a vault or key ring": lazy_pattern(r"vault\.azure\.net|/keyRings/|^secret/|^vault:|/transit/"),
    "a path": lazy_pattern(r"^(?:[A-Za-z]:\\|/(?:home|etc|var|opt|usr|tmp|root|mnt)/)|\.(?:pem|key|p12|pfx|jks)$"),
    "an internal host": lazy_pattern(r"\.(?:internal|local|corp|lan|intranet)(?:[:/]|$)"),
}


@fact("key.has_kid", spec="RFC 7517 §4.5")
def has_kid(key: Jwk) -> bool:
    """Whether `kid` is present as a string that is not blank."""
    return bool(key.texts.get("kid", "").strip())


@fact("key.kid_in_lower_case", spec="RFC 7517 §4.5")
def kid_in_lower_case(key: Jwk) -> str:
    """The `kid` in lower case, for comparisons with a list of words; empty where it is missing or unreadable."""
    found = readable(key.texts.get("kid", ""))
    return found.lower() if isinstance(found, str) else ""


@fact("key.has_kid_member", spec="RFC 7517 §4.5")
def has_kid_member(key: Jwk) -> bool:
    """Whether the member `kid` is present, with any type."""
    return key.types.get("kid", "null") != "null"


@fact("key.kid_length", spec="RFC 7517 §4.5")
def kid_length(key: Jwk) -> int:
    """How many characters `kid` has; 0 where there is none."""
    return len(key.texts.get("kid", ""))


@fact("key.is_kid_plain", spec="RFC 8725 §3.10")
def is_kid_plain(key: Jwk) -> bool:
    """Whether `kid` consists of printable ASCII, without bidirectional or zero-width marks and look-alike letters."""
    found = key.texts.get("kid", "")
    return found.isascii() and (found.isprintable() or _DANGEROUS.search(found) is not None)


@fact("key.is_kid_dangerous", spec="RFC 8725 §3.10")
def is_kid_dangerous(key: Jwk) -> bool:
    """Whether `kid` contains path steps, quotes, angle brackets, back-ticks, `$(`, `{{` or control characters."""
    return _DANGEROUS.search(key.texts.get("kid", "")) is not None


@fact("key.kid_disclosures")
def kid_disclosures(key: Jwk) -> list[str]:
    """Internal information in `kid`: an e-mail address, a private address, an ARN, a vault, a path, an internal host."""
    found = key.texts.get("kid", "")
    return [what for what, pattern in _DISCLOSURES.items() if pattern.search(found[:1024])] if found else []


@fact("key.is_kid_like_thumbprint", spec="RFC 7638 §3")
def is_kid_like_thumbprint(key: Jwk) -> bool:
    """Whether `kid` has the form of a SHA-256 JWK Thumbprint: 43 characters of base64url."""
    found = key.texts.get("kid", "")
    return len(found) == 43 and _DIGEST.fullmatch(found) is not None


@fact("key.is_kid_own_digest", spec="RFC 7638 §3; RFC 7517 §4.9")
def is_kid_own_digest(key: Jwk) -> bool:
    """Whether `kid` is this key's JWK Thumbprint or the SHA-256 of its certificate."""
    found = key.texts.get("kid", "")
    return len(found) == 43 and (
        found in (thumbprint(key), key.texts.get("x5t#S256")) or found == _compute_certificate_digest(key)
    )


def _compute_certificate_digest(key: Jwk) -> str | None:
    first = key.certificates[0] if isinstance(key.certificates, tuple) and key.certificates else None
    if not isinstance(first, Octets):
        return None
    return urlsafe_b64encode(sha256(first.data).digest()).decode().rstrip("=")


FACTS: tuple[Fact, ...] = (
    has_kid,
    kid_in_lower_case,
    has_kid_member,
    kid_length,
    is_kid_plain,
    is_kid_dangerous,
    kid_disclosures,
    is_kid_like_thumbprint,
    is_kid_own_digest,
)
