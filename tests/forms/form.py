"""Forms: the ways in which configuration that trusts keys is written down, each as small trees of files.

A form is a row of the table in `docs/what-is-seen.md`: *seen* (the fault in each tree is a finding), *undetermined* (the
place is told and counted, and `--fail-on-undetermined` gives 3), or *quiet* (an ordinary tree that must not be called open).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Literal, TypeAlias

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.pack.shipped import shipped_pack
from scanner.record import record
from scanner.scan import ScanOptions, scan

# a file's path, and its text or bytes
Tree: TypeAlias = Mapping[str, "str | bytes"]
Outcome = Literal["seen", "undetermined", "quiet"]
EXIT_CODES: dict[Outcome, int] = {"seen": 1, "undetermined": 3, "quiet": 0}

# a fault that is always found: keys over plain http
ISTIO = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: a, namespace: shop}
spec:
  jwtRules:
  - issuer: http://login.example.com
    audiences: [shop]
    jwksUri: http://login.example.com/jwks
"""


@record
class Form:
    """A row of the table: its name there, the outcome, and at least five trees that spell it differently."""

    name: str
    outcome: Outcome
    trees: tuple[Tree, ...]


def scan_tree(tree: Tree, folder: Path) -> int:
    """Write the tree into the folder, which must be empty, and scan it as `scan . --isolated --fail-on-undetermined` does:
    the exit code.
    """
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    options = ScanOptions((".",), Config(), fail_on_undetermined=True, jobs=1, keeps_rows=False, takes_ignore_files=False)
    with chdir(folder):
        code = scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z")).run.exit_code
    assert code is not None
    return code
