"""Facts about a binding: one place where a consumer trusts keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.evidence.bindings.trusted_issuer import trusted_issuer
from scanner.evidence.model import Binding
from scanner.facts.binding import key_sets as binding_key_sets
from scanner.facts.binding import own_tokens as binding_own_tokens
from scanner.facts.binding import spelling as binding_spelling
from scanner.facts.binding import trust as binding_trust
from scanner.facts.binding import values as binding_values
from scanner.facts.binding.settings import (
    accepted_algorithms,
    any_algorithm,
    either,
    first_unknown,
    has_placeholder,
    host_scope,
    is_default_true,
    is_effective,
    is_http,
    is_never_compared,
    is_present,
    is_switched,
    is_written,
    text_of,
    unknown_for,
    unknown_of,
)
from scanner.facts.binding.spelling import URL_FIELDS, place_of_kind
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.redaction.text import cut

if TYPE_CHECKING:
    from scanner.evidence.keys.published_keys import PublishedKey

_HMAC = frozenset({"HS256", "HS384", "HS512"})


@fact("binding.label")
def label(binding: Binding) -> str:
    """The name of the binding in reports: its platform, and the issuer or key location it names, resolved where that is
    known; and that the application is recognised by names alone, where that is so.
    """
    written = (text_of(binding.settings[name]) or text for name, text in trusted_issuer(binding).written)
    text = next((each for each in written if not isinstance(readable(each), Unknown)), None)
    name = f"{binding.platform} (recognised by names alone)" if binding.is_generic else binding.platform
    return name if text is None else f"{name} for {cut(text, 120)}"


@fact("binding.platform")
def platform(binding: Binding) -> str:
    """The id of the platform."""
    return binding.platform


@fact("binding.is_part")
def is_part(binding: Binding) -> bool:
    """Whether it is only a part, as of a patch or a plugin without its keys: what it does not set may be set elsewhere."""
    return binding.is_part


@fact("binding.is_generic")
def is_generic(binding: Binding) -> bool:
    """Whether the application is recognised by the names of its settings alone, and not as a product."""
    return binding.is_generic


@fact("binding.is_sample")
def is_sample(binding: Binding) -> bool:
    """Whether it is such an application, in a file that is a sample or belongs to tests by its name or its folder."""
    return binding.is_sample


@fact("binding.knows_application")
def knows_application(binding: Binding) -> bool | Unknown:
    """Whether it is known what the consumer does with a setting that is left out. Unknown for an application that is recognised
    by the names of its settings alone.
    """
    if binding.is_generic:
        return Unknown("it is recognised by the names of its settings alone; what it does beyond them is in its code")
    return True


@fact("binding.is_issuer_pinned", spec="RFC 8725 §3.8")
def is_issuer_pinned(binding: Binding) -> bool | Unknown:
    """Whether the token's `iss` is compared with a value: the configuration names one, or the platform always takes it from
    discovery. An issuer that the platform never compares (`issuer_check`) pins nothing. Unknown where only a template says so,
    which may give nothing.
    """
    if is_never_compared(binding, "issuer_check"):
        return False
    return either(is_present(binding, "issuer"), is_default_true(binding, "checks_issuer"))


@fact("binding.is_audience_restricted", spec="RFC 8725 §3.9")
def is_audience_restricted(binding: Binding) -> bool | Unknown:
    """Whether the token's `aud` is compared with a value: the configuration names one, or the platform always checks it. One
    that the platform never compares (`audience_check`) restricts nothing. Unknown where only a template says so, which may give
    nothing.
    """
    if is_never_compared(binding, "audience_check"):
        return False
    return either(is_present(binding, "audiences"), is_default_true(binding, "checks_audience"))


@fact("binding.issuer_note")
def issuer_note(binding: Binding) -> str:
    """What a message adds where an issuer is written and the platform compares it with nothing; else empty."""
    is_vain = is_written(binding, "issuer") and is_never_compared(binding, "issuer_check")
    return f": {binding.platform} compares `iss` with nothing, also where an issuer is written" if is_vain else ""


@fact("binding.audience_note")
def audience_note(binding: Binding) -> str:
    """What a message adds where audiences are written and the platform compares them with nothing; else empty."""
    is_vain = is_written(binding, "audiences") and is_never_compared(binding, "audience_check")
    return f": {binding.platform} compares `aud` with nothing, also where audiences are written" if is_vain else ""


@fact("binding.own_audience")
def own_audience(binding: Binding) -> str:
    """The setting with which the application itself names an audience, beside a binding that names none; empty where there is
    none among the settings of the same application.
    """
    return binding.own_audience


@fact("binding.is_login", spec="OpenID Connect Core 1.0 §3.1.3.7")
def is_login(binding: Binding) -> bool:
    """Whether the consumer is a login client: it fetches the ID tokens that it verifies from the issuer itself."""
    return binding.role == "id_token"


@fact("binding.is_signer")
def is_signer(binding: Binding) -> bool:
    """Whether the keys are private ones that the service fetches and signs with."""
    return binding.role == "signer"


@fact("binding.is_issuer_check_off")
def is_issuer_check_off(binding: Binding) -> bool | Unknown:
    """Whether the configuration switches the check of `iss` off explicitly."""
    return is_switched(binding, "checks_issuer", to=False)


@fact("binding.is_audience_check_off")
def is_audience_check_off(binding: Binding) -> bool | Unknown:
    """Whether the configuration switches the check of `aud` off explicitly."""
    return is_switched(binding, "checks_audience", to=False)


@fact("binding.algorithms", spec="RFC 8725 §3.1")
def algorithms(binding: Binding) -> list[str] | Unknown:
    """The signature algorithms that the configuration accepts; empty where it leaves the choice to the platform."""
    return accepted_algorithms(binding)


@fact("binding.accepts_hmac", spec="RFC 7518 §3.2")
def accepts_hmac(binding: Binding) -> bool | Unknown:
    """Whether the configuration accepts an HMAC algorithm."""
    return any_algorithm(binding, lambda name: name.upper() in _HMAC)


@fact("binding.accepts_asymmetric", spec="RFC 7518 §3.1")
def accepts_asymmetric(binding: Binding) -> bool | Unknown:
    """Whether the configuration accepts an asymmetric algorithm."""
    return any_algorithm(binding, lambda name: name.upper() not in _HMAC and name.lower() != "none")


@fact("binding.accepts_none", spec="RFC 8725 §3.2")
def accepts_none(binding: Binding) -> bool | Unknown:
    """Whether the configuration accepts the algorithm `none`, in upper or lower case."""
    return any_algorithm(binding, lambda name: name.lower() == "none")


@fact("binding.embedded_keys")
def embedded_keys(binding: Binding) -> int | Unknown:
    """How many keys are written into the configuration itself; those in a `data:` URL count as one."""
    value = binding.settings["inline_keys"].value
    if binding.settings["inline_keys"].state == "unresolved":
        return unknown_for("inline_keys", binding.settings["inline_keys"], "the keys are a template")
    if isinstance(value, int):
        return value
    return 0 if place_of_kind(binding, "inline") is None else 1


@fact("binding.has_empty_set", spec="RFC 7517 §5.1")
def has_empty_set(binding: Binding) -> bool | Unknown:
    """Whether an empty JWK Set is written into the configuration, and none is fetched beside it."""
    keys = binding.settings["inline_keys"]
    if binding_key_sets.has_key_address(binding):
        return False
    if keys.state == "unresolved":
        return unknown_for("inline_keys", keys, "the keys are a template")
    return keys.value == 0


@fact("binding.refuses_empty_set")
def refuses_empty_set(binding: Binding) -> bool:
    """Whether the platform refuses the whole configuration for an empty JWK Set in it. False where nobody looked it up."""
    behaviour = binding.behaviour.get("on_empty_inline_set")
    return behaviour is not None and behaviour.value == "refuses-configuration"


@fact("binding.has_secret")
def has_secret(binding: Binding) -> bool:
    """Whether a symmetric secret or a private key is written into the configuration."""
    return binding.has_symmetric_secret


@fact("binding.has_published_secret", spec="RFC 8725 §3.5")
def has_published_secret(binding: Binding) -> bool:
    """Whether a symmetric secret in it is one that everybody has: the default of a product, or that of a standard or tutorial.
    It is compared by SHA-256, also decoded from base64 or hexadecimal.
    """
    return _find_secret(binding) is not None


@fact("binding.published_secret_source")
def published_secret_source(binding: Binding) -> str | Absent:
    """The best known place where the secret is published."""
    found = _find_secret(binding)
    return found.source if found is not None else ABSENT


def _find_secret(binding: Binding) -> PublishedKey | None:
    digests = binding.all_secret_digests
    if binding.published_secret is not None or not digests:
        return binding.published_secret
    from scanner.evidence.keys.published_keys import find_published_secret  # few bindings hold a secret

    return find_published_secret(digests)


@fact("binding.has_key_file")
def has_key_file(binding: Binding) -> bool | Unknown:
    """Whether the keys come from a file or a mounted resource, also where that stands in place of a URL."""
    return either(is_present(binding, "key_file"), place_of_kind(binding, "local") is not None)


@fact("binding.key_file")
def key_file(binding: Binding) -> str | Absent | Unknown:
    """The file or resource that the keys come from, as written."""
    value = binding.settings["key_file"].value
    value = value if isinstance(value, str) else place_of_kind(binding, "local")
    return readable(value) if value is not None else ABSENT


@fact("binding.fails_open")
def fails_open(binding: Binding) -> bool | Unknown:
    """Whether the platform accepts a request with an invalid token. False for a patch that does not say."""
    if binding.is_part and not is_written(binding, "fails_open"):
        return False
    return is_effective(binding, "fails_open")


@fact("binding.is_tls_verification_off")
def is_tls_verification_off(binding: Binding) -> bool | Unknown:
    """Whether the configuration switches off the check of the server's certificate or name."""
    return is_switched(binding, "verifies_tls", to=False)


@fact("binding.is_tls_unverified_by_default")
def is_tls_unverified_by_default(binding: Binding) -> bool:
    """Whether the platform does not check the server's certificate unless it is told to, and the configuration does not say."""
    setting = binding.settings["verifies_tls"]
    return setting.state == "default" and setting.value is False


@fact("binding.placeholders")
def placeholders(binding: Binding) -> list[str]:
    """The settings with a placeholder that the author did not fill in (`YOUR_…`, `REPLACE_ME`, `<tenant>`)."""
    found = [name for name in (*URL_FIELDS, "audiences", "key_file") if has_placeholder(binding.settings[name])]
    return [*found, "keys"] if binding.has_key_placeholder else found


@fact("binding.are_values_resolved")
def are_values_resolved(binding: Binding) -> bool | Unknown:
    """True where the issuer, JWKS URL and discovery URL are known completely. Otherwise unknown; the reason names the open
    part.
    """
    open_ = [name for name in URL_FIELDS if binding.settings[name].state == "unresolved"]
    if not open_:
        return True
    return unknown_of(binding, open_)


@fact("binding.issuer_url_is_http", spec="OpenID Connect Discovery 1.0 §3")
def issuer_url_is_http(binding: Binding) -> bool | Unknown:
    """Whether the issuer or discovery URL is an http URL. The literal scheme of a template counts."""
    answers = [is_http(binding, name) for name in ("issuer", "discovery_url")]
    return next((answer for answer in answers if answer is True), first_unknown(answers))


@fact("binding.issuer_host_scope")
def issuer_host_scope(binding: Binding) -> str | Unknown:
    """Where clients can reach the host of the issuer or discovery URL from: `loopback`, `cluster` or `public`; `template` where
    the host is not known.
    """
    is_issuer = is_http(binding, "issuer") is True or not is_written(binding, "discovery_url")
    return host_scope(binding.settings["issuer" if is_issuer else "discovery_url"])


@fact("binding.jwks_uri_is_http", spec="OpenID Connect Discovery 1.0 §3")
def jwks_uri_is_http(binding: Binding) -> bool | Unknown:
    """Whether the JWKS URL is an http URL. The literal scheme of a template counts."""
    return is_http(binding, "jwks_uri")


@fact("binding.jwks_uri_host_scope")
def jwks_uri_host_scope(binding: Binding) -> str | Unknown:
    """Where clients can reach the host of the JWKS URL from: `loopback`, `cluster` or `public`; `template` where the host is
    not known.
    """
    return host_scope(binding.settings["jwks_uri"])


@fact("binding.is_jwks_uri_open")
def is_jwks_uri_open(binding: Binding) -> bool:
    """Whether the JWKS URL is written with a part that its file does not give, such as a claim of the token (`{{tenant}}`)."""
    return binding.settings["jwks_uri"].state == "unresolved"


FACTS: tuple[Fact, ...] = (
    label,
    is_jwks_uri_open,
    platform,
    is_part,
    is_generic,
    is_sample,
    knows_application,
    is_issuer_pinned,
    is_audience_restricted,
    issuer_note,
    audience_note,
    own_audience,
    is_issuer_check_off,
    is_login,
    is_signer,
    is_audience_check_off,
    algorithms,
    accepts_hmac,
    accepts_asymmetric,
    accepts_none,
    embedded_keys,
    has_empty_set,
    refuses_empty_set,
    has_secret,
    has_published_secret,
    published_secret_source,
    has_key_file,
    key_file,
    fails_open,
    is_tls_verification_off,
    is_tls_unverified_by_default,
    placeholders,
    are_values_resolved,
    issuer_url_is_http,
    issuer_host_scope,
    jwks_uri_is_http,
    jwks_uri_host_scope,
    *binding_key_sets.FACTS,
    *binding_own_tokens.FACTS,
    *binding_trust.FACTS,
    *binding_values.FACTS,
    *binding_spelling.FACTS,
)
