"""An http proxy between us and every issuer."""

from __future__ import annotations

import base64
from urllib.parse import unquote_to_bytes

import httpcore

from scanner.errors import UsageError
from scanner.sources.web.connection import Connection
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination, destination_of
from scanner.sources.web.failures import Stopped
from scanner.sources.web.header_redaction import without_userinfo
from scanner.sources.web.hosts import BadUrl


class Proxy:
    """An http proxy; its credentials go to it and nowhere else."""

    def __init__(self, text: str) -> None:
        bare = without_userinfo(text)
        try:
            place = destination_of(bare)
        except BadUrl as error:
            raise _unusable(error.because) from None
        if place.scheme != "http":
            raise _unusable("the URL is not http")
        self.host, self.port = place.host, place.port
        self.headers: list[tuple[bytes, bytes]] = []
        if bare != text:
            credentials = text.partition("//")[2].rpartition("@")[0]
            token = base64.b64encode(unquote_to_bytes(credentials))
            self.headers.append((b"Proxy-Authorization", b"Basic " + token))

    def tunnel(self, connection: Connection, url: Destination, deadline: Deadline) -> None:
        """Ask for a tunnel to the origin of `url` (RFC 9110 §9.3.6) and leave the socket ready for TLS."""
        host = f"[{url.host}]" if ":" in url.host else url.host  # the port is always named here
        target = f"{host}:{url.port}".encode("ascii")
        place = httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=target)
        try:
            response = connection.ask(b"CONNECT", place, [(b"Host", target), *self.headers], deadline)
        except Stopped:
            connection.close()
            raise Stopped("proxy", "the proxy does not answer") from None
        if not 200 <= response.status < 300:
            connection.close()
            raise Stopped("proxy", f"the proxy refuses the tunnel with status {response.status}")


def _unusable(because: str) -> UsageError:
    return UsageError(
        what=f"the proxy cannot be used: {because}", remedy="Write `collect.proxy` such as http://proxy.example.com:3128."
    )
