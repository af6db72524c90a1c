"""The evidence bundle on disk: its files, its limits, and the request that begins it.

    manifest.json       what was requested, when, by which version, with which configuration; how it ended
    manifest.jws        a detached signature over the bytes of manifest.json, if it is signed (RFC 7515 Appendix F)
    exchanges.jsonl     one line for each requested document
    objects/ab/ab12…    the bytes of bodies and certificates, each in a file named by its SHA-256

The manifest of a complete bundle holds the digest of exchanges.jsonl, whose lines hold those of the objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scanner.errors import BundleError, ScannerError
from scanner.files.json_rows import Form, Row
from scanner.patterns import lazy_pattern
from scanner.record import defaults_of, field, record
from scanner.sources.exchange import Wanted

MANIFEST, SIGNATURE, LOG, OBJECTS = "manifest.json", "manifest.jws", "exchanges.jsonl", "objects"

LARGEST_MANIFEST = 64 * 1024 * 1024
LARGEST_SIGNATURE = 16 * 1024
LARGEST_LINE = 4 * 1024 * 1024  # 64 KiB of headers in each of six answers, every byte escaped
LARGEST_LOG = 8 * 1024**3
LARGEST_OBJECT = 256 * 1024 * 1024  # the highest permitted `max_octets`
LARGEST_VISIT = 1024**3  # all objects of one issuer
MAX_EXCHANGES_PER_ISSUER = 1_000  # exchanges

_MOMENT = lazy_pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
DIGEST = lazy_pattern(r"[0-9a-f]{64}")
FORM = Form(
    "an evidence bundle",
    "Use an unchanged bundle that `jwksgov collect` wrote; `jwksgov bundle verify` lists the changed files.",
    BundleError,
)


@record(kw_only=True)
class CollectionRequest:
    """What a collection fetches. `settings` are the network settings without secrets; `config_path` and `config_sha256`
    identify the configuration; `started` is RFC 3339 in UTC. Each issuer appears once in `wanted`.
    """

    version: str
    started: str
    wanted: tuple[Wanted, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    config_path: str | None = None
    config_sha256: str | None = None


def object_name(sha256: str) -> str:
    """The name of the object with this digest in a bundle."""
    return f"{OBJECTS}/{sha256[:2]}/{sha256}"


def members_of(instance: Any) -> dict[str, Any]:
    """The fields of a record that are not at their defaults, in order."""
    kept = ((name, getattr(instance, name), default) for name, default in defaults_of(type(instance)).items())
    return {name: value for name, value, default in kept if value != default}


def read_time(row: Row, name: str) -> str:
    """A time in our own format. A date that does not exist, such as 31 February, is an error."""
    text = row.matching(name, _MOMENT, "a time such as 2026-08-22T00:00:00Z")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise row.wrong(name, "a date that exists") from None
    return text


def path_in_bundle(path: str, name: str) -> str:
    """A file of the bundle at `path`, for error messages."""
    return f"{path.rstrip('/')}/{name}".rstrip("/")


def too_large_error(path: str, name: str, largest: int) -> ScannerError:
    """The error for a file that is larger than the limit."""
    return FORM.broken(f"a file of the bundle is larger than {largest // 1024} KiB", path_in_bundle(path, name))
