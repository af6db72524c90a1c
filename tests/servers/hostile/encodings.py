"""Servers whose content is not what its encoding says, or far more than it looks (RFC 9110 §8.4)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

from tests.servers.hostile.behaviour import JSON, JWK_SET, Hostile, answering
from tests.servers.lab import Lab


def _encoded(coding: str, body: bytes) -> Callable[[Lab], str]:
    return answering(lambda talk: talk.answer(200, (JSON, ("Content-Encoding", coding)), body))


def _gzipped(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = gzip.compress(data, mtime=0)
    return data


def _zeros(mebibytes: int, window: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(mebibytes)) + packer.flush()


ENCODINGS = (
    Hostile("sends a gzip bomb", "too-large", _encoded("gzip", _zeros(200, 31))),
    Hostile("sends a deflate bomb", "too-large", _encoded("deflate", _zeros(200, 15))),
    Hostile("sends a gzip bomb in gzip", "too-large", _encoded("gzip, gzip", gzip.compress(_zeros(200, 31)))),
    Hostile("says gzip and sends a bomb in gzip", "200", _encoded("gzip", gzip.compress(_zeros(200, 31)))),
    Hostile("encodes twelve times", "encoding", _encoded(", ".join(["gzip"] * 12), _gzipped(JWK_SET, 12))),
    Hostile("ends gzip too early", "encoding", _encoded("gzip", _gzipped(JWK_SET)[:-12])),
    Hostile("sends gzip with a wrong sum", "encoding", _encoded("gzip", _gzipped(JWK_SET)[:-8] + bytes(8))),
    Hostile("sends gzip and then something else", "encoding", _encoded("gzip", _gzipped(JWK_SET) + b"and more")),
    Hostile("sends endless members of gzip", "encoding", _encoded("gzip", _gzipped(b"x" * 5000) * 2000)),
    Hostile("sends endless empty members of gzip", "encoding", _encoded("gzip", _gzipped(b"") * 200_000)),
    Hostile("says gzip and sends none", "encoding", _encoded("gzip", JWK_SET)),
    Hostile("says deflate and sends none", "encoding", _encoded("deflate", JWK_SET)),
    Hostile("uses an encoding that nobody asked for", "encoding", _encoded("br", b"\x0b\x02\x80[]\x03")),
    Hostile("uses an encoding that nobody knows", "encoding", _encoded("x-" + "evil" * 1000, JWK_SET)),
    Hostile("sends a body beyond the limit", "too-large", _encoded("identity", b" " * (6 << 20))),
)
