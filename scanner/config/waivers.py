"""`waivers.yaml`: risks that were reviewed and accepted, read by hand with places and nearest names."""

from __future__ import annotations

from datetime import date

from scanner.config.globs import find_fault
from scanner.config.model import GLOB_REMEDY, WAIVERS
from scanner.errors import ConfigError, Place
from scanner.files.limits import LARGEST_FILE
from scanner.files.tree import Mapping
from scanner.pack.model import Places
from scanner.pack.structure import own_documents, structure
from scanner.record import defaults_of, field, record


@record(kw_only=True)
class Selector:
    """Which findings of the rule are meant: globs (`*`, `?`) that must all fit. `id` is the subject's id as reports show it;
    `fingerprint` a `jwksFinding/v1` or `/v2` in full. A `path` is a glob as in .gitignore: one that means a folder covers
    what is below it.
    """

    id: str | None = None
    path: str | None = None
    issuer: str | None = None
    kid: str | None = None
    fingerprint: str | None = None

    def members(self) -> dict[str, str]:
        """What is given, by name."""
        written = ((name, getattr(self, name)) for name in defaults_of(Selector))
        return {name: value for name, value in written if value is not None}

    def words(self) -> str:
        """The selector as reports show it."""
        return " ".join(f"{name}={value}" for name, value in self.members().items()) or "everything"


@record(kw_only=True)
class WaiverEntry:
    """One accepted risk: which rule, on what (`subject`: a glob on the subject's id, or a selector), why, who answers for it,
    and its last day (UTC).
    """

    rule: str
    reason: str
    owner: str
    expires: str
    subject: str | Selector | None = None
    approver: str | None = None
    ticket: str | None = None
    compensating_control: str | None = None
    place: Place = Place("")
    places: Places = field(default_factory=Places)

    @property
    def selector(self) -> Selector:
        """The subject as a selector; empty where the waiver names none."""
        if isinstance(self.subject, Selector):
            return self.subject
        return Selector(id=self.subject)


@record(kw_only=True)
class WaiverFile:
    """The reviewed waivers of a repository."""

    waivers: list[WaiverEntry] | None


def load_waivers(path: str, shown: str) -> tuple[WaiverEntry, ...]:
    """Every waiver of a file, which reports call `shown`; ConfigError names place and remedy."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigError(
            what=f"cannot read the waivers in `{shown}`: {error.strerror}",
            remedy="Name a file that exists with --waivers or `waivers:`; `jwksgov waive` writes one.",
        ) from None
    return parse_waivers(data, shown)


def parse_waivers(data: bytes, shown: str) -> tuple[WaiverEntry, ...]:
    """The waivers that the bytes of a file hold."""
    documents = own_documents(
        data,
        shown,
        ConfigError,
        unread="Correct the file; nothing is waived until it can be read.",
        repeated="Keep one of the two.",
    )
    if not documents:
        return ()
    if len(documents) > 1:
        raise ConfigError(
            what=f"{len(documents)} documents in one waiver file",
            where=Place(shown),
            remedy="Write one list `waivers:` in one document.",
        )
    node = documents[0]
    if isinstance(node, Mapping) and node.get("waivers") is None:
        raise ConfigError(
            what="no list `waivers`",
            where=Place(shown, node.line, node.column),
            remedy=f"Write `waivers:` and a list below it; if this is no file of jwksgov, name another under `waivers:` "
            f"in the configuration, which otherwise takes `{WAIVERS}` beside it.",
        )
    entries = tuple(structure(node, WaiverFile, shown, ConfigError).waivers or ())
    for entry in entries:
        _check(entry)
    return entries


def _check(entry: WaiverEntry) -> None:
    for name in ("rule", "reason", "owner"):
        if not getattr(entry, name).strip():
            raise ConfigError(
                what=f"`{name}` of a waiver is empty",
                where=entry.places.of(name, entry.place),
                remedy="Say which rule is waived, why, and who answers for it.",
            )
    fault = find_fault(entry.selector.path) if entry.selector.path is not None else None
    if fault is not None:
        raise ConfigError(
            what=f"the glob `{entry.selector.path}` of a waiver matches nothing: {fault}",
            where=entry.places.of("subject", entry.place),
            remedy=GLOB_REMEDY,
        )
    if not is_date(entry.expires):
        raise ConfigError(
            what=f"`{entry.expires}` is not a date",
            where=entry.places.of("expires", entry.place),
            remedy="Write the last day of the waiver as 2027-03-31.",
        )


def is_date(text: str) -> bool:
    """Whether `text` is a calendar day, `YYYY-MM-DD`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
