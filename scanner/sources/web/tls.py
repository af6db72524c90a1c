"""TLS: whom we trust, the handshake, and what it showed."""

from __future__ import annotations

import socket
import ssl
import threading

from scanner.config.model import CollectSettings
from scanner.errors import UsageError
from scanner.sources.exchange import Tls
from scanner.sources.web.failures import Stopped

_ALPN = ["http/1.1"]

# OpenSSL's reasons where client and server have no version in common, and where plain text answers
_NO_VERSION = frozenset({"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION"})
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "PACKET_LENGTH_TOO_LONG"})


class Trust:
    """One context for the whole collection: to read the authorities costs as much as dozens of handshakes."""

    def __init__(self, settings: CollectSettings) -> None:
        self.context = _context(settings)
        self._settings = settings
        self._unverified: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def unverified(self) -> ssl.SSLContext:
        """A context that trusts anybody, to look at a certificate that does not verify. Nothing is ever sent over it."""
        with self._lock:
            if self._unverified is None:
                context = ssl.create_default_context()
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                context.set_alpn_protocols(_ALPN)
                self._unverified = context
            return self._unverified


def handshake(raw: socket.socket, host: str, context: ssl.SSLContext, seconds: float) -> ssl.SSLSocket:
    """Speak TLS over a connected socket, which is closed if that fails; `seconds` is for the whole handshake."""
    raw.settimeout(seconds)
    try:
        return context.wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise


def shown(connected: ssl.SSLSocket, problem: str | None = None) -> Tls:
    """What a finished handshake shows."""
    cipher = connected.cipher()
    return Tls(
        version=connected.version(),
        cipher=cipher[0] if cipher else None,
        alpn=connected.selected_alpn_protocol(),
        certificate=connected.getpeercert(binary_form=True),
        problem=problem,
    )


def stopped_by(error: OSError) -> Stopped:
    """What a failed handshake means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Stopped("tls-certificate", f"the certificate does not verify: {error.verify_message.rstrip('.')}")
    if isinstance(error, ssl.SSLEOFError | ConnectionError):
        return Stopped("closed", "the connection was closed during the TLS handshake")
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    if reason in _NO_TLS:
        return Stopped("tls", "what answers there does not speak TLS")
    if reason in _NO_VERSION:
        return Stopped("tls-version", "the server offers no version of TLS that is still in use (1.2 or 1.3)")
    return Stopped("tls", "the TLS handshake failed")


def _context(settings: CollectSettings) -> ssl.SSLContext:
    context = _trusting(settings.ca_bundle)
    context.set_alpn_protocols(_ALPN)
    if settings.client_certificate is not None:
        _show_client(context, settings.client_certificate, settings.client_key)
    return context


def _trusting(ca_bundle: str | None) -> ssl.SSLContext:
    if ca_bundle is None:
        return ssl.create_default_context(cafile=None if _has_system_authorities() else _shipped_authorities())
    try:
        return ssl.create_default_context(cafile=ca_bundle)
    except (OSError, ssl.SSLError):
        raise UsageError(
            what=f"`{ca_bundle}` holds no certificate authorities that can be read",
            remedy="Name a file of certificates in PEM at `collect.ca_bundle`.",
        ) from None


def _has_system_authorities() -> bool:
    paths = ssl.get_default_verify_paths()  # each is None where it does not exist, whatever typeshed says
    return bool(paths.cafile or paths.capath)


def _shipped_authorities() -> str:
    """A slim container has no authorities of its own; httpx brings Mozilla's."""
    import certifi

    return certifi.where()


def _show_client(context: ssl.SSLContext, certificate: str, key: str | None) -> None:
    try:
        # an encrypted key would make OpenSSL ask at the terminal
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ssl.SSLError):
        raise UsageError(
            what=f"`{certificate}` and its key cannot be used as a client certificate",
            remedy="Name PEM files at `collect.client_certificate` and `collect.client_key` that belong together; "
            "the key must not be encrypted.",
        ) from None
