"""A set with more keys than anybody has: judged in part, and said so."""

from __future__ import annotations

import json

from scanner.files.limits import MOST_KEYS
from tests.findings.estate import Estate


class TestLargeSets:
    def test_keys_beyond_the_limit_are_not_judged_and_not_passed_over(self, estate: Estate) -> None:
        """A few hundred KiB of `{}` would otherwise fill the memory and a report of a gigabyte."""
        keys = [{"kty": "EC", "kid": str(number)} for number in range(MOST_KEYS + 500)]
        estate.write(jwks_json=json.dumps({"keys": keys}))
        code, report = estate.scan(".", "--fail-on", "none", "--fail-on-undetermined")
        assert code == 3
        assert len(report["subjects"]["keys"]) == MOST_KEYS
        said = [notice["message"] for notice in report["notices"] if notice["kind"] == "unparsed"]
        assert said == [f"not assessed: keys after the first {MOST_KEYS} of {MOST_KEYS + 500}"]
        assert any(each["rule"] == "too-many-keys" for each in report["findings"]), "the set itself is judged as a whole"

    def test_a_set_at_the_limit_is_judged_whole(self, estate: Estate) -> None:
        keys = [{"kty": "EC", "kid": str(number)} for number in range(MOST_KEYS)]
        estate.write(jwks_json=json.dumps({"keys": keys}))
        _, report = estate.scan(".")
        assert not [notice for notice in report["notices"] if notice["kind"] == "unparsed"]
