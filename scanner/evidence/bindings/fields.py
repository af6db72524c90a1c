"""A field of a binding: from the nodes that its paths select to a setting."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from scanner.evidence.bindings.paths.selectors import known_text
from scanner.evidence.bindings.paths.walk import Trail, Walk
from scanner.evidence.bindings.plan import Field
from scanner.evidence.bindings.values.intrinsics import evaluate_function
from scanner.evidence.bindings.values.placeholders import (
    Lookup,
    describes_a_key,
    fill,
    is_empty_pem,
    is_only_a_mark,
    is_open,
    is_to_fill_in,
    resolve,
)
from scanner.evidence.bindings.values.values import boolean, seconds, texts
from scanner.evidence.model import JwkSet, Setting, Spot
from scanner.evidence.versions.seen import FindVersion, find_no_version
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.pack.platform import FieldSpec
from scanner.record import changed, record

LISTS = frozenset({"audiences", "algorithms", "subject", "thumbprints", "verification_keys"})
SECONDS = frozenset({"cache_s", "skew_s", "stale_s", "refetch_interval_s", "token_life_s"})
# switches, each with its dangerous value
DANGEROUS = {
    "verifies_tls": False, "fails_open": True, "verifies_signature": False, "checks_issuer": False,
    "checks_audience": False, "checks_expiry": False, "checks_type": False, "binds_audience": False,
    "binds_subject": False, "takes_query_token": True, "expiry_required": False,
    "trusts_header_keys": True, "requires_token": False, "has_rules": False,
}  # fmt: skip


@record
class ReadContext:
    """The context of every binding of one document: the remaining budget of the file, the file's own definitions, and whether
    the file is a template. `find_version`: the version of a platform that the files around it name.
    """

    walk: Walk
    lookup: Lookup
    is_masked: bool
    find_version: FindVersion = find_no_version


class Keys:
    """The kinds of keys embedded in a binding. `secrets` are the texts that nobody may see, `digests` those of
    symmetric secrets.
    """

    def __init__(self) -> None:
        self.jwk_set: JwkSet | None = None
        self.secrets: list[str] = []
        self.digests: tuple[str, ...] = ()
        self.has_placeholder = False

    @property
    def is_secret(self) -> bool:
        """Whether one of them is a symmetric or private key."""
        return bool(self.secrets) or (self.jwk_set is not None and any(key.private or key.secrets for key in self.jwk_set.keys))

    def read(self, text: str, spot: Spot, *, may_be_secret: bool) -> int:
        """Record the keys in `text` and return their number: none of an empty JWK Set, at least one of any other text."""
        from scanner.evidence.keys.jwk_set import read_embedded  # few configurations contain keys

        is_description = is_only_a_mark(text) or describes_a_key(text) or is_empty_pem(text)
        self.has_placeholder |= is_description or is_to_fill_in(text)
        found, pem, because = read_embedded(text, spot=spot)
        self.jwk_set = found or self.jwk_set
        # "MII" in base64 begins a key or certificate in DER without its PEM frame
        is_plain = because is not None and may_be_secret and not text.startswith("MII")
        if not is_description and (is_plain or (pem > 0 and "PRIVATE KEY-----" in text)):
            self.secrets.append(text)
        if is_plain:  # a default that reads like a placeholder signs, too
            from scanner.evidence.keys.secret_digests import digests_of

            self.digests += digests_of(text)
        if found is not None and not found.keys and not found.unread_entries:
            return 0
        return max(len(found.keys) if found else pem, 1)

    def read_written_out(self, jwks: list[Mapping], spot: Spot) -> int:
        """Record JWKs that are written as nodes of the configuration, and return their number."""
        if not jwks:
            return 0
        from scanner.evidence.keys.jwk_set import read_jwk_set  # few configurations contain keys

        found = read_jwk_set(_make_set(jwks), is_published=False, spot=spot)
        self.jwk_set = found or self.jwk_set
        return len(jwks)

    def read_empty(self, node: Mapping, spot: Spot) -> None:
        """Record a JWK Set without a key that is written as nodes of the configuration."""
        from scanner.evidence.keys.jwk_set import read_empty_set  # few configurations contain keys

        self.jwk_set = self.jwk_set or read_empty_set(node, spot)


@record
class FieldSource:
    """One source of a field: its specification, the node that it starts from, and the nodes that its path selects.
    `is_elsewhere`: there are none, and other configuration gives the value.
    """

    field: Field
    start: Trail
    nodes: list[Node]
    is_elsewhere: bool = False


def read_field(name: str, sources: list[FieldSource], context: ReadContext, keys: Keys) -> Setting | None:
    """A field that the file sets, or None where it is missing, empty or null. The first source with a value counts; of a
    switch, the dangerous one.
    """
    said = [setting for source in sources if (setting := _read_setting(name, source, context, keys)) is not None]
    if not said and any(source.is_elsewhere for source in sources):
        return Setting("unresolved")
    if name not in DANGEROUS or len(said) < 2:
        return said[0] if said else None
    return min(said, key=lambda setting: setting.value is not DANGEROUS[name])


def _read_setting(name: str, source: FieldSource, context: ReadContext, keys: Keys) -> Setting | None:
    nodes, spec = [_evaluate(node) for node in source.nodes], source.field.spec
    if not nodes:
        return None
    if name in DANGEROUS:
        switch = _read_switch(nodes, spec, context.lookup)
        return changed(switch, state="default") if switch is not None and spec.by_default and switch.state == "set" else switch
    if is_left_to_a_template(nodes[0], context.is_masked):
        return Setting("unresolved", spot=_find_spot(nodes[0]))
    nodes = [node for node in nodes if not _is_empty(node)]
    if not nodes:
        return None
    if spec.reference:
        return _read_reference(name, nodes)
    if name == "inline_keys":
        return _read_inline_keys(nodes, spec, context, keys)
    if name in LISTS:
        return _read_list(nodes, spec, context.lookup)
    if name in SECONDS:
        return _read_duration(nodes[0], spec, context.lookup)
    node = _find_first_scalar(nodes)
    return _read_text(node, source, context) if node is not None else None


def _read_reference(name: str, nodes: list[Node]) -> Setting | None:
    """A reference to an object in the platform: the file has only its name. A key has no text."""
    names = [node.text.strip() for node in _list_scalars(nodes)]
    value = names if name in LISTS else None if name == "inline_keys" else names[0] if names else None
    return Setting("unresolved", value, spot=_find_spot(nodes[0])) if names else None


def is_left_to_a_template(node: Node, is_masked: bool) -> bool:
    """Whether a template fills in the whole value: an action stands here, or on the lines below, which masking blanks."""
    if not isinstance(node, Scalar) or (node.text.strip() and not node.is_masked):
        return False
    return (is_masked and not node.is_quoted and not node.text) or (node.is_masked and not node.text)


def _evaluate(node: Node) -> Node:
    """The value of a node: the text of a function, or of an XML element with attributes."""
    text = node.get("#text") if isinstance(node, Mapping) else None
    return text if text is not None else evaluate_function(node)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.is_masked and (node.value is None or not node.text.strip())


def _find_first_scalar(nodes: list[Node]) -> Scalar | None:
    """The first text: of a list its first item."""
    flat = (each for node in nodes for each in (node.items if isinstance(node, Sequence) else (node,)))
    return next((node for node in (_evaluate(each) for each in flat) if isinstance(node, Scalar)), None)


def _read_text(node: Scalar, source: FieldSource, context: ReadContext) -> Setting | None:
    spec = source.field.spec
    written = _cut_text(_decode_base64(node.text.strip()) if spec.base64 else node.text.strip(), spec)
    if not written:
        return None
    full = _resolve(node, written, context.lookup)
    parts: tuple[Spot, ...] = ()
    if spec.format is not None:
        made = _fill_pattern(spec.format, (written, full), source, context)
        if made is None:
            return None
        written, full, parts = made
    spot = _find_spot(node)
    if full:
        return Setting("set", written, full, spot=spot, parts=parts)
    partly = fill(written, context.lookup)
    return Setting("unresolved", written, partly if partly != written else None, spot=spot, parts=parts)


def _resolve(node: Scalar, written: str, lookup: Lookup) -> str | None:
    """A text with everything known filled in; None where a part stays open."""
    if node.is_unknown:
        found = lookup(written)
        return resolve(found, lookup) if found is not None else None
    known = resolve(written, lookup)
    if known is None and written == node.text.strip() and node.value != node.text and node.value is not None:
        return resolve(known_text(node), lookup)
    return known if not node.is_expression else resolve(known_text(node), lookup)


def _cut_text(text: str, spec: FieldSpec) -> str:
    """The part between `after` and `before`; nothing where either is missing."""
    if spec.after is not None:
        text = text.partition(spec.after)[2]
    if spec.before is not None and spec.before in text:
        text = text.partition(spec.before)[0]
    return text


def _fill_pattern(
    pattern: str, value: tuple[str, str | None], source: FieldSource, context: ReadContext
) -> tuple[str, str | None, tuple[Spot, ...]] | None:
    """The pattern with its parts filled in, as written and as resolved, and their places; None where a part is missing. Double
    slashes become one.
    """
    parts: dict[str, tuple[str, str | None]] = {"{}": value}
    spots: list[Spot] = []
    for name, path in source.field.parts:
        found = [_evaluate(each.node) for each in path.select(source.start, context.walk)]
        node = _find_first_scalar(found)
        if node is None or not node.text.strip():
            return None
        parts[name] = node.text.strip(), _resolve(node, node.text.strip(), context.lookup)
        spots.append(_find_spot(node))
    said, meant = pattern, pattern
    for name, (written, full) in parts.items():
        said = _replace_parts(said, name, written)
        meant = _replace_parts(meant, name, full or written)
    is_whole = all(full is not None for _, full in parts.values())
    return said, meant if is_whole else None, tuple(spots)


def _replace_parts(pattern: str, name: str, text: str) -> str:
    return pattern.replace(f"{name}/", f"{text.rstrip('/')}/").replace(name, text)


def _read_inline_keys(nodes: list[Node], spec: FieldSpec, context: ReadContext, keys: Keys) -> Setting | None:
    spot = _find_spot(nodes[0])
    written_out = [node for node in _flatten(nodes) if isinstance(node, Mapping) and "kty" in node.names()]
    if any(_is_left_open(node) for node in written_out):
        return Setting("unresolved", spot=spot)
    count = keys.read_written_out(written_out, spot)
    for node in nodes:
        if isinstance(node, Mapping):
            keys.read_empty(node, spot)
    for node in _list_scalars(nodes):
        text = _decode_base64(node.text.strip()) if spec.base64 else node.text.strip()
        full = _resolve(node, text, context.lookup)
        # a template around literal keys does not hide them
        if full is None and '"kty"' not in text and "-----BEGIN" not in text:
            return Setting("unresolved", spot=spot)
        context.walk.take_text(len(full or text))
        count += keys.read(full or text, spot, may_be_secret=spec.secret)
    return Setting("set", count, count, spot=spot) if count or keys.jwk_set is not None else None


def _is_left_open(jwk: Mapping) -> bool:
    """Whether an expression or a template gives some member of a JWK."""
    return any(
        isinstance(entry.value, Scalar) and (entry.value.is_expression or entry.value.is_masked) for entry in jwk.entries
    )


def _make_set(jwks: list[Mapping]) -> Mapping:
    first, last = jwks[0], jwks[-1]
    items = Sequence(tuple(jwks), first.line, first.column, last.end_line)
    keys = Entry(Scalar("keys", "keys", first.line, first.column, first.line), items)
    return Mapping((keys,), first.line, first.column, last.end_line)


def _flatten(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield from node.items if isinstance(node, Sequence) else (node,)


def _list_scalars(nodes: list[Node]) -> Iterator[Scalar]:
    for each in _flatten(nodes):
        said = _evaluate(each)
        if isinstance(said, Scalar) and not _is_empty(said):
            yield said


def _read_list(nodes: list[Node], spec: FieldSpec, lookup: Lookup) -> Setting | None:
    pairs = [
        (part, _resolve(node, part, lookup))
        for node in _list_scalars(nodes)
        for text in texts(node, spec.split)
        if (part := _cut_text(text, spec))
    ]
    if not pairs:
        return None
    pairs = list(dict.fromkeys(pairs))  # what several settings name is named once
    values = [written for written, _ in pairs]
    if any(full is None for _, full in pairs):
        return Setting("unresolved", values, spot=_find_spot(nodes[0]))
    return Setting("set", values, [full for _, full in pairs], spot=_find_spot(nodes[0]))


def _read_duration(node: Node, spec: FieldSpec, lookup: Lookup) -> Setting:
    spot = _find_spot(node)
    if isinstance(node, Scalar) and (node.is_expression or is_open(node.text)):
        full = _resolve(node, node.text.strip(), lookup)
        node = Scalar(full or "", full, node.line, node.column, node.end_line)
    counted = seconds(node, spec.unit)
    return Setting("set", counted, counted, spot=spot) if counted is not None else Setting("unresolved", None, spot=spot)


def _read_switch(nodes: list[Node], spec: FieldSpec, lookup: Lookup) -> Setting | None:
    """A boolean; of several the first that is on, else the first that is unknown."""
    if spec.exists:
        return Setting("set", not spec.invert, not spec.invert, spot=_find_spot(nodes[0]))
    written = [node for node in _list_scalars(nodes) if node.value is not None]
    said = sorted(
        ((_read_answer(node, spec, lookup), node) for node in written), key=lambda each: {True: 0, None: 1, False: 2}[each[0]]
    )
    if not said:
        return None
    answer, node = said[0]
    if answer is None:
        return Setting("unresolved", node.text, spot=_find_spot(node))
    return Setting("set", answer != spec.invert, answer != spec.invert, spot=_find_spot(node))


def _read_answer(node: Scalar, spec: FieldSpec, lookup: Lookup) -> bool | None:
    text = _resolve(node, node.text.strip(), lookup)
    if text is None or spec.equals is None:
        return boolean(text or "")
    return any(fnmatch.fnmatchcase(text, glob) for glob in spec.equals.split("|"))


def _decode_base64(text: str) -> str:
    """The text in a base64 value; any other text stays as it is."""
    import base64

    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text


def _find_spot(node: Node) -> Spot:
    return Spot(node.line, node.column)
