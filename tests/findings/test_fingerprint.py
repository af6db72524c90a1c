"""Two runs know a finding for the same one, whatever moved around it (`jwksFinding/v2`)."""

from __future__ import annotations

import hashlib
import json

from scanner.pack.shipped import shipped_folder
from tests.findings.estate import Estate, binding

WEAK = json.loads((shipped_folder() / "samples" / "rsa-1024.json").read_text())


def stable(estate: Estate) -> dict[str, str]:
    """Fingerprint → path of every finding of the audience rule."""
    found = estate.findings(rule="audience-not-restricted")
    return {each["stable_fingerprint"]: each["location"]["path"] for each in found}


class TestStableFingerprint:
    def test_survives_lines_inserted_above(self, estate: Estate) -> None:
        estate.write(api_yaml=binding())
        before = stable(estate)
        estate.write(api_yaml="# a\n# b\n" + binding())
        assert stable(estate) == before

    def test_survives_a_renamed_file(self, estate: Estate) -> None:
        estate.write(api_yaml=binding())
        before = stable(estate)
        (estate.root / "api.yaml").unlink()
        estate.write(mesh__gateway_yaml=binding())
        assert set(stable(estate)) == set(before)
        assert list(stable(estate).values()) == ["mesh/gateway.yaml"]

    def test_survives_documents_in_another_order(self, estate: Estate) -> None:
        one, two = binding("a"), binding("b", "other.example.com")
        estate.write(api_yaml=f"{one}---\n{two}")
        before = {each["stable_fingerprint"]: each["message"] for each in estate.findings()}
        estate.write(api_yaml=f"{two}---\n{one}")
        assert {each["stable_fingerprint"]: each["message"] for each in estate.findings()} == before

    def test_numbers_twins_in_two_files(self, estate: Estate) -> None:
        estate.write(a_yaml=binding(), b_yaml=binding())
        first, second = stable(estate)
        assert first.removesuffix(":1") == second.removesuffix(":2")

    def test_is_the_same_whatever_the_order_of_the_targets(self, estate: Estate) -> None:
        estate.write(a_yaml=binding(), b_yaml=binding())
        one = [each["stable_fingerprint"] for each in estate.findings("a.yaml", "b.yaml")]
        assert [each["stable_fingerprint"] for each in estate.findings("b.yaml", "a.yaml")] == one

    def test_of_a_key_is_its_thumbprint_whatever_its_kid(self, estate: Estate) -> None:
        estate.write(jwks_json=json.dumps({"keys": [WEAK | {"kid": "one"}]}))
        (before,) = estate.findings(rule="rsa-modulus-too-small") or estate.findings(rule="rsa-modulus-factorable")
        estate.write(jwks_json=json.dumps({"keys": [{"kty": "EC"}, WEAK | {"kid": "two"}]}))
        after = estate.findings(rule=before["rule"])[0]
        assert after["stable_fingerprint"] == before["stable_fingerprint"]
        assert after["fingerprint"] != before["fingerprint"]

    def test_tells_rules_and_subjects_apart(self, estate: Estate) -> None:
        estate.write(a_yaml=binding(), b_yaml=binding(issuer="other.example.com"), c_yaml=binding(issuer="x.example.com"))
        found = [each["stable_fingerprint"].partition(":")[0] for each in estate.findings()]
        assert len(set(found)) == len(found)


class TestPathFingerprint:
    def test_keeps_its_meaning(self, estate: Estate) -> None:
        """`jwksFinding/v1`: SHA-256 of the rule and the subject's id, as 0.1.0 wrote it."""
        estate.write(api_yaml=binding())
        (found,) = estate.findings(rule="audience-not-restricted")
        written = f"audience-not-restricted\0{found['subject']['id']}".encode()
        assert found["fingerprint"] == hashlib.sha256(written).hexdigest()
