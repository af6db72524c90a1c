"""Names and numbers that several parts of a SARIF run use."""

from __future__ import annotations

import uuid

HOME = "https://pypi.org/project/jwksgov/"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# GitHub: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low
SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "info": "0.5"}
# GitLab reads the rank before anything else
RANKS = {"critical": 95.0, "high": 80.0, "medium": 55.0, "low": 20.0, "info": 5.0}
_SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's namespace for URLs


def guid(*names: str) -> str:
    """A name-based UUID: the same names give the same one, so that bytes stay stable."""
    name = HOME + "\0".join(names)
    return str(uuid.uuid5(_SPACE, name.encode("utf-8", "replace").decode()))
