"""What jwksgov, badkeys, joserfc, jwcrypto and PyJWT say to the vectors of tests/vectors/, rule by rule.

    pip install badkeys joserfc jwcrypto PyJWT
    python benchmarks/side_by_side.py

badkeys is a scanner: a result of any of its checks counts, warnings included, and so does an entry that it calls unparseable.
Its blocklist is used when it has been downloaded (`badkeys --update-bl`). The others are libraries, made to refuse what they
cannot use: an exception or a warning while the set is read and its keys are made into public keys counts, for whatever reason,
and so does an entry that is dropped without a word. None of them reads metadata (–). The last line counts controls: there,
silence is right.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jwt
from badkeys.allkeys import blocklist
from badkeys.checks import allchecks
from badkeys.jwk import checkjwk
from joserfc.jwk import KeySet
from jwcrypto.jwk import JWKSet

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.one_document import OneDocument
from tests.vectors.generate import all_controls, all_vectors
from tests.vectors.vector import Control, Vector


def has_blocklist() -> bool:
    """badkeys ends the program where its list is missing."""
    try:
        blocklist(1)
    except SystemExit:
        return False
    return True


CHECKS = [name for name in allchecks if name != "blocklist" or has_blocklist()]


def badkeys(data: bytes) -> bool:
    document = json.loads(data)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        return True  # it finds no set
    found = [checkjwk(entry, CHECKS) for entry in entries]
    return any(each["results"] or each["type"] == "unparseable" for each in found)


def joserfc(data: bytes) -> bool:
    found = KeySet.import_key_set(json.loads(data))
    return any(key.public_key is None for key in found.keys if key.key_type != "oct")


def jwcrypto(data: bytes) -> bool:
    found = JWKSet.from_json(data)
    for key in found:
        if key["kty"] != "oct":
            key.get_op_key("verify")
    return len(list(found)) < len(json.loads(data)["keys"])


def pyjwt(data: bytes) -> bool:
    found = jwt.PyJWKSet.from_json(data.decode())
    return len(found.keys) < len(json.loads(data)["keys"])


PEERS: dict[str, Callable[[bytes], bool]] = {"badkeys": badkeys, "joserfc": joserfc, "jwcrypto": jwcrypto, "PyJWT": pyjwt}


def says_something(peer: Callable[[bytes], bool], data: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return peer(data)
        except Exception:
            return True


def ours(one: OneDocument, each: Vector | Control) -> bool:
    found = [f for f in one.report(each.path, each.data).findings if f.result == "fail"]
    if isinstance(each, Vector):
        return any(f.rule == each.rule for f in found)
    return any(f.severity in ("critical", "high", "medium") for f in found)


def count(one: OneDocument, group: list[Any]) -> list[str]:
    sets = [each for each in group if each.path in ("jwks.json", "bundle.json")]
    row = [str(len(group)), str(sum(ours(one, each) for each in group))]
    return row + [str(sum(says_something(peer, each.data) for each in sets)) if sets else "–" for peer in PEERS.values()]


def main() -> None:
    one = OneDocument()
    groups: dict[str, list[Vector]] = {}
    for vector in all_vectors():
        groups.setdefault(f"{vector.severity:8} {vector.rule}", []).append(vector)
    groups = dict(sorted(groups.items()))
    print(
        "versions: " + ", ".join(f"{name} {version(name)}" for name in PEERS), "blocklist" in CHECKS or "without its blocklist"
    )
    line = "{:48}" + "{:>9}" * (2 + len(PEERS))
    print(line.format("", "vectors", "jwksgov", *PEERS))
    for name, group in groups.items():
        print(line.format(name, *count(one, group)))
    print(line.format("all vectors", *count(one, [each for group in groups.values() for each in group])))
    print(line.format("controls (silence is right)", *count(one, all_controls())))


if __name__ == "__main__":
    main()
