#!/usr/bin/env python3
"""The slowest documents that the counts allow: CPU seconds for each, from reading to the last answer, in one process.

usage: slowest.py

The clock behind the counts (`CPU_SECONDS` in scanner/cpu_clock.py) is at least ten times the slowest of them. They are the
shapes of benchmarks/amplification.py at the largest size that is read, and sets of a thousand hard keys.
"""

from __future__ import annotations

import base64
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.amplification import SHAPES
from scanner.cpu_clock import CPU_SECONDS
from scanner.files.limits import LARGEST_FILE, MOST_KEYS
from tests.one_document import OneDocument


def main() -> int:
    """Print the table; 1 where the clock is less than ten times the slowest."""
    judge, slowest = OneDocument(), 0.0
    print("| document | KiB | CPU s |\n|---|--:|--:|")
    for name, file, data in _list_documents():
        begin = time.process_time()
        judge.report(file, data)
        seconds = time.process_time() - begin
        slowest = max(slowest, seconds)
        print(f"| {name} | {len(data) // 1024} | {seconds:.1f} |", flush=True)
    print(f"\nslowest {slowest:.1f} s, the clock {CPU_SECONDS} s: {CPU_SECONDS / slowest:.0f} times")
    return 0 if 10 * slowest <= CPU_SECONDS else 1


def _list_documents() -> Iterator[tuple[str, str, bytes]]:
    source = random.Random(5)
    for bits in (2048, 4096, 16_384):
        keys = [_rsa(source.getrandbits(bits) | 1 | 1 << bits - 1, 65537) for _ in range(MOST_KEYS)]
        yield f"{MOST_KEYS} moduli of {bits} bits", "jwks.json", json.dumps({"keys": keys}).encode()
    keys = [_rsa(source.getrandbits(4096) | 1, source.getrandbits(4000) | 1) for _ in range(MOST_KEYS)]
    yield f"{MOST_KEYS} moduli of 4096 bits with long exponents", "jwks.json", json.dumps({"keys": keys}).encode()
    for name, (file, make) in SHAPES.items():
        for size in (LARGEST_FILE // 16, LARGEST_FILE - 4096):
            yield name, file, make(size).encode()


def _rsa(modulus: int, exponent: int) -> dict[str, str]:
    def text(number: int) -> str:
        return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()

    return {"kty": "RSA", "n": text(modulus), "e": text(exponent), "kid": str(modulus % 10**9), "use": "sig", "alg": "RS256"}


if __name__ == "__main__":
    sys.exit(main())
