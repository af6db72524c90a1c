"""How fast keys are judged: 10,000 mixed keys against every rule about keys. `python benchmarks/keys.py [COUNT [SIZE]]`.

Four in ten are RSA of 2048 bits, a tenth RSA of 4096, a quarter P-256, the rest Ed25519; every fourth is replaced by an RSA key
with a certificate. They stand in sets of ten, or of SIZE. Prints processor time: keys per second, microseconds per rule and
key, with reading and without; the same for different keys, each
judged once, since answers about a modulus are kept; and whether gmpy2 took part.
"""

from __future__ import annotations

import base64
import json
import random
import sys
import time
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from scanner.evidence.model import Evidence
from scanner.pack.shipped import shipped_folder, shipped_pack
from scanner.pipeline import Pipeline
from scanner.policy.select import rule_set, select
from scanner.sources.document import Document
from scanner.subjects.document_subjects import subjects_of
from scanner.subjects.model import Subject

AT = datetime(2026, 11, 1, tzinfo=UTC)
RANDOM = random.Random(1)


def text(value: int, size: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes(size, "big")).decode().rstrip("=")


def rsa_jwk(bits: int) -> dict[str, object]:
    n = rsa.generate_private_key(65537, bits).public_key().public_numbers().n
    return {"kty": "RSA", "n": text(n, bits // 8), "e": "AQAB", "alg": "RS256", "use": "sig"}


def ec_jwk() -> dict[str, object]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": text(point.x, 32), "y": text(point.y, 32), "alg": "ES256", "use": "sig"}


def ed_jwk() -> dict[str, object]:
    data = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": text(int.from_bytes(data, "big"), 32), "alg": "EdDSA", "use": "sig"}


def different() -> list[dict[str, object]]:
    """A hundred different keys: making 10,000 would take longer than judging them."""
    made = [rsa_jwk(2048) for _ in range(40)] + [rsa_jwk(4096) for _ in range(10)]
    made += [ec_jwk() for _ in range(25)] + [ed_jwk() for _ in range(25)]
    return made


def documents(made: list[dict[str, object]], count: int, size: int = 10) -> list[bytes]:
    """Sets of so many keys, mixed from those made."""
    certified = json.loads(Path(str(shipped_folder()), "samples", "rsa-2048-certificate.json").read_text())
    sets = []
    for at in range(0, count, size):
        keys = [dict(certified if RANDOM.random() < 0.25 else RANDOM.choice(made), kid=f"key-{at + i}") for i in range(size)]
        sets.append(json.dumps({"keys": keys}).encode())
    return sets


def subjects_in(pipeline: Pipeline, sets: list[bytes]) -> list[Subject]:
    """The keys of the sets."""
    found = [pipeline.reader.read(Document(f"{at}/jwks.json", data, is_named=True)) for at, data in enumerate(sets)]
    return [each for one in found if isinstance(one, Evidence) for each in subjects_of(one) if each.ref.kind == "key"]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    pack = shipped_pack(examples=True)
    rules = rule_set(select(pack, profile="baseline", changes={}, places={}).about("key"))
    pipeline = Pipeline(pack, rules, at=AT, keeps_rows=False)
    part = pipeline.part()
    made = different()
    sets = documents(made, count, int(sys.argv[2]) if len(sys.argv) > 2 else 10)
    start = time.process_time()
    subjects = subjects_in(pipeline, sets)
    read = time.process_time() - start
    alone = [json.dumps({"keys": [dict(key, kid="a")]}).encode() for key in [rsa_jwk(2048), *made]]
    distinct = subjects_in(pipeline, alone)
    pipeline.take(distinct.pop(0), pipeline.part())  # compiles the rules
    start = time.process_time()
    for subject in distinct:
        pipeline.take(subject, pipeline.part())
    first = (time.process_time() - start) / len(distinct)
    start = time.process_time()
    for subject in subjects:
        pipeline.take(subject, part)
    judged = time.process_time() - start
    each = judged / len(subjects)
    fails = sum(found.finding.result == "fail" for found in part.findings.found)
    print(f"{len(subjects)} keys, {len(rules)} rules about keys, {fails} fails")
    print("with gmpy2" if find_spec("gmpy2") else "without gmpy2")
    print(f"judging: {1 / each:,.0f} keys/s, {each * 1e6:,.0f} µs per key, {each / len(rules) * 1e6:.2f} µs per rule and key")
    print(f"different keys, each judged once: {1 / first:,.0f} keys/s, {first * 1e6:,.0f} µs per key")
    print(f"reading: {read / len(subjects) * 1e6:,.0f} µs per key; both: {len(subjects) / (judged + read):,.0f} keys/s")


if __name__ == "__main__":
    main()
