"""Credentials in URLs: the user and password before the host (RFC 3986 §3.2.1), and parameters with a name for a secret."""

from __future__ import annotations

import re

from scanner.patterns import lazy_pattern

HIDDEN = "***"
# up to the `@`, in one authority; and with a `/` in a password that nobody escaped, unless a port stands before it. WHATWG URL
# §4.4: after `http:` any number of either slash begins an authority
_USER_INFO = lazy_pattern(
    r"""(//|\bhttps?:[/\\]{0,8}+)"""
    r"""(?:[^\s/?#@"'<>\\]{1,4096}+\\?@|[^\s/?#@:"'<>\\]{0,256}+:(?!\d{0,5}+(?:[/?#]|$))[^\s@"'<>\\]{1,256}+\\?@)""",
    re.IGNORECASE,
)
_PARAMETER = lazy_pattern(
    r"""([?&;#](?:[a-z0-9]{1,20}[_-])?(?:password|passwd|pwd|passphrase|secret|client_?secret|api_?key|apikey|access_?key"""
    r"""|access_?token|refresh_?token|id_?token|auth_?token|token|sig|signature|credential|client_?assertion)=)"""
    r"""[^&;#\s"'<>]++""",
    re.IGNORECASE,
)


def hide_credentials(text: str) -> str:
    """The text with `***` in place of each user, password and secret parameter of a URL."""
    if "@" in text and (":" in text or "//" in text):
        text = _USER_INFO.sub(rf"\g<1>{HIDDEN}@", text)
    return _PARAMETER.sub(rf"\g<1>{HIDDEN}", text) if "=" in text else text


def has_secret_parameter(text: str) -> bool:
    """Whether a URL in the text has a parameter with a name for a secret."""
    return _PARAMETER.search(text) is not None


def mask_credentials(text: str) -> str:
    """The text with as many stars in place of each user, password and secret parameter of a URL as it had characters."""
    if "@" in text and (":" in text or "//" in text):
        text = _USER_INFO.sub(lambda found: f"{found[1]}{'*' * (len(found[0]) - len(found[1]) - 1)}@", text)
    return _PARAMETER.sub(lambda found: found[1] + "*" * (len(found[0]) - len(found[1])), text) if "=" in text else text
