"""Facts about the fetched JWK Sets: their form, and whether several fetches gave the same keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import Jwk, JwkSet, Octets
from scanner.facts.endpoint.values import answer_of, is_answered, same_client, started_at
from scanner.facts.fact import Fact, Unknown, fact
from scanner.facts.key.members import shorten_names
from scanner.facts.key_set import form_in_words
from scanner.sources.exchange import Exchange, Purpose
from scanner.subjects.model import Endpoint

_LONGEST_CLIENT = 80  # characters of what a message says of a client
_SETS = ("jwk-set", "spiffe-bundle")
# how two sets can differ, the worst last
_RELATIONS = ("same", "contained", "emptied", "overlapping", "disjoint")


def first_set(endpoint: Endpoint) -> JwkSet | Unknown:
    """The JWK Set to judge, or the reason why there is none."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    found = _find_document(endpoint)
    return found if found is not None and found.form in _SETS else Unknown("the answer is not a JWK Set")


def _find_document(endpoint: Endpoint) -> JwkSet | None:
    """The first document, in any form; None where it is not JSON or is metadata."""
    return endpoint.fetched.sets[0] if endpoint.fetched.sets else None


@fact("endpoint.is_jwk_set", spec="RFC 7517 §5")
def is_jwk_set(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer is a JWK Set: an object with an array `keys`."""
    answer = answer_of(endpoint)
    return answer if isinstance(answer, Unknown) else not isinstance(first_set(endpoint), Unknown)


@fact("endpoint.is_json", spec="RFC 8259 §2")
def is_json(endpoint: Endpoint) -> bool | Unknown:
    """Whether the answer in place of a JWK Set is JSON at all, and not, for example, an HTML page."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    found = _find_document(endpoint)
    return found is not None and found.form != "unreadable"


@fact("endpoint.form_in_words", spec="RFC 7517 §5")
def form_of_document(endpoint: Endpoint) -> str | Unknown:
    """The form of the document in place of a JWK Set, in words."""
    answer = answer_of(endpoint)
    if isinstance(answer, Unknown):
        return answer
    found = _find_document(endpoint)
    return str(form_in_words.ask(found)) if found is not None else "no JSON"


@fact("endpoint.key_count", spec="RFC 7517 §5.1")
def key_count(endpoint: Endpoint) -> int | Unknown:
    """How many keys the JWK Set has."""
    found = first_set(endpoint)
    return found if isinstance(found, Unknown) else len(found.keys)


@fact("endpoint.is_expected_here")
def is_expected_here(endpoint: Endpoint) -> bool:
    """Whether the inventory names this URL as the place of the issuer's keys."""
    return endpoint.fetched.wanted.jwks_uri == endpoint.fetched.first.url


@fact("endpoint.are_keys_declared")
def are_keys_declared(endpoint: Endpoint) -> bool:
    """Whether the inventory says where the issuer's keys are, so that a scan finds them without metadata."""
    return endpoint.fetched.wanted.jwks_uri is not None


@fact("endpoint.was_asked_again")
def was_asked_again(endpoint: Endpoint) -> bool:
    """Whether the configuration asks for several fetches of the set (collect.repeat)."""
    return _was_fetched_as(endpoint, "again")


@fact("endpoint.was_asked_as_another", spec="RFC 9110 §12.5")
def was_asked_as_another(endpoint: Endpoint) -> bool:
    """Whether the configuration asks for a fetch as another client (collect.repeat)."""
    return _was_fetched_as(endpoint, "other-client")


@fact("endpoint.is_given_to_some_client", spec="RFC 9110 §15")
def is_given_to_some_client(endpoint: Endpoint) -> bool | Unknown:
    """Whether a request for the document got it, ours or one as another client."""
    asked = _list_clients(endpoint)
    if any(map(is_answered, asked)):
        return True
    return False if all(each.failure is None for each in asked) else Unknown(endpoint.fetched.because or "no document came")


@fact("endpoint.clients_refused", spec="RFC 9110 §12.5, §15.5")
def clients_refused(endpoint: Endpoint) -> list[str]:
    """The clients that the server refuses, by what they say of themselves, each with the status: a client error other than 408,
    425 and 429. Our own is `jwksgov`.
    """
    refusals = [each for each in _list_clients(endpoint) if each.is_refusal]
    names = [each.client or ("jwksgov" if each.purpose == "first" else "another client") for each in refusals]
    return shorten_names((f"{each.status} to {name}" for each, name in zip(refusals, names, strict=True)), _LONGEST_CLIENT)


@fact("endpoint.was_asked_over_http", spec="RFC 9110 §4.2.1")
def was_asked_over_http(endpoint: Endpoint) -> bool:
    """Whether the configuration asks for a fetch without TLS from the same place (collect.repeat)."""
    return _was_fetched_as(endpoint, "plain-http")


@fact("endpoint.agreement", spec="RFC 7638 §3")
def agreement(endpoint: Endpoint) -> str | Unknown:
    """How the sets of several fetches differ, by the keys' thumbprints; the worst difference counts. `same`; `contained`: one
    has all keys of the other and more, as during a rotation; `emptied`: one has no keys; `overlapping`: each has keys that the
    other lacks; `disjoint`: they have no key in common.
    """
    found = list(_collect_sets(endpoint, "again"))
    sets = [each for each in found if not isinstance(each, Unknown)]
    worst = max((_compare(old, new) for old, new in pairwise(sets)), key=_RELATIONS.index, default="same")
    lacking = next((each for each in found if isinstance(each, Unknown)), None)
    if worst == "same" and lacking is not None:
        return lacking
    if len(found) < 2:
        return Unknown("the set was fetched once: two fetches are needed to compare")
    return worst


@fact("endpoint.keys_not_always_there", spec="RFC 7638 §3")
def keys_not_always_there(endpoint: Endpoint) -> list[str]:
    """The labels of the keys that some of the fetches gave and others did not."""
    sets = [each for each in _collect_sets(endpoint, "again") if not isinstance(each, Unknown)]
    everywhere = set.intersection(*({*each} for each in sets)) if sets else set()
    return shorten_names(dict.fromkeys(label for each in sets for name, label in each.items() if name not in everywhere))


@fact("endpoint.fetches_apart_s")
def fetches_apart_s(endpoint: Endpoint) -> int:
    """How many seconds lie between the first and the last of the compared fetches."""
    moments = [started_at(exchange) for _, exchange in same_client(endpoint)]
    return int(max(moments) - min(moments))


@fact("endpoint.client_agreement", spec="RFC 9110 §12.5")
def client_agreement(endpoint: Endpoint) -> str | Unknown:
    """Like `endpoint.agreement`, between the judged fetch and those as other clients, with another User-Agent and Accept; the
    worst counts. `another document` where one of these clients gets a document that is no JWK Set.
    """
    first, *others = _collect_sets(endpoint, "other-client")
    if not others:
        return Unknown("the set was not fetched as another client")
    if isinstance(first, Unknown):
        return first
    if _is_answered_otherwise(endpoint):
        return "another document"
    sets = [each for each in others if not isinstance(each, Unknown)]
    worst = max((_compare(first, each) for each in sets), key=_RELATIONS.index, default="same")
    lacking = next((each for each in others if isinstance(each, Unknown)), None)
    return lacking if worst == "same" and lacking is not None else worst


@fact("endpoint.is_served_over_http", spec="RFC 9110 §4.2.1")
def is_served_over_http(endpoint: Endpoint) -> bool | Unknown:
    """Whether the same place without TLS answers with a JWK Set that has a key in common with this one. False also where no
    server listens there, or it redirects or refuses.
    """
    found = list(_collect_sets(endpoint, "plain-http"))
    if len(found) < 2:
        return Unknown("the place without TLS was not asked")
    first, other = found[0], found[-1]
    if isinstance(first, Unknown):
        return first
    plain = _find_last(endpoint, "plain-http")
    if plain.failure is not None:
        return False if plain.failure.sort == "connect" else Unknown(plain.failure.because)
    return not isinstance(other, Unknown) and not {*first}.isdisjoint(other)


def _list_clients(endpoint: Endpoint) -> list[Exchange]:
    """Our own first request, and those as other clients."""
    return [each for each in endpoint.fetched.exchanges if each.purpose in ("first", "other-client")]


def _was_fetched_as(endpoint: Endpoint, purpose: Purpose) -> bool:
    """Whether fetches with this purpose took place. Unknown where the server did not answer: the scanner then asks nothing
    more.
    """
    return endpoint.fetched.first.status is None or any(each.purpose == purpose for each in endpoint.fetched.exchanges)


def _collect_sets(endpoint: Endpoint, purpose: Purpose) -> Iterator[dict[str, str] | Unknown]:
    """The keys of the first fetch, then of each with this purpose: identity → label; or why there are none."""
    for at, exchange in enumerate(endpoint.fetched.exchanges):
        if exchange.purpose in ("first", purpose):
            yield _read_keys(endpoint, at, exchange)


def _read_keys(endpoint: Endpoint, at: int, exchange: Exchange) -> dict[str, str] | Unknown:
    if at == 0:
        found = first_set(endpoint)
        return found if isinstance(found, Unknown) else _identify_keys(found.keys)
    if not is_answered(exchange):
        because = exchange.failure.because if exchange.failure is not None else f"the server answered {exchange.status}"
        return Unknown(f"another fetch gave no set: {because}")
    key_set = endpoint.fetched.sets[at] if at < len(endpoint.fetched.sets) else None
    if key_set is None or key_set.form not in _SETS:
        return Unknown("another fetch gave no set: the answer is not a JWK Set")
    return _identify_keys(key_set.keys)


def _identify_keys(keys: Sequence[Jwk]) -> dict[str, str]:
    return {_identify(key): key.label for key in keys}


def _identify(key: Jwk) -> str:
    """The thumbprint; for an unreadable key, all its public members."""
    found = thumbprint(key)
    if found is not None:
        return found
    octets = {name: value.data if isinstance(value, Octets) else value.because for name, value in key.octets.items()}
    return repr((sorted(key.texts.items()), sorted(octets.items())))


def _compare(old: dict[str, str], new: dict[str, str]) -> str:
    mine, theirs = {*old}, {*new}
    if mine == theirs:
        return "same"
    if not mine or not theirs:
        return "emptied"
    if mine < theirs or theirs < mine:
        return "contained"
    return "disjoint" if mine.isdisjoint(theirs) else "overlapping"


def _is_answered_otherwise(endpoint: Endpoint) -> bool:
    """Whether another client gets a document that is no JWK Set."""
    return any(
        exchange.purpose == "other-client" and is_answered(exchange) and isinstance(_read_keys(endpoint, at, exchange), Unknown)
        for at, exchange in enumerate(endpoint.fetched.exchanges)
    )


def _find_last(endpoint: Endpoint, purpose: Purpose) -> Exchange:
    return [each for each in endpoint.fetched.exchanges if each.purpose == purpose][-1]


FACTS: tuple[Fact, ...] = (
    is_jwk_set,
    is_json,
    form_of_document,
    key_count,
    is_expected_here,
    are_keys_declared,
    was_asked_again,
    was_asked_as_another,
    is_given_to_some_client,
    clients_refused,
    was_asked_over_http,
    agreement,
    keys_not_always_there,
    fetches_apart_s,
    client_agreement,
    is_served_over_http,
)
