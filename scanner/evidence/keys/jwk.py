"""A reader of JWKs (RFC 7517 §4): libraries refuse the keys that must be reported.

It keeps the names of private members and drops their values at once, so the result cannot disclose them.
"""

from __future__ import annotations

from scanner.evidence.keys.base64url import decode, decode_standard
from scanner.evidence.keys.secrets import private_key_in
from scanner.evidence.model import JsonType, Jwk, Octets, Spot, Unread
from scanner.files.limits import MOST_CERTIFICATES
from scanner.files.tree import Mapping, Node, Scalar, Sequence
from scanner.redaction.key_text import is_called_secret

# RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2; `priv` of AKP. `p`… of an unknown kty count as private as well.
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
_OCTETS = frozenset({"n", "e", "x", "y", "pub", "x5t", "x5t#S256"})


def read_jwk(
    entry: Mapping,
    index: int,
    *,
    is_published: bool,
    spot: Spot | None = None,
    is_in_spiffe_bundle: bool = False,
    is_historical: bool = False,
) -> Jwk:
    """One entry of a set. `spot` replaces every position where the key comes from a string."""
    reader = _JwkReader(spot)
    for member in entry.entries:
        reader.place(member.key)
        reader.member(member.key.text, member.value)
    return Jwk(
        index=index,
        spot=spot or Spot(entry.line, entry.column),
        members=tuple(reader.spots),
        texts=reader.texts,
        octets=reader.octets,
        types=reader.types,
        numbers=reader.numbers,
        empty=tuple(dict.fromkeys(reader.empty)),
        repeated=tuple(dict.fromkeys(reader.repeated)),
        private=tuple(reader.private),
        empty_private=tuple(name for name in dict.fromkeys(reader.empty_private) if name not in reader.private),
        private_half_fits=_is_private_half_matching(reader),
        secrets=tuple(dict.fromkeys(reader.secrets)),
        secret_names=tuple(dict.fromkeys(reader.secret_names)),
        key_ops=reader.key_ops,
        certificates=reader.certificates,
        certificate_count=reader.certificate_count,
        spots=reader.spots,
        is_published=is_published,
        is_in_spiffe_bundle=is_in_spiffe_bundle,
        is_historical=is_historical,
        revocation_reason=_read_revocation_reason(entry) if is_historical else None,
        secret_digests=_find_secret_digests(reader),
    )


class _JwkReader:
    """The parts of a JWK read so far. `private` has the private texts only until the key is built."""

    def __init__(self, spot: Spot | None) -> None:
        self.spot = spot
        self.texts: dict[str, str] = {}
        self.octets: dict[str, Octets | Unread] = {}
        self.numbers: dict[str, int | float] = {}
        self.types: dict[str, JsonType] = {}
        self.spots: dict[str, Spot] = {}
        self.empty: list[str] = []
        self.repeated: list[str] = []
        self.private: dict[str, str | None] = {}
        self.empty_private: list[str] = []
        self.secrets: list[tuple[str, str]] = []
        self.secret_names: list[str] = []
        self.key_ops: tuple[str, ...] | None = None
        self.certificates: tuple[Octets | Unread, ...] | Unread | None = None
        self.certificate_count = 0

    def place(self, key: Scalar) -> None:
        """Where a member stands; a repeated one at its last place."""
        if key.text in self.spots:
            self.repeated.append(key.text)
        self.spots[key.text] = self.spot or Spot(key.line, key.column)

    def member(self, name: str, value: Node) -> None:
        """Read one member. Of a possible secret only the name is kept."""
        self.types[name] = json_type(value)
        is_empty = _is_empty(value)
        if name in PRIVATE:
            if is_empty:
                self.empty_private.append(name)
            else:
                # a number has digits and no bytes
                self.private[name] = value.text if isinstance(value, Scalar) and isinstance(value.value, str) else None
            return
        if is_empty:
            self.empty.append(name)
        text = value.text if isinstance(value, Scalar) and isinstance(value.value, str) else None
        if self._is_secret(name, value, text):
            return
        if name in _OCTETS:
            self.octets[name] = decode(text) if text is not None else Unread("it is not a string", "not-text")
        elif name == "key_ops":
            self.key_ops = _texts(value)
        elif name == "x5c" and self.types[name] != "null":
            self.certificates = _read_certificates(value)
            self.certificate_count = len(value.items) if isinstance(value, Sequence) else 0
        elif text is not None and "PRIVATE KEY-----" not in text:  # a damaged block is not a key, nor kept
            self.texts[name] = text
        elif isinstance(value, Scalar) and type(value.value) in (int, float):
            self.numbers[name] = value.value  # type: ignore[assignment]

    def _is_secret(self, name: str, value: Node, text: str | None) -> bool:
        if name in _OCTETS and text is not None and not text.startswith(("M", "-", "b3BlbnNzaC")):
            return False  # every ordinary value passes here: all other forms of a private key contain one of these
        found = private_key_in(value)
        if found is not None:
            self.secrets.append((name, found))
        elif text and is_called_secret(name):
            self.secret_names.append(name)
        else:
            return False
        return True


def _read_revocation_reason(entry: Mapping) -> str | None:
    """`revoked.reason` (OpenID Federation §8.7.2)."""
    revoked = entry.get("revoked")
    reason = revoked.get("reason") if isinstance(revoked, Mapping) else None
    return reason.text if isinstance(reason, Scalar) else None


def json_type(value: Node) -> JsonType:
    """The JSON type of a value."""
    if isinstance(value, Mapping):
        return "object"
    if isinstance(value, Sequence):
        return "array"
    if value.value is None:
        return "null"
    if isinstance(value.value, bool):
        return "boolean"
    return "string" if isinstance(value.value, str) else "number"


def _is_empty(value: Node) -> bool:
    """Whether a value is empty: serialisers write `""`, null, `[]` and `{}`."""
    if isinstance(value, Scalar):
        return value.value is None or not value.text or value.text.isspace()
    return not (value.items if isinstance(value, Sequence) else value.entries)


def _texts(value: Node) -> tuple[str, ...] | None:
    if not isinstance(value, Sequence):
        return None
    return tuple(item.text for item in value.items if isinstance(item, Scalar))


def _read_certificates(value: Node) -> tuple[Octets | Unread, ...] | Unread:
    if not isinstance(value, Sequence):
        return Unread("x5c is not an array", "not-text")
    return tuple(
        decode_standard(item.text)
        if isinstance(item, Scalar) and isinstance(item.value, str)
        else Unread("it is not a string", "not-text")
        for item in value.items[:MOST_CERTIFICATES]
    )


def _find_secret_digests(reader: _JwkReader) -> tuple[str, ...]:
    secret = reader.private.get("k")
    if secret is None:
        return ()
    from scanner.evidence.keys.secret_digests import digests_of  # few keys are symmetric

    return digests_of(secret)


def _is_private_half_matching(reader: _JwkReader) -> bool | None:
    if not reader.private:
        return None
    from scanner.evidence.keys.private_half import is_matching  # cryptography, and only where a key has leaked

    return is_matching(reader.texts, reader.octets, reader.private)
