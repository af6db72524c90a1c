"""From a visit to its evidence: an issuer's documents, how they came, and which of them did not come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.cpu_clock import Overtime, within
from scanner.evidence.issuers.metadata import read_metadata
from scanner.evidence.keys.jwk_set import read_jwk_set, sets_in_metadata
from scanner.evidence.left_out import make_interrupted
from scanner.evidence.model import Evidence, Fetched, IssuerMetadata, JwkSet, MetadataKind, Spot
from scanner.files.jwt_document import read_claims
from scanner.files.read import read
from scanner.files.tree import Node, Parsed, Unparsed
from scanner.hosts.urls import Origin, origin_of, parts_of
from scanner.record import changed, record
from scanner.sources.exchange import Exchange, Role, Visit

_KINDS: dict[Role, MetadataKind] = {
    "openid-configuration": "openid-provider",
    "oauth-authorization-server": "authorization-server",
}
_NOT_ASKED = "it was not requested: the collection ended before"


@record
class _Read:
    """One URL of the visit, read. `judged`: the exchange whose document the evidence is of. `because`: why there is no document
    to judge, whichever client asked; empty where there is one.
    """

    evidence: Evidence
    fetched: Fetched
    metadata: IssuerMetadata | None
    judged: Exchange
    because: str


def evidence_of(visit: Visit) -> Iterator[tuple[Evidence, bytes]]:
    """The evidence of each URL of the visit, with the bytes of its document (empty where none came). An issuer or JWK Set that
    could not be fetched has evidence too: `unreached`.
    """
    if not visit.exchanges:
        yield Evidence(visit.wanted.issuer, "", 0, unreached={"issuer": _NOT_ASKED, "key_set": _NOT_ASKED}), b""
        return
    reads = [_read_within(visit, exchange) for exchange in visit.exchanges if exchange.purpose == "first"]
    guesses = [each for each in reads if _is_failed_guess(visit, each)]
    reads = [each for each in reads if each not in guesses]
    named = {text for each in reads if each.metadata and isinstance(text := each.metadata.members.get("jwks_uri"), str)}
    unreached = _find_unreached(visit, reads, "".join(map(_tell_guess, guesses)))
    has_no_metadata = _has_no_metadata(reads)
    origins: set[Origin] = set()
    for at, each in enumerate(reads):
        fetched = changed(
            each.fetched,
            is_in_metadata=each.fetched.first.url in named,
            is_first_request_to_origin=_find_origin(each) not in origins,
            has_no_metadata=has_no_metadata,
        )
        origins.add(_find_origin(each))
        evidence = changed(each.evidence, fetched=fetched, unreached=unreached.get(at, {}))
        if any(_is_same_document(each, earlier) for earlier in reads[:at]):
            evidence = changed(evidence, metadata=(), jwk_sets=())  # judging it once is enough
        yield evidence, (each.judged.body or b"") if not each.because else b""


def explain_unreached(visit: Visit) -> str:
    """Why the issuer's metadata or its keys did not come; empty where both did. Nothing is parsed for it."""
    firsts = [_find_judged(visit, each) for each in visit.exchanges if each.purpose == "first"]
    keys = [each for each in firsts if each.role not in _KINDS]
    documents = [each for each in firsts if each.role in _KINDS]
    if any(not explain_failure(each) and each.url == visit.wanted.issuer for each in keys):
        return ""  # the named URL is a JWK Set itself
    # where no metadata was requested, the named URL is that of the keys and not a guess
    missing = [each for each in keys if explain_failure(each) and (each.url != visit.wanted.issuer or not documents)]
    if documents and all(map(explain_failure, documents)):
        missing = [documents[0], *missing]
    reasons = dict.fromkeys(map(explain_failure, missing))
    return "; ".join(reasons) if firsts else _NOT_ASKED


def explain_failure(exchange: Exchange) -> str:
    """Why an exchange gave no document, in words; empty where it gave one."""
    if exchange.has_document:
        return "the answer is a web page" if is_page(exchange.body or b"") else ""
    if exchange.failure is not None:
        return exchange.failure.because
    if exchange.status != 200:
        return f"the server answered {exchange.status}"
    return "the body was not kept: it shows signs of a private key"


def is_page(body: bytes) -> bool:
    """Whether a body is HTML or XML, as firewalls, logins and web applications send instead of a document: no JSON begins with
    `<`.
    """
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _read_within(visit: Visit, first: Exchange) -> _Read:
    """One URL of the visit, read under the clock."""
    try:
        return within(_read, visit, first)
    except Overtime:
        judged = _find_judged(visit, first)
        evidence = make_interrupted(_find_name(visit, first), judged.sha256 or "", len(judged.body or b""))
        because = evidence.unparsed or ""
        return _Read(evidence, Fetched(visit.wanted, first.role, (first,), because=because), None, judged, because)


def _read(visit: Visit, first: Exchange) -> _Read:
    exchanges = (first, *(each for each in visit.exchanges if _is_compared(each, first)))
    judged = _find_judged(visit, first)
    bare = Evidence(_find_name(visit, first), judged.sha256 or "", len(judged.body or b""))
    because = explain_failure(judged)
    fetched = Fetched(visit.wanted, first.role, exchanges, because=explain_failure(first))
    kind = _KINDS.get(first.role)
    if kind is not None:
        return _read_metadata(bare, fetched, kind, judged, because)
    if _is_guess(visit, first) and not because:
        named = _read_named_document(bare, fetched, judged)
        if named is not None:
            return named
    # a set that is fetched again nearly always has the same bytes
    parsed = {body: read(body, "json", templates=False) for body in _list_bodies(exchanges)}
    found = {body: _set(tree, len(body)) for body, tree in parsed.items()}
    sets = tuple(found[each.body] if each.has_document and each.body is not None else None for each in exchanges)
    body = judged.body or b""
    evidence = _set_evidence(bare, parsed[body], found[body]) if not because else bare
    return _Read(evidence, changed(fetched, sets=sets), None, judged, because)


def _find_judged(visit: Visit, first: Exchange) -> Exchange:
    """The exchange whose document is judged: the first, or where the server refuses us and serves another client, that one."""
    if not first.is_refusal:
        return first
    others = (each for each in visit.exchanges if each.purpose == "other-client" and _is_compared(each, first))
    return next((each for each in others if not explain_failure(each)), first)


def _find_name(visit: Visit, first: Exchange) -> str:
    """The name of the document in reports: its URL. A name from the server may look like a file of the scanned tree."""
    if first.url.lower().startswith(("https://", "http://")):
        return first.url
    return f"{visit.wanted.issuer}#jwks_uri={first.url}"


def _is_compared(other: Exchange, first: Exchange) -> bool:
    return other.purpose != "first" and other.role == first.role and _find_place(other.url) == _find_place(first.url)


def _find_place(url: str) -> tuple[str, str]:
    """A URL without scheme and port: the same place with and without TLS."""
    parts = parts_of(url)
    return parts.host, parts.target.partition("#")[0]


def _read_metadata(bare: Evidence, fetched: Fetched, kind: MetadataKind, judged: Exchange, because: str) -> _Read:
    if because:
        return _Read(bare, fetched, None, judged, because)
    parsed = read(judged.body or b"", "json", templates=False)
    if isinstance(parsed, Unparsed):
        because = f"the answer is not JSON: {parsed.because}"
        return _Read(_make_unparsed(bare, parsed), changed(fetched, because=fetched.because or because), None, judged, because)
    node = parsed.documents[0]
    metadata = read_metadata(node, faults=parsed.faults, kind=kind)
    if metadata is None:
        because = "the answer is not a JSON object"
        return _Read(bare, changed(fetched, because=fetched.because or because), None, judged, because)
    return _make_read(bare, fetched, metadata, node, judged)


def _read_named_document(bare: Evidence, fetched: Fetched, judged: Exchange) -> _Read | None:
    """The document at a URL that the user named, where it is metadata of some kind: of a protected resource (RFC 9728 §3), of
    an issuer of credentials, of a federation's entity as a JWT. None for everything else.
    """
    body = judged.body or b""
    parsed = read(body, "json", templates=False)
    claims = read_claims(body) if isinstance(parsed, Unparsed) else parsed
    if claims is None:
        return None
    node = claims.documents[0]
    metadata = read_metadata(node, faults=claims.faults, path=parts_of(judged.url).target)
    if metadata is None:
        return None
    # it is a document about somebody, and not one of keys
    return _make_read(bare, changed(fetched, role="oauth-authorization-server"), metadata, node, judged)


def _make_read(bare: Evidence, fetched: Fetched, metadata: IssuerMetadata, node: Node, judged: Exchange) -> _Read:
    sets = sets_in_metadata(node)
    has_secrets = any(each.has_secrets for each in sets)
    evidence = changed(bare, metadata=(metadata,), jwk_sets=sets, has_secrets=has_secrets)
    return _Read(evidence, fetched, metadata, judged, "")


def _list_bodies(exchanges: Iterable[Exchange]) -> set[bytes]:
    """The bodies of the visit, each once."""
    return {each.body for each in exchanges if each.has_document and each.body is not None}


def _set(parsed: Parsed | Unparsed, size: int) -> JwkSet | None:
    """The JWK Set in a body of `size` bytes, or a form mistaken for one. None where it is not JSON."""
    if isinstance(parsed, Unparsed):
        return None
    return read_jwk_set(parsed.documents[0], faults=parsed.faults, path="jwks.json", size=size)


def _set_evidence(bare: Evidence, parsed: Parsed | Unparsed, jwk_set: JwkSet | None) -> Evidence:
    if jwk_set is not None:
        return changed(bare, jwk_sets=(jwk_set,), has_secrets=jwk_set.has_secrets)
    evidence = changed(bare, jwk_sets=(JwkSet(form="unreadable", keys=(), spot=Spot(1, 1)),))
    return _make_unparsed(evidence, parsed) if isinstance(parsed, Unparsed) else evidence


def _make_unparsed(evidence: Evidence, unparsed: Unparsed) -> Evidence:
    spot = Spot(unparsed.line, unparsed.column or 1) if unparsed.line is not None else None
    # its content was not checked for secrets, so no line of it is shown
    return changed(evidence, unparsed=unparsed.because, unparsed_spot=spot, has_secrets=True)


def _find_origin(each: _Read) -> Origin:
    return origin_of(each.fetched.first.url)


def _is_same_document(one: _Read, other: _Read) -> bool:
    """Whether two well-known documents have the same bytes, as with nearly all issuers that publish both."""
    return one.metadata is not None and other.metadata is not None and one.evidence.sha256 == other.evidence.sha256


def _is_failed_guess(visit: Visit, each: _Read) -> bool:
    """Whether the scanner tried the URL that the user named as a JWK Set, and it is not one: then it is an issuer, and its
    metadata says why it was not reached. A set that configuration names by its URL is not a guess.
    """
    is_guess = _is_guess(visit, each.fetched.first) and each.fetched.role == "jwks"
    return is_guess and all(found.form == "unreadable" for found in each.evidence.jwk_sets)


def _is_guess(visit: Visit, first: Exchange) -> bool:
    wanted = visit.wanted
    return first.role == "jwks" and not wanted.is_declared and first.url == wanted.issuer != wanted.jwks_uri


def _has_no_metadata(reads: list[_Read]) -> bool | None:
    """Whether the server itself says that the well-known documents do not exist; None where that is unknown."""
    if any(each.metadata for each in reads):
        return False
    documents = [each.fetched.first for each in reads if each.fetched.role in _KINDS]
    return True if documents and all(each.failure is None and each.status in (404, 410) for each in documents) else None


def _tell_guess(guess: _Read) -> str:
    """What the named URL gives, where it gives something: the reason is not that there is nothing."""
    if guess.judged.status != 200:
        return ""
    return f"; the named URL itself gives no JWK Set: {guess.because or 'the answer is not JSON'}"


def _find_unreached(visit: Visit, reads: list[_Read], guess: str) -> dict[int, dict[str, str]]:
    """By position in `reads`: the kinds of subject that could not be fetched, each with the reason. One of the two well-known
    documents is enough. `guess`: what to add to the reason.
    """
    unreached: dict[int, dict[str, str]] = {}
    documents = [at for at, each in enumerate(reads) if each.fetched.role in _KINDS]
    keys = [at for at, each in enumerate(reads) if each.fetched.role not in _KINDS]
    is_named_set = any(reads[at].fetched.first.url == visit.wanted.issuer and not visit.wanted.is_declared for at in keys)
    if documents and not is_named_set and not any(reads[at].metadata for at in documents):
        because = reads[documents[0]].because + guess
        unreached[documents[0]] = {"issuer": because}
        if not keys:
            unreached[documents[0]]["key_set"] = f"its jwks_uri is not known: {because}"
    for at in keys:
        if reads[at].because:
            unreached.setdefault(at, {})["key_set"] = reads[at].because
    return unreached
