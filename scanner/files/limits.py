"""The limits of hostile files, beyond which a reader gives up with a reason."""

from __future__ import annotations

from typing import Final

LARGEST_FILE: Final = 5 * 1024 * 1024  # octets
GRAMMAR_SECONDS: Final = 10  # of CPU time for a syntax tree: 5 MiB of Terraform take 2
LARGEST_CODE: Final = 256 * 1024  # octets; the longest settings that people write have 150 KiB (gitlab.rb)
DEEPEST: Final = 64  # levels of nesting
MOST_NODES: Final = 200_000  # values, counting what aliases repeat
MOST_LENGTH: Final = 2 * LARGEST_FILE  # characters of all values and names, counting what aliases repeat
# What is judged of one document. The most in 552 real documents (issuers and consumers): 4 bindings with 720 characters of
# settings, 22 keys, 2 certificates of a key, no private key and no waiver. With all limits a report has some 10 MiB for it.
MOST_DOCUMENTS: Final = 5_000  # of one file: whole clusters are exported with some hundred
MOST_BINDINGS: Final = 1_000  # each is some 5 KiB of a report, and is checked by some fifty rules
MOST_VARIANT_BINDINGS: Final = 2_000  # of one file, in all variants of its unit together
MOST_TEXT: Final = 1024 * 1024  # characters of all settings and embedded keys: aliases and variables repeat a text for nothing
MOST_KEYS: Final = 1_000  # in all sets together, and outside sets: each is checked by some hundred rules
MOST_CERTIFICATES: Final = 10  # of one key: a longer chain is no chain
MOST_SIGNS: Final = 100  # of each sort of private key outside sets that are read: each may need a text of 128 KiB
MOST_WAIVERS: Final = 1_000  # rules that comments accept: each is a row and some findings


class Refused(Exception):
    """The reader gives up: the reason in plain words that quote no value, and the place (1-based) where known."""

    def __init__(self, because: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(because)
        self.because = because
        self.line = line
        self.column = column
