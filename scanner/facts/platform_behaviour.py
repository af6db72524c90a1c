"""Facts about what a platform does with keys beyond its cache times: those that drills measure or that its code shows.

Each behaviour has three facts: whether it is known, its value, and by what. A behaviour that is not known is nothing to judge.
"""

from __future__ import annotations

from collections.abc import Callable

from scanner.evidence.model import Setting
from scanner.facts.fact import ABSENT, Absent, Answer, Fact, fact
from scanner.pack.durations import Duration, duration_of, longest
from scanner.subjects.model import PlatformUse

_WORDS = {
    "verified": "read in its code",
    "inferred": "inferred from its code",
    "docs-only": "by its documentation",
}
_ENDS = {"restart": "until a restart", "edit": "until an edit of the configuration", "never": "without end"}


def say_reading(setting: Setting | None) -> str:
    """By what a default is known, in words for a message; of a measurement with the version."""
    if setting is None:
        return "unverified"
    said = _WORDS.get(setting.confidence or "", "unverified")
    if setting.confidence == "measured":
        said = (setting.source or "").partition(": ")[0]
        said = said if said.startswith("measured with version ") else "measured"
    return f"{said}; differs by version" if setting.note is not None and " differs by version" in setting.note else said


def say_duration(value: object) -> str:
    """How long something lasts, in words for a message."""
    if value == "token-lifetime":
        return "as long as the token"
    duration = duration_of(value)
    return f"{duration.whole_seconds} s" if duration.is_bounded else _ENDS.get(duration.end, str(value))


def known_by(name: str, setting: str, what: str) -> Fact:
    """The fact that says by what a default is known."""
    doc = f"By what {what} is known, in words for a message."
    return _declare(name, "str", doc, lambda use: say_reading(use.defaults.get(setting)))


def _declare(name: str, returns: str, doc: str, ask: Callable[[PlatformUse], Answer]) -> Fact:
    def answer(use: PlatformUse) -> Answer:
        return ask(use)

    answer.__doc__ = doc
    answer.__annotations__ = {"use": "PlatformUse", "return": returns}
    return fact(f"platform.{name}")(answer)


def find_value(use: PlatformUse, name: str) -> object:
    """The default of a setting or behaviour; None where it is not known."""
    setting = use.defaults.get(name)
    return setting.value if setting is not None else None


def find_duration(use: PlatformUse, name: str) -> Duration:
    """The same as a duration."""
    return duration_of(find_value(use, name))


def find_seconds(use: PlatformUse, name: str) -> int | Absent:
    """The same in seconds; absent where time alone does not end it."""
    seconds = find_duration(use, name).whole_seconds
    return ABSENT if seconds is None else seconds


def _typed(name: str, type_: type) -> Callable[[PlatformUse], Answer]:
    def ask(use: PlatformUse) -> Answer:
        value = find_value(use, name)
        return value if isinstance(value, type_) else ABSENT  # type: ignore[return-value]

    return ask


def _behaviour(
    name: str, returns: str, what: str, ask: Callable[[PlatformUse], Answer], setting: str | None = None
) -> tuple[Fact, Fact, Fact]:
    """Whether a behaviour is known, its value, and by what it is known. `setting`: the default that it is made of, if it has
    another name.
    """
    return (
        _declare(f"has_{name}", "bool", f"Whether it is known {what}.", lambda use: ask(use) is not ABSENT),
        _declare(name, f"{returns} | Absent", f"{what[0].upper()}{what[1:]}, by default.", ask),
        known_by(f"{name}_known_by", setting or name, f"`platform.{name}`"),
    )


def _switch(name: str, what: str) -> tuple[Fact, Fact, Fact]:
    return _behaviour(name, "bool", f"whether {what}", _typed(name, bool))


def _word(name: str, what: str) -> tuple[Fact, Fact, Fact]:
    return _behaviour(name, "str", what, _typed(name, str))


def _seconds(name: str, what: str) -> tuple[Fact, Fact, Fact]:
    return _behaviour(name, "int", what, lambda use: find_seconds(use, name))


def _breakers(use: PlatformUse) -> list[str] | Absent:
    kinds = find_value(use, "set_breakers")
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else ABSENT


def _is_fetch_endless(use: PlatformUse) -> bool | Absent:
    duration = find_duration(use, "fetch_timeout_s")
    return duration.end == "never" if duration.is_known else ABSENT


def _is_size_unlimited(use: PlatformUse) -> bool | Absent:
    limit = find_value(use, "fetch_size_limit")
    return ABSENT if limit is None else limit == "unlimited"


def _rsa_bits(use: PlatformUse) -> int | Absent:
    bits = find_value(use, "min_rsa_bits")
    return bits if isinstance(bits, int) and not isinstance(bits, bool) else ABSENT


def _is_kept_by_traffic(use: PlatformUse) -> bool | Absent:
    quiet, busy = find_duration(use, "removed_key_trusted_s"), find_duration(use, "removed_key_under_traffic_s")
    if not (quiet.is_known and busy.is_known):
        return ABSENT
    return quiet != busy and longest((quiet, busy)) == busy


def _is_replacement_unseen(use: PlatformUse) -> bool | Absent:
    duration = find_duration(use, "same_kid_replacement_s")
    # of keys that are configured by hand the new one is configured as well
    return duration.end in ("never", "restart") if duration.is_known else ABSENT


def _is_token_past_key(use: PlatformUse) -> bool | Absent:
    value = find_value(use, "verified_token_cache_s")
    if value is None:
        return ABSENT
    token, key = duration_of(value), find_duration(use, "removed_key_trusted_s")
    if value == "token-lifetime" or not token.is_bounded:
        return key.end not in ("never", "restart", "edit")
    return token.seconds > key.seconds if key.is_bounded else False


def _said(name: str) -> Callable[[PlatformUse], Answer]:
    def ask(use: PlatformUse) -> str:
        return say_duration(find_value(use, name))

    return ask


FACTS: tuple[Fact, ...] = (
    known_by("new_key_visible_known_by", "new_key_visible_s", "the time until a new key is accepted"),
    known_by("removed_key_trusted_known_by", "removed_key_trusted_s", "the time for which a removed key stays trusted"),
    known_by("refetch_known_by", "unknown_kid_min_interval_s", "the interval between fetches for an unknown `kid`"),
    *_word("refreshed_set", "whether a fetched set `replaces` the known keys or `appends` to them"),
    *_behaviour(
        "is_fetch_endless", "bool", "whether a fetch of the key set may take for ever", _is_fetch_endless, "fetch_timeout_s"
    ),
    *_behaviour(
        "is_fetch_size_unlimited", "bool", "whether a key set of any size is read", _is_size_unlimited, "fetch_size_limit"
    ),
    *_word("unknown_kid_fallback", "which keys are tried for a `kid` that is in no key"),
    *_switch("enforces_jwk_alg", "a token's algorithm must be the `alg` of the JWK"),
    *_switch("enforces_jwk_use", "a key whose `use` is `enc` is refused for signatures"),
    *_behaviour("min_rsa_bits", "int", "the shortest RSA key in bits that verifies", _rsa_bits),
    *_word("on_empty_set", "what an empty key set does: `keeps`, `wipes` or `wipes-until-restart`"),
    *_seconds("negative_cache_s", "for how many seconds a `kid` that was not found stays refused after its key is published"),
    *_seconds("recovers_within_s", "for how many seconds tokens are refused after the issuer is reachable again"),
    *_behaviour(
        "is_key_kept_by_traffic",
        "bool",
        "whether a removed key is trusted longer while newer tokens arrive",
        _is_kept_by_traffic,
        "removed_key_under_traffic_s",
    ),
    _declare(
        "removed_key_under_traffic",
        "str",
        "For how long a removed key is trusted while newer tokens arrive, in words for a message.",
        _said("removed_key_under_traffic_s"),
    ),
    *_behaviour(
        "is_replacement_unseen",
        "bool",
        "whether a key that is replaced under its `kid` is never noticed",
        _is_replacement_unseen,
        "same_kid_replacement_s",
    ),
    *_behaviour(
        "is_token_past_key",
        "bool",
        "whether a token that was verified once is accepted longer than its key is trusted",
        _is_token_past_key,
        "verified_token_cache_s",
    ),
    _declare(
        "verified_token_cache",
        "str",
        "For how long a token that was verified once is accepted without another look, in words for a message.",
        _said("verified_token_cache_s"),
    ),
    *_behaviour("set_breakers", "list[str]", "the kinds of a single JWK that make the whole set unusable", _breakers),
    *_switch("ignores_crit", "a token with a critical header that is not understood is accepted"),
    *_switch("follows_jwks_redirect", "a redirect of the key set's address is followed"),
    *_switch("expiry_required", "a token without `exp` is refused"),
    *_word("duplicate_kid", "which of two keys with one `kid` counts"),
)
