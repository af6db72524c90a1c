"""The subjects of one document, each with an identity that names it to a person and stays when other lines move."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from scanner.errors import Place
from scanner.evidence.model import Binding, Evidence, Fetched, IssuerMetadata, JwkSet, MetadataKind, Spot
from scanner.files.limits import MOST_KEYS
from scanner.record import changed
from scanner.subjects.model import About, Endpoint, Issuer, Kind, Subject, SubjectRef

_LONGEST_LABEL = 100


def subjects_of(evidence: Evidence) -> Iterator[Subject]:
    """Sets before their keys, then issuers, then bindings with the keys embedded in them, then private keys; what was fetched
    begins with its endpoint.
    """
    names = Names(evidence.path, evidence.fetched.wanted.issuer if evidence.fetched is not None else "")
    if evidence.fetched is not None:
        yield names.subject("endpoint", evidence.fetched.role, Endpoint(evidence.fetched), None, {})
    if evidence.unreached:
        yield from _unreached(evidence, names)
    for jwk_set in evidence.jwk_sets:
        yield from _set_and_keys(jwk_set, names, "")
    for metadata in evidence.metadata:
        yield _issuer(metadata, names, evidence.fetched)
    for binding in evidence.bindings:
        label = _binding_label(binding)
        yield names.subject("binding", label, binding, binding.spot, _setting_spots(binding))
        if binding.embedded is not None:
            yield from _set_and_keys(binding.embedded, names, label)
    for key in evidence.private_keys:
        kid = key.public.texts.get("kid") if key.public is not None else None
        yield names.subject("private_key", kid or key.form, key, key.spot, {})


def _unreached(evidence: Evidence, names: Names) -> Iterator[Subject]:
    """What a document would have told of if it had come."""
    fetched = evidence.fetched
    if because := evidence.unreached.get("issuer"):
        is_plain = fetched is not None and fetched.role == "oauth-authorization-server"
        kind: MetadataKind = "authorization-server" if is_plain else "openid-provider"
        label = fetched.wanted.issuer if fetched is not None else evidence.path
        metadata = IssuerMetadata(kind=kind, members={"issuer": label}, spot=Spot(1, 1), spots={})
        issuer = names.subject("issuer", label, Issuer(metadata, fetched=fetched), None, {})
        yield changed(issuer, unreached=because)
    if because := evidence.unreached.get("key_set"):
        key_set = JwkSet(form="unreached", keys=(), spot=Spot(1, 1))
        yield changed(names.subject("key_set", "unreached", key_set, None, {}), unreached=because)


def _set_and_keys(jwk_set: JwkSet, names: Names, owner: str) -> Iterator[Subject]:
    yield names.subject("key_set", owner or jwk_set.form, jwk_set, jwk_set.spot, _places_in_set(jwk_set))
    for key in jwk_set.keys[:MOST_KEYS]:
        yield names.subject("key", f"{owner}/{key.label}" if owner else key.label, key, key.spot, key.spots)


def _places_in_set(jwk_set: JwkSet) -> dict[str, Spot]:
    """Where its keys stand, by their labels, its members, and what a strict reader refuses, by the fault's kind. The first of
    several of a kind counts.
    """
    spots = {key.label: key.spot for key in reversed(jwk_set.keys)} | dict(jwk_set.document.spots)
    spots |= {fault.kind: Spot(fault.line, fault.column) for fault in reversed(jwk_set.faults)}
    imprecise = jwk_set.document.imprecise
    return spots if imprecise is None else spots | {"imprecise-number": imprecise}


def _issuer(metadata: IssuerMetadata, names: Names, fetched: Fetched | None) -> Subject:
    written = next((metadata.members[name] for name in ("issuer", "resource", "iss") if name in metadata.members), None)
    label = written if isinstance(written, str) else metadata.kind
    spots = {fault.kind: Spot(fault.line, fault.column) for fault in reversed(metadata.faults)}
    mirrored = _mirrored_host(names.path) if fetched is None else ""
    about = Issuer(metadata, fetched=fetched, mirrored_host=mirrored)
    return names.subject("issuer", label, about, metadata.spot, {**metadata.spots, **spots})


def _mirrored_host(path: str) -> str:
    """The host in `idp.example.com/.well-known/openid-configuration`, with or without folders between; empty where no folder
    before the well-known one is called like a host.
    """
    head, mark, _ = path.partition("/.well-known/")
    folders = reversed(head.lower().split("/")) if mark else ()
    return next((folder for folder in folders if _is_host(folder)), "")


def _is_host(folder: str) -> bool:
    labels = folder.split(".")
    return (
        len(labels) > 1
        and all(label.replace("-", "a").isalnum() and label.isascii() for label in labels)
        and len(labels[-1]) > 1
        and labels[-1].isalpha()
    )


def _binding_label(binding: Binding) -> str:
    for name in ("issuer", "jwks_uri", "discovery_url", "key_file"):
        value = binding.settings[name].value
        if isinstance(value, str):
            return f"{binding.platform} {value}"
    return binding.platform


def _setting_spots(binding: Binding) -> dict[str, Spot]:
    misspelt = {each.written: each.spot for each in binding.misspelt}
    ineffective = {each.written: each.spot for each in binding.ineffective}
    return (
        misspelt | ineffective | {name: setting.spot for name, setting in binding.settings.items() if setting.spot is not None}
    )


class Names:
    """Ids that are unique within a document: `path#kind:label`, a repeat gets `~2`. `visit`: the issuer it was fetched for."""

    def __init__(self, path: str, visit: str = "") -> None:
        self.path = path
        self.visit = visit
        self.seen: dict[str, int] = {}

    def subject(self, kind: Kind, label: str, about: About, spot: Spot | None, spots: Mapping[str, Spot]) -> Subject:
        """The subject of this kind and label; `spots` are the places of its members. Without a spot: the document."""
        identity = f"{self.path}#{kind}:{_short(label)}"
        count = self.seen[identity] = self.seen.get(identity, 0) + 1
        if count > 1:
            identity = f"{identity}~{count}"
        ref = SubjectRef(kind, identity, self.place(spot) if spot is not None else Place(self.path))
        return Subject(ref, about, {name: self.place(found) for name, found in spots.items()}, self.visit)

    def place(self, spot: Spot) -> Place:
        """A spot of the document as a place of the report."""
        return Place(self.path, spot.line, spot.column)


def _short(label: str) -> str:
    """A label of bounded length: a hostile kid may have 10 KB."""
    if len(label) <= _LONGEST_LABEL:
        return label
    digest = hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{label[:_LONGEST_LABEL]}…{digest}"
