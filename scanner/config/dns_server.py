"""How a DNS server is written: `9.9.9.9`, `127.0.0.1:5353`, `2001:db8::53`, `[2001:db8::53]:5353`."""

from __future__ import annotations

import ipaddress

_PORT = 53


def dns_server_of(text: str) -> tuple[str, int] | None:
    """Address and port; None where it is not an address. A name is not accepted: to find it would need another server."""
    host, mark, port = text.rpartition(":")
    if not mark or (":" in host and not host.endswith("]")):
        host, port = text, str(_PORT)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536) or "%" in host:
        return None
    try:
        return str(ipaddress.ip_address(host)), int(port)
    except ValueError:
        return None
