"""TLS: trusted authorities, the handshake, and its details."""

from __future__ import annotations

import socket
import ssl
import threading

from scanner.config.model import CollectSettings
from scanner.errors import UsageError
from scanner.sources.exchange import Tls
from scanner.sources.web.failures import FetchError

_ALPN = ["http/1.1"]

# OpenSSL's reasons where client and server have no version in common, and where plain text answers
_NO_VERSION = frozenset({"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION"})
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "PACKET_LENGTH_TOO_LONG"})


class TlsContexts:
    """The TLS contexts of a collection, created once: reading the authorities takes as long as dozens of handshakes."""

    def __init__(self, settings: CollectSettings) -> None:
        self.context = _context(settings)
        self._settings = settings
        self._unverified: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def unverified(self) -> ssl.SSLContext:
        """A context without verification, to fetch a certificate that does not verify. No request is sent over it."""
        with self._lock:
            if self._unverified is None:
                context = ssl.create_default_context()
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                context.set_alpn_protocols(_ALPN)
                self._unverified = context
            return self._unverified


def handshake(raw: socket.socket, host: str, context: ssl.SSLContext, seconds: float) -> ssl.SSLSocket:
    """Make the TLS handshake over a connected socket, within `seconds`. The socket is closed if that fails."""
    raw.settimeout(seconds)
    try:
        return context.wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise


def describe(connected: ssl.SSLSocket, problem: str | None = None) -> Tls:
    """The details of a finished handshake."""
    cipher = connected.cipher()
    return Tls(
        version=connected.version(),
        cipher=cipher[0] if cipher else None,
        alpn=connected.selected_alpn_protocol(),
        certificate=connected.getpeercert(binary_form=True),
        problem=problem,
    )


def handshake_error(error: OSError) -> FetchError:
    """The error for a failed handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return FetchError("tls-certificate", f"the certificate does not verify: {error.verify_message.rstrip('.')}")
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return FetchError("closed", "the connection was closed during the TLS handshake")
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    if reason in _NO_TLS:
        return FetchError("tls", "the server at that port does not use TLS")
    if reason in _NO_VERSION:
        return FetchError("tls-version", "the server offers no version of TLS that is still in use (1.2 or 1.3)")
    return FetchError("tls", "the TLS handshake failed")


def _context(settings: CollectSettings) -> ssl.SSLContext:
    context = _verifying_context(settings.ca_bundle)
    context.set_alpn_protocols(_ALPN)
    if settings.client_certificate is not None:
        _load_client_certificate(context, settings.client_certificate, settings.client_key)
    return context


def _verifying_context(ca_bundle: str | None) -> ssl.SSLContext:
    if ca_bundle is None:
        return ssl.create_default_context(cafile=None if _has_system_authorities() else _bundled_authorities())
    try:
        return ssl.create_default_context(cafile=ca_bundle)
    except (OSError, ssl.SSLError):
        raise UsageError(
            what=f"`{ca_bundle}` contains no certificate authorities that can be read",
            remedy="Name a file of certificates in PEM at `collect.ca_bundle`.",
        ) from None


def _has_system_authorities() -> bool:
    paths = ssl.get_default_verify_paths()  # typeshed omits that each is None if it does not exist
    return bool(paths.cafile or paths.capath)


def _bundled_authorities() -> str:
    """Mozilla's authorities, which come with httpx, for a slim container that has none."""
    import certifi

    return certifi.where()


def _load_client_certificate(context: ssl.SSLContext, certificate: str, key: str | None) -> None:
    try:
        # OpenSSL would prompt for the password of an encrypted key
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ssl.SSLError):
        raise UsageError(
            what=f"`{certificate}` and its key cannot be used as a client certificate",
            remedy="Name PEM files at `collect.client_certificate` and `collect.client_key` that belong together; "
            "the key must not be encrypted.",
        ) from None
