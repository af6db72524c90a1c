"""Bindings out of configuration, as platform files describe them. No platform has code of its own here.

Recognition is a look at the bytes: a platform is compiled and asked only where its needles occur.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scanner.errors import PolicyError
from scanner.evidence.flat_settings import Flat, flatten, groups
from scanner.evidence.jwk_set import read_embedded
from scanner.evidence.model import FIELDS, Binding, JwkSet, Setting, Spot
from scanner.evidence.placeholders import Lookup, is_open, lookup_in, nothing, resolve
from scanner.evidence.selectors import BadPath, Selector, Trail, compile_path, exact, relaxed
from scanner.evidence.values import boolean, seconds, texts
from scanner.files.tree import Node, Parsed, Scalar
from scanner.pack.model import Behaviour, FieldSpec, Platform, Read
from scanner.record import record

# one of these words is in every file that a platform can recognise; a test holds every example against them
STEMS = (b"jwt", b"jwk", b"oauth", b"oidc", b"openid")
# where one of these is written, somebody trusts keys there
_NEEDED = ("issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file")
# the most telling statement of a binding gives its place
_PLACES = ("jwks_uri", "inline_keys", "key_file", "issuer", "discovery_url")
_LISTS = frozenset({"audiences", "algorithms"})
_SECONDS = frozenset({"cache_s", "skew_s"})
_BOOLEANS = frozenset({"verifies_tls", "fails_open", "checks_issuer", "checks_audience"})


class PlatformReaders:
    """The platforms of one pack."""

    def __init__(self, platforms: Iterable[Platform]) -> None:
        self._reads = [_Reader(platform, read) for platform in platforms for read in platform.reads]

    def is_candidate(self, lower: bytes) -> bool:
        """Whether some platform's needles occur in the lower-cased bytes."""
        return any(stem in lower for stem in STEMS) and any(read.may_read(lower) for read in self._reads)

    def bindings(self, parsed: Parsed, lower: bytes) -> tuple[Binding, ...]:
        """Every binding of the file, document by document, in the order of the platforms."""
        reads = [read for read in self._reads if parsed.format in read.read.formats and read.may_read(lower)]
        return tuple(binding for node in parsed.documents for read in reads for binding in read.bindings(node))


def compile_platforms(platforms: Iterable[Platform]) -> PlatformReaders:
    """Readers for `platforms`; a path that cannot be read is a PolicyError when it is first used."""
    return PlatformReaders(platforms)


def check_platform(platform: Platform) -> None:
    """Compile every path now; PolicyError with the platform's place."""
    for read in platform.reads:
        _Reader(platform, read).compile()


def binding_from_settings(settings: Mapping[str, Any]) -> Binding:
    """A binding whose settings are given: for examples of rules about what no platform file says yet. Besides the fields
    it may name `platform`, `role` and `has_symmetric_secret`.
    """
    spot = Spot(1, 1)
    given = {name: Setting("set", settings[name], settings[name], spot=spot) for name in FIELDS if name in settings}
    return Binding(
        platform=str(settings.get("platform", "example")),
        role=str(settings.get("role", "access_token")),
        spot=spot,
        settings={name: given.get(name, Setting("unknown")) for name in FIELDS},
        has_symmetric_secret=bool(settings.get("has_symmetric_secret", False)),
    )


@record
class _Compiled:
    at: Selector | None
    where: tuple[Selector, ...]
    fields: tuple[tuple[str, FieldSpec, Selector], ...]


class _Reader:
    """One read of one platform."""

    def __init__(self, platform: Platform, read: Read) -> None:
        self.platform = platform
        self.read = read
        self.needles = [needle.lower().encode() for needle in read.needles or _derived(read)]
        self.spelling = relaxed if read.names == "relaxed" else exact
        self.compiled: _Compiled | None = None

    def may_read(self, lower: bytes) -> bool:
        return all(needle in lower for needle in self.needles)

    def compile(self) -> _Compiled:
        if self.compiled is None:
            try:
                fields = [
                    (name, spec if isinstance(spec, FieldSpec) else FieldSpec(path=spec))
                    for name, spec in self.read.fields.items()
                ]
                for name, _ in fields:
                    if name not in FIELDS:
                        raise BadPath(f"`{name}` is no field of a binding; the fields are {', '.join(FIELDS)}")
                self.compiled = _Compiled(
                    at=compile_path(self.read.at, self.spelling) if self.read.at else None,
                    where=tuple(compile_path(f"$[{each}]", exact) for each in self.read.where),
                    fields=tuple((name, spec, compile_path(spec.path, self.spelling)) for name, spec in fields),
                )
            except BadPath as bad:
                raise PolicyError(
                    what=f"platform `{self.platform.id}`: {bad}",
                    where=self.platform.place,
                    remedy="The head of scanner/evidence/selectors.py shows every construct.",
                ) from None
            if (self.read.at is None) == (self.read.settings is None):
                raise PolicyError(
                    what=f"a read of platform `{self.platform.id}` needs exactly one of `at` and `settings`",
                    where=self.platform.place,
                    remedy="Write `at: path` for nested configuration, `settings: dotted.prefix` for properties.",
                )
        return self.compiled

    def bindings(self, node: Node) -> Iterator[Binding]:
        compiled = self.compile()
        top = Trail(node)
        if not all(where.select(top) for where in compiled.where):
            return
        lookup: Lookup = nothing
        if compiled.at is not None:
            roots = compiled.at.select(top)
        else:
            flats = list(flatten(node))
            roots = [Trail(group, key, top) for key, group in groups(flats, self.read.settings or "", self.spelling)]
            if self.read.placeholders == "spring":
                lookup = lookup_in(_texts_by_name(flats))
        for root in roots:
            binding = self._binding(root, compiled, lookup)
            if binding is not None:
                yield binding

    def _binding(self, root: Trail, compiled: _Compiled, lookup: Lookup) -> Binding | None:
        if _is_whole_template(root.node):
            return self._open_binding(root)
        found: dict[str, Setting] = {}
        keys = _Keys()
        for name, spec, selector in compiled.fields:
            setting = _setting(name, spec, selector.select(root), lookup, keys)
            if setting is not None:
                found[name] = setting
        needed = self.read.needs or _NEEDED
        if not any(name in found for name in needed):
            return None
        spot = next((found[name].spot for name in _PLACES if name in found and found[name].spot), None)
        return Binding(
            platform=self.platform.id,
            role=self.read.role,
            spot=spot or Spot(root.node.line, root.node.column),
            settings={name: found.get(name) or self._default(name) for name in FIELDS},
            embedded=keys.jwk_set,
            embedded_pem=keys.pem,
            has_symmetric_secret=keys.is_secret,
            embedded_because=keys.because,
        )

    def _open_binding(self, root: Trail) -> Binding:
        """A whole list that a template fills: one binding of which nothing is known but that it is there."""
        assert isinstance(root.node, Scalar)
        spot = Spot(root.node.line, root.node.column)
        fields = set(self.read.fields)
        return Binding(
            platform=self.platform.id,
            role=self.read.role,
            spot=spot,
            settings={name: Setting("unresolved", spot=spot) if name in fields else self._default(name) for name in FIELDS},
        )

    def _default(self, name: str) -> Setting:
        known: Behaviour | None = self.read.behaviour.get(name) or self.platform.behaviour.get(name)
        if known is None or known.value is None:
            return Setting("unknown")
        return Setting("default", known.value, known.value, known.confidence, known.source)


class _Keys:
    """What the keys embedded in a binding turned out to be. Their text is not kept."""

    def __init__(self) -> None:
        self.jwk_set: JwkSet | None = None
        self.pem = 0
        self.because: str | None = None

    @property
    def is_secret(self) -> bool:
        """Whether a symmetric or a private key is among them."""
        return self.jwk_set is not None and any(key.private for key in self.jwk_set.keys)

    def read(self, text: str, spot: Spot) -> int:
        """Take note of the keys in `text`; how many there are (at least one: something is embedded)."""
        self.jwk_set, self.pem, self.because = read_embedded(text, spot=spot)
        return max(len(self.jwk_set.keys) if self.jwk_set else self.pem, 1)


def _is_whole_template(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_masked


def _setting(name: str, spec: FieldSpec, trails: list[Trail], lookup: Lookup, keys: _Keys) -> Setting | None:
    """A field that the file sets, or None where it is left out, empty or null."""
    if not trails:
        return None
    node = trails[0].node
    spot = Spot(node.line, node.column)
    if spec.exists or spec.equals is not None:
        value = spec.equals is None or (isinstance(node, Scalar) and node.text == spec.equals)
        return Setting("set", value != spec.invert, value != spec.invert, spot=spot)
    if isinstance(node, Scalar) and (node.value is None or not node.text.strip()) and not node.is_masked:
        return None
    if name in _LISTS:
        return _listed([text for trail in trails for text in texts(trail.node, spec.split)], lookup, spot)
    if name in _SECONDS:
        counted = seconds(node, spec.unit)
        return Setting("set", counted, counted, spot=spot) if counted is not None else Setting("unresolved", None, spot=spot)
    if not isinstance(node, Scalar):
        return None
    if name in _BOOLEANS:
        said = boolean(node)
        if said is None:
            return Setting("unresolved", node.text, spot=spot)
        return Setting("set", said != spec.invert, said != spec.invert, spot=spot)
    text = node.text.strip()
    full = resolve(text, lookup)
    if name == "inline_keys":
        if full is None and not text.startswith(("{", "-----")):
            return Setting("unresolved", None, spot=spot)
        count = keys.read(text, spot)
        return Setting("set", count, count, spot=spot)
    if spec.format is not None:
        text, full = spec.format.format(text), spec.format.format(full) if full else None
    return Setting("set" if full else "unresolved", text, full or None, spot=spot)


def _listed(values: list[str], lookup: Lookup, spot: Spot) -> Setting | None:
    if not values:
        return None
    if any(is_open(value) and resolve(value, lookup) is None for value in values):
        return Setting("unresolved", values, spot=spot)
    return Setting("set", values, [resolve(value, lookup) for value in values], spot=spot)


def _texts_by_name(flats: list[Flat]) -> dict[str, str]:
    return {".".join(flat.parts): flat.value.text for flat in flats if isinstance(flat.value, Scalar)}


def _derived(read: Read) -> list[str]:
    """The literals that the bytes must hold, from the path or prefix and the conditions on the document."""
    text = read.settings or read.at or ""
    words = re.findall(r"[A-Za-z0-9]{3,}", re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", text))
    for where in read.where:
        words += re.findall(r"[A-Za-z0-9]{6,}", where.partition("=")[2])[:1]
    return words
