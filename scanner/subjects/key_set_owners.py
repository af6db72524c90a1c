"""Adds to each binding whose keys it fetches, where the policies' public issuers say."""

from __future__ import annotations

from scanner.evidence.model import Binding, Setting
from scanner.pack.issuers import PublicIssuer, PublicIssuers
from scanner.record import changed
from scanner.subjects.model import Subject


class KeySetOwners:
    """The public issuers of the policies, asked for the keys of bindings."""

    def __init__(self, issuers: PublicIssuers) -> None:
        self._issuers = issuers

    def add_to(self, subject: Subject) -> Subject:
        """The subject: a binding with the public issuer whose keys it fetches. Most bindings trust none."""
        if subject.ref.kind != "binding":
            return subject
        owner = self._find(subject.about)
        return subject if owner is None else changed(subject, about=changed(subject.about, key_set_owner=owner))

    def _find(self, binding: Binding) -> PublicIssuer | None:
        """The owner of the keys: the address of the key set decides, else the documents that lead to it."""
        for name in ("jwks_uri", "discovery_url", "issuer"):
            setting = binding.settings[name]
            if setting.state in ("set", "unresolved"):
                return next((found for text in _texts(setting) if (found := self._issuers.find(text)) is not None), None)
        return None


def _texts(setting: Setting) -> list[str]:
    """What the setting says, resolved where that is known."""
    return list(dict.fromkeys(text for text in (setting.resolved, setting.value) if isinstance(text, str) and text))
