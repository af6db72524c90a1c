"""An issuer, as its metadata describes it."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.model import Evidence, Fetched, IssuerMetadata, MetadataKind, Spot
from scanner.record import changed, record
from scanner.subjects.identifiers import SubjectIds
from scanner.subjects.kinds import WaiverNames
from scanner.subjects.mirror import find_mirrored_place
from scanner.subjects.model import Issuer, Subject


@record(slots=True)
class IssuerRow:
    """`kind` says which kind of metadata it is (RFC 8414, RFC 9728, OpenID Connect Discovery, OpenID Federation)."""

    id: str
    path: str
    line: int | None
    column: int | None
    kind: str
    issuer: str | None
    jwks_uri: str | None


Row = IssuerRow
_IDENTIFIERS = ("issuer", "resource", "credential_issuer", "iss")


def subjects_of(evidence: Evidence, ids: SubjectIds) -> Iterator[Subject]:
    """Each metadata document; for one that was not fetched, the issuer that it would have described."""
    if because := evidence.unreached.get("issuer"):
        yield changed(_make_unreached(evidence, ids), unreached=because)
    for metadata in evidence.metadata:
        yield _make_issuer(metadata, ids, evidence.fetched)


def _make_unreached(evidence: Evidence, ids: SubjectIds) -> Subject:
    fetched = evidence.fetched
    is_plain = fetched is not None and fetched.role == "oauth-authorization-server"
    kind: MetadataKind = "authorization-server" if is_plain else "openid-provider"
    label = fetched.wanted.issuer if fetched is not None else evidence.path
    metadata = IssuerMetadata(kind=kind, members={"issuer": label}, spot=Spot(1, 1), spots={})
    return ids.subject("issuer", label, Issuer(metadata, fetched=fetched), None, {})


def _make_issuer(metadata: IssuerMetadata, ids: SubjectIds, fetched: Fetched | None) -> Subject:
    written = next((metadata.members[name] for name in _IDENTIFIERS if name in metadata.members), None)
    label = written if isinstance(written, str) else metadata.kind
    spots = {fault.kind: Spot(fault.line, fault.column) for fault in reversed(metadata.faults)}
    host, path = find_mirrored_place(ids.path) if fetched is None else ("", "")
    about = Issuer(metadata, fetched=fetched, mirrored_host=host, mirrored_path=path)
    return ids.subject("issuer", label, about, metadata.spot, {**metadata.spots, **spots})


def make_row(subject: Subject) -> IssuerRow:
    """The issuer as a report lists it."""
    metadata = subject.about.metadata
    place = subject.ref.place
    head = (subject.ref.id, place.path, place.line, place.column)
    return IssuerRow(*head, metadata.kind, _text(metadata, "issuer"), _text(metadata, "jwks_uri"))


def identify(subject: Subject) -> tuple[str, ...]:
    """The kind of metadata and the issuer that it names."""
    metadata = subject.about.metadata
    return metadata.kind, str(metadata.members.get("issuer", ""))


def find_waiver_names(subject: Subject) -> WaiverNames:
    """The issuer that the metadata names, and the one for which it was fetched."""
    names = dict.fromkeys(name for name in (_text(subject.about.metadata, "issuer"), subject.visit) if name)
    return WaiverNames(tuple(names))


def _text(metadata: IssuerMetadata, name: str) -> str | None:
    found = metadata.members.get(name)
    return found if isinstance(found, str) else None
