#!/usr/bin/env python3
"""A collection killed with SIGKILL at random moments, resumed each time, and completed at the end. A table in Markdown.

usage: kill.py [--kills 20] [--issuers 150] [--zip] [--seed 1]

Loopback only: real TLS servers, the real command in a process of its own.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from scanner.sources.bundle.reader import BundleReader
from scanner.sources.bundle.verify import verify
from tests.servers.authority import Authority
from tests.servers.lab import Lab
from tests.sources.bundle.killing import DOCUMENTS, Estate


def main() -> int:
    """Print a row for each kill and how it ended; 1 where anything that was complete is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--issuers", type=int, default=150)
    parser.add_argument("--zip", action="store_true", help="collect into a zip")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder), Authority())
        estate = Estate(lab, Path(folder), "evidence.zip" if arguments.zip else "evidence", issuers=arguments.issuers)
        print("| kill | after (s) | whole lines | octets of a torn line | all earlier lines kept | every object sound |")
        print("|---|---|---|---|---|---|")
        is_good = True
        for number, left in enumerate(estate.kills(arguments.kills, random.Random(arguments.seed), most_s=0.25), 1):
            is_good &= left.is_all_kept and left.is_sound
            kept, sound = ("yes" if each else "NO" for each in (left.is_all_kept, left.is_sound))
            print(f"| {number} | {left.after_s:.3f} | {left.lines} | {left.torn_octets} | {kept} | {sound} |")
        is_good &= estate.complete() and _ends_well(estate)
        lab.close()
    return 0 if is_good else 1


def _ends_well(estate: Estate) -> bool:
    found = verify(estate.target, None)
    with BundleReader(estate.target) as reader:
        documents = [sum(each.has_document for each in visit.exchanges) for visit in reader.visits()]
        resumed = len(reader.manifest.resumed)
    missing = sum(count != DOCUMENTS for count in documents)
    print(
        f"\nresumed {resumed} times, then complete: {found.lines} exchanges, {found.objects} objects, "
        f"{len(found.problems)} problems; {len(documents)} issuers, {missing} of them without all {DOCUMENTS} documents"
    )
    return not found.problems and not missing and len(documents) == len(estate.issuers)


if __name__ == "__main__":
    sys.exit(main())
