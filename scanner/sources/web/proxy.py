"""An http proxy for all connections to issuers."""

from __future__ import annotations

import base64
from urllib.parse import unquote_to_bytes

import httpcore

from scanner.errors import UsageError
from scanner.sources.web.connection import Connection
from scanner.sources.web.deadline import Deadline
from scanner.sources.web.destination import Destination, destination_of
from scanner.sources.web.failures import FetchError
from scanner.sources.web.header_redaction import strip_userinfo
from scanner.sources.web.hosts import BadUrl


class Proxy:
    """An http proxy. Its credentials are sent only to the proxy."""

    def __init__(self, text: str) -> None:
        bare = strip_userinfo(text)
        try:
            destination = destination_of(bare)
        except BadUrl as error:
            raise _proxy_error(error.because) from None
        if destination.scheme != "http":
            raise _proxy_error("the URL is not http")
        self.host, self.port = destination.host, destination.port
        self.headers: list[tuple[bytes, bytes]] = []
        if bare != text:
            credentials = text.partition("//")[2].rpartition("@")[0]
            token = base64.b64encode(unquote_to_bytes(credentials))
            self.headers.append((b"Proxy-Authorization", b"Basic " + token))

    def tunnel(self, connection: Connection, url: Destination, deadline: Deadline) -> None:
        """Request a tunnel to the origin of `url` (RFC 9110 §9.3.6). After that the socket is ready for TLS."""
        host = f"[{url.host}]" if ":" in url.host else url.host  # with CONNECT the port is required
        target = f"{host}:{url.port}".encode("ascii")
        destination = httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=target)
        try:
            response = connection.send_request(b"CONNECT", destination, [(b"Host", target), *self.headers], deadline)
        except FetchError:
            connection.close()
            raise FetchError("proxy", "the proxy does not answer") from None
        if not 200 <= response.status < 300:
            connection.close()
            raise FetchError("proxy", f"the proxy refuses the tunnel with status {response.status}")


def _proxy_error(because: str) -> UsageError:
    return UsageError(
        what=f"the proxy cannot be used: {because}", remedy="Write `collect.proxy` such as http://proxy.example.com:3128."
    )
