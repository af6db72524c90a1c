"""Reads the bindings of a unit: its made texts by the platforms' own reads, each place told as that in the file it comes from.

A document tells the bindings whose home lies in it: the place where the lowest layer of the unit names what they trust. What a
variant changes is told with them. Bindings that are the same in several variants are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from scanner.evidence.bindings.plain_manifests import leave_out_plain
from scanner.evidence.bindings.reader import FoundBindings
from scanner.evidence.bindings.trusted_issuer import trusted_issuer
from scanner.evidence.model import Binding, JwkSet, OpenPlace, Override, Setting, Spot
from scanner.evidence.versions.seen import FindLater, FindVersion
from scanner.files.encodings import as_utf8
from scanner.files.limits import MOST_VARIANT_BINDINGS
from scanner.files.read import read_text
from scanner.files.tree import Format, Parsed
from scanner.record import changed, record
from scanner.sources.document import Document
from scanner.units.kinds import FoundUnit, Units
from scanner.units.made import FoundPlace, Made, MadeText, Origin, Variant
from scanner.units.unit import Borrower, Unit

if TYPE_CHECKING:
    from scanner.evidence.left_out import LeftOut
    from scanner.pack.platform import Platform
    from scanner.units.files import Listings
    from scanner.units.rendered import Render

Read = Callable[[Parsed, bytes, str, FindVersion], FoundBindings]
MayTell = Callable[[bytes, str], bool]
MayHold = Callable[[bytes, Format, str], bool]
# units whose texts are kept as they were read
_MOST_KEPT = 8
_BASE = Variant("base")
# stands for all variants and the base
_ANY = Variant("")


@record
class ReadText:
    """A made text that was read: its bindings and open places, with the places of the files; the bindings by the document that
    tells them, and the files that hold a part of what another one tells. `may_tell`: the text has signs of a platform.
    """

    text: MadeText
    found: FoundBindings
    by_teller: Mapping[str, list[Binding]]
    guests: frozenset[str]
    may_tell: bool


@record
class ReadMade:
    """A text that the platform would load in one variant, and what was read in it: the same for all variants that share it."""

    made: Made
    read: ReadText


class _Kept:
    """What was read of one unit: its texts, by their ids; which of its files have signs of a platform, by path; and what was
    found in texts that are alike, by text and name, before places are those of the files. What depends on a version is kept by
    variant, for its files may name another one.
    """

    def __init__(self) -> None:
        self.texts: dict[tuple[int, Variant | None], ReadText] = {}
        self.tellers: dict[str, bool] = {}
        self.alike: dict[tuple[str, str, Variant | None], FoundBindings] = {}


class UnitReader:
    """Reads the units of one run. `read` gives the bindings and open places of a parsed text, by its lower-case bytes and its
    name, and what finds versions; `may_tell` whether bytes under a name may have any, `may_hold` whether those of a format that
    could not be parsed may, `has_signs` whether bytes may tell of any platform. `listings`: what is known of the folders of the
    run; `platforms`: by their ids.
    """

    def __init__(
        self,
        read: Read,
        may_tell: MayTell,
        may_hold: MayHold,
        has_signs: Callable[[bytes], bool],
        render: Render | None = None,
        listings: Listings | None = None,
        platforms: Mapping[str, Platform] | None = None,
    ) -> None:
        self._read = read
        self._platforms = platforms or {}
        self._may_tell = may_tell
        self._may_hold = may_hold
        self._has_signs = has_signs
        self._units = Units(render=render, listings=listings)
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._last: tuple[Document, FoundUnit | None] | None = None

    def add(self, document: Document, alone: FoundBindings) -> FoundBindings:
        """What the document tells as a part of its unit, and what is read in the file alone (`alone`) and in no text of the
        unit, as a branch that no values switch on. Where it is one by itself: `alone`.
        """
        found = self._find(document)
        if found is None:
            return alone
        texts = found.unit.make(document)
        if not texts:
            not_made = (
                tuple(_unit_places(found.unit, document))
                if self._has_signs_under(document.path, as_utf8(document.data))
                else ()
            )
            return _without_lent(alone, found.unit, document, not_made)
        read = [self._read_once(found, made) for made in texts]
        unit, path = found.unit, document.path
        mine = [
            (each.made.variant, changed(binding, unit=unit.name))
            for each in read
            for binding in each.read.by_teller.get(path, ())
        ]
        is_deployed = unit.is_base_deployed or not unit.variants
        base = _BASE if unit.variants else None
        bases = [binding for variant, binding in mine if variant is None]
        deployed = [(variant or base, binding) for variant, binding in mine if variant is not None or is_deployed]
        bindings = [_at_home(each, path) for each in _merge(deployed[:MOST_VARIANT_BINDINGS], _labels(bases))]
        covered = None if path in unit.replaces else _lines_of(texts, path)
        places = [*_own_places(read, path), *_variant_places(unit, bindings)]
        if any(each.read.may_tell for each in read):
            places += _unit_places(unit, document)
        return changed(
            alone,
            bindings=(*bindings, *(each for each in alone.bindings if covered is not None and each.spot.line not in covered)),
            open_places=tuple(dict.fromkeys([*(each for each in alone.open_places if _is_outside(each, covered)), *places])),
            left_out=tuple(dict.fromkeys([*alone.left_out, *_list_left_out(read, len(deployed))])),
            base_bindings=() if is_deployed else tuple(_at_home(each, path) for each in bases),
            variant_names=tuple(each.name for each in unit.variants) or alone.variant_names,
            has_guests=any(path in each.read.guests for each in read),
            beside=found.files.by_path({other for each in bindings for other in _paths_of(each)} - {path}),
            overrides=_merge_overrides(found.unit, read, alone, path, covered),
        )

    def _find(self, document: Document) -> FoundUnit | None:
        """The unit of a document, which is asked for several times while that document is read."""
        if self._last is None or self._last[0] is not document:
            self._last = document, self._units.find(document)
        return self._last[1]

    def _keep(self, found: FoundUnit) -> _Kept:
        """What was read of a unit; that of the oldest one goes where there are too many."""
        if found.key not in self._kept and len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        return self._kept.setdefault(found.key, _Kept())

    def _has_signs_under(self, path: str, data: bytes) -> bool:
        return self._may_tell(data, path[path.rfind("/") + 1 :].lower())

    def _sort_by_teller(self, found: FoundUnit, bindings: tuple[Binding, ...]) -> Mapping[str, list[Binding]]:
        borrows = isinstance(found.unit, Borrower)
        by_teller: dict[str, list[Binding]] = {}
        for binding in bindings:
            by_teller.setdefault(self._find_teller(found, binding, borrows=borrows), []).append(binding)
        return by_teller

    def _find_teller(self, found: FoundUnit, binding: Binding, *, borrows: bool) -> str:
        """The document that tells a binding: that of its home, unless nobody would read that one, as a file without any sign of
        a platform whose values another one uses.
        """
        home = binding.spot.path
        if borrows or self._is_read(found, home):
            return home
        others = (path for path in dict.fromkeys(_paths_of(binding)) if self._is_read(found, path))
        return next(others, home)

    def _is_read(self, found: FoundUnit, path: str) -> bool:
        """Whether a file of a unit has signs of a platform, so that it is read itself."""
        tellers = self._keep(found).tellers
        if path not in tellers:
            file = found.files.by_path([path]).get(path)
            tellers[path] = file is None or self._has_signs_under(path, file.data)
        return tellers[path]

    def is_replaced(self, document: Document) -> bool:
        """Whether the document's own reading says nothing more than its unit does."""
        found = self._find(document)
        return found is not None and document.path in found.unit.replaces and bool(found.unit.make(document))

    def borrowed(self, document: Document) -> bytes:
        """The text, in lower case, that the document takes from other files of its unit; empty for most."""
        found = self._find(document)
        return found.unit.borrowed(document) if found is not None and isinstance(found.unit, Borrower) else b""

    def makes(self, document: Document) -> bool:
        """Whether its unit makes a text of the document that can be read."""
        found = self._find(document)
        texts = found.unit.make(document) if found is not None else ()
        return any(isinstance(read_text(made.text.text, made.format), Parsed) for made in texts[:1])

    def _read_once(self, found: FoundUnit, made: Made) -> ReadMade:
        """The made text read; once, where a unit gives the same text to several documents or variants."""
        texts = self._keep(found).texts
        known = texts.get((id(made.text), _ANY)) or texts.get((id(made.text), made.variant))
        if known is None or known.text is not made.text:
            name = made.name.lower()
            # most texts of a chart or a build that has signs have none themselves
            may_tell = self._may_tell(_encode(made.text.text), name)
            moved, variant = self._read_made(found, made) if may_tell else (FoundBindings(), _ANY)
            by_teller = self._sort_by_teller(found, moved.bindings)
            guests = frozenset(_list_guests(moved.bindings))
            texts[id(made.text), variant] = known = ReadText(made.text, moved, by_teller, guests, may_tell)
        return ReadMade(made, known)

    def _read_made(self, unit: FoundUnit, made: Made) -> tuple[FoundBindings, Variant | None]:
        """What is read in a made text, and the variant for which that is so; most is so for all."""
        name, text = made.name.lower(), made.text.text
        alike = self._keep(unit).alike
        for variant in (_ANY, made.variant):
            if (known := alike.get((text, made.name, variant))) is not None:
                return _move_all(known, made), variant  # as variants that say nothing here
        text = text if made.format != "yaml" else leave_out_plain(text, self._has_signs)
        parsed = read_text(text, made.format)
        lower = _encode(text.lower())
        if not isinstance(parsed, Parsed):
            at = made.text.find(parsed.line or 1, parsed.column or 1)
            if at is None or not self._may_hold(lower, made.format, name):
                return FoundBindings(), _ANY
            because = f"what its unit makes of it cannot be read: {parsed.because}"
            return FoundBindings(open_places=(OpenPlace(because, _spot_of(at.at)),)), _ANY

        def make_search() -> FindVersion:
            from scanner.evidence.versions.search import VersionSearch, around_made  # few platforms have versions

            return VersionSearch(self._platforms, lambda: around_made(made, unit.files.afresh())).find

        find_version = FindLater(make_search)
        found = self._read(parsed, lower, made.name, find_version)
        variant = made.variant if find_version.was_asked else _ANY
        alike[made.text.text, made.name, variant] = found
        return _move_all(found, made), variant


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _move_all(found: FoundBindings, made: Made) -> FoundBindings:
    """What was found in a made text, with the places of the files."""
    return changed(
        found,
        bindings=tuple(_move(binding, made) for binding in found.bindings),
        open_places=tuple(changed(each, spot=_move_spot(each.spot, made)) for each in found.open_places if each.spot),
        left_out=tuple(changed(each, spot=None) for each in found.left_out),
        overrides=tuple(
            changed(each, spot=_move_spot(each.spot, made), replaced_spot=_move_spot(each.replaced_spot, made))
            for each in found.overrides
        ),
    )


def _merge_overrides(
    unit: Unit, read: list[ReadMade], alone: FoundBindings, path: str, covered: frozenset[int] | None
) -> tuple[Override, ...]:
    """The overriding policies of the document, each once, with the variants in which it says the same; and those of the file
    alone of which no text of the unit has anything.
    """
    base = _BASE if unit.variants else None
    merged: dict[Override, Override] = {}
    for each in read:
        if each.made.variant is None and unit.variants and not unit.is_base_deployed:
            continue
        variant = each.made.variant or base
        for override in each.read.found.overrides:
            if override.spot.path != path:
                continue
            mine = changed(override, spot=_spot_in(override.spot, path), unit=unit.name)
            known = merged.setdefault(mine, mine)
            if variant is not None and variant not in known.variants:
                merged[mine] = changed(known, variants=(*known.variants, variant))
    return (*merged.values(), *(each for each in alone.overrides if covered is not None and each.spot.line not in covered))


def _list_guests(bindings: tuple[Binding, ...]) -> Iterator[str]:
    """The files that hold a part of what another one tells."""
    for binding in bindings:
        for setting in binding.settings.values():
            if setting.spot is not None and setting.spot.path != binding.spot.path:
                yield setting.spot.path


def _paths_of(binding: Binding) -> Iterator[str]:
    """The files in which something of a binding stands, or that a value comes from; of the document itself none."""
    for spot in (binding.spot, *(setting.spot for setting in binding.settings.values())):
        if spot is not None and spot.path:
            yield spot.path
    for setting in binding.settings.values():
        yield from (each.path for each in setting.origins)


def _lines_of(texts: tuple[Made, ...], path: str) -> frozenset[int]:
    """The lines of a file of which something is in one of the texts."""
    return frozenset(line for made in texts for line in made.text.lines_of(path))


def _is_outside(place: OpenPlace, covered: frozenset[int] | None) -> bool:
    """Whether a place of the file alone says something that no text of its unit says."""
    return covered is not None and (place.spot is None or place.spot.line not in covered)


def _own_places(read: list[ReadMade], path: str) -> Iterator[OpenPlace]:
    """The open places of made texts that lie in the document."""
    for made in read:
        for place in made.read.found.open_places:
            if place.spot is not None and place.spot.path == path:
                yield changed(place, spot=_spot_in(place.spot, path))


def _without_lent(alone: FoundBindings, unit: Unit, document: Document, not_made: tuple[OpenPlace, ...]) -> FoundBindings:
    """What a document that makes no texts tells: not what the texts of others tell. `not_made`: why it makes none."""
    spots = [*(each.spot for each in alone.bindings), *(each.spot for each in alone.open_places)]
    lines = frozenset(spot.line for spot in spots if spot is not None)
    lent = unit.lent(document, lines) if lines and isinstance(unit, Borrower) else frozenset()
    places = [each for each in alone.open_places if each.spot is None or each.spot.line not in lent]
    bindings = tuple(each for each in alone.bindings if each.spot.line not in lent)
    return changed(alone, bindings=bindings, open_places=(*places, *not_made))


def _unit_places(unit: Unit, document: Document) -> Iterator[OpenPlace]:
    """The parts of the document that its unit could not make."""
    for part in unit.open_parts(document):
        if part.at.path == document.path:
            yield OpenPlace(part.because, Spot(part.at.line, part.at.column))


def _list_left_out(read: list[ReadMade], bindings: int) -> Iterator[LeftOut]:
    """What is left out of the made texts, and of the document's bindings in all variants together."""
    for made in read:
        yield from made.read.found.left_out
    if bindings > MOST_VARIANT_BINDINGS:
        from scanner.evidence.left_out import LeftOut  # few documents have that many

        yield LeftOut("bindings", MOST_VARIANT_BINDINGS, bindings)


def _variant_places(unit: Unit, bindings: list[Binding]) -> Iterator[OpenPlace]:
    """That there are more variants than are read."""
    if unit.left_out_variants and bindings:
        because = f"{unit.left_out_variants} variants more of its unit are not read, after the first {len(unit.variants)}"
        yield OpenPlace(because, bindings[0].spot)


def _spot_of(at: Origin) -> Spot:
    return Spot(at.line, at.column, at.path)


def _move_spot(spot: Spot, made: Made) -> Spot:
    """The spot in the file that a spot of a made text comes from."""
    found = made.text.find(spot.line, spot.column)
    return _spot_of(found.at) if found is not None else spot


def _move(binding: Binding, made: Made) -> Binding:
    """The binding of a made text with the places of the files. Its own place is its home: where the lowest layer has it."""
    home = made.text.find(binding.spot.line, binding.spot.column, _length_at(binding), within_line=True)
    label = trusted_issuer(binding).label
    moved = changed(
        _map_places(binding, lambda spot: _move_spot(spot, made)),
        spot=_spot_of(_lowest(home)) if home is not None else binding.spot,
        settings={name: _move_setting(setting, made) for name, setting in binding.settings.items()},
    )
    if moved.version is not None and not moved.version.path:
        at = _move_spot(Spot(moved.version.line, 1), made)
        moved = changed(moved, version=changed(moved.version, path=at.path, line=at.line))
    return changed(moved, home_label=trusted_issuer(moved).label or label)


def _length_at(binding: Binding) -> int:
    """The length of the value that the place of a binding is about."""
    lengths = [_length(each) for each in binding.settings.values() if each.spot == binding.spot]
    return max(lengths, default=1)


def _length(setting: Setting) -> int:
    value = setting.resolved if setting.resolved is not None else setting.value
    if isinstance(value, list):
        return max((len(str(each)) for each in value), default=1)
    return len(value) if isinstance(value, str) else 1


def _lowest(found: FoundPlace) -> Origin:
    """The place of a value in the lowest layer that has it."""
    return next((each for each in reversed(found.origins) if each.role == "base"), found.at)


def _move_setting(setting: Setting, made: Made) -> Setting:
    if setting.spot is None:
        return setting
    value = setting.value
    is_line = not (isinstance(value, str) and "\n" in value)
    found = made.text.find(setting.spot.line, setting.spot.column, _length(setting), within_line=is_line)
    if found is None:
        return setting
    if isinstance(value, str) and setting.state == "set" and value == setting.resolved:
        value = found.written or value
    origins = tuple(dict.fromkeys((*found.origins, *_place_parts(setting, found, made))))
    return changed(setting, value=value, spot=_spot_of(found.at), origins=origins, parts=())


def _place_parts(setting: Setting, found: FoundPlace, made: Made) -> Iterator[Origin]:
    """The places in other files of what a value is made of, besides its own; none where its own replaces that of a lower layer,
    and so is what the layer changes.
    """
    if any(origin.role == "base" for origin in found.origins):
        return
    for part in setting.parts:
        place = made.text.find(part.line, part.column)
        if place is not None and place.at.path != found.at.path:
            yield from (place.at, *place.origins)


def _spot_in(spot: Spot, path: str) -> Spot:
    """A spot without the path of the document that tells it."""
    return changed(spot, path="") if spot.path == path else spot


def _at_home(binding: Binding, path: str) -> Binding:
    """The binding as the document at `path` tells it."""
    settings = {
        name: changed(each, spot=_spot_in(each.spot, path)) if each.spot is not None else each
        for name, each in binding.settings.items()
    }
    moved = _map_places(binding, lambda spot: _spot_in(spot, path))
    return changed(moved, spot=_spot_in(binding.spot, path), settings=settings)


def _map_places(binding: Binding, at: Callable[[Spot], Spot]) -> Binding:
    """The binding with other places for all but itself and its settings: those that `at` gives."""
    return changed(
        binding,
        misspelt=tuple(changed(each, spot=at(each.spot)) for each in binding.misspelt),
        ineffective=tuple(changed(each, spot=at(each.spot)) for each in binding.ineffective),
        embedded=_map_set(binding.embedded, at) if binding.embedded is not None else None,
    )


def _map_set(embedded: JwkSet, at: Callable[[Spot], Spot]) -> JwkSet:
    keys = tuple(
        changed(key, spot=at(key.spot), spots={name: at(spot) for name, spot in key.spots.items()}) for key in embedded.keys
    )
    return changed(embedded, spot=at(embedded.spot), keys=keys)


def _labels(bases: list[Binding]) -> dict[tuple[str, str, Spot], str]:
    """What the bindings of the base trust, by platform, role and home."""
    return {(each.platform, each.role, each.spot): each.home_label or "" for each in bases}


def _merge(found: list[tuple[Variant | None, Binding]], labels: dict[tuple[str, str, Spot], str]) -> Iterator[Binding]:
    """Each binding once, with the variants in which it says the same."""
    merged: dict[object, Binding] = {}
    first_labels = dict(labels)
    for variant, binding in found:
        home = binding.platform, binding.role, binding.spot
        label = first_labels.setdefault(home, binding.home_label or "")
        key = home, _content(binding)
        known = merged.get(key)
        variants = (variant,) if variant is not None else ()
        if known is None:
            # a text in a document may have profiles of its own
            merged[key] = changed(binding, home_label=label, variants=variants or binding.variants)
        elif variant is not None and variant not in known.variants:
            merged[key] = changed(_add_places(known, binding), variants=(*known.variants, variant))
    yield from sorted(merged.values(), key=lambda each: (each.spot.line, each.spot.column))


def _content(binding: Binding) -> object:
    """What a binding says, without places and variants."""
    settings = tuple(
        (name, each.state, repr(each.resolved), repr(each.value), each.is_conditional)
        for name, each in binding.settings.items()
    )
    written = *(each.written for each in binding.misspelt), *(each.written for each in binding.ineffective)
    keys = repr([dict(key.texts) for key in binding.embedded.keys]) if binding.embedded is not None else ""
    version = (binding.version.text, binding.version.of) if binding.version is not None else None
    return settings, written, keys, binding.has_symmetric_secret, binding.drops_audience, binding.odd_names, version


def _add_places(known: Binding, other: Binding) -> Binding:
    """The binding with the places that the same values have in another variant."""
    settings = dict(known.settings)
    for name, setting in other.settings.items():
        mine = settings[name]
        further = (Origin(setting.spot.path, setting.spot.line, setting.spot.column),) if setting.spot is not None else ()
        own = mine.spot
        more = [
            each
            for each in (*further, *setting.origins)
            if each not in mine.origins and (own is None or (each.path, each.line) != (own.path, own.line))
        ]
        if more:
            settings[name] = changed(mine, origins=(*mine.origins, *more))
    return changed(known, settings=settings)
