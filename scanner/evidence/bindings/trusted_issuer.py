"""The issuer that a binding trusts, as far as its file says: the same answer for ids, fingerprints, waivers, labels
and joins.
"""

from __future__ import annotations

from scanner.evidence.model import Binding
from scanner.record import record

# the settings that name it, the most specific one first
_NAMES = ("issuer", "jwks_uri", "discovery_url", "key_file")

_WELL_KNOWN = "/.well-known/"


@record(slots=True)
class TrustedIssuer:
    """The settings of a binding about the issuer that it trusts.

    `issuer`, `jwks_uri`, `discovery_url`, `key_file`: each resolved with the file's own definitions; None where it is not set,
    or a part stays open. `has_inline_keys`: the keys are in the configuration. `is_unresolved`: a template or variable is left
    in one of these settings. `written`: the name and text of each of the four as written, also of a template.
    """

    issuer: str | None = None
    jwks_uri: str | None = None
    discovery_url: str | None = None
    key_file: str | None = None
    has_inline_keys: bool = False
    is_unresolved: bool = False
    written: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """The issuer as written, else the place that the keys come from, else empty. It is part of ids and fingerprints."""
        return self.written[0][1] if self.written else ""

    @property
    def written_issuer(self) -> str | None:
        """The issuer, resolved where the file resolves it."""
        return self.issuer or dict(self.written).get("issuer")

    @property
    def identifier(self) -> str | None:
        """The issuer identifier, from the issuer itself or its discovery document. Some settings for the document accept the
        issuer instead, and people write the document where the issuer belongs.
        """
        text = self.issuer if self.issuer is not None else self.discovery_url
        if text is None or _WELL_KNOWN not in text:
            return text
        from scanner.sources.web.well_known import issuer_of_document  # a hook needs labels only

        return issuer_of_document(text) or text

    @property
    def name(self) -> str:
        """The name of the trusted issuer in messages: the issuer or the place of the keys, else why there is none."""
        found = next((text for text in (self.issuer, self.jwks_uri, self.discovery_url, self.key_file) if text), None)
        if found is not None:
            return found
        if self.has_inline_keys:
            return "keys written into the configuration"
        return "not resolved: a template" if self.is_unresolved else "no issuer named"


def trusted_issuer(binding: Binding) -> TrustedIssuer:
    """The issuer that a binding trusts."""
    settings = {name: binding.settings[name] for name in _NAMES}
    keys = binding.settings["inline_keys"]
    return TrustedIssuer(
        **{name: _text(setting.resolved) for name, setting in settings.items()},
        has_inline_keys=keys.value is not None,
        is_unresolved=any(each.state == "unresolved" for each in (*settings.values(), keys)),
        written=tuple((name, text) for name, setting in settings.items() if (text := _text(setting.value)) is not None),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
