"""Issuers with their keys, and what these share."""

from __future__ import annotations

from scanner.config.model import IssuerEntry
from scanner.errors import Place
from scanner.evidence.model import Jwk, Octets, Spot
from scanner.subjects.fleet import compare
from scanner.subjects.joined_issuers import join
from scanner.subjects.model import PublishedMetadata, PublishedSet, Subject

ONE, OTHER, THIRD = "https://login.example.co.uk", "https://sso.example.co.uk", "https://login.another.co.uk"
TEST = "https://login.staging.example.co.uk"
# primes of 80 bits: a common factor of 64 bits and less is not taken for a prime of a key
P, Q, R, S = 2**80 + 13, 2**80 + 27, 2**80 + 49, 2**80 + 121


def key(number: int, at: int = 0, kid: str | None = None) -> Jwk:
    texts = {"kty": "RSA", "kid": kid or f"k{number % 1000}"}
    octets = {"n": Octets(number.to_bytes(32, "big")), "e": Octets(b"\3")}
    return Jwk(at, Spot(at + 2, 5), (), texts, octets)


def folder(issuer: str, *keys: Jwk, name: str = "") -> tuple[PublishedMetadata, PublishedSet]:
    """An issuer with its set in a folder of its own."""
    path = name or issuer.removeprefix("https://")
    place = Place(f"{path}/openid-configuration.json")
    metadata = PublishedMetadata(place.path, "openid-provider", place, {"issuer": issuer})
    return metadata, PublishedSet(f"{path}/jwks.json", Place(f"{path}/jwks.json"), keys)


def compared(
    *folders: tuple[PublishedMetadata, PublishedSet], notes: tuple[IssuerEntry, ...] = (), is_complete: bool = True
) -> list[Subject]:
    metadata, sets = [each for each, _ in folders], [each for _, each in folders]
    issuers = tuple(join(metadata, sets))
    return list(compare(metadata, sets, issuers, notes, is_complete=is_complete, has_fleet=True))


def shared(*folders: tuple[PublishedMetadata, PublishedSet], notes: tuple[IssuerEntry, ...] = ()) -> list[Subject]:
    return [each for each in compared(*folders, notes=notes) if each.ref.kind == "shared_key"]
