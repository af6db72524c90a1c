"""Facts about a service that verifies the tokens that it issues itself: the files of its keys, and how long its tokens live."""

from __future__ import annotations

from scanner.evidence.model import Binding
from scanner.facts.binding.settings import is_written, text_of, unknown_for
from scanner.facts.fact import ABSENT, Absent, Fact, Unknown, fact, readable
from scanner.patterns import lazy_pattern

# what tells a key from its successor in the names of files; the rest of the name is the same for both
_REVISION = lazy_pattern(r"new|next|old|prev|previous|former|v?\d+|rotated")
_PARTS = lazy_pattern(r"[^a-z0-9]+")
# endings, and words for the half of a pair
_HALVES = frozenset({"pub", "public", "key", "keys", "pem", "crt", "cert", "private", "priv", "signing", "signer", "verify"})


@fact("binding.token_life_s", spec="RFC 7519 §4.1.4")
def token_life_s(binding: Binding) -> int | Absent | Unknown:
    """For how many seconds a token that the service issues can live, as the configuration says."""
    setting = binding.settings["token_life_s"]
    if setting.state == "unresolved":
        return unknown_for("token_life_s", setting)
    return setting.value if setting.state == "set" and isinstance(setting.value, int) else ABSENT


@fact("binding.has_token_life_s")
def has_token_life_s(binding: Binding) -> bool:
    """Whether the configuration says how long a token that the service issues can live."""
    return is_written(binding, "token_life_s")


@fact("binding.signing_key")
def signing_key(binding: Binding) -> str | Absent | Unknown:
    """The file of the key that signs, as written."""
    text = text_of(binding.settings["signing_key"])
    return readable(text) if text else ABSENT


@fact("binding.verification_keys")
def verification_keys(binding: Binding) -> list[str] | Unknown:
    """The files of the keys that verify the service's own tokens, as written."""
    return _list_files(binding)


def _list_files(binding: Binding) -> list[str] | Unknown:
    setting = binding.settings["verification_keys"]
    if setting.state == "unresolved":
        return unknown_for("verification_keys", setting)
    return [str(each) for each in setting.value] if isinstance(setting.value, list) else []


@fact("binding.has_signing_key")
def has_signing_key(binding: Binding) -> bool:
    """Whether the configuration names the file of the key that signs, and the files of the keys that verify."""
    return is_written(binding, "signing_key") and is_written(binding, "verification_keys")


@fact("binding.is_signing_key_accepted", spec="RFC 7517 §4.5")
def is_signing_key_accepted(binding: Binding) -> bool | Unknown:
    """Whether the service verifies with the public half of the key that it signs with, by the names of the files: `sa-new.pub`
    belongs to `sa-new.key`, and `sa.pub` does not. Unknown where the names do not say so: a file can have several keys.
    """
    key, files = binding.settings["signing_key"], _list_files(binding)
    if key.state == "unresolved":
        return unknown_for("signing_key", key)
    if isinstance(files, Unknown):
        return files
    signs, verify = _name_of(text_of(key) or ""), [_name_of(each) for each in files]
    if any(each == signs for each in verify):
        return True
    if signs[1] and any(each[0] == signs[0] for each in verify):
        return False
    return Unknown("the names of the files do not say which key belongs to which")


def _name_of(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The name of a key in the name of its file, without endings and the words for a half: the words of both keys of a change,
    and those that tell them apart.
    """
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    words = [word for word in _PARTS.split(name) if word and word not in _HALVES]
    revisions = tuple(word for word in words if _REVISION.fullmatch(word))
    return tuple(word for word in words if word not in revisions), revisions


FACTS: tuple[Fact, ...] = (
    token_life_s,
    has_token_life_s,
    signing_key,
    verification_keys,
    has_signing_key,
    is_signing_key_accepted,
)
