"""Coverage-guided fuzzing of everything that reads: files, JWK Sets, metadata, secrets, and the whole path behind them.

    pip install atheris
    nice python benchmarks/fuzz.py out/fuzz -max_total_time=1800

The first octet of an input chooses the door, the rest is the document. An exception, a place outside of the document, or a
private value in a report or in the evidence is a find: its input is written to out/fuzz-finds/, once for each place that
raised, and fuzzing goes on. Options are libFuzzer's (-timeout=20: what takes longer is a find as well and ends the run). The
folder named is the corpus: it is filled with the vectors of tests/vectors/ and the examples of the policies when it is empty.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
import re
import sys
import traceback
from importlib import import_module
from pathlib import Path

import atheris

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=["scanner"]):
    from scanner.evidence.issuers.metadata import read_metadata
    from scanner.evidence.keys.jwk_set import read_embedded, read_jwk_set
    from scanner.redaction.key_text import private_key_in_text
    from scanner.files.read import read
    from scanner.files.tree import Mapping, Node, Parsed, Sequence
    from scanner.pack.load import load_pack
    from scanner.pack.shipped import shipped_folder
    from scanner.renderers.choose import render
    from scanner.sources.document import Document
    from tests.one_document import OneDocument, secrets_of
    from tests.vectors.documents import METADATA
    from tests.vectors.generate import all_controls, all_vectors

    # what a scan imports when it is needed must be imported here to be counted
    for room in ("files", "evidence", "subjects", "facts", "policy", "findings"):
        folder = import_module(f"scanner.{room}").__path__
        for module in pkgutil.walk_packages(folder, f"scanner.{room}."):
            import_module(module.name)

FINDS = ROOT / "out" / "fuzz-finds"
FORMATS = ("json", "yaml", "hcl", "toml", "xml", "ini", "env", "directives", "erlang", "jaas", "flags", "properties")
# more doors to the whole path than to any one reader: that is where the rules are
PATHS = ("jwks.json", "key.pem", "jwks.json", "jwks.json", "openid-configuration.json", "openid-configuration.json", "a.yaml")
LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")  # all that any of the formats takes for one
ONE = OneDocument()


class Leak(Exception):
    """A private value was seen behind the reader."""


def whole_path(path: str, data: bytes) -> None:
    report = ONE.report(path, data)
    secrets = secrets_of(data)
    if secrets:
        seen = "".join(render(report, format_) for format_ in ("text", "json", "sarif"))
        seen += repr(ONE.reader.read(Document(path, data, is_named=True)))
        if any(secret in seen for secret in secrets):
            raise Leak


def reader(format_: str, data: bytes) -> None:
    parsed = read(data, format_)
    if isinstance(parsed, Parsed):
        last = len(LINE_END.split(parsed.text))
        for node in parsed.documents:
            check_places(node, last)
            read_jwk_set(node, path="jwks.json")
            read_metadata(node, path="openid-configuration")


def check_places(node: Node, last: int) -> None:
    waiting, seen = [node], set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        assert 1 <= each.line <= last, (each.line, last)
        assert each.column >= 1, each.column
        if isinstance(each, Mapping):
            waiting += [part for entry in each.entries for part in (entry.key, entry.value)]
        elif isinstance(each, Sequence):
            waiting += each.items


def secrets(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    words = private_key_in_text(text)
    assert words is None or len(words) < 60
    read_embedded(text)


def one_input(data: bytes) -> None:
    door = data[0] if data else 0
    if door < len(FORMATS):
        reader(FORMATS[door], data[1:])
    elif door < len(FORMATS) + len(PATHS):
        whole_path(PATHS[door - len(FORMATS)], data[1:])
    elif door % 8 == 0:
        secrets(data[1:])
    else:
        whole_path("jwks.json", data[1:])


def guarded(data: bytes) -> None:
    try:
        one_input(data)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        name = hashlib.sha256(f"{where.filename}:{where.lineno}:{type(error)}".encode()).hexdigest()[:12]
        find = FINDS / name
        if not find.exists():
            FINDS.mkdir(parents=True, exist_ok=True)
            find.write_bytes(data)
            (FINDS / f"{name}.txt").write_text(traceback.format_exc(), errors="backslashreplace")
            print(f"FIND {name}: {type(error).__name__} at {where.filename}:{where.lineno}", file=sys.stderr)


def seed(folder: Path) -> None:
    """The vectors, and what the examples of rules and platforms hold, each behind the door that reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    inputs = [(len(FORMATS) + 4 * (each.path == METADATA), each.data) for each in [*all_vectors(), *all_controls()]]
    inputs += [
        (len(FORMATS) + 1, each.data) for each in all_vectors() if "PRIVATE KEY-----" in each.data.decode("utf-8", "replace")
    ]
    pack = load_pack([shipped_folder()])
    for rule in pack.rules.values():
        for example in rule.examples:
            if example.metadata is not None:
                inputs.append((len(FORMATS) + 4, json.dumps(example.metadata).encode()))
            elif example.config is not None:
                inputs.append((len(FORMATS) + 6, example.config.text.encode()))
            elif example.jwks is not None:
                text = example.jwks if isinstance(example.jwks, str) else json.dumps(example.jwks)
                inputs.append((len(FORMATS), text.encode()))
    for platform in pack.platforms.values():
        ending = {"yml": "yaml", "tf": "hcl", "conf": "directives", "sh": "flags"}
        for example in platform.examples:
            last = example.file.rsplit(".", 1)[-1]
            format_ = ending.get(last, last)
            inputs.append((FORMATS.index(format_) if format_ in FORMATS else 1, example.text.encode()))
    for door, data in inputs:
        whole = bytes([door]) + data
        (folder / hashlib.sha256(whole).hexdigest()[:16]).write_bytes(whole)


def dictionary(path: Path) -> None:
    """The words that JWKs and metadata are made of."""
    from scanner.evidence.keys.registries import ALGORITHMS, CURVES, MEMBERS

    words = [*ALGORITHMS, *CURVES, *MEMBERS, "RSA", "EC", "OKP", "AKP", "oct", "sig", "enc", "keys", "issuer", "jwks_uri"]
    words += [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "b3BlbnNzaC1rZXktdjEA",
        "AQAB",
        "jwksgov: ignore[",
    ]
    path.write_text("".join(f'"{word}"\n' for word in dict.fromkeys(words)))


def main() -> None:
    folder = Path(next((word for word in sys.argv[1:] if not word.startswith("-")), "out/fuzz"))
    if not folder.is_dir() or not any(folder.iterdir()):
        seed(folder)
    words = folder.with_suffix(".dict")
    dictionary(words)
    options = [f"-dict={words}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=1500", *sys.argv[1:]]
    atheris.Setup([sys.argv[0], *options], guarded)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
