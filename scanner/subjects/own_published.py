"""Adds to keys and secrets where they are published, by the lists of the user's own policies."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.evidence.keys.published_keys import PublishedList
from scanner.evidence.model import Jwk
from scanner.record import changed
from scanner.subjects.model import Subject


class OwnPublished:
    """The lists of the user's policies, asked for every key, private key and secret."""

    def __init__(self, lists: Sequence[bytes]) -> None:
        self._list = PublishedList(b"\n".join(lists) + b"\n")

    def add_to(self, subject: Subject) -> Subject:
        """The subject, with the entry of the lists where there is one."""
        about, kind = subject.about, subject.ref.kind
        if kind == "key" and (known := self._find(about)) is not None:
            return changed(subject, about=known)
        if kind == "private_key" and about.public is not None and (known := self._find(about.public)) is not None:
            return changed(subject, about=changed(about, public=known))
        if kind == "binding" and (found := self._list.find_secret(about.all_secret_digests)) is not None:
            return changed(subject, about=changed(about, published_secret=found))
        return subject

    def _find(self, key: Jwk) -> Jwk | None:
        found = self._list.find_key(key)
        return changed(key, published=found) if found is not None else None
