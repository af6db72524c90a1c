"""Facts about how the URLs of a binding are spelt, and about those that lead elsewhere than to a web server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.evidence.model import Binding, Setting
from scanner.facts.binding.settings import has_pattern, has_placeholder, reading_of, text_of, unknown_of
from scanner.facts.fact import Fact, Unknown, fact
from scanner.hosts.reach import is_metadata_service
from scanner.hosts.reading import INVISIBLE, Kind, UrlReading

URL_FIELDS = ("issuer", "jwks_uri", "discovery_url")
# the settings that always hold the place of keys or metadata; an issuer may be any text
_PLACES = ("jwks_uri", "discovery_url")
# schemes of an issuer that a client would fetch; `urn:`, `arn:` and `spiffe:` are names
_FETCHED = frozenset({"data", "file", "ftp", "ftps", "gopher", "ldap", "ldaps", "sftp", "smb", "tftp", "ws", "wss"})


@fact("binding.disguised_urls", spec="WHATWG URL §3.3; UTS #39 §5.2")
def disguised_urls(binding: Binding) -> list[str]:
    """The settings whose URL hides its host from a reader."""
    return [name for name, reading in _readings(binding) if reading.disguises]


@fact("binding.url_disguises", spec="WHATWG URL §3.3; UTS #39 §5.2")
def url_disguises(binding: Binding) -> list[str]:
    """What hides the host of a URL: an invisible character, stand-ins for letters, a percent-encoded host, a backslash before
    the path, a user name that looks like a host, an address in another form than four decimal numbers, letters that look like
    others.
    """
    return _each_once(reading.disguises for _, reading in _readings(binding))


@fact("binding.oddly_spelt_urls", spec="WHATWG URL §4.4")
def oddly_spelt_urls(binding: Binding) -> list[str]:
    """The settings with a spelling that has no honest use and does not hide the host."""
    return [name for name, reading in _readings(binding) if reading.oddities]


@fact("binding.url_oddities", spec="WHATWG URL §4.4")
def url_oddities(binding: Binding) -> list[str]:
    """What is odd about the spelling: an invisible character, a tab or line end, another beginning than `://`, a URL behind
    `jar:` or `url:`, no host that can be read.
    """
    return _each_once(reading.oddities for _, reading in _readings(binding))


@fact("binding.urls_of_other_schemes", spec="RFC 8414 §2")
def urls_of_other_schemes(binding: Binding) -> list[str] | Unknown:
    """The settings for the place of keys or metadata with another scheme than http and https, or with none. Files of the
    machine and keys in the URL itself are no such place. An issuer counts where clients would fetch from its scheme.
    """
    found = [
        name
        for name, reading in _readings(binding)
        if (reading.kind in ("other", "bare") if name in _PLACES else reading.scheme in _FETCHED)
        and _is_known(binding.settings[name])
    ]
    open_ = [name for name in URL_FIELDS if _has_open_scheme(binding.settings[name])]
    if found or not open_:
        return found
    return unknown_of(binding, open_)


@fact("binding.urls_at_metadata_service", spec="RFC 3927 §2.1")
def urls_at_metadata_service(binding: Binding) -> list[str]:
    """The settings whose URL leads, for some client, to the metadata service of a cloud, by its name or by its address in any
    spelling.
    """
    return [name for name, reading in _readings(binding) if any(is_metadata_service(host) for host in reading.hosts)]


@fact("binding.oddly_spelt_names")
def oddly_spelt_names(binding: Binding) -> list[str]:
    """The first names in the binding's document that are spelt without an honest use, each with its line: an escape for a
    plain letter, base64, a line end in the middle of a word, an invisible character. The value of `kind` and
    `apiVersion` counts, too.
    """
    return list(binding.odd_names)


def place_of_kind(binding: Binding, kind: Kind) -> str | None:
    """The text of the first setting for the place of keys or metadata that is of the kind; None where there is none."""
    settings = (binding.settings[name] for name in _PLACES)
    return next((text_of(each) for each in settings if _is_known(each) and reading_of(each).kind == kind), None)


def _readings(binding: Binding) -> Iterator[tuple[str, UrlReading]]:
    for name in URL_FIELDS:
        setting = binding.settings[name]
        if not isinstance(setting.resolved, str) and not isinstance(setting.value, str):
            continue
        reading = reading_of(setting)
        if setting.state == "unresolved" or (name == "issuer" and has_pattern(setting)):
            # what stands around an open part, or in a pattern, is not the text that a client gets
            reading = UrlReading(
                reading.kind, reading.scheme, oddities=tuple({INVISIBLE} & {*reading.disguises, *reading.oddities})
            )
        yield name, reading


def _has_open_scheme(setting: Setting) -> bool:
    return setting.state == "unresolved" and not reading_of(setting).scheme


def _is_known(setting: Setting) -> bool:
    return setting.state == "set" and isinstance(setting.value, str) and not has_placeholder(setting)


def _each_once(found: Iterable[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(each for words in found for each in words))


FACTS: tuple[Fact, ...] = (
    disguised_urls,
    url_disguises,
    oddly_spelt_urls,
    url_oddities,
    urls_of_other_schemes,
    urls_at_metadata_service,
    oddly_spelt_names,
)
