#!/usr/bin/env python3
"""Every hostile server of tests/servers/hostile: what it does, what came of it, and after how long. A table in Markdown.

usage: hostile.py [--total-s 2]

Loopback only. An ordinary issuer is collected at the same time as each, and must be complete.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from scanner.sources.exchange import Wanted
from tests.servers.authority import Authority
from tests.servers.collecting import is_complete, keys_of, outcome, visited
from tests.servers.hostile.behaviour import Hostile
from tests.servers.hostile.catalogue import CATALOGUE
from tests.servers.issuers import ordinary_issuer
from tests.servers.lab import Lab


def main() -> int:
    """Print the table; 1 where an outcome is another than it should be, or an ordinary issuer is not complete."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--total-s", type=int, default=2, help="the deadline of a document")
    arguments = parser.parse_args()
    authority, faults, slowest = Authority(), 0, 0.0
    print(f"| a server that … | outcome | seconds (deadline {arguments.total_s}) |\n|---|---|---|")
    for hostile in CATALOGUE:
        came, seconds, is_good = _tried(hostile, authority, arguments.total_s)
        faults += came != hostile.outcome or not is_good
        slowest = max(slowest, seconds)
        remark = "" if came == hostile.outcome else f" **(not {hostile.outcome})**"
        remark += "" if is_good else " **(the ordinary issuer is not complete)**"
        print(f"| {hostile.name} | {came}{remark} | {seconds:.2f} |")
    print(f"\n{len(CATALOGUE)} behaviours, {faults} faults, slowest {slowest:.2f} s")
    return 1 if faults else 0


def _tried(hostile: Hostile, authority: Authority, total_s: int) -> tuple[str, float, bool]:
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), authority)
        try:
            front = ordinary_issuer(lab, "front", jwks_uri=hostile.serve(lab))
            good = ordinary_issuer(lab, "good")
            settings = {"total_s": total_s} | hostile.settings
            begin = time.perf_counter()
            bad_visit, good_visit = visited(lab, Wanted(issuer=front.issuer), Wanted(issuer=good.issuer), **settings)
            return outcome(keys_of(bad_visit)), time.perf_counter() - begin, is_complete(good_visit)
        finally:
            lab.close()


if __name__ == "__main__":
    sys.exit(main())
