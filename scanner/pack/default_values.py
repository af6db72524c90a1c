"""The valid values of fields and behaviours: a text, a list, a duration, a boolean, or one word of a list.

Rules compare these values (`checks_expiry is True`). A value of another type would never be equal, and such a rule
would never fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scanner.errors import did_you_mean
from scanner.pack.durations import ENDPOINT_DOWN, wrong_duration

Check = Callable[[object], "str | None"]

_CHECKED = (
    "always", "always-by-default", "when-set", "when-set-lax", "strict-when-present", "by-key-lookup", "elsewhere", "caller",
    "never", "never-by-default",
)  # fmt: skip


# the kinds of a single JWK that can make a platform refuse the whole set
SET_BREAKERS = (
    "akp", "unknown-kty", "unknown-crv", "okp-for-encryption", "unreadable-x5c", "no-kty", "no-kid", "no-alg", "bad-base64",
    "kid-a-number", "kid-null", "not-an-object", "private-member",
)  # fmt: skip


def wrong_value(name: str, value: object) -> str | None:
    """The valid values of the field or behaviour `name`, where `value` is not one; None where it is valid."""
    return CHECKS[name](value)


def _text(value: object) -> str | None:
    return None if isinstance(value, str) else "Write a text."


def _texts(value: object) -> str | None:
    is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if is_list else "Write a list of texts: [ … ]."


def _texts_or_text(value: object) -> str | None:
    return None if _text(value) is None or _texts(value) is None else "Write a list of algorithms, or a word for them."


def _count(value: object) -> str | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if is_count else "Write how many keys there are, as a whole number."


def _switch(value: object) -> str | None:
    return None if isinstance(value, bool) else "Write true or false, without quotes."


def _one_of(*words: str, is_switch: bool = False) -> Check:
    def check(value: object) -> str | None:
        if value in words if isinstance(value, str) else is_switch and isinstance(value, bool):
            return None
        near = did_you_mean(value, words) if isinstance(value, str) else ""
        return f"{near}Write one of {', '.join((*(('true', 'false') if is_switch else ()), *words))}."

    return check


def _words_of(*words: str) -> Check:
    """A list of these words, which may be empty: known to be none."""

    def check(value: object) -> str | None:
        if not isinstance(value, list):
            return f"Write a list of {', '.join(words)}; [] for none of them."
        wrong = next((each for each in value if each not in words), None)
        return None if wrong is None else f"{did_you_mean(str(wrong), words)}Known: {', '.join(words)}."

    return check


def _number(unit: str, *words: str) -> Check:
    """How many of a unit, or one of these words."""

    def check(value: object) -> str | None:
        if (isinstance(value, str) and value in words) or _count(value) is None:
            return None
        return f"Write a whole number of {unit}{''.join(f', or {word}' for word in words)}."

    return check


CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(("issuer", "jwks_uri", "discovery_url", "key_file", "signing_key", "multi_issuer"), _text),
    **dict.fromkeys(("audiences", "algorithms", "subject", "thumbprints", "verification_keys"), _texts),
    **dict.fromkeys(("cache_s", "refetch_interval_s", "stale_s", "skew_s", "token_life_s"), wrong_duration),
    **dict.fromkeys(("new_key_visible_s", "removed_key_trusted_s", "unknown_kid_min_interval_s"), wrong_duration),
    **dict.fromkeys(("stale_max_s", "outage_tolerance_s"), wrong_duration),
    **dict.fromkeys(("verifies_tls", "fails_open", "verifies_signature", "checks_issuer", "checks_audience"), _switch),
    **dict.fromkeys(("checks_expiry", "checks_type", "binds_audience", "binds_subject", "takes_query_token"), _switch),
    **dict.fromkeys(("trusts_header_keys", "requires_token", "expiry_required", "has_rules"), _switch),
    **dict.fromkeys(("removed_key_under_traffic_s", "same_kid_replacement_s", "verified_token_cache_s"), wrong_duration),
    **dict.fromkeys(("negative_cache_s", "recovers_within_s", "fetch_timeout_s"), wrong_duration),
    **dict.fromkeys(("needs_alg_in_jwk", "enforces_jwk_alg", "enforces_jwk_use"), _switch),
    **dict.fromkeys(("ignores_crit", "follows_jwks_redirect"), _switch),
    "on_empty_set": _one_of("keeps", "wipes", "wipes-until-restart"),
    "on_empty_inline_set": _one_of("refuses-tokens", "refuses-resource", "refuses-configuration"),
    "refreshed_set": _one_of("replaces", "appends"),
    "set_breakers": _words_of(*SET_BREAKERS),
    "unknown_kid_fallback": _one_of("none", "only-key", "first", "all"),
    "duplicate_kid": _one_of("first", "last", "all", "refused"),
    "min_rsa_bits": _number("bits"),
    "fetch_size_limit": _number("bytes", "unlimited"),
    "inline_keys": _count,
    "accepted_algorithms": _texts_or_text,
    "unknown_kid_refetch": _one_of("conditional", is_switch=True),
    "kid_required": _one_of("unless-single-key", is_switch=True),
    "issuer_check": _one_of(*_CHECKED),
    "audience_check": _one_of(*_CHECKED),
    "header_key_sources": _one_of("ignored", "honoured"),
    "endpoint_down": _one_of(*ENDPOINT_DOWN),
    "refresh_model": _one_of(
        "on-demand-ttl", "on-unknown-kid-only", "on-any-failure", "every-call", "background", "background-lazy",
        "background-http-cache", "background-or-on-demand", "background-and-on-unknown-kid", "static", "cloud-managed",
    ),
}  # fmt: skip
