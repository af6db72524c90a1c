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


CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(("issuer", "jwks_uri", "discovery_url", "key_file", "multi_issuer"), _text),
    **dict.fromkeys(("audiences", "algorithms", "subject", "thumbprints"), _texts),
    **dict.fromkeys(("cache_s", "refetch_interval_s", "stale_s", "skew_s"), wrong_duration),
    **dict.fromkeys(("new_key_visible_s", "removed_key_trusted_s", "unknown_kid_min_interval_s"), wrong_duration),
    **dict.fromkeys(("stale_max_s", "outage_tolerance_s"), wrong_duration),
    **dict.fromkeys(("verifies_tls", "fails_open", "verifies_signature", "checks_issuer", "checks_audience"), _switch),
    **dict.fromkeys(("checks_expiry", "checks_type", "binds_audience", "binds_subject", "takes_query_token"), _switch),
    **dict.fromkeys(("trusts_header_keys", "requires_token", "expiry_required"), _switch),
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
