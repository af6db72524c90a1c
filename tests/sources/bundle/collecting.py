"""A collection in a process of its own, to be killed: `python collecting.py TARGET ISSUERS`.

Writes two exchanges of each issuer that are not there yet, each after a line on standard output that says so.
"""

from __future__ import annotations

import sys

from scanner.sources.bundle.state import state_of
from scanner.sources.bundle.writer import create, resume
from tests.sources.bundle.bundles import FINISHED, asked, exchanges


def main(target: str, issuers: int) -> None:
    """Begin or go on."""
    begin = create if state_of(target) == "absent" else resume
    with begin(target, asked(issuers)) as writer:
        for each in exchanges(issuers):
            if writer.find_collected(each.issuer, each.role, each.purpose, each.number, each.url) is None:
                writer.add(each)
                sys.stdout.write(f"{each.issuer} {each.role}\n")
                sys.stdout.flush()
        writer.finish(FINISHED)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
