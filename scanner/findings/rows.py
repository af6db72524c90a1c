"""What a report tells of each subject: rows of plain JSON values, in the shapes of schemas/report.schema.json."""

from __future__ import annotations

from typing import Any

from scanner.errors import Place
from scanner.evidence.model import Binding, Jwk, JwkSet, Octets, PrivateKey, Setting
from scanner.pack.binding_terms import FIELDS
from scanner.subjects.model import Endpoint, Fleet, Issuer, IssuerKeys, KeyPair, PlatformUse, Subject, WaiverUse

TABLES = {
    "key": "keys", "key_set": "key_sets", "issuer": "issuers", "issuer_keys": "issuer_keys", "endpoint": "endpoints",
    "fleet": "fleets", "binding": "bindings", "platform": "platforms", "waiver": "waivers", "private_key": "private_keys",
    "key_pair": "key_pairs",
}  # fmt: skip
# a setting of these is flat in the row; the others stand under `settings` only
_FLAT = (
    "issuer", "jwks_uri", "discovery_url", "inline_keys", "key_file", "audiences", "algorithms", "cache_s", "skew_s",
    "verifies_tls", "fails_open",
)  # fmt: skip
# how a behaviour came to be, in the words of a report
_ORIGINS = {"set": "configured"}


class Rows:
    """Makes rows. What nobody wrote is the same for thousands of bindings, so its row is made once and shared."""

    def __init__(self) -> None:
        self._unwritten: dict[tuple[object, ...], dict[str, Any]] = {}

    def row(self, subject: Subject) -> dict[str, Any]:
        """One subject as the report lists it."""
        place = subject.ref.place
        head = {"id": subject.ref.id, "path": place.path, "line": place.line, "column": place.column}
        about = subject.about
        if isinstance(about, Binding):
            return head | self._binding(about)
        if isinstance(about, JwkSet):
            return head | {"form": about.form, "size": len(about.keys), "is_published": about.is_published}
        if isinstance(about, Issuer):
            members = about.metadata.members
            return head | {
                "kind": about.metadata.kind,
                "issuer": _text(members.get("issuer")),
                "jwks_uri": _text(members.get("jwks_uri")),
            }
        if isinstance(about, Endpoint):
            from scanner.findings.endpoint_row import endpoint_row  # not for a hook

            return head | endpoint_row(about)
        if isinstance(about, IssuerKeys):
            found = about.key_set
            return head | {"issuer": about.metadata.text("issuer"), "size": len(found.keys) if found is not None else None}
        if isinstance(about, Fleet):
            keys = [key for each in about.sets for key in each.keys]
            moduli = sum("n" in key.octets for key in keys)
            return head | {"key_sets": len(about.sets), "issuers": len(about.metadata), "size": len(keys), "moduli": moduli}
        if isinstance(about, PlatformUse):
            defaults = {
                name: self._behaviour(said) | {"bindings": about.relying[name]} for name, said in about.defaults.items()
            }
            return head | {"platform": about.platform, "bindings": about.bindings, "defaults": defaults}
        if isinstance(about, WaiverUse):
            return head | _waiver(about)
        if isinstance(about, PrivateKey):
            return head | {"form": about.form, "is_encrypted": about.is_encrypted, **_names_of(about)}
        if isinstance(about, KeyPair):
            places = {"published_at": _places(about.published), "trusted_at": _places(about.trusted)}
            return head | places | _names_of(about.private)
        return head | _key(about)

    def _binding(self, binding: Binding) -> dict[str, Any]:
        settings = binding.settings
        flat: dict[str, Any] = {"platform": binding.platform, "role": binding.role}
        for name in _FLAT:
            flat[name] = _written(settings[name])
            if name in ("issuer", "jwks_uri"):
                flat[f"{name}_resolved"] = settings[name].resolved
        return flat | {
            "settings": {name: self._setting(settings[name]) for name in FIELDS},
            "behaviour": {name: self._behaviour(said) for name, said in binding.behaviour.items() if said.state != "unknown"},
            "misspelt": [
                {"written": each.written, "meant": each.meant, "line": each.spot.line, "column": each.spot.column}
                for each in binding.misspelt
            ],
        }

    def _setting(self, setting: Setting) -> dict[str, Any]:
        if setting.spot is not None:
            return _setting_row(setting, setting.state)
        return self._once(setting, setting.state)

    def _behaviour(self, setting: Setting) -> dict[str, Any]:
        state = _ORIGINS.get(setting.state, setting.state)
        return _setting_row(setting, state) if setting.spot is not None else self._once(setting, state)

    def _once(self, setting: Setting, state: str) -> dict[str, Any]:
        value = setting.value
        key = (state, setting.confidence, setting.source, type(value), repr(value) if isinstance(value, list | dict) else value)
        made = self._unwritten.get(key)
        if made is None:
            made = self._unwritten[key] = _setting_row(setting, state)
        return made


def _names_of(key: PrivateKey) -> dict[str, Any]:
    texts = key.public.texts if key.public is not None else {}
    return {name: texts.get(name) for name in ("kid", "kty", "crv")}


def _places(places: tuple[Place, ...]) -> list[dict[str, Any]]:
    return [{"path": place.path, "line": place.line, "column": place.column} for place in places]


def _key(key: Jwk) -> dict[str, Any]:
    modulus = key.octets.get("n")
    bits = int.from_bytes(modulus.data, "big").bit_length() if isinstance(modulus, Octets) else None
    return {
        **{name: key.texts.get(name) for name in ("kid", "kty", "alg", "use", "crv")},
        "modulus_bits": bits,
        "is_published": key.is_published,
        "private_members": list(key.private),
    }


def _waiver(use: WaiverUse) -> dict[str, Any]:
    waiver = use.waiver
    return {
        **{name: getattr(waiver, name) for name in ("rule", "selector", "source", "reason", "owner", "approver")},
        **{name: getattr(waiver, name) for name in ("expires", "ticket", "compensating_control")},
        "applies": use.applies,
        "matches": use.matches,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _written(setting: Setting) -> Any:
    """The value as written; None where the file leaves it open."""
    return setting.value if setting.state in ("set", "unresolved") else None


def _setting_row(setting: Setting, state: str) -> dict[str, Any]:
    return {
        "value": setting.value,
        "state": state,
        "confidence": setting.confidence,
        "source": setting.source,
        "line": setting.spot.line if setting.spot else None,
        "column": setting.spot.column if setting.spot else None,
    }
