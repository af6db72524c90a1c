"""Which issuer a binding trusts, as far as its file says: the one answer for ids, fingerprints, waivers, labels and joins."""

from __future__ import annotations

from scanner.evidence.model import Binding
from scanner.record import record

# the settings that say it, the most telling one first
_NAMES = ("issuer", "jwks_uri", "discovery_url", "key_file")


@record(slots=True)
class TrustedIssuer:
    """What a binding says about the issuer that it trusts.

    `issuer`, `jwks_uri`, `discovery_url`, `key_file`: each after what the file itself defines; None where nothing says it, or
    where a part stays open. `has_inline_keys`: the keys are in the configuration. `is_unresolved`: a template or variable is
    left in one of these settings. `written`: name and text of each of the four as it is written, a template as well.
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
        """The issuer as it is written; where none is, the place that the keys come from; empty where there is none either. Ids
        and fingerprints are made of it.
        """
        return self.written[0][1] if self.written else ""

    @property
    def written_issuer(self) -> str | None:
        """The issuer, resolved where the file resolves it."""
        return self.issuer or dict(self.written).get("issuer")

    @property
    def identifier(self) -> str | None:
        """The issuer identifier, of the issuer itself or of its discovery document. Some settings for the document take the
        issuer instead.
        """
        if self.issuer is not None or self.discovery_url is None:
            return self.issuer
        from scanner.sources.web.well_known import issuer_of_document  # a hook asks for labels only

        return issuer_of_document(self.discovery_url) or self.discovery_url

    @property
    def name(self) -> str:
        """What people call it: the issuer or the place of the keys, else why there is none."""
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
        has_inline_keys=bool(keys.value),
        is_unresolved=any(each.state == "unresolved" for each in (*settings.values(), keys)),
        written=tuple((name, text) for name, setting in settings.items() if (text := _text(setting.value)) is not None),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
