"""The models of a platform file: how jwksgov recognises and reads a consumer's configuration, and the consumer's defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal

from scanner.errors import Place
from scanner.files.tree import Format
from scanner.pack.binding_terms import Category, DefaultName, FieldName, Role
from scanner.patterns import lazy_pattern
from scanner.record import field, record

# the name before the value in a filter of a path, quoted or not
_FILTER = lazy_pattern(r"('[^']++'|(?<![\w@/*.#^$-])[\w@/*.#^$-]++)=")
# words of so much configuration that they tell little
_FREQUENT = frozenset(
    {
        "config", "extensions", "http", "identity", "map", "option", "options", "plugin", "provider", "providers", "resource",
        "rules", "strategy", "type",
    }
)  # fmt: skip

# `measured`: seen on a running product; `verified`: read in the code that acts; `inferred`: concluded from code; `docs-only`:
# what a page or an API's comment says; `unverified`: nobody looked it up
Confidence = Literal["measured", "verified", "inferred", "docs-only", "unverified"]
# by what a fact was read
ReadBy = Literal["measured", "code", "comment", "docs"]
Ecosystem = Literal["npm", "pypi", "go", "maven", "nuget", "cargo", "gem", "composer", "deb"]
# how one file has settings for several profiles
ProfileStyle = Literal["none", "spring", "smallrye"]


@record(kw_only=True)
class Reading:
    """Where a fact was read: the date (`at`, YYYY-MM-DD), and `by` what. `commit`: `owner/name@revision path`, of code or of a
    comment in it. `page`: the address or title of documentation. Of a measurement: the `version` of the product, and `how`.
    """

    at: str
    by: ReadBy
    commit: str | None = None
    page: str | None = None
    version: str | None = None
    how: str | None = None

    @property
    def source(self) -> str:
        """The place of the reading in words, for people."""
        if self.by == "measured":
            where = self.page or self.commit
            return f"measured with version {self.version}: {self.how}{f' ({where})' if where else ''}, {self.at}"
        return f"{self.commit or self.page}, read {self.at}"


@record(kw_only=True)
class SchemaReading:
    """What a platform's configuration was held against: the date (`at`, YYYY-MM-DD), and the `commit`
    (`owner/name@revision path`) of its schema, CRD or code, or the `page` of its reference.
    """

    at: str
    commit: str | None = None
    page: str | None = None

    @property
    def source(self) -> str:
        """The place of the reading in words, for people."""
        return f"{self.commit or self.page}, read {self.at}"


@record(kw_only=True)
class LeftOut:
    """A setting, resource or form that bears on trust and is not read: `setting` as the platform writes it, `because` says
    why in a sentence.
    """

    setting: str
    because: str


@record(kw_only=True)
class Behaviour:
    """What a platform does when a setting is missing, with the confidence and what it was read from.

    `when`: filters that the binding's node must satisfy; the first behaviour whose filters match counts. `follows`: where that
    field of the binding is set, its value replaces the default, `times` of it (two caches in a row keep a key for two ages).
    `since` and `until`: the first and the last version of the platform of which it is true; the last one with all that begin
    with it.
    """

    value: Any
    confidence: Confidence
    read: Reading | None = None
    meaning: str | None = None
    when: list[str] = field(default_factory=list)
    follows: FieldName | None = None
    times: int = 1
    since: str | None = None
    until: str | None = None

    @property
    def source(self) -> str:
        """What it was read from, in words."""
        return self.read.source if self.read is not None else "not looked up"


@record(kw_only=True)
class FieldSpec:
    """How one field of a binding is read: `path` from the binding's node, and what to do with the value found there.

    `of` starts at the nodes of that join instead; `when` are filters that the binding's node must satisfy. `split` splits a
    text; `exists` makes presence the value; `equals` makes a boolean of a comparison with globs (`a|b`); `invert` negates;
    `unit` is the unit of a bare number (seconds by default); `after` and `before` cut a text; `format` inserts the value into a
    text at `{}` and the nodes of other paths at `{path}`; `every` reads every alternative of the path, not just the first
    present one (a switch is on where any is on); `base64` decodes base64; `secret` treats a text that is not a JWK Set, PEM or
    a template as a shared secret; `reference` says that the text is a name in the platform, so the value stays open;
    `elsewhere` says that other configuration gives the value: where the path selects nothing (with `of`: where there is no node
    of the join), it is open; `or_file` of `jwks_uri` says that the setting takes a file as well: what is no URL is the key
    file. `since` and `until`: the first and the last version that knows the setting.
    """

    path: str
    of: str | None = None
    when: list[str] = field(default_factory=list)
    split: str | None = None
    exists: bool = False
    equals: str | None = None
    invert: bool = False
    unit: Literal["ms", "s", "min", "h", "d"] = "s"
    after: str | None = None
    before: str | None = None
    format: str | None = None
    every: bool = False
    base64: bool = False
    secret: bool = False
    reference: bool = False
    elsewhere: bool = False
    by_default: bool = False
    or_file: bool = False
    since: str | None = None
    until: str | None = None


@record(kw_only=True)
class SharedText:
    """Two paths, of the joined node and of the binding's, that must select a text in common; with `words` the binding's text
    may be one word of the other (nginx's `location = /keys`).
    """

    theirs: str
    mine: str
    words: bool = False


@record(kw_only=True)
class NodeJoin:
    """Other nodes of the same file that belong to a binding: those that `at` (or the dotted prefix `settings`) selects from the
    document, and that name the binding's node: `refers` is a path in which its address stands (Terraform's `type.name`), `same`
    a value that both have. One of the two is enough.
    """

    at: str | None = None
    settings: str | None = None
    refers: str | None = None
    same: SharedText | None = None


@record(kw_only=True)
class UnusedSetting:
    """A setting without effect: `setting` is a path from the binding's node, `when` the filters under which the platform
    ignores it, `because` what the platform does instead, to follow "is ignored: ".
    """

    setting: str
    because: str
    confidence: Confidence
    read: Reading | None = None
    when: list[str] = field(default_factory=list)


@record(kw_only=True)
class Read:
    """One way in which a platform's configuration is written. Exactly one of `at` (a path; one binding for each node it
    selects, a list's items each) and `settings` (a dotted prefix that may be nested, dotted or flat; `{name}` captures a part,
    the last one is `#key`).

    `split`: a text that `at` selects is cut at this mark, one binding for each part.

    `names`: how names are compared: exactly, in any case, with underscores as dashes (any-dash), or by their letters and digits
    in any case (relaxed). `separators`: marks at which a member's name is a path (`A:B: 1` is `A: {B: 1}`). `files`: globs on
    the file's base name. `inside`: globs on the name of the string that holds the document; such a read is for nothing else.
    `where`: filters on the document; `unless`: filters that the binding's node must not satisfy. `profiles`: how the
    file has settings for several profiles: documents that say for which they hold (`spring`), or names that begin with one
    (`smallrye`). `environment`: the settings may also be environment variables, anywhere in the
    document (with `separators`: only those whose names have one). `also`: further settings that the platform knows, to find
    misspelt ones. `unused_settings`: those without effect. `part`: such a node is only a part of the configuration, and what it
    leaves out (the issuer, the keys) is written elsewhere. `uses`: the embedded software, where it is not the platform's.
    """

    formats: list[Format]
    fields: dict[FieldName, str | FieldSpec | list[FieldSpec]]
    at: str | None = None
    settings: str | None = None
    split: str | None = None
    names: Literal["exact", "relaxed", "any-case", "any-dash"] = "exact"
    separators: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    unless: list[str] = field(default_factory=list)
    needs: list[FieldName] = field(default_factory=list)
    needles: list[str] = field(default_factory=list)
    role: Role = "access_token"
    part: bool = False
    uses: list[str] | None = None
    placeholders: Literal["none", "spring"] = "none"
    profiles: ProfileStyle = "none"
    environment: bool = False
    join: dict[str, NodeJoin] = field(default_factory=dict)
    also: list[str] = field(default_factory=list)
    unused_settings: list[UnusedSetting] = field(default_factory=list)
    behaviour: dict[DefaultName, Behaviour | list[Behaviour]] = field(default_factory=dict)


@record(kw_only=True)
class VersionsInUse:
    """The oldest (`since`) and the newest (`until`) version that is counted with where a consumer's own is not known."""

    since: str | None = None
    until: str | None = None


@record(kw_only=True)
class VersionPlaces:
    """Where the version of a consumer is written, and which versions are in use.

    `images`: globs on the name of a container image without registry and tag. `charts`: names of Helm charts whose appVersion
    it is; `chart_versions`: of those whose own version is the product's, as `helm_release` and its like name it. `packages`:
    ecosystem (npm, pypi, go, maven, nuget, cargo, gem, composer, deb) → names of packages. `providers`: addresses of Terraform
    providers. `paths`: paths from the root of a document that has bindings.
    """

    in_use: VersionsInUse = field(default_factory=VersionsInUse)
    images: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    chart_versions: list[str] = field(default_factory=list)
    packages: dict[Ecosystem, list[str]] = field(default_factory=dict)
    providers: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@record(kw_only=True)
class PlatformExample:
    """A file and every binding it gives, in order (`gives: []` is a look-alike). Only the members named are compared."""

    it: str
    file: str
    text: str
    gives: list[dict[str, Any]]


@record(kw_only=True)
class Platform:
    """One consumer platform: how its configuration is recognised and read, and what it does by default.

    `behaviour` keys: the setting names of a binding (`cache_s`, `verifies_tls`, …) and the behaviour names of the glossary
    (`new_key_visible_s`, `removed_key_trusted_s`, `issuer_check`, `audience_check`, …). `uses`: the embedded platforms or
    libraries; they supply what this file does not define. `schema_read`: the schemas and references that `reads` was held
    against, and `left_out` what they have beyond it. `generic`: it is no product, and its settings are told by their names
    alone: what is left out is not known, and a binding of another platform at the same place takes precedence.
    """

    id: str
    name: str
    category: Category
    version_read: str
    reads: list[Read]
    behaviour: dict[DefaultName, Behaviour | list[Behaviour]]
    examples: list[PlatformExample]
    uses: list[str] = field(default_factory=list)
    versions: VersionPlaces | None = None
    schema_read: list[SchemaReading] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    generic: bool = False
    notes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    place: Place = Place("")


@record
class Signs:
    """The signs that a file may be for a read: all `needles` (keywords, the rarest first; of `a|b` one of the two) occur in its
    lower-case bytes, and its base name matches one of `files`, or one of `words` occurs (a part of the name of a document
    inside a string). `any_dash`: dashes and underscores do not count.
    """

    needles: list[str]
    files: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    any_dash: bool = False

    def list_words(self) -> Iterator[str]:
        """Every word that the signs ask for."""
        yield from self.words
        for needle in self.needles:
            yield from needle.split("|")

    def fit(self, found: Collection[bytes]) -> bool:
        """Whether all keywords are among the words that were found."""
        return all(any(each.encode() in found for each in needle.split("|")) for needle in self.needles)


@record
class ReadPlace:
    """Where the nodes of a read are: those members of it that say so. `filters`: the names of members whose values choose the
    node, maybe some more.
    """

    formats: list[Format]
    inside: list[str]
    files: list[str]
    at: str | None
    where: list[str]
    names: Literal["exact", "relaxed", "any-case", "any-dash"]
    filters: list[str]


class Platforms(Mapping[str, Platform]):
    """The platforms of a pack by id, and the signs and places of their reads: recognising a file opens no platform, nor does
    asking whether an expression may make a binding. `places` is called once, when they are first needed.
    """

    def __init__(
        self,
        by_id: Mapping[str, Platform],
        signs: Mapping[str, list[Signs]] | None = None,
        places: Callable[[], Mapping[str, list[ReadPlace]]] | None = None,
    ) -> None:
        self._by_id = by_id
        self._signs = signs
        self._open_places = places
        self._places: Mapping[str, list[ReadPlace]] | None = None

    @property
    def signs(self) -> Mapping[str, list[Signs]]:
        """Platform id → the signs of each of its reads."""
        if self._signs is None:
            self._signs = {name: [signs_of(read) for read in platform.reads] for name, platform in self.items()}
        return self._signs

    @property
    def places(self) -> Mapping[str, list[ReadPlace]]:
        """Platform id → the place of each of its reads."""
        if self._places is None:
            self._places = self._open_places() if self._open_places is not None else self._find_places()
        return self._places

    def _find_places(self) -> Mapping[str, list[ReadPlace]]:
        return {name: [place_of(read) for read in platform.reads] for name, platform in self.items()}

    def __getitem__(self, name: str) -> Platform:
        return self._by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


def signs_of(read: Read) -> Signs:
    """The signs of one read."""
    names = [glob.lower() for glob in read.inside or read.files]
    words = [max(re.split(r"[*?\[\]]+", name), key=len) for name in names]
    return Signs(
        sorted(find_keywords(read), key=_order),
        [] if read.inside else names,
        words if all(words) else [],
        read.names in ("relaxed", "any-dash"),
    )


def place_of(read: Read) -> ReadPlace:
    """The place of one read."""
    found = [each for text in (*read.where, read.at or "") for each in _FILTER.findall(text)]
    filters = [each.strip("'") for each in dict.fromkeys(found)]
    return ReadPlace(read.formats, read.inside, read.files, read.at, read.where, read.names, filters)


def _order(keyword: str) -> tuple[bool, int, str]:
    """The rarest first: long words, and none that stand in much configuration. Of alternatives the shortest counts."""
    alternatives = keyword.split("|")
    return not _FREQUENT.isdisjoint(alternatives), -min(map(len, alternatives)), keyword


def find_keywords(read: Read) -> list[str]:
    """The keywords that the lower-case bytes must contain: those of the read, else derived from its path and conditions."""
    if read.needles:
        return [needle.lower() for needle in read.needles]
    # a path's filters are not literals, and of alternatives only the common part is certain
    ways = re.sub(r"\{[^}]*+(?:\}|\Z)|\[[^\]]*+(?:\]|\Z)", " ", read.settings or read.at or "").split("|")
    shared = set.intersection(*(set(re.findall(r"[A-Za-z0-9]{3,}", way)) for way in ways))
    words = sorted(shared)
    for where in read.where:
        words += re.findall(r"[A-Za-z0-9]{6,}", where.partition("=")[2])[:1]
    return [word.lower() for word in words]
