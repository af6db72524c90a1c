"""`manifest.json`: what was requested and how it ended. The records have the structure of the file."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from scanner.files.json_rows import Row, document
from scanner.record import changed, field, record
from scanner.redaction.values import redact_values
from scanner.sources.bundle.format import DIGEST, FORM, CollectionRequest, members_of, read_time
from scanner.sources.exchange import Exchange, Wanted

PREFIX = "jwksgov-bundle/"
State = Literal["collecting", "interrupted", "complete"]
Format = Literal["jwksgov-bundle/v1"]
_STATES: tuple[State, ...] = get_args(State)
_FORMATS: tuple[Format, ...] = get_args(Format)
_SOURCES: tuple[Literal["inventory", "named", "followed"], ...] = ("inventory", "named", "followed")


@record
class Tool:
    """The program that wrote the bundle."""

    name: str
    version: str


@record
class ConfigurationFile:
    """The configuration of the collection; null if there was none."""

    path: str | None
    sha256: str | None


@record
class ExchangeCounts:
    """The number of exchanges: `documents` are those with the requested document, `failures` those without an answer."""

    exchanges: int = 0
    documents: int = 0
    failures: int = 0

    def with_one(self, exchange: Exchange) -> ExchangeCounts:
        """The counts including one more exchange."""
        return ExchangeCounts(
            exchanges=self.exchanges + 1,
            documents=self.documents + exchange.has_document,
            failures=self.failures + (exchange.failure is not None),
        )


@record
class LogDigest:
    """The SHA-256 and the size in bytes of exchanges.jsonl."""

    sha256: str
    size: int


@record(kw_only=True)
class Manifest:
    """`finished` and `exchanges` are present when the bundle is complete. `resumed` lists the times at which an interrupted
    collection continued. `settings` are the network settings without secrets.
    """

    format: Format = "jwksgov-bundle/v1"
    tool: Tool
    state: State = "collecting"
    started: str
    resumed: tuple[str, ...] = ()
    finished: str | None = None
    configuration: ConfigurationFile
    settings: dict[str, Any] = field(default_factory=dict)
    counts: ExchangeCounts
    exchanges: LogDigest | None = None
    wanted: tuple[Wanted, ...]

    @property
    def request(self) -> CollectionRequest:
        """What the collection was to fetch."""
        return CollectionRequest(
            version=self.tool.version,
            started=self.started,
            wanted=self.wanted,
            settings=self.settings,
            config_path=self.configuration.path,
            config_sha256=self.configuration.sha256,
        )

    def to_bytes(self) -> bytes:
        """The content of the file. The format comes first, so that the first bytes identify the file."""
        members: dict[str, Any] = {name: getattr(self, name) for name in Manifest.__annotations__}
        for name in ("tool", "configuration", "counts", "exchanges"):
            members[name] = vars(members[name]) if members[name] is not None else None
        members["wanted"] = [members_of(wanted) for wanted in self.wanted]
        return json.dumps(redact_values(members), indent=1).encode() + b"\n"

    def is_for(self, request: CollectionRequest) -> bool:
        """Whether the bundle was begun for the same request. The folder of the configuration does not matter."""
        other = new_manifest(request)
        return (self.configuration.sha256, self.settings, self.wanted) == (
            other.configuration.sha256,
            other.settings,
            other.wanted,
        )


def new_manifest(request: CollectionRequest) -> Manifest:
    """The manifest of an empty bundle."""
    return Manifest(
        tool=Tool("jwksgov", request.version),
        started=request.started,
        configuration=ConfigurationFile(request.config_path, request.config_sha256),
        settings=json.loads(json.dumps(dict(request.settings))),  # as they are read back: lists, not tuples
        counts=ExchangeCounts(),
        wanted=redact_values(request.wanted),
    )


def read_manifest(data: bytes, path: str) -> Manifest:
    """Parse a manifest; `path` is for error messages."""
    top = document(data, path, FORM)
    _check_format(top, path)
    tool, configuration, counts = top.row("tool"), top.row("configuration"), top.row("counts")
    manifest = Manifest(
        tool=Tool(tool.words("name"), tool.words("version")),
        state=top.one_of("state", _STATES),
        started=read_time(top, "started"),
        resumed=tuple(top.texts("resumed")),
        finished=read_time(top, "finished") if top.members.get("finished") is not None else None,
        configuration=ConfigurationFile(configuration.text_or_none("path"), configuration.text_or_none("sha256")),
        settings=top.row("settings").members,
        counts=ExchangeCounts(*(counts.count(name) for name in ExchangeCounts.__annotations__)),
        exchanges=_log(top.row_or_none("exchanges")),
        wanted=tuple(_wanted(row) for row in top.rows("wanted")),
    )
    if manifest.state == "complete" and (manifest.exchanges is None or manifest.finished is None):
        raise top.wrong("exchanges" if manifest.exchanges is None else "finished", "present, because the bundle is complete")
    return manifest


def _check_format(top: Row, path: str) -> None:
    found = top.members.get("format")
    if isinstance(found, str) and found.startswith(PREFIX) and found not in _FORMATS:
        raise changed(FORM, remedy="Read it with a newer jwksgov, or collect again with this version.").broken(
            f"the bundle has a format that this version does not know (it reads {', '.join(_FORMATS)})", path
        )
    top.one_of("format", _FORMATS)


def _log(row: Row | None) -> LogDigest | None:
    return LogDigest(row.matching("sha256", DIGEST, "a SHA-256"), row.count("size")) if row else None


def _wanted(row: Row) -> Wanted:
    return Wanted(
        issuer=row.text("issuer"),
        jwks_uri=row.text_or_none("jwks_uri"),
        kind=row.text_or_none("kind"),
        source=row.one_of_or_none("source", _SOURCES) or "inventory",
        is_declared=row.flag("is_declared", True),
        document_url=row.text_or_none("document_url"),
        also_stated=tuple(row.texts("also_stated")),
    )
