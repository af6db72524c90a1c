"""A private key is joined with the public keys of the same scan by its public values, across files and spellings."""

from __future__ import annotations

import json

from scanner.errors import Place
from scanner.evidence.read_document import DocumentReader
from scanner.sources.document import Document
from scanner.subjects.document_subjects import subjects_of
from scanner.subjects.key_pairs import Join
from scanner.subjects.model import KeyPair

PUBLIC = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
PRIVATE = {**PUBLIC, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}


def pairs(**files: object) -> list[KeyPair]:
    tally, reader = Join(), DocumentReader([])
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value)
        evidence = reader.read(Document(name.replace("_", "."), text.encode()))
        for subject in subjects_of(evidence) if evidence is not None else ():
            if subject.ref.kind in ("key", "private_key"):
                tally.note(subject)
    found = [subject.about for subject in tally.subjects()]
    return [each for each in found if isinstance(each, KeyPair)]


class TestAPrivateKey:
    def test_is_told_with_every_place_that_publishes_its_public_half(self) -> None:
        (pair,) = pairs(
            a_jwks={"keys": [PUBLIC]}, b_jwks={"keys": [{**PUBLIC, "kid": "other"}]}, c_env=f"K={json.dumps(PRIVATE)}"
        )
        assert pair.published == (Place("a.jwks", 1, 11), Place("b.jwks", 1, 11))

    def test_is_found_before_its_public_half_as_well(self) -> None:
        assert len(pairs(a_env=f"K={json.dumps(PRIVATE)}", z_jwks={"keys": [PUBLIC]})) == 1

    def test_is_found_where_a_file_is_a_private_jwk(self) -> None:
        assert len(pairs(a_json=PRIVATE, z_jwks={"keys": [PUBLIC]})) == 1

    def test_without_a_public_half_in_the_scan_is_no_pair(self) -> None:
        assert pairs(a_env=f"K={json.dumps(PRIVATE)}", z_jwks={"keys": []}) == []

    def test_of_another_key_is_no_pair(self) -> None:
        other = {**PUBLIC, "x": "AAAAAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        assert pairs(a_env=f"K={json.dumps(PRIVATE)}", z_jwks={"keys": [other]}) == []
