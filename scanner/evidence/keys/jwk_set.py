"""Recognising a JWK Set (RFC 7517 §5), and the other forms that are mistaken for one."""

from __future__ import annotations

from scanner.evidence.keys.jwk import PRIVATE, read_jwk
from scanner.evidence.keys.set_document import describe
from scanner.evidence.keys.wrapped_sets import WrappedKey, find_wrapped_keys
from scanner.evidence.model import JwkSet, SetDocument, SetForm, Spot
from scanner.files.read import read
from scanner.files.tree import Fault, Mapping, Node, Scalar, Sequence, Unparsed
from scanner.patterns import lazy_pattern

# the IANA registry's key types on 2026-11-01, and the member that identifies a key outside a set
_KEY_TYPES = frozenset({"RSA", "EC", "OKP", "oct", "AKP"})
_MATERIAL = frozenset({"n", "e", "x", "y", "crv", "k", "pub", "x5c", "kid", "alg", "use"}) | PRIVATE
_OF_CONFIGURATION = frozenset({"apiVersion", "$schema", "kind", "openapi", "swagger", "resources"})
_OF_STUBS = frozenset({"request", "response"})
_SPIFFE_USES = frozenset({"x509-svid", "jwt-svid", "wit-svid"})
_PEM = lazy_pattern(r"-----BEGIN (CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|[A-Z ]*PRIVATE KEY)-----")


def read_jwk_set(
    node: Node,
    *,
    faults: tuple[Fault, ...] = (),
    path: str = "",
    size: int = 0,
    is_published: bool = True,
    spot: Spot | None = None,
    is_searched: bool = False,
) -> JwkSet | None:
    """The JWK Set that `node` is, or the form mistaken for one; None for any other document. `is_searched`: a document with
    another name may hold keys in another shell; nobody fetches it as a set.
    """
    form = _find_form(node, path)
    if form == "other" or (form is None and is_searched):
        wrapped = find_wrapped_keys(node, _is_jwk)
        if wrapped:
            is_published = is_published and form is not None
            return _make_wrapped(wrapped, node, faults=faults, size=size, is_published=is_published, spot=spot)
    if form is None:
        return None
    entries = _list_entries(node, form)
    is_historical = _is_historical(node, entries)
    keys = tuple(
        read_jwk(
            entry,
            index,
            is_published=is_published,
            spot=spot,
            is_in_spiffe_bundle=form == "spiffe-bundle",
            is_historical=is_historical,
        )
        for index, entry in enumerate(entries)
        if isinstance(entry, Mapping)
    )
    return JwkSet(
        form=form,
        keys=keys,
        spot=spot or Spot(node.line, node.column),
        unread_entries=len(entries) - len(keys),
        faults=faults,
        is_published=is_published,
        document=describe(node, size=size) if is_published else SetDocument(),
    )


def _make_wrapped(
    wrapped: list[WrappedKey], node: Node, *, faults: tuple[Fault, ...], size: int, is_published: bool, spot: Spot | None
) -> JwkSet:
    """The keys that stand in another shell, as a set."""
    keys = tuple(
        read_jwk(each.entry, index, is_published=is_published, spot=each.spot or spot) for index, each in enumerate(wrapped)
    )
    document = describe(node, size=size) if is_published else SetDocument()
    place = spot or Spot(node.line, node.column)
    return JwkSet("wrapped", keys, place, faults=faults, is_published=is_published, document=document)


def sets_in_metadata(node: Node) -> tuple[JwkSet, ...]:
    """The JWK Sets in metadata itself (RFC 7591 §2), if there are any."""
    inside = node.get("jwks") if isinstance(node, Mapping) else None
    jwk_set = read_jwk_set(inside) if inside is not None else None
    return (jwk_set,) if jwk_set is not None else ()


def make_unreadable_set(path: str, spot: Spot | None) -> JwkSet | None:
    """An unreadable set for a file with the name of a JWK Set that is not JSON: an error page, half a file. None for others."""
    return JwkSet(form="unreadable", keys=(), spot=spot or Spot(1, 1)) if _is_called_a_set(path) else None


def read_embedded(text: str, *, spot: Spot | None = None) -> tuple[JwkSet | None, int, str | None]:
    """Keys written into configuration: the JWK Set of a JSON text, or how many PEM blocks, or why neither."""
    blocks = len(_PEM.findall(text))
    if blocks:
        return None, blocks, None
    if not text.lstrip().startswith(("{", "[")):
        return None, 0, "it is neither a JWK Set nor PEM"
    parsed = read(text.encode("utf-8", "surrogatepass"), "json")
    if isinstance(parsed, Unparsed):
        return None, 0, "it is not JSON"
    node = parsed.documents[0]
    found = read_jwk_set(node, faults=parsed.faults, is_published=False, spot=spot) or read_empty_set(node, spot)
    return (found, 0, None) if found is not None else (None, 0, "it is not a JWK Set")


def read_empty_set(node: Node, spot: Spot | None) -> JwkSet | None:
    """The embedded JWK Set that `node` is, where it has no key; None for anything else."""
    keys = node.get("keys") if isinstance(node, Mapping) else None
    if not isinstance(keys, Sequence) or keys.items:
        return None
    return JwkSet(form="jwk-set", keys=(), spot=spot or Spot(node.line, node.column), is_published=False)


def _is_called_a_set(path: str) -> bool:
    name = path.rsplit("/", 1)[-1].lower()
    # `jwksgov-report.json` is the name of a report of ours
    return "jwks" in name.replace("jwksgov", "") and name.endswith(("jwks", ".json", ".jwks"))


def _is_historical(node: Node, entries: tuple[Node, ...]) -> bool:
    """Whether this is the payload of a federation's historical keys (OpenID Federation §8.7.2): it has `iss` and
    expired keys.
    """
    if not isinstance(node, Mapping) or "iss" not in node.names():
        return False
    return any(isinstance(entry, Mapping) and {"exp", "revoked"} & {*entry.names()} for entry in entries)


def _find_form(node: Node, path: str) -> SetForm | None:
    is_called_so = _is_called_a_set(path)
    if isinstance(node, Sequence):
        if node.items and all(_is_jwk(item) for item in node.items):
            return "bare-array"
        return "other" if is_called_so else None
    if not isinstance(node, Mapping):
        return "other" if is_called_so else None
    keys = node.get("keys")
    if isinstance(keys, Sequence):
        return _find_form_of_set(node, keys, is_called_so)
    if _is_jwk(node):
        return "bare-jwk"
    if _is_pem_map(node):
        return "pem-map"
    return "other" if is_called_so and not _looks_like_configuration(node) else None


def _find_form_of_set(node: Mapping, keys: Sequence, is_called_so: bool) -> SetForm | None:
    names = node.names()
    if "spiffe_sequence" in names or "spiffe_refresh_hint" in names:
        return "spiffe-bundle"
    entries = [entry for entry in keys.items if isinstance(entry, Mapping)]
    if not any("kty" in entry.names() for entry in entries):
        return "jwk-set" if is_called_so and (entries or not keys.items) else None
    uses = [_text(entry, "use") for entry in entries]
    return "spiffe-bundle" if all(use in _SPIFFE_USES for use in uses) else "jwk-set"


def _is_jwk(node: Node) -> bool:
    if not isinstance(node, Mapping):
        return False
    return _text(node, "kty") in _KEY_TYPES and any(name in _MATERIAL for name in node.names())


def _is_pem_map(node: Mapping) -> bool:
    values = [entry.value for entry in node.entries]
    return bool(values) and all(isinstance(value, Scalar) and _PEM.search(value.text) for value in values)


def _looks_like_configuration(node: Mapping) -> bool:
    """Whether the file is a manifest, a schema or the stub of a request and its response, which a name like jwks-something.json
    does not exclude.
    """
    names = set(node.names())
    return not names.isdisjoint(_OF_CONFIGURATION) or names >= _OF_STUBS


def _list_entries(node: Node, form: SetForm) -> tuple[Node, ...]:
    if form == "bare-jwk":
        return (node,)
    if isinstance(node, Sequence):
        return node.items
    keys = node.get("keys") if isinstance(node, Mapping) else None
    return keys.items if isinstance(keys, Sequence) else ()


def _text(node: Mapping, name: str) -> str | None:
    value = node.get(name)
    return value.text if isinstance(value, Scalar) else None
