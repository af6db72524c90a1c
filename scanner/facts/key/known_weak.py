"""Facts about keys that are known to be weak, from badkeys where it is installed."""

from __future__ import annotations

from scanner.evidence.model import Jwk
from scanner.facts.fact import Fact, Unknown, fact
from scanner.facts.lists import known_weak


@fact("key.known_weaknesses", spec="CVE-2008-0166")
def known_weaknesses(key: Jwk) -> list[str] | Unknown:
    """What badkeys finds: primes that moduli in the wild share, a modulus with only a few bits set, an entry of its blocklist
    if that is downloaded.
    """
    if not known_weak.is_installed():
        return Unknown("badkeys is not installed: pip install 'jwksgov[keys]'")
    return known_weak.weaknesses(key)


@fact("key.is_blocklist_used")
def is_blocklist_used(key: Jwk) -> bool | Unknown:  # noqa: ARG001 - the same for every key
    """Whether badkeys' blocklist is downloaded, so that `key.known_weaknesses` looks the key up there."""
    if not known_weak.is_installed():
        return Unknown("badkeys is not installed: pip install 'jwksgov[keys]'")
    return known_weak.is_blocklist_downloaded() or Unknown(
        "badkeys' blocklist of known private keys has not been downloaded: badkeys --update-bl"
    )


FACTS: tuple[Fact, ...] = (known_weaknesses, is_blocklist_used)
