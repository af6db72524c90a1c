"""The terms for a consumer's binding in platform files and rules' examples: its fields, and a platform's behaviours.

The reader of the file refuses a misspelt one. May import: nothing from jwksgov.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

# The fields of a binding, in the order of the report. The switches (`checks_…`, `verifies_…`, `takes_…`, `trusts_…`) are
# those that some platforms have beside the values themselves; `expiry_required` says whether a token without `exp` is refused,
# `binds_…` whether a trust policy has such a condition, `has_rules` whether any rule of the configuration asks for the tokens.
# `verification_keys`, `signing_key` and `token_life_s` are of a service that verifies the tokens that it issues itself: the
# files of its public keys, the file of the key that signs, and the longest life that a token can have.
_Field = Literal[
    "issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file", "verification_keys", "signing_key", "audiences",
    "algorithms", "subject", "thumbprints",
    "cache_s", "refetch_interval_s", "stale_s", "skew_s", "token_life_s", "verifies_tls", "fails_open", "verifies_signature",
    "checks_issuer", "checks_audience", "checks_expiry", "expiry_required", "checks_type", "binds_audience",
    "binds_subject", "takes_query_token", "trusts_header_keys", "requires_token", "has_rules",
]  # fmt: skip
FIELDS: tuple[str, ...] = get_args(_Field)

# what a platform does beyond single settings of a binding, in the order of the report
_Behaviour = Literal[
    "new_key_visible_s", "removed_key_trusted_s", "refresh_model", "unknown_kid_refetch", "unknown_kid_min_interval_s",
    "endpoint_down", "stale_max_s", "outage_tolerance_s", "issuer_check", "audience_check", "accepted_algorithms",
    "header_key_sources", "kid_required", "multi_issuer", "removed_key_under_traffic_s",
    "same_kid_replacement_s", "verified_token_cache_s", "negative_cache_s", "recovers_within_s", "on_empty_set",
    "on_empty_inline_set", "refreshed_set",
    "set_breakers", "unknown_kid_fallback", "duplicate_kid", "needs_alg_in_jwk", "enforces_jwk_alg", "enforces_jwk_use",
    "min_rsa_bits", "ignores_crit", "follows_jwks_redirect", "fetch_timeout_s", "fetch_size_limit",
]  # fmt: skip
BEHAVIOURS: tuple[str, ...] = get_args(_Behaviour)

# Reading a file checks its members against the closed lists (pack/structure.py), and so do the schemas. For code that
# has the name in a variable they are texts.
if TYPE_CHECKING:
    FieldName: TypeAlias = str
    DefaultName: TypeAlias = str
else:
    FieldName = _Field
    DefaultName = Literal[_Field, _Behaviour]

# how a field of a binding is known
State = Literal["set", "default", "unresolved", "unknown"]
# what a consumer does with the keys: verify tokens, verify clients, verify the tokens that it issues itself, or (`signer`)
# sign with private keys that it fetches; `trust_anchor`: take the word of a federation's anchor for others
Role = Literal["access_token", "id_token", "client_assertion", "own_token", "signer", "trust_anchor"]
Category = Literal[
    "gateway", "cloud", "database", "app", "library", "framework", "proxy", "orchestrator", "mesh", "messaging", "secrets",
]  # fmt: skip
