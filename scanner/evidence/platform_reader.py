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
from scanner.evidence.placeholders import Lookup, fill, is_open, lookup_in, nothing, resolve
from scanner.evidence.selectors import BadPath, Selector, TooMuch, Trail, Walk, compile_path, exact, items, relaxed
from scanner.evidence.values import boolean, seconds, texts
from scanner.files.tree import Parsed, Scalar, Sequence
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
_FORMAT_PART = re.compile(r"\{([^{}]*)\}")
# what a platform does that no setting of a binding says
_BEHAVIOURS = (
    "new_key_visible_s", "removed_key_trusted_s", "issuer_check", "audience_check", "unknown_kid_refetch",
    "unknown_kid_min_interval_s", "refresh_model", "endpoint_down", "stale_max_s", "header_key_sources",
    "expiry_required", "kid_required", "multi_issuer",
)  # fmt: skip


class PlatformReaders:
    """The platforms of one pack. A path that cannot be read is a PolicyError when it is first used."""

    def __init__(self, platforms: Iterable[Platform]) -> None:
        self._reads = [_Reader(platform, read) for platform in platforms for read in platform.reads]

    def is_candidate(self, lower: bytes) -> bool:
        """Whether some platform's needles occur in the lower-cased bytes."""
        return any(stem in lower for stem in STEMS) and any(read.may_read(lower) for read in self._reads)

    def bindings(self, parsed: Parsed, lower: bytes) -> tuple[Binding, ...]:
        """Every binding of the file, platform by platform, each in the order of its documents."""
        reads = [read for read in self._reads if parsed.format in read.read.formats and read.may_read(lower)]
        return tuple(binding for read in reads for binding in read.bindings(parsed))


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
class _Field:
    """A field of a read, compiled. `parts` are the paths that its format names."""

    name: str
    spec: FieldSpec
    selector: Selector
    parts: Mapping[str, Selector]


@record
class _Compiled:
    at: Selector | None
    where: tuple[Selector, ...]
    fields: tuple[_Field, ...]
    conditional: frozenset[str]


@record
class _Around:
    """What holds for every binding of one document: the patience that is left for the file, the file's own definitions,
    the line that the document's own words begin on, and whether the file is a template.
    """

    walk: Walk
    lookup: Lookup
    first_line: int
    is_masked: bool


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
                self._check_names()
                self.compiled = _Compiled(
                    at=compile_path(self.read.at, self.spelling) if self.read.at else None,
                    where=tuple(compile_path(f"$[{each}]", exact) for each in self.read.where),
                    fields=tuple(self._field(name, spec) for name, spec in self.read.fields.items()),
                    conditional=frozenset(self.spelling(name) for name in self.read.conditional),
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

    def _field(self, name: str, written: str | FieldSpec) -> _Field:
        spec = written if isinstance(written, FieldSpec) else FieldSpec(path=written)
        parts = [part for part in _FORMAT_PART.findall(spec.format or "") if part]
        selectors = {part: compile_path(part, self.spelling) for part in parts}
        return _Field(name, spec, compile_path(spec.path, self.spelling), selectors)

    def _check_names(self) -> None:
        for name in (*self.read.fields, *self.read.needs):
            if name not in FIELDS:
                raise BadPath(f"`{name}` is no field of a binding; the fields are {', '.join(FIELDS)}")
        for name in (*self.read.behaviour, *self.platform.behaviour):
            if name not in FIELDS and name not in _BEHAVIOURS:
                raise BadPath(f"`{name}` is no behaviour; they are {', '.join((*FIELDS, *_BEHAVIOURS))}")

    def bindings(self, parsed: Parsed) -> Iterator[Binding]:
        compiled = self.compile()
        before: list[Flat] = []
        walk = Walk()
        for node in parsed.documents:
            top = Trail(node)
            around = _Around(walk, nothing, 0, parsed.is_masked)
            if not all(where.select(top) for where in compiled.where):
                continue
            if compiled.at is not None:
                roots = _roots(compiled.at, top)
            else:
                flats = list(flatten(node))
                everything = [*before, *flats]
                roots = [Trail(made, key, top) for key, made in groups(everything, self.read.settings or "", self.spelling)]
                lookup = lookup_in(_texts_by_name(everything)) if self.read.placeholders == "spring" else nothing
                around = _Around(walk, lookup, node.line, parsed.is_masked)
                if not any(self.spelling(".".join(flat.parts)) in compiled.conditional for flat in flats):
                    before = everything
            made_of = (self._binding(root, compiled, around) for root in roots)
            yield from (binding for binding in made_of if binding is not None)

    def _binding(self, root: Trail, compiled: _Compiled, around: _Around) -> Binding | None:
        if isinstance(root.node, Scalar) and _is_left_to_a_template(root.node, around.is_masked):
            return self._open_binding(root)
        found: dict[str, Setting] = {}
        keys = _Keys()
        for each in compiled.fields:
            try:
                trails = (each.selector.select_all if each.spec.every else each.selector.select)(root, around.walk)
                setting = _setting(each, trails, root, around, keys)
            except TooMuch:
                # the file has more bindings than its other parts can be asked about
                setting = Setting("unresolved", spot=Spot(root.node.line, root.node.column))
            if setting is not None:
                found[each.name] = setting
        # what earlier documents say holds here too, but this document must say something itself
        own = [name for name in found if (spot := found[name].spot) is not None and spot.line >= around.first_line]
        if not any(name in own for name in self.read.needs or _NEEDED):
            return None
        spot = next((found[name].spot for name in _PLACES if name in own), None)
        return Binding(
            platform=self.platform.id,
            role=self.read.role,
            spot=spot or Spot(root.node.line, root.node.column),
            settings={name: found.get(name) or self._default(name) for name in FIELDS},
            embedded=keys.jwk_set,
            has_symmetric_secret=keys.is_secret,
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
        self.has_private_pem = False
        self.has_plain_secret = False

    @property
    def is_secret(self) -> bool:
        """Whether a symmetric or a private key is among them."""
        is_private = self.jwk_set is not None and any(key.private or key.secrets for key in self.jwk_set.keys)
        return self.has_private_pem or self.has_plain_secret or is_private

    def read(self, text: str, spot: Spot, *, may_be_secret: bool) -> int:
        """Take note of the keys in `text`; how many there are (at least one: something is embedded)."""
        self.jwk_set, pem, _ = read_embedded(text, spot=spot)
        self.has_private_pem = pem > 0 and "PRIVATE KEY-----" in text
        # "MII" in base64 begins a key or certificate in DER without its PEM frame
        self.has_plain_secret = may_be_secret and self.jwk_set is None and pem == 0 and not text.startswith("MII")
        return max(len(self.jwk_set.keys) if self.jwk_set else pem, 1)


def _is_left_to_a_template(node: Scalar, is_masked: bool) -> bool:
    """Whether a template fills this in: an action stands here, or stood on the lines below, which masking blanks."""
    return node.is_masked or (is_masked and node.text == "" and not node.is_quoted)


def _roots(at: Selector, top: Trail) -> list[Trail]:
    """The nodes that are a binding each: where a list is selected, its items. The reader has bounded the tree already."""
    selected = at.select_all(top, Walk(10**9))
    return [each for trail in selected for each in (items(trail) if isinstance(trail.node, Sequence) else (trail,))]


def _setting(each: _Field, trails: list[Trail], root: Trail, around: _Around, keys: _Keys) -> Setting | None:
    """A field that the file sets, or None where it is left out, empty or null."""
    if not trails:
        return None
    name, spec = each.name, each.spec
    node = trails[0].node
    spot = Spot(node.line, node.column)
    if name in _BOOLEANS and not spec.exists and spec.equals is None:
        return _switch(trails, spec)
    if spec.exists or spec.equals is not None:
        value = spec.equals is None or (isinstance(node, Scalar) and node.text == spec.equals)
        return Setting("set", value != spec.invert, value != spec.invert, spot=spot)
    if isinstance(node, Scalar) and (node.value is None or not node.text.strip()) and not node.is_masked:
        return Setting("unresolved", spot=spot) if _is_left_to_a_template(node, around.is_masked) else None
    if name in _LISTS:
        return _listed([text for trail in trails for text in texts(trail.node, spec.split)], around.lookup, spot)
    if name in _SECONDS:
        counted = seconds(node, spec.unit)
        return Setting("set", counted, counted, spot=spot) if counted is not None else Setting("unresolved", None, spot=spot)
    if not isinstance(node, Scalar):
        return None
    written = _decoded(node.text.strip()) if spec.base64 else node.text.strip()
    text = _formed(each, written, root, around.walk) if spec.format else written
    if text is None:
        return None
    full = resolve(text, around.lookup)
    if name == "inline_keys":
        # a template around literal keys does not hide them
        if full is None and '"kty"' not in text and "-----BEGIN" not in text:
            return Setting("unresolved", spot=spot)
        count = keys.read(full or text, spot, may_be_secret=spec.secret)
        return Setting("set", count, count, spot=spot)
    if full:
        return Setting("set", text, full, spot=spot)
    partly = fill(text, around.lookup)
    return Setting("unresolved", text, partly if partly != text else None, spot=spot)


def _formed(each: _Field, value: str, root: Trail, walk: Walk) -> str | None:
    """The field's format filled in, None where a part of it is nowhere. No part brings a second slash before one."""
    pieces = _FORMAT_PART.split(each.spec.format or "")
    made = pieces[0]
    for part, then in zip(pieces[1::2], pieces[2::2], strict=True):
        text = value if part == "" else _first_text(each.parts[part].select(root, walk))
        if text is None:
            return None
        made += (text.removesuffix("/") if then.startswith("/") else text) + then
    return made


def _first_text(trails: list[Trail]) -> str | None:
    written = (trail.node.text.strip() for trail in trails if isinstance(trail.node, Scalar))
    return next(filter(None, written), None)


def _switch(trails: list[Trail], spec: FieldSpec) -> Setting | None:
    """A yes or no; of several the first that is on, else the first that nobody can tell."""
    written = [trail.node for trail in trails if isinstance(trail.node, Scalar) and trail.node.value is not None]
    said = sorted(written, key=lambda node: {True: 0, None: 1, False: 2}[boolean(node)])
    if not said:
        return None
    answer, spot = boolean(said[0]), Spot(said[0].line, said[0].column)
    if answer is None:
        return Setting("unresolved", said[0].text, spot=spot)
    return Setting("set", answer != spec.invert, answer != spec.invert, spot=spot)


def _decoded(text: str) -> str:
    """The text that a base64 value holds; a text that is none stays as it is."""
    import base64

    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text


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
