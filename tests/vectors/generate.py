"""Known-bad key sets and metadata with the rule that must find each, and sound ones that nothing may accuse.

    python tests/vectors/generate.py out/vectors

writes them as files, with `labels.json` beside them, for other tools to read. Made from a seed by code that imports nothing of
the scanner: a vector is derived from the weakness it shows.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.vectors import certificates, curve_keys, documents, issuers, labels, members, private_keys, rsa_keys, sets
from tests.vectors.controls import controls
from tests.vectors.vector import Control, Vector, vectors_of


@cache
def all_vectors() -> list[Vector]:
    """Every vector, in the same order and of the same octets each time."""
    rooms = (private_keys, rsa_keys, curve_keys, certificates, labels, members, sets, documents, issuers)
    return [vector for room in rooms for vector in vectors_of(room.families())]


@cache
def all_controls() -> list[Control]:
    """Every control."""
    return list(controls())


def write(folder: Path) -> None:
    """All of them as files, each in a folder of its own under the name that a scan knows it by."""
    listed = []
    everything: list[Vector | Control] = [*all_vectors(), *all_controls()]
    for at, each in enumerate(everything):
        place = folder / f"{at:03}" / each.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(each.data)
        expected = {"rule": each.rule, "severity": each.severity} if isinstance(each, Vector) else None
        listed.append({"file": str(place.relative_to(folder)), "name": each.name, "expected": expected})
    (folder / "labels.json").write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
