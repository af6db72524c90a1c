"""Reads bindings from configuration, as platform files describe it. No platform has code of its own here.

Recognition searches the bytes: a platform is compiled and used only where its keywords occur.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from scanner.evidence.bindings.embedded import children
from scanner.evidence.bindings.fields import ReadContext
from scanner.evidence.bindings.one_binding import PlatformRole, read_binding
from scanner.evidence.bindings.paths.flat_settings import (
    Flat,
    environments,
    flatten,
    groups,
    lookup_in_settings,
    may_have_profiles,
)
from scanner.evidence.bindings.paths.selectors import BadPath
from scanner.evidence.bindings.paths.walk import BudgetExceeded, Trail, Walk, items
from scanner.evidence.bindings.plan import CompiledRead, compile_read, spelling_of
from scanner.evidence.bindings.recognition import KeywordIndex, join_lines
from scanner.evidence.bindings.signs import GROUPS, NOTHING, ONLY_ESCAPES, Look, has_expressions
from scanner.evidence.bindings.values.definitions import definitions
from scanner.evidence.bindings.values.placeholders import Lookup, is_open
from scanner.evidence.model import Binding, OpenPlace, Override, Setting, Spot
from scanner.evidence.versions.seen import FindVersion, SeenVersion, find_no_version
from scanner.files import tree
from scanner.files.formats import CODE
from scanner.files.limits import MOST_BINDINGS, MOST_DOCUMENTS
from scanner.files.tree import Format, Node, Parsed, Scalar, Sequence
from scanner.pack.binding_terms import FIELDS
from scanner.pack.model import BindingExample
from scanner.pack.platform import Platform, Platforms, ProfileStyle, Read, ReadPlace, Signs
from scanner.record import changed, field, record

if TYPE_CHECKING:
    from scanner.evidence.attached.homes import Homes
    from scanner.evidence.bindings.open_identities import OpenNames, OpenPlan
    from scanner.evidence.large_files import LargeFile
    from scanner.evidence.left_out import LeftOut
    from scanner.files.align import Lines
    from scanner.units.files import UnitFile

# formats in which a mark follows the name of each member
_MEMBER_FORMATS = frozenset({"yaml", "json", "properties", "ini", "env", "toml"})


@record
class FoundBindings:
    """The bindings of a file; what is not assessed because there is too much of it; other places that may hold one; and the
    policies that take the place of others. See Evidence.
    """

    bindings: tuple[Binding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    open_places: tuple[OpenPlace, ...] = ()
    base_bindings: tuple[Binding, ...] = ()
    variant_names: tuple[str, ...] = ()
    has_guests: bool = False
    beside: Mapping[str, UnitFile] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


class Shared:
    """What all documents of a file share: the remaining budget. When it is spent, `skipped` counts the nodes that are no longer
    read; each may be a binding. `open_places` are noted while reading. `find_version`: see ReadContext.
    """

    def __init__(self, find_version: FindVersion = find_no_version) -> None:
        self.walk = Walk()
        self.find_version = find_version
        self.skipped = 0
        self.open_places: list[OpenPlace] = []
        # of generic bindings: where each is, and the lines of the section that it is in
        self.sections: list[tuple[Spot, range]] = []
        # ids of mappings of which the file says only a part, and whether any field of them makes a binding
        self.partial: frozenset[int] = frozenset()
        self.takes_any_field = False
        self._laid: dict[tuple[int, ProfileStyle], tuple[Parsed, tuple[Parsed, int]]] = {}
        self._found = 0

    def unfold(self, node: Node, read: Read) -> Node:
        """The document with its members whose names are paths; once for all reads that compare names alike."""
        from scanner.evidence.bindings.paths.unfold import unfold  # few platforms have such names

        spelling = spelling_of(read)
        key = "unfold", id(node), tuple(read.separators), spelling, read.environment
        return self.walk.once(key, node, lambda: unfold(node, read.separators, spelling, only_paths=read.environment))

    def lay(self, parsed: Parsed, profiles: ProfileStyle) -> Parsed:
        """The file; where it is settings for several profiles, with one document for each profile."""
        if profiles == "none" or parsed.variants or not may_have_profiles(parsed.documents, profiles):
            return parsed
        key = id(parsed), profiles
        if key not in self._laid:
            from scanner.units.application.inside import lay_documents  # few files have profiles

            self._laid[key] = parsed, lay_documents(parsed, profiles)
        laid, left_out = self._laid[key][1]
        if left_out:
            because = f"{left_out} profiles more are not read, after the first {len(laid.documents)}"
            self.note_open([OpenPlace(because, Spot(parsed.documents[0].line, parsed.documents[0].column))])
        return laid

    def note_open(self, places: Iterable[OpenPlace]) -> None:
        """Note open places, each spot once: several reads may be for it."""
        known = {place.spot for place in self.open_places}
        for place in places:
            if place.spot not in known:
                known.add(place.spot)
                self.open_places.append(place)

    def lookup_in(self, parsed: Parsed) -> Lookup:
        """A lookup in the definitions of any document of a file."""
        known: dict[str, str] = {}
        for node in parsed.documents[:MOST_DOCUMENTS]:
            known.update(definitions(node, parsed.format))
        return known.get

    def read(self, role: PlatformRole, compiled: CompiledRead, root: Trail, context: ReadContext) -> Binding | None:
        """The binding that the node `root` is; None where it is none, or the budget is spent."""
        if self.skipped or self._found == MOST_BINDINGS:
            self.skipped += 1
            return None
        is_partial = id(root.node) in self.partial
        if is_partial and self.takes_any_field:
            role = changed(role, needs=FIELDS)
        try:
            binding = read_binding(role, compiled, root, context)
        except BudgetExceeded:
            self.skipped += 1
            return None
        if (is_partial or compiled.is_part) and binding is not None:
            binding = _make_part(binding, compiled)
        if compiled.is_generic and binding is not None:
            from scanner.evidence.bindings.generic import mark_generic  # few files have such settings

            self.sections.append((binding.spot, range(root.node.line, root.node.end_line + 1)))
            binding = mark_generic(binding)
        self._found += binding is not None
        return binding


class PlatformReaders:
    """The platforms of one pack. An invalid path is a PolicyError when it is first used."""

    def __init__(self, platforms: Platforms | Iterable[Platform]) -> None:
        known = platforms if isinstance(platforms, Platforms) else Platforms({each.id: each for each in platforms})
        self._readers = [
            BindingsReader(name, number, signs, known)
            for name, all_signs in known.signs.items()
            for number, signs in enumerate(all_signs)
        ]
        self._keywords = KeywordIndex(
            [each.signs.needles for each in self._readers],
            frozenset(number for number, each in enumerate(self._readers) if each.signs.any_dash),
            [sign for _, signs in GROUPS for sign in signs],
        )
        # the numbers of the other signs follow those of the platforms
        self._groups = [group for group, signs in GROUPS for _ in signs]

    def is_candidate(self, lower: bytes, name: str = "") -> bool:
        """Whether the lower-cased bytes, under that base name, have the signs of some platform's read."""
        return self.look(lower, name).may_bind

    def look(self, text: bytes, name: str = "") -> Look:
        """The signs that the bytes, in any letter case and under that base name, have of some platform's read, and others."""
        joined, may_escape = join_lines(text)
        candidates = self._keywords.find_candidates(joined)
        if not candidates:
            return ONLY_ESCAPES if may_escape else NOTHING  # as many files
        many = len(self._readers)
        has_keywords = candidates[0] < many
        lower = joined.lower() if has_keywords else joined
        found = self._keywords.confirm(candidates, lower)
        reads = tuple(number for number in found if number < many)
        may_bind = any(self._readers[number].may_be_in(lower, name) for number in reads)
        groups = frozenset(self._groups[number - many] for number in found if number >= many)
        return Look(may_bind, groups, has_keywords, may_escape, reads)

    def choose_formats(self, formats: tuple[Format, ...], lower: bytes, look: Look, name: str = "") -> tuple[Format, ...]:
        """Of the formats that a document may have, those of reads whose signs it has, the likeliest first. `look`: the signs in
        its lower-case bytes.
        """
        if len(formats) < 2:
            return formats
        wanted = {
            format_
            for number in look.reads
            if self._readers[number].may_be_in(lower, name)
            for format_ in self._readers[number].read.formats
        }
        if look.may_have_overlays(lower, name):
            wanted |= {"yaml", "json"}
        # where expressions write the signs, the likeliest
        return tuple(each for each in formats if each in wanted) if wanted else formats[:1]

    def may_bind_in(self, file: LargeFile, format_: Format, name: str) -> bool:
        """Whether a file that is too large to be parsed may hold a binding."""
        words = {word.encode() for each in self._readers for word in each.signs.list_words()}
        found = file.find_words(words)
        readers = [each for each in self._readers if each.signs.fit(found)]
        return self._may_be_one_of(readers, b"\n".join(found), file.list_pieces, format_, name)

    def may_bind_in_text(self, lower: bytes, format_: Format, name: str = "") -> bool:
        """Whether a text that could not be parsed may hold a binding; `lower` has its lower-case bytes in each spelling."""
        readers = [self._readers[number] for number in self.look(lower).reads]
        return self._may_be_one_of(readers, lower, lambda: (lower,), format_, name)

    def _may_be_one_of(
        self,
        readers: list[BindingsReader],
        words: bytes,
        pieces: Callable[[], Iterable[bytes]],
        format_: Format,
        name: str,
    ) -> bool:
        """Whether a text with the keywords of these reads has the names on their paths, too. A read for another format may be
        for a string in it.
        """
        reads = [
            each.read
            for each in readers
            if each.may_be_in(words, name)
            and not each.platform.generic  # its words stand in many texts that nobody can read
            and (each.is_for(format_, name, is_inside=False) or (each.read.inside or format_ not in each.read.formats))
        ]
        if not reads:
            return False
        from scanner.evidence.bindings.path_names import may_be_for_one_of

        return may_be_for_one_of(reads, pieces(), has_members=format_ in _MEMBER_FORMATS)

    def bindings(
        self,
        parsed: Parsed,
        lower: bytes,
        path: str = "",
        look: Look | None = None,
        find_version: FindVersion = find_no_version,
    ) -> FoundBindings:
        """Every binding of the file, platform by platform, each in the order of its documents; then those of the documents in
        its strings; and what was not read. `look`: the signs in its lower-case bytes, where they were looked for.
        `find_version`: of platforms whose versions files name.
        """
        shared = Shared(find_version)
        name = path.rsplit("/", 1)[-1]
        look = look or self.look(lower, name.lower())
        found = self._read_one(parsed, lower, look, name, shared, is_inside=False)
        read: Scalar | None = None  # the last string that gave bindings
        lines: Lines | None = None
        for child in children(parsed, self.look, self.may_bind_in_text, shared.open_places, self.choose_formats):
            if child.string is not read:
                shared.walk.around = child.around
                more = self._read_one(child.parsed, child.lower, child.look, child.name, shared, is_inside=True)
                if more:  # few strings give any
                    from scanner.evidence.odd_names import mark_odd_names_inside, may_have_odd_names
                    from scanner.files.align import Lines

                    if may_have_odd_names(child.parsed.text):
                        lines = lines or Lines(parsed.text)
                        more = list(mark_odd_names_inside(child.parsed, child.string, lines, more))
                read = child.string if more else None
                found += more if child.parsed.text else [each for each in more if each not in found]
        shared.walk.around = None
        if parsed.format in ("yaml", "json") and look.may_have_overlays(lower, name.lower()):
            from scanner.evidence.bindings.overlay_reader import OverlayReader

            known = {(each.platform, each.spot) for each in found}
            laid = OverlayReader(self, self._readers, parsed, shared).bindings()
            found += [each for each in laid if (each.platform, each.spot) not in known]
        if shared.sections:
            from scanner.evidence.bindings.generic import let_others_go_first

            # what may be of a platform that we know is told as open, and not by its names alone
            known_ones = [each for each in found if not each.is_generic]
            found = known_ones if shared.open_places else list(let_others_go_first(found, dict(shared.sections)))
        if found and b"ownerreferences" in lower:
            from scanner.evidence.bindings.copies import drop_copies  # few files are from a cluster

            found = drop_copies(parsed, found)
        if found and ("{{" in parsed.text or "{%" in parsed.text):
            from scanner.evidence.bindings.values.conditions import mark_conditional  # few files are templates

            found = list(mark_conditional(found, parsed.text))
        is_cut = shared.skipped or len(parsed.documents) > MOST_DOCUMENTS
        left_out = tuple(_list_left_out(parsed, len(found), shared.skipped)) if is_cut else ()
        names = dict.fromkeys(variant.name for binding in found for variant in binding.variants)
        bindings = tuple(_mark_dropped_audiences(found, parsed, lower))
        return FoundBindings(bindings, left_out, tuple(shared.open_places), variant_names=tuple(names))

    def is_for_some_read(self, look: Look, format_: Format, name: str) -> bool:
        """Whether a file with those signs may be for a read of that format, without the documents in its strings."""
        return any(True for _ in self._list_readers(look, format_, name.lower(), is_inside=False))

    def bindings_of_code(self, parsed: Parsed, look: Look, path: str, find_version: FindVersion) -> FoundBindings:
        """The bindings of source code. What a text in it holds is no configuration, and what a name does not say is open."""
        shared = Shared(find_version)
        found = self._read_one(parsed, b"", look, path.rsplit("/", 1)[-1], shared, is_inside=False)
        left_out = tuple(_list_left_out(parsed, len(found), shared.skipped)) if shared.skipped else ()
        return FoundBindings(tuple(found), left_out, tuple(shared.open_places))

    def read_made(self, parsed: Parsed, lower: bytes, shared: Shared) -> Iterator[Binding]:
        """The bindings of a document that an overlay makes, and of those in its strings, without the reads that ask for a kind
        of manifest.
        """
        for reader in self._list_readers(self.look(lower), parsed.format, "", is_inside=False):
            if "[kind=" not in (reader.read.at or "") and not reader.platform.generic:
                yield from reader.bindings(parsed, shared)
        yield from self.read_strings(parsed, shared)

    def read_strings(self, parsed: Parsed, shared: Shared) -> Iterator[Binding]:
        """The bindings of the documents in the strings of a document that an overlay makes."""
        for child in children(parsed, self.look, self.may_bind_in_text, shared.open_places, self.choose_formats):
            shared.walk.around = child.around
            yield from self._read_one(child.parsed, child.lower, child.look, child.name, shared, is_inside=True)

    def _read_one(
        self, parsed: Parsed, lower: bytes, look: Look, name: str, shared: Shared, *, is_inside: bool
    ) -> list[Binding]:
        """The bindings of a file, or of a string in it, and its open places."""
        self._note_hidden(parsed, shared)
        if parsed.format in CODE or (not parsed.is_masked and not has_expressions(lower, name.lower())):
            return self._list_bindings(parsed, look, name, shared, is_inside=is_inside)
        from scanner.evidence.bindings.computed import list_branches, settle, texts_in

        parsed = settle(parsed, shared.lookup_in(parsed))
        look = self.look(b"%b\n%b" % (lower, texts_in(parsed)))
        found = self._list_bindings(parsed, look, name, shared, is_inside=is_inside)
        branches = list_branches(parsed)
        for branch in branches or ():
            found += [each for each in self._bindings(branch, look, name, shared, is_inside=is_inside) if each not in found]
        if branches is None and found:
            because = "branches of a template give one name many times; only the last one is read"
            shared.note_open([OpenPlace(because, found[0].spot)])
        self._note_open_identities(parsed, name, shared, is_inside=is_inside)
        return found

    def _note_open_identities(self, parsed: Parsed, name: str, shared: Shared, *, is_inside: bool) -> None:
        """Note the places that an expression may make a binding."""
        from scanner.evidence.bindings.open_identities import OpenNames

        documents = [names for node in parsed.documents[:MOST_DOCUMENTS] if (names := OpenNames(node, parsed))]
        lower = name.lower()
        readers = [each for each in self._readers if documents and each.may_be_at(parsed.format, lower, is_inside=is_inside)]
        for reader in readers:
            for names in documents:
                shared.note_open(reader.open_places(names, parsed, shared))

    def _note_hidden(self, parsed: Parsed, shared: Shared) -> None:
        """Note the texts in a template's actions that have the signs of a platform's configuration."""
        for hidden in parsed.hidden:
            if self.is_candidate(hidden.text.lower().encode("utf-8", "surrogatepass")):
                because = "an action of a template contains this configuration, or hides it"
                shared.open_places.append(OpenPlace(because, Spot(hidden.line, hidden.column)))

    def _list_bindings(self, parsed: Parsed, look: Look, name: str, shared: Shared, *, is_inside: bool) -> list[Binding]:
        found = list(self._bindings(parsed, look, name, shared, is_inside=is_inside))
        return _drop_repeated(found) if parsed.format == "bicep" else found

    def _bindings(self, parsed: Parsed, look: Look, name: str, shared: Shared, *, is_inside: bool) -> Iterator[Binding]:
        for reader in self._list_readers(look, parsed.format, name.lower(), is_inside=is_inside):
            yield from reader.bindings(parsed, shared)

    def _list_readers(self, look: Look, format_: Format, name: str, *, is_inside: bool) -> Iterator[BindingsReader]:
        """The reads for a text with those signs, of that format and lower-case name."""
        for number in look.reads:
            if self._readers[number].is_for(format_, name, is_inside=is_inside):
                yield self._readers[number]


# what verifies tokens in the process of an application, which may check more by itself
_OF_APPLICATIONS = frozenset({"framework", "library"})


def binding_from_settings(given: BindingExample) -> Binding:
    """The binding of a rule's example: for rules about settings that no platform file covers yet."""
    spot = Spot(1, 1)
    values = {name: getattr(given, name) for name in FIELDS}
    written = {name: _make_setting(value, spot) for name, value in values.items() if value is not None}
    defaults = {str(name): Setting("default", value, value, "verified", "an example") for name, value in given.defaults.items()}
    return Binding(
        platform=given.platform,
        version=_see_version(given) if given.version is not None else None,
        role=given.role,
        spot=spot,
        settings={name: written.get(name) or defaults.get(name, Setting("unknown")) for name in FIELDS},
        behaviour=defaults,
        has_symmetric_secret=given.has_symmetric_secret,
        drops_audience=given.drops_audience,
    )


def _see_version(given: BindingExample) -> SeenVersion:
    from scanner.evidence.versions.seen import version_from_text

    return version_from_text(given.version or "", given.platform)


def _make_setting(value: object, spot: Spot) -> Setting:
    texts = value if isinstance(value, list) else [value]
    if any(isinstance(text, str) and is_open(text) for text in texts):
        return Setting("unresolved", value, spot=spot)
    return Setting("set", value, value, spot=spot)


def embedded_in(platform: Platform, known: Mapping[str, Platform], read: Read | None = None) -> tuple[Platform, ...]:
    """The platforms embedded in this one, or in that read of it, nearest first, each once."""
    found: dict[str, Platform] = {}
    waiting = list(platform.uses if read is None or read.uses is None else read.uses)
    while waiting:
        engine = known.get(waiting.pop(0))
        if engine is not None and engine.id not in found and engine is not platform:
            found[engine.id] = engine
            waiting += engine.uses
    return tuple(found.values())


def _drop_repeated(bindings: list[Binding]) -> list[Binding]:
    """The bindings without those that a loop makes again of the same text."""
    kept: dict[tuple[str, Spot], list[Binding]] = {}
    for each in bindings:
        same = kept.setdefault((each.platform, each.spot), [])
        if each not in same:
            same.append(each)
    return [each for same in kept.values() for each in same]


def _is_asked_for(asked: Read | ReadPlace, format_: Format, name: str, *, is_inside: bool) -> bool:
    if format_ not in asked.formats or (asked.inside and not is_inside):
        return False
    globs = asked.inside or asked.files
    return not globs or any(_is_like(name, glob.lower()) for glob in globs)


def _is_like(name: str, glob: str) -> bool:
    """Whether a name matches a glob; of most globs one star is the only mark, which needs no pattern."""
    first, star, last = glob.partition("*")
    if not any(mark in glob for mark in "?[") and "*" not in last:
        return name.startswith(first) and name.endswith(last) and len(name) >= len(first) + len(last) if star else name == glob
    return fnmatch.fnmatchcase(name, glob)


def _is_in_another_document(root: Trail, binding: Binding, walk: Walk) -> bool:
    from scanner.evidence.bindings.other_documents import is_in_another_document  # few files have a binding

    return is_in_another_document(root, binding, walk)


def _binds(role: PlatformRole, compiled: CompiledRead, root: Trail, context: ReadContext) -> bool:
    try:
        return read_binding(role, compiled, root, context) is not None
    except BudgetExceeded:
        return True


def _list_left_out(parsed: Parsed, found: int, skipped: int) -> Iterator[LeftOut]:
    from scanner.evidence.left_out import LeftOut  # few files are cut

    if len(parsed.documents) > MOST_DOCUMENTS:
        node = parsed.documents[MOST_DOCUMENTS]
        yield LeftOut("documents", MOST_DOCUMENTS, len(parsed.documents), Spot(node.line, node.column))
    if skipped:
        yield LeftOut("bindings", found, found + skipped, is_most=True)


def _cut(root: Trail, mark: str) -> Iterator[Trail]:
    """The parts of a text, each a node at the place of the text; what a template or an expression makes is whole."""
    node = root.node
    if not isinstance(node, Scalar) or node.is_masked or node.is_expression:
        yield root
        return
    for part in node.text.split(mark):
        if text := part.strip():
            yield Trail(changed(node, text=text, value=text), root.key, root.above)


def _make_part(binding: Binding, compiled: CompiledRead) -> Binding:
    """The binding of a patch: a default does not apply to what the manifest elsewhere may set."""
    known = {name for name, _ in compiled.fields}
    settings = {
        name: Setting("unknown") if name in known and setting.state == "default" else setting
        for name, setting in binding.settings.items()
    }
    return changed(binding, settings=settings, is_part=True)


def _mark_dropped_audiences(bindings: list[Binding], parsed: Parsed, lower: bytes) -> Iterator[Binding]:
    """Each binding, marked where it undoes an earlier one: one binding that accepts a token is enough. Resources of Kubernetes
    are consumers of their own.
    """
    demanding: set[tuple[str, object, object]] = set()
    homes: Homes | None = None
    if len(bindings) > 1 and b"apiversion" in lower:
        from scanner.evidence.attached.homes import Homes  # most files have one binding

        homes = Homes(parsed)
    for binding in bindings:
        issuer = binding.settings["issuer"].value
        trusted = binding.platform, issuer, homes.scope_of(binding.spot) if homes is not None else None
        if binding.settings["audiences"].state in ("set", "unresolved"):
            demanding.add(trusted)
            yield binding
        else:
            may_be_repaired = binding.is_part or binding.variants
            is_dropped = isinstance(issuer, str) and trusted in demanding and not may_be_repaired and _takes_any(binding)
            yield changed(binding, drops_audience=True) if is_dropped else binding


def _takes_any(binding: Binding) -> bool:
    """Whether a binding without audiences may accept every token of its issuer: none that the platform checks an audience of,
    and none of certain subjects, as a role of a mount.
    """
    return binding.settings["checks_audience"].value is not True and binding.settings["subject"].value is None


class BindingsReader:
    """One read of one platform; the platform is loaded when a file may be for it."""

    def __init__(self, platform: str, number: int, signs: Signs, known: Platforms) -> None:
        self.signs = signs
        self._name = platform
        self._number = number
        self._known = known
        self._compiled: CompiledRead | None = None
        self._open_plan: OpenPlan | None = None

    @property
    def platform(self) -> Platform:
        """The platform that the read belongs to."""
        return self._known[self._name]

    @property
    def read(self) -> Read:
        """The read itself."""
        return self.platform.reads[self._number]

    def may_be_in(self, lower: bytes, name: str) -> bool:
        """Whether a file with the keywords may contain a document for this read: itself, or in a string."""
        signs = self.signs
        if not signs.words or any(word.encode() in lower for word in signs.words):
            return True
        return any(_is_like(name, glob) for glob in signs.files)

    def is_for(self, format_: Format, name: str, *, is_inside: bool) -> bool:
        """Whether this read is for a document of that format and name (of a file, or of the string that contains it)."""
        return _is_asked_for(self.read, format_, name, is_inside=is_inside)

    def may_be_at(self, format_: Format, name: str, *, is_inside: bool) -> bool:
        """The same, and the platform is not opened for the answer: a template is asked about every read."""
        return _is_asked_for(self._place, format_, name, is_inside=is_inside)

    @property
    def _place(self) -> ReadPlace:
        return self._known.places[self._name][self._number]

    def compiled(self) -> CompiledRead:
        """The paths, compiled at first use."""
        if self._compiled is None:
            try:
                self._compiled = compile_read(self.platform, self.read, embedded_in(self.platform, self._known, self.read))
            except BadPath:
                from scanner.evidence.bindings.check_paths import check_paths  # only on the way to an error message

                check_paths(self.platform)
                raise
        return self._compiled

    def bindings(self, parsed: Parsed, shared: Shared) -> Iterator[Binding]:
        """The bindings of each document, in order. Of settings for several profiles, each once, with its profiles."""
        laid = shared.lay(parsed, self.read.profiles)
        found = self._read_documents(laid, shared)
        if not laid.variants:
            return (binding for _, binding in found)
        from scanner.evidence.bindings.profile_bindings import merge_profiles  # few files have profiles

        return merge_profiles((laid.variants[number], binding) for number, binding in found)

    def _read_documents(self, parsed: Parsed, shared: Shared) -> Iterator[tuple[int, Binding]]:
        """The bindings, each with the number of its document."""
        documents = self._list_documents(parsed, shared)
        if not documents:
            return
        compiled = self.compiled()
        role = PlatformRole(self.platform.id, self.read.role, self.read.needs)
        for number, node in enumerate(documents):
            top, whole = Trail(node), shared.walk.unbounded()
            # the reader limits the tree already, and these paths are not evaluated for each binding
            if not all(where.select(top, whole) for where in compiled.where):
                continue
            needs_flats = compiled.at is None or self.read.placeholders == "spring"
            flats = list(flatten(node)) if needs_flats else []
            find_version = self._versions_in(node, shared.find_version)
            context = ReadContext(shared.walk, self._lookup(node, parsed, flats), parsed.is_masked, find_version)
            for root in self._roots(compiled, top, flats, shared.walk):
                binding = shared.read(role, compiled, root, context)
                if binding is not None and not _is_in_another_document(root, binding, shared.walk):
                    yield number, self._mark_own_audience(binding, node, root)

    def _mark_own_audience(self, binding: Binding, document: Node, root: Trail) -> Binding:
        """The binding of an application's framework, marked where the application names an audience by itself."""
        prefix, audiences = self.read.settings, binding.settings["audiences"]
        if prefix is None or self.platform.category not in _OF_APPLICATIONS or audiences.state in ("set", "unresolved"):
            return binding
        from scanner.evidence.bindings.own_audience import find_own_audience  # most bindings name their audiences

        found = find_own_audience(document, prefix, root.node)
        return changed(binding, own_audience=found) if found else binding

    def _versions_in(self, node: Node, around: FindVersion) -> FindVersion:
        """The versions that a document itself names by a path, else those that are found around it."""

        def find(platform: str) -> SeenVersion | None:
            known = self._known.get(platform)
            places = known.versions if known is not None else None
            if places is None:
                return None
            if places.paths:
                from scanner.evidence.versions.settings import find_at_paths  # few documents name their platform's version

                seen = find_at_paths(node, places.paths, platform)
                if seen is not None:
                    return seen
            return around(platform)

        return find

    def _list_documents(self, parsed: Parsed, shared: Shared) -> list[Node] | tuple[Node, ...]:
        """The documents as the read sees them. Where its path is for environment variables, those that have any."""
        documents = parsed.documents[:MOST_DOCUMENTS]
        if not self.read.separators:
            return documents
        unfolded = [shared.unfold(node, self.read) for node in documents]
        if self.read.environment and self.read.at is not None:
            return [node for node in unfolded if not isinstance(node, tree.Mapping) or node.entries]
        return unfolded

    def open_places(self, names: OpenNames, parsed: Parsed, shared: Shared) -> Iterator[OpenPlace]:
        """The places in a document that an expression may make a binding of this read."""
        from scanner.evidence.bindings.open_identities import OpenPlan, find_open_identities

        plan = self._open_plan = self._open_plan or OpenPlan(self._place)
        if not plan.may_vary(names) and not plan.bodies:
            return  # as of most reads
        walk = shared.walk.unbounded()

        def find_roots(node: Node) -> list[Trail]:
            top, compiled = Trail(node), self.compiled()
            if not all(where.select(top, walk) for where in compiled.where):
                return []
            flats = list(flatten(node)) if compiled.at is None else []
            return list(self._roots(compiled, top, flats, walk))

        @cache
        def find_context() -> tuple[PlatformRole, ReadContext]:
            role = PlatformRole(self.platform.id, self.read.role, self.read.needs)
            return role, ReadContext(walk, self._lookup(names.node, parsed, ()), parsed.is_masked)

        def binds(root: Trail) -> bool:
            role, context = find_context()
            return _binds(role, self.compiled(), root, context)

        for found in find_open_identities(names, plan, find_roots, binds):
            what = "the rest of this" if found.is_body else "whether this is"
            yield OpenPlace(f"an expression decides {what} configuration of {self.platform.name}", found.spot)

    def _roots(self, compiled: CompiledRead, top: Trail, flats: list[Flat], walk: Walk) -> Iterator[Trail]:
        """The nodes with one binding each; for a list, its items. The reader limits the tree already."""
        if compiled.at is None:
            settings = self.read.settings or ""
            apart = environments(top.node, settings, compiled.spelling, compiled.variables) if self.read.environment else ()
            for each in (flats, *apart):
                yield from (Trail(made, key, top) for key, made in groups(each, settings, compiled.spelling))
            return
        for trail in compiled.at.select_all(top, walk.unbounded()):
            for root in items(trail) if isinstance(trail.node, Sequence) else (trail,):
                yield from _cut(root, self.read.split) if self.read.split is not None else (root,)

    def _lookup(self, node: Node, parsed: Parsed, flats: Iterable[Flat]) -> Lookup:
        if self.read.placeholders == "spring":
            return lookup_in_settings(flats)
        known: dict[str, str] | None = None

        def of_the_document(name: str) -> str | None:
            nonlocal known
            if known is None:  # most documents need none
                known = definitions(node, parsed.format)
            return known.get(name)

        return of_the_document
