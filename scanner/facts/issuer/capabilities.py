"""Facts about what a server offers: algorithms, response types, grants, client authentication methods."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.keys.registries import ALGORITHMS, registered_spelling
from scanner.facts.fact import Fact, fact
from scanner.facts.issuer.values import flag, text, texts, value
from scanner.facts.key.members import shorten_names
from scanner.subjects.model import Issuer

_STRONG = frozenset({"private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"})
# the registered members with names of JWS and JWE: id_token, userinfo, request_object, authorization, introspection, dpop …
_OF_ALGORITHMS = ("_alg_values_supported", "_enc_values_supported")
_HMAC = ("HS256", "HS384", "HS512")


@fact("issuer.id_token_algorithms", spec="OpenID Connect Discovery 1.0 §3")
def id_token_algorithms(issuer: Issuer) -> list[str]:
    """`id_token_signing_alg_values_supported`; empty where it is left out."""
    return texts(issuer, "id_token_signing_alg_values_supported")


@fact("issuer.symmetric_id_token_algorithms", spec="OpenID Connect Core 1.0 §10.1")
def symmetric_id_token_algorithms(issuer: Issuer) -> list[str]:
    """The HMAC algorithms offered for ID Tokens; their key is the client's secret."""
    return [each for each in texts(issuer, "id_token_signing_alg_values_supported") if each in _HMAC]


@fact("issuer.unsigned_offers", spec="OpenID Connect Discovery 1.0 §3")
def unsigned_offers(issuer: Issuer) -> list[str]:
    """Which of the request-object and UserInfo algorithm lists offer `none`."""
    names = ("request_object_signing_alg_values_supported", "userinfo_signing_alg_values_supported")
    return [name for name in names if "none" in texts(issuer, name)]


@fact("issuer.client_authentication_algorithms", spec="RFC 8414 §2")
def client_authentication_algorithms(issuer: Issuer) -> list[str]:
    """The signing algorithms offered for client authentication at the token, revocation and introspection endpoints."""
    return [
        value
        for endpoint in ("token", "revocation", "introspection")
        for value in texts(issuer, f"{endpoint}_endpoint_auth_signing_alg_values_supported")
    ]


@fact("issuer.client_authentication_methods", spec="RFC 8414 §2")
def client_authentication_methods(issuer: Issuer) -> list[str]:
    """`token_endpoint_auth_methods_supported`; empty where it is left out."""
    return texts(issuer, "token_endpoint_auth_methods_supported")


@fact("issuer.has_strong_client_authentication", spec="RFC 7523 §2.2; RFC 8705 §2")
def has_strong_client_authentication(issuer: Issuer) -> bool:
    """Whether clients may authenticate with a key of their own: `private_key_jwt` or a TLS certificate."""
    return bool(_STRONG & {*texts(issuer, "token_endpoint_auth_methods_supported")})


@fact("issuer.weak_client_authentication", spec="FAPI 2.0 Security Profile §5.3.2.1")
def weak_client_authentication(issuer: Issuer) -> list[str]:
    """The client authentication methods with a shared secret, or without any authentication."""
    return shorten_names(each for each in texts(issuer, "token_endpoint_auth_methods_supported") if each not in _STRONG)


@fact("issuer.lacks_client_assertion_algorithms", spec="RFC 8414 §2")
def lacks_client_assertion_algorithms(issuer: Issuer) -> bool:
    """Whether clients may authenticate with a JWT while no list names the algorithms."""
    methods = texts(issuer, "token_endpoint_auth_methods_supported")
    has_jwt = bool({"private_key_jwt", "client_secret_jwt"} & {*methods})
    return has_jwt and not value(issuer, "token_endpoint_auth_signing_alg_values_supported")


@fact("issuer.rsa1_5_offers", spec="RFC 8725 §3.2")
def rsa1_5_offers(issuer: Issuer) -> list[str]:
    """The lists of encryption algorithms that offer RSA1_5."""
    return _find_lists_with(issuer, "_encryption_alg_values_supported", ("RSA1_5",))


@fact("issuer.eddsa_offers", spec="RFC 9864 §3")
def eddsa_offers(issuer: Issuer) -> list[str]:
    """The lists of signature algorithms that offer EdDSA, which does not say which curve."""
    return _find_lists_with(issuer, "_signing_alg_values_supported", ("EdDSA",))


@fact("issuer.symmetric_dpop_algorithms", spec="RFC 9449 §5.1")
def symmetric_dpop_algorithms(issuer: Issuer) -> list[str]:
    """The symmetric algorithms offered for DPoP proofs, and `none`."""
    return [each for each in texts(issuer, "dpop_signing_alg_values_supported") if each in (*_HMAC, "none")]


def _find_lists_with(issuer: Issuer, ending: str, wanted: tuple[str, ...]) -> list[str]:
    names = (name for name in issuer.metadata.members if name.endswith(ending))
    return shorten_names(name for name in names if any(each in wanted for each in texts(issuer, name)))


@fact("issuer.misspelt_algorithms", spec="RFC 7518 §7.1; RFC 8414 §2")
def misspelt_algorithms(issuer: Issuer) -> list[str]:
    """The offered algorithms that are registered in another spelling: `RS-256`, `rs256`, `SHA256withRSA`. Each once."""
    return shorten_names(each for each in _list_unregistered(issuer) if registered_spelling("alg", each))


@fact("issuer.intended_algorithms", spec="RFC 7518 §7.1")
def intended_algorithms(issuer: Issuer) -> list[str]:
    """The registered names that the misspelt algorithms seem to mean, in their order."""
    return shorten_names(meant for each in _list_unregistered(issuer) if (meant := registered_spelling("alg", each)))


@fact("issuer.lists_with_misspelt_algorithms", spec="RFC 7518 §7.1; RFC 8414 §2")
def lists_with_misspelt_algorithms(issuer: Issuer) -> list[str]:
    """The lists of algorithms that have a misspelt one."""
    names = (name for name, each in _list_offers(issuer) if registered_spelling("alg", each))
    return shorten_names(dict.fromkeys(names))


@fact("issuer.unknown_algorithms", spec="RFC 7518 §7.1; RFC 8414 §2")
def unknown_algorithms(issuer: Issuer) -> list[str]:
    """The offered algorithms that the IANA registry of JOSE has in no spelling."""
    return shorten_names(each for each in _list_unregistered(issuer) if not registered_spelling("alg", each))


@fact("issuer.lists_with_unknown_algorithms", spec="RFC 7518 §7.1; RFC 8414 §2")
def lists_with_unknown_algorithms(issuer: Issuer) -> list[str]:
    """The lists of algorithms that have one of no registered name."""
    names = (name for name, each in _list_offers(issuer) if each not in ALGORITHMS and not registered_spelling("alg", each))
    return shorten_names(dict.fromkeys(names))


def _list_unregistered(issuer: Issuer) -> list[str]:
    return list(dict.fromkeys(each for _, each in _list_offers(issuer) if each not in ALGORITHMS))


def _list_offers(issuer: Issuer) -> Iterator[tuple[str, str]]:
    """Each list of algorithms of signatures or encryption with each of its names."""
    for name in issuer.metadata.members:
        if name.endswith(_OF_ALGORITHMS):
            yield from ((name, each) for each in texts(issuer, name))


@fact("issuer.has_challenge_methods", spec="RFC 8414 §2; RFC 7636 §6.2")
def has_challenge_methods(issuer: Issuer) -> bool:
    """Whether `code_challenge_methods_supported` has an entry. Without it the server does not support PKCE."""
    return bool(texts(issuer, "code_challenge_methods_supported"))


@fact("issuer.challenge_methods", spec="RFC 8414 §2; RFC 7636 §6.2")
def challenge_methods(issuer: Issuer) -> list[str]:
    """`code_challenge_methods_supported`; empty where it is left out."""
    return texts(issuer, "code_challenge_methods_supported")


@fact("issuer.front_channel_token_types", spec="RFC 9700 §2.1.2")
def front_channel_token_types(issuer: Issuer) -> list[str]:
    """The response types that send an access token through the browser."""
    return shorten_names(each for each in _list_response_types(issuer) if "token" in each.split())


def _list_response_types(issuer: Issuer) -> Iterator[str]:
    """The response types, also of a document that gives one as a string."""
    one = text(issuer, "response_types_supported")
    yield from texts(issuer, "response_types_supported") if one is None else (one,)


@fact("issuer.grant_types", spec="RFC 8414 §2")
def grant_types(issuer: Issuer) -> list[str]:
    """`grant_types_supported`; empty where it is left out."""
    return texts(issuer, "grant_types_supported")


@fact("issuer.takes_any_request_uri", spec="RFC 9101 §10.4; OpenID Connect Core 1.0 §6.2")
def takes_any_request_uri(issuer: Issuer) -> bool:
    """Whether the server supports `request_uri` without registered values: it then fetches any URL that a request names."""
    return flag(issuer, "request_uri_parameter_supported") and not flag(issuer, "require_request_uri_registration")


@fact("issuer.requires_pushed_requests", spec="RFC 9126 §5")
def requires_pushed_requests(issuer: Issuer) -> bool:
    """Whether only pushed authorization requests are accepted."""
    return flag(issuer, "require_pushed_authorization_requests")


@fact("issuer.has_pushed_request_endpoint", spec="RFC 9126 §5")
def has_pushed_request_endpoint(issuer: Issuer) -> bool:
    """Whether there is an endpoint for pushed authorization requests."""
    return bool(text(issuer, "pushed_authorization_request_endpoint"))


@fact("issuer.names_itself_in_responses", spec="RFC 9207 §3")
def names_itself_in_responses(issuer: Issuer) -> bool:
    """Whether authorization responses carry `iss`."""
    return flag(issuer, "authorization_response_iss_parameter_supported")


@fact("issuer.can_bind_tokens", spec="RFC 8705 §3.3; RFC 9449 §5.1")
def can_bind_tokens(issuer: Issuer) -> bool:
    """Whether the server can bind access tokens to their sender, by a TLS certificate or by DPoP."""
    return flag(issuer, "tls_client_certificate_bound_access_tokens") or bool(
        texts(issuer, "dpop_signing_alg_values_supported")
    )


@fact("issuer.lacks_workload_claims", spec="OpenID Connect Discovery 1.0 §3")
def lacks_workload_claims(issuer: Issuer) -> bool:
    """Whether `claims_supported` is left out, or does not list `sub` and `aud`."""
    return not {"sub", "aud"} <= {*texts(issuer, "claims_supported")}


@fact("issuer.has_registration_endpoint", spec="RFC 7591 §3")
def has_registration_endpoint(issuer: Issuer) -> bool:
    """Whether the server registers clients over the network."""
    return bool(text(issuer, "registration_endpoint"))


@fact("issuer.has_revocation_endpoint", spec="RFC 7009 §2")
def has_revocation_endpoint(issuer: Issuer) -> bool:
    """Whether a client can revoke tokens."""
    return bool(text(issuer, "revocation_endpoint"))


FACTS: tuple[Fact, ...] = (
    id_token_algorithms,
    symmetric_id_token_algorithms,
    unsigned_offers,
    client_authentication_algorithms,
    client_authentication_methods,
    has_strong_client_authentication,
    weak_client_authentication,
    lacks_client_assertion_algorithms,
    rsa1_5_offers,
    eddsa_offers,
    symmetric_dpop_algorithms,
    misspelt_algorithms,
    intended_algorithms,
    lists_with_misspelt_algorithms,
    unknown_algorithms,
    lists_with_unknown_algorithms,
    has_challenge_methods,
    challenge_methods,
    front_channel_token_types,
    grant_types,
    takes_any_request_uri,
    requires_pushed_requests,
    has_pushed_request_endpoint,
    names_itself_in_responses,
    can_bind_tokens,
    lacks_workload_claims,
    has_registration_endpoint,
    has_revocation_endpoint,
)
