"""SHA-256 as it is built into Python: `hashlib` loads OpenSSL first, a thirtieth of a hook's time for a few short digests.

Python's own `hashlib` falls back to the same functions where there is no OpenSSL. May import: nothing of jwksgov.
"""

from __future__ import annotations

from typing import Any

try:
    from _sha2 import sha256 as _sha256  # type: ignore[import-not-found]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256 as _sha256  # type: ignore[import-not-found]
    except ImportError:
        from hashlib import sha256 as _sha256

_made: Any = _sha256


def sha256_hex(data: bytes) -> str:
    """Lower-case hex SHA-256."""
    found: str = _made(data).hexdigest()
    return found


def sha256(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    found: bytes = _made(data).digest()
    return found
