"""What the rules say of the test keys of paranoid_crypto and badkeys, key by key: caught, or not.

    git clone https://github.com/google/paranoid_crypto; git clone https://github.com/badkeys/badkeys
    python benchmarks/peer_keys.py [--profile NAME] paranoid_crypto badkeys

A folder is a clone, or a bare repository as `git clone --bare` makes it; one that is not there is told and left out. Prints for
each RSA key its name in the peer's tests, its size, and the critical and high rules that it fails. None of the keys is copied.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from scanner.evidence.read_document import FileContent
from scanner.findings.model import Run
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Pipeline
from scanner.policy.select import select
from scanner.scan import Decisions, finish
from scanner.sources.document import Document

AT = datetime(2026, 11, 1, tzinfo=UTC)
Key = tuple[str, int, int]


def git(folder: str, *arguments: str) -> bytes:
    """What git prints; CalledProcessError where it fails."""
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True).stdout


def paranoid_keys(folder: str) -> Iterator[Key]:
    """The RSA keys at the head of paranoid_rsa_test.py."""
    text = git(folder, "show", "HEAD:paranoid_crypto/lib/paranoid_rsa_test.py").decode().split("\nclass ", 1)[0]
    for each in re.finditer(r"^(\w+) = paranoid_pb2\.RSAKey\(\)\n(.*?)(?=^\w+ = paranoid|\Z)", text, re.M | re.S):
        values = {
            name: "".join(re.findall("'([0-9a-f]+)'", value))
            for name, value in re.findall(r"rsa_info\.([en]) = util\.Hex2Bytes\((.*?)\)", each[2], re.S)
        }
        if values.get("n") and values.get("e"):
            yield each[1], int(values["n"], 16), int(values["e"], 16)


def badkeys_keys(folder: str) -> Iterator[Key]:
    """The RSA keys of its test data that the library reads."""
    names = git(folder, "ls-tree", "--name-only", "HEAD", "tests/data/").decode().split()
    for name in names:
        if name.endswith(".key"):
            try:
                key = load_pem_public_key(git(folder, "show", f"HEAD:{name}"))
            except ValueError as error:
                print(f"{Path(name).name}: not read: {str(error)[:60]}")
                continue
            if isinstance(key, RSAPublicKey):
                numbers = key.public_numbers()
                yield Path(name).name, numbers.n, numbers.e


READERS = {"paranoid_crypto/lib/paranoid_rsa_test.py": paranoid_keys, "tests/data/rsa-nprime.key": badkeys_keys}


def jwks(n: int, e: int) -> bytes:
    """A set of this one key."""
    n_text, e_text = (
        base64.urlsafe_b64encode(each.to_bytes((each.bit_length() + 7) // 8, "big")).decode().rstrip("=") for each in (n, e)
    )
    return json.dumps({"keys": [{"kty": "RSA", "kid": "a", "use": "sig", "alg": "RS256", "n": n_text, "e": e_text}]}).encode()


def main() -> None:
    """Read the folders, judge each key, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="baseline")
    parser.add_argument("folders", nargs="+")
    arguments = parser.parse_args()
    pack = shipped_pack(examples=True)
    pipeline = Pipeline(pack, select(pack, profile=arguments.profile, changes={}, places={}), at=AT)
    for folder in arguments.folders:
        for path, read in READERS.items():
            try:
                git(folder, "cat-file", "-e", f"HEAD:{path}")
            except subprocess.CalledProcessError:
                continue
            for name, n, e in read(folder):
                part, data = pipeline.part(), jwks(n, e)
                pipeline.read(FileContent(pipeline.reader.read(Document("jwks.json", data, is_named=True)), data), part)
                run = Run(clock="2026-11-01T00:00:00Z", scope=(), profile=arguments.profile)
                findings = finish(pipeline, part, run, Decisions()).findings
                grave = sorted(
                    {each.rule for each in findings if each.result == "fail" and each.severity in ("critical", "high")}
                )
                print(f"{name}: {n.bit_length()} bits: {', '.join(grave) or 'nothing critical or high'}")
            break
        else:
            print(f"{folder}: no clone of a peer that is known here; left out")


if __name__ == "__main__":
    main()
