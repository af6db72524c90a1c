"""The host of a URL in its plain spelling, and what hides it from a reader."""

from __future__ import annotations

import unicodedata

from scanner.hosts.reach import is_address
from scanner.patterns import lazy_pattern
from scanner.record import record

PERCENT = "a percent-encoded host"
ADDRESS = "an address that is not written as four decimal numbers"
LOOK_ALIKES = "letters that look like others"
_NAME = lazy_pattern(r"[\w.-]++")
_IPV6 = lazy_pattern(r"\[([0-9a-f:.]++)(?:%[^\]]*)?\](?::\d*)?", 2)
# scripts that are written together, each with Latin (UTS #39 §5.2, "highly restrictive")
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
# letters of Cyrillic and Greek that look like Latin ones: below a Latin top-level domain, a label of nothing else reads so
_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуανορυ")


@record
class HostSpelling:
    """A host in lower case, decoded, an address in its usual form; and what hides it."""

    name: str
    disguises: tuple[str, ...] = ()


def read_host(text: str) -> HostSpelling | None:
    """The host that a text of host and port names; None where it names none."""
    if text.startswith("["):
        found = _IPV6.fullmatch(text)
        return HostSpelling(found[1].lower()) if found else None
    name, disguises = text.partition(":")[0], []
    if "%" in name and (decoded := _decode(name)) != name:
        name = decoded
        disguises.append(PERCENT)
    name = name.lower().rstrip(".")
    if is_address(name):
        return _read_address(name, disguises)
    if not _NAME.fullmatch(name):
        return None
    if not name.isascii() or "xn--" in name:
        labels = [_decode_label(label) for label in name.split(".")]
        if any(_is_mixed(label) or (labels[-1].isascii() and _is_posing(label)) for label in labels):
            disguises.append(LOOK_ALIKES)
    return HostSpelling(name, tuple(disguises))


def _decode(name: str) -> str:
    from urllib.parse import unquote  # nearly no host

    return unicodedata.normalize("NFKC", unquote(name))


def _read_address(name: str, disguises: list[str]) -> HostSpelling | None:
    from scanner.hosts.addresses import plain_address  # its tables take longer than a name

    plain = plain_address(name)
    if plain is None:
        return None
    return HostSpelling(plain, tuple([*disguises, ADDRESS] if plain != name else disguises))


def _decode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _is_mixed(label: str) -> bool:
    scripts = {_script_of(char) for char in label if char.isalpha()}
    return len(scripts) > 1 and not any(scripts <= each for each in _TOGETHER)


def _is_posing(label: str) -> bool:
    letters = {char for char in label if char.isalpha()}
    # the letters of the phonetic alphabet look like Latin ones, and belong to its script
    return (bool(letters) and letters <= _LIKE_LATIN) or any("\u0250" <= char <= "\u02af" for char in letters)


def _script_of(char: str) -> str:
    """The first word of a letter's name, which is its script."""
    return "LATIN" if char.isascii() else unicodedata.name(char, "UNNAMED").partition(" ")[0]
