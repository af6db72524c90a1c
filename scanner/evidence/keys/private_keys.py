"""Private keys in a file outside key sets: PEM and OpenSSH blocks, private JWKs, and both in base64, as in a Kubernetes Secret.

A block or object must be a whole key: documentation with dots in place of a value, a public key, a certificate and a sentence
about keys do not count. Values do not leave the function that reads them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from itertools import islice

from scanner.evidence.bindings.signs import WRAPPED_KEYS
from scanner.evidence.keys.base64url import decode
from scanner.evidence.keys.jwk import read_jwk
from scanner.evidence.keys.public_half import public_half_of_der, public_half_of_openssh
from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.left_out import LeftOut
from scanner.evidence.model import Jwk, JwkSet, Octets, PrivateKey, Spot
from scanner.files.base64_text import decode_text
from scanner.files.limits import MOST_KEYS, MOST_SIGNS
from scanner.files.read import read
from scanner.files.tree import Mapping, Node, Scalar, Sequence, Unparsed
from scanner.patterns import lazy_pattern
from scanner.redaction.der import base64_octets
from scanner.redaction.key_text import private_key_in_text

_BEGIN = lazy_pattern(r"-----BEGIN ((?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?)PRIVATE KEY-----")
_KTY = lazy_pattern(r'"kty\\*+"\s*+:')
# without such a name no JWK in JSON is private (RFC 7518 §6, RFC 8037 §2, `priv` of AKP)
_PRIVATE_NAME = lazy_pattern(r'"(?:d|priv)\\*+"')
_BARE_KTY = lazy_pattern(r"(?:^|[\s{,-])kty:", re.MULTILINE)
# as in a Kubernetes Secret
_WRAPPED = lazy_pattern(rf"(?:{'|'.join(WRAPPED_KEYS)})[A-Za-z0-9+/=_-]{{40,65536}}")
_TYPES = frozenset({"RSA", "EC", "OKP", "AKP"})
_LONGEST = 64 * 1024
_SHORTEST = 16  # bytes: no private value of a key in use is shorter
_OPENSSH = b"openssh-key-v1\0"


def private_keys(
    text: str, documents: tuple[Node, ...] = (), *, in_sets: int = 0
) -> tuple[tuple[PrivateKey, ...], tuple[LeftOut, ...]]:
    """Every private key of a file, in the order of lines, and the signs of keys that are too many to read; `documents` is the
    result of its format's reader, if there is one. `in_sets`: how many keys its JWK Sets have, which do not count as signs.
    """
    most = MOST_SIGNS + in_sets
    texts = [(text, None), *_unwrap(text)]
    found = [key for inside, spot in texts for key in _find_in_text(inside, spot, most)]
    if _BARE_KTY.search(text):
        found += (key for node in documents for key in _find_in_tree(node))
    found.sort(key=lambda key: (key.spot.line, key.spot.column))
    left_out = [each for inside, spot in texts for each in _list_left_out(inside, spot, most)]
    if len(found) > MOST_KEYS:
        left_out.append(LeftOut("private keys", MOST_KEYS, len(found), found[MOST_KEYS].spot))
    return tuple(found[:MOST_KEYS]), tuple(left_out)


def leave_to_sets(keys: tuple[PrivateKey, ...], jwk_sets: tuple[JwkSet, ...]) -> tuple[PrivateKey, ...]:
    """The private keys that are in none of the published sets of the same file, whose rules accuse those."""
    published = [key for jwk_set in jwk_sets if jwk_set.is_published for key in jwk_set.keys if key.has_secrets]
    spots = {key.spot for key in published}
    known = {thumbprint(key) for key in published} - {None}
    # a text in a member of a key stands below its beginning
    lines = {spot.line for key in published if key.secrets for spot in key.spots.values()}
    return tuple(
        each
        for each in keys
        if each.spot not in spots
        and each.spot.line not in lines
        and (each.public is None or thumbprint(each.public) not in known)
    )


def _list_left_out(text: str, spot: Spot | None, most_jwks: int) -> Iterator[LeftOut]:
    """Each sort of sign of which there are more than are read."""
    sorts = [("private keys in PEM", _BEGIN, MOST_SIGNS), ("keys in base64", _WRAPPED, MOST_SIGNS)]
    if _PRIVATE_NAME.search(text):
        sorts.append(("JWKs", _KTY, most_jwks))
    for what, pattern, most in sorts:
        starts = [found.start() for found in pattern.finditer(text)]
        if len(starts) > most:
            yield LeftOut(f"signs of {what}", most, len(starts), spot or _find_spot(text, starts[most]))


def _find_in_text(text: str, spot: Spot | None, most_jwks: int) -> Iterator[PrivateKey]:
    yield from _find_blocks(text, spot)
    if _PRIVATE_NAME.search(text):
        yield from _find_objects(text, spot, most_jwks)


def _unwrap(text: str) -> Iterator[tuple[str, Spot]]:
    """The texts in base64, each with its place."""
    for found in islice(_WRAPPED.finditer(text), MOST_SIGNS):
        inside = decode_text(found[0])
        if inside is not None:
            yield inside, _find_spot(text, found.start())


def _find_blocks(text: str, spot: Spot | None) -> Iterator[PrivateKey]:
    for begin in islice(_BEGIN.finditer(text), MOST_SIGNS):
        end = text.find(f"-----END {begin[1]}PRIVATE KEY-----", begin.end(), begin.end() + _LONGEST)
        if end >= 0:
            at = spot or _find_spot(text, begin.start())
            key = _read_block(begin[1].strip(), text[begin.end() : end], at)
            if key is not None:
                yield key


def _read_block(kind: str, body: str, spot: Spot) -> PrivateKey | None:
    # in a string of JSON or an environment file, in a comment, or quoted line by line
    lines = [line.strip(" \t\r\"',#") for line in body.replace("\\n", "\n").replace("\\r", "").replace("\\", "").split("\n")]
    headers = [line for line in lines if ":" in line]
    data = base64_octets("".join(line for line in lines if ":" not in line))
    if kind == "OPENSSH":
        return _read_openssh(data, spot)
    if any("ENCRYPTED" in line for line in headers):  # RFC 1421 §4.6.1.1: the body is cipher text
        return PrivateKey("an encrypted private key in PEM", spot, is_encrypted=True) if len(data) >= _SHORTEST else None
    form = private_key_in_text(base64.b64encode(data).decode())
    if form is None:
        return None
    is_encrypted = "encrypted" in form
    public = None if is_encrypted else public_half_of_der(data, spot)
    return PrivateKey(f"{form} in PEM" if "PEM" not in form else form, spot, is_encrypted=is_encrypted, public=public)


def _read_openssh(data: bytes, spot: Spot) -> PrivateKey | None:
    if not data.startswith(_OPENSSH):
        return None
    size = int.from_bytes(data[len(_OPENSSH) : len(_OPENSSH) + 4], "big")
    cipher = data[len(_OPENSSH) + 4 :][: min(size, 64)]
    if cipher != b"none":
        return PrivateKey("an encrypted OpenSSH private key", spot, is_encrypted=True)
    return PrivateKey("an OpenSSH private key", spot, public=public_half_of_openssh(data, spot))


def _find_objects(text: str, spot: Spot | None, most: int) -> Iterator[PrivateKey]:
    """Private JWKs in JSON, also in JSON that is itself a string."""
    tried: set[int] = set()
    for found in islice(_KTY.finditer(text), most):
        start = text.rfind("{", max(0, found.start() - _LONGEST), found.start())
        end = text.find("}", found.end(), found.end() + _LONGEST)
        if start < 0 or end < 0 or start in tried:
            continue
        tried.add(start)
        written = text[start : end + 1]
        parsed = read(written.replace("\\n", " ").replace("\\", "").encode("utf-8", "surrogatepass"), "json")
        if not isinstance(parsed, Unparsed) and isinstance(parsed.documents[0], Mapping):
            yield from _read_private_jwk(parsed.documents[0], spot or _find_spot(text, start))


def _find_in_tree(node: Node) -> Iterator[PrivateKey]:
    """Private JWKs as mappings of another format: `kty: EC` in YAML. Each node once: aliases share them."""
    waiting, seen = [node], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, Scalar):
            continue
        seen.add(id(each))
        waiting += each.items if isinstance(each, Sequence) else [entry.value for entry in each.entries]
        if isinstance(each, Mapping):
            name = each.entry("kty")
            if name is not None and not name.key.is_quoted:
                yield from _read_private_jwk(each, Spot(each.line, each.column))


def _read_private_jwk(entry: Mapping, spot: Spot) -> Iterator[PrivateKey]:
    kty = entry.get("kty")
    if not isinstance(kty, Scalar) or kty.text not in _TYPES:
        return
    if any(_is_private_value(entry.get(name)) for name in ("d", "priv")):
        public: Jwk = read_jwk(entry, 0, is_published=False, spot=spot)
        yield PrivateKey("a private JWK", spot, public=public)


def _is_private_value(node: Node | None) -> bool:
    if not isinstance(node, Scalar):
        return False
    value = decode(node.text)
    return isinstance(value, Octets) and len(value.data) >= _SHORTEST


def _find_spot(text: str, at: int) -> Spot:
    return Spot(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
