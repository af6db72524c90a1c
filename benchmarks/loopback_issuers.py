"""A thousand issuers on loopback for benchmarks/collect.py: nginx, an authority of its own, one name for each issuer.

`https://hN.test:PORT` serves both well-known documents and a JWK Set. No session is ever resumed, so each connection costs a
whole handshake. The access log has one line a request: connection, status, whether the session was resumed.
"""

from __future__ import annotations

import base64
import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable

OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"
JWKS = "/jwks.json"
DOCUMENTS = (OPENID, OAUTH, JWKS)

_NAMES_OF_ONE_CERTIFICATE = 100
_CONFIGURATION = """
worker_processes 1; pid nginx.pid; error_log error.log; daemon off;
events {{ worker_connections 8192; }}
http {{
  log_format one '$connection $status $ssl_session_reused';
  access_log access.log one buffer=64k flush=1s;
  types {{}} default_type application/json; keepalive_requests 1000;
  server_names_hash_max_size 65536; server_names_hash_bucket_size 128;
  ssl_session_tickets off; ssl_session_cache off;
{servers}
}}
"""
_SERVER = """
  server {{
    listen 127.0.0.1:{port} ssl{options}; server_name {names};
    ssl_certificate {number}.pem; ssl_certificate_key {number}.key;
    location / {{ root www; }}
    location = {openid} {{ return 200 '{metadata}'; }}
    location = {oauth} {{ return 200 '{metadata}'; }}
  }}"""


class Issuers:
    """`count` issuers, served while the block lasts."""

    def __init__(self, folder: pathlib.Path, count: int, port: int) -> None:
        self.folder = folder
        self.port = port
        self.names = [f"h{number}.test" for number in range(count)]
        self.ca_bundle = folder / "ca.pem"
        self._nginx: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Issuers:
        self.folder.chmod(0o755)  # nginx's worker is another user where root starts it
        (self.folder / "www").mkdir()
        (self.folder / "www" / JWKS[1:]).write_text(json.dumps({"keys": [_key(number) for number in range(3)]}))
        self._write_servers()
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        if nginx is None:
            raise SystemExit("nginx is not installed")
        self._nginx = subprocess.Popen([nginx, "-e", "error.log", "-c", self.folder / "nginx.conf", "-p", self.folder])
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._nginx is not None
        self._nginx.terminate()
        self._nginx.wait()

    def urls(self, names: Iterable[str], target: str) -> list[str]:
        """The URL of one document of each name."""
        return [f"https://{name}:{self.port}{target}" for name in names]

    def requests(self) -> tuple[int, int]:
        """How many answers were 200 since the last call, and over how many connections; none may have resumed a session."""
        time.sleep(1.5)  # nginx flushes its log every second
        log = self.folder / "access.log"
        lines = [line.split() for line in log.read_text().splitlines()]
        os.truncate(log, 0)
        assert all(resumed == "." for _, _, resumed in lines), "a session was resumed"
        return sum(status == "200" for _, status, _ in lines), len({connection for connection, _, _ in lines})

    def _wait(self) -> None:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise SystemExit((self.folder / "error.log").read_text())

    def _write_servers(self) -> None:
        from tests.servers.authority import Authority  # a client of a benchmark makes no certificates

        authority = Authority("benchmark authority")
        self.ca_bundle.write_bytes(authority.pem)
        blocks = []
        for number in range(0, len(self.names), _NAMES_OF_ONE_CERTIFICATE):
            names = self.names[number : number + _NAMES_OF_ONE_CERTIFICATE]
            certificate = authority.issue(*names)
            (self.folder / f"{number}.pem").write_bytes(certificate.pem)
            (self.folder / f"{number}.key").write_bytes(certificate.key_pem)
            base = f"https://$host:{self.port}"
            metadata = json.dumps({"issuer": base, "jwks_uri": base + JWKS, **_MEMBERS})
            options = " backlog=4096 reuseport" if number == 0 else ""
            block = _SERVER.format(
                port=self.port,
                options=options,
                names=" ".join(names),
                number=number,
                openid=OPENID,
                oauth=OAUTH,
                metadata=metadata,
            )
            blocks.append(block)
        (self.folder / "nginx.conf").write_text(_CONFIGURATION.format(servers="".join(blocks)))


_MEMBERS = {
    "authorization_endpoint": "https://login.example.com/authorize",
    "token_endpoint": "https://login.example.com/token",
    "response_types_supported": ["code"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "scopes_supported": ["openid", "profile", "email"],
    "claims_supported": ["sub", "iss", "aud", "exp", "iat"],
    "code_challenge_methods_supported": ["S256"],
}


def _key(number: int) -> dict[str, str]:
    modulus = base64.urlsafe_b64encode(b"\xc1" + secrets.token_bytes(254) + b"\x01").decode().rstrip("=")
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": f"k{number}", "n": modulus, "e": "AQAB"}
