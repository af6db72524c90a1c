"""Facts about whom a binding accepts: subjects of a federation, switches of the check, misspelt and ineffective settings."""

from __future__ import annotations

from collections.abc import Callable

from scanner.evidence.model import Binding
from scanner.facts.binding.settings import is_effective, is_off, is_present, is_switched, is_written, unknown_for
from scanner.facts.fact import Fact, Unknown, fact
from scanner.patterns import lazy_pattern

# every subject of the issuer, or every repository, project or service account of an owner
_BROAD = lazy_pattern(
    r"\*+|[\w-]+:\*.*|system:serviceaccount:\*.*|(?:repo|project_path|system:serviceaccount):[^/:*]+[/:]?\*.*"
)
# every service account of one namespace, which whoever may deploy there can use
_NAMESPACE = lazy_pattern(r"system:serviceaccount:[^/:*]+:\*+")


@fact("binding.broad_subjects")
def broad_subjects(binding: Binding) -> list[str] | Unknown:
    """The subject patterns that accept more than one repository, project or namespace: `*`, `repo:*`, `repo:org/*`. A wildcard
    inside a template counts.
    """
    return _subjects_like(binding, lambda value: bool(_BROAD.fullmatch(value)) and not _NAMESPACE.fullmatch(value))


@fact("binding.namespace_subjects")
def namespace_subjects(binding: Binding) -> list[str] | Unknown:
    """The subject patterns that accept every service account of one Kubernetes namespace."""
    return _subjects_like(binding, lambda value: bool(_NAMESPACE.fullmatch(value)))


def _subjects_like(binding: Binding, is_like: Callable[[str], bool]) -> list[str] | Unknown:
    setting = binding.settings["subject"]
    written = setting.resolved if isinstance(setting.resolved, list) else setting.value
    values = [str(value) for value in written] if isinstance(written, list) else []
    found = [value for value in values if is_like(value)]
    if not found and setting.state == "unresolved":
        return unknown_for("subject", setting)
    return found


@fact("binding.is_subject_unbound")
def is_subject_unbound(binding: Binding) -> bool | Unknown:
    """Whether a trust policy accepts every subject of the issuer, because the condition on the subject is missing."""
    return is_off(binding, "binds_subject")


@fact("binding.is_audience_unbound")
def is_audience_unbound(binding: Binding) -> bool | Unknown:
    """Whether a trust policy of this provider has no audience condition."""
    return is_off(binding, "binds_audience")


@fact("binding.is_signature_check_off", spec="RFC 8725 §3.3")
def is_signature_check_off(binding: Binding) -> bool | Unknown:
    """Whether nothing is verified as a whole: the configuration switches it off, or the platform does nothing by default."""
    return is_off(binding, "verifies_signature")


@fact("binding.is_signature_check_missing", spec="OpenID Connect Core 1.0 §3.1.3.7")
def is_signature_check_missing(binding: Binding) -> bool:
    """Whether nothing is verified because the platform does not by default and the configuration does not ask for it."""
    setting = binding.settings["verifies_signature"]
    return setting.state == "default" and setting.value is False


@fact("binding.is_asked_by_no_rule")
def is_asked_by_no_rule(binding: Binding) -> bool | Unknown:
    """Whether no rule, route or requirement of the configuration asks for the tokens of this provider."""
    return is_off(binding, "has_rules")


@fact("binding.is_expiry_check_off", spec="RFC 7519 §4.1.4")
def is_expiry_check_off(binding: Binding) -> bool | Unknown:
    """Whether `exp` is not looked at: the configuration switches the check off, or the platform does it only where it is told
    to and this configuration does not.
    """
    return is_off(binding, "checks_expiry")


@fact("binding.expiry_note")
def expiry_note(binding: Binding) -> str:
    """What a message adds where it is the platform's default that expired tokens are accepted; else empty."""
    setting = binding.settings["checks_expiry"]
    is_default = setting.state == "default" and setting.value is False
    return f": {binding.platform} looks at `exp` only where it is told to" if is_default else ""


@fact("binding.is_expiry_optional", spec="RFC 7519 §4.1.4")
def is_expiry_optional(binding: Binding) -> bool | Unknown:
    """Whether the configuration explicitly accepts tokens without `exp`."""
    return is_switched(binding, "expiry_required", to=False)


@fact("binding.is_type_check_off", spec="RFC 8725 §3.11")
def is_type_check_off(binding: Binding) -> bool | Unknown:
    """Whether the configuration switches the check of the token's type off explicitly."""
    return is_switched(binding, "checks_type", to=False)


@fact("binding.takes_query_token", spec="RFC 6750 §2.3")
def takes_query_token(binding: Binding) -> bool | Unknown:
    """Whether the configuration accepts tokens in the URL's query."""
    return is_switched(binding, "takes_query_token", to=True)


@fact("binding.trusts_header_keys", spec="RFC 8725 §3.10")
def trusts_header_keys(binding: Binding) -> bool | Unknown:
    """Whether the configuration accepts keys, or a URL of keys, from the token's own header (`jku`, `x5u`, `jwk`, `x5c`)."""
    return is_switched(binding, "trusts_header_keys", to=True)


@fact("binding.requires_token", spec="RFC 6750 §3.1")
def requires_token(binding: Binding) -> bool | Unknown:
    """Whether a request without a token is refused. Of Istio, the AuthorizationPolicies for the same workloads decide; without
    one among the files it is unknown.
    """
    return is_effective(binding, "requires_token")


@fact("binding.has_token_requirement")
def has_token_requirement(binding: Binding) -> bool:
    """Whether the configuration says what happens to a request without a token, and the platform refuses an invalid one: where
    that gets through as well, a missing one is no question of its own.
    """
    return is_written(binding, "requires_token") and binding.settings["fails_open"].value is not True


@fact("binding.is_token_optional_by_default", spec="RFC 6750 §3.1")
def is_token_optional_by_default(binding: Binding) -> bool:
    """Whether the platform refuses an invalid token and lets a request without one in, where the configuration says nothing."""
    setting = binding.settings["requires_token"]
    is_optional = setting.state == "default" and setting.value is False and not binding.is_part
    return is_optional and binding.settings["fails_open"].value is not True


@fact("binding.has_thumbprints")
def has_thumbprints(binding: Binding) -> bool | Unknown:
    """Whether the configuration pins certificate thumbprints of the issuer's server."""
    return is_present(binding, "thumbprints")


@fact("binding.misspelt")
def misspelt(binding: Binding) -> list[str]:
    """The settings that the platform does not know and that differ by one or two letters from one that it knows."""
    return [each.written for each in binding.misspelt]


@fact("binding.meant")
def meant(binding: Binding) -> list[str]:
    """The setting that each misspelt setting probably means."""
    return [each.meant for each in binding.misspelt]


@fact("binding.ineffective")
def ineffective(binding: Binding) -> list[str]:
    """The settings that the platform ignores because of the other settings."""
    return [each.written for each in binding.ineffective]


@fact("binding.ineffective_because")
def ineffective_because(binding: Binding) -> list[str]:
    """Why the platform ignores each such setting, and how certain that is."""
    return [f"{each.because} ({each.confidence})" for each in binding.ineffective]


@fact("binding.drops_audience")
def drops_audience(binding: Binding) -> bool:
    """Whether an earlier binding of the file requires an audience from tokens of the same issuer and this one does not."""
    return binding.drops_audience


FACTS: tuple[Fact, ...] = (
    broad_subjects,
    namespace_subjects,
    is_subject_unbound,
    is_audience_unbound,
    is_signature_check_off,
    is_signature_check_missing,
    is_asked_by_no_rule,
    is_expiry_check_off,
    is_expiry_optional,
    expiry_note,
    is_type_check_off,
    takes_query_token,
    trusts_header_keys,
    requires_token,
    has_token_requirement,
    is_token_optional_by_default,
    has_thumbprints,
    misspelt,
    meant,
    ineffective,
    ineffective_because,
    drops_audience,
)
