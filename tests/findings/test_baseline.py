"""A baseline: old findings do not fail, new ones do, and what is gone is said."""

from __future__ import annotations

import json

import pytest

from tests.findings.estate import Estate, binding

RULE = "audience-not-restricted"


@pytest.fixture
def adopted(estate: Estate) -> Estate:
    """A repository with one old finding and its baseline."""
    estate.write(api_yaml=binding())
    code, _ = estate.scan(".", "--write-baseline", "baseline.json")
    assert code == 1, "writing a baseline changes no exit code"
    return estate


def states(estate: Estate, *arguments: str) -> dict[str, str]:
    """Path → state of the audience findings."""
    found = estate.findings(*(arguments or (".",)), "--baseline", "baseline.json", rule=RULE)
    return {each["location"]["path"]: each["baseline_state"] for each in found}


class TestStates:
    def test_an_old_finding_is_unchanged_and_does_not_fail(self, adopted: Estate) -> None:
        code, report = adopted.scan(".", "--baseline", "baseline.json")
        assert code == 0
        assert {each["baseline_state"] for each in report["findings"]} == {"unchanged"}
        assert report["summary"]["failed"] == len(report["findings"]), "it is still counted"
        assert report["run"]["baseline"]["clock"] == "2026-06-01T00:00:00Z"

    def test_a_new_finding_fails(self, adopted: Estate) -> None:
        adopted.write(new_yaml=binding(issuer="other.example.com"))
        code, _ = adopted.scan(".", "--baseline", "baseline.json")
        assert code == 1
        assert states(adopted) == {"api.yaml": "unchanged", "new.yaml": "new"}

    def test_a_copy_in_another_file_is_the_new_one_wherever_it_sorts(self, adopted: Estate) -> None:
        adopted.write(aaa_yaml=binding())
        assert states(adopted) == {"aaa.yaml": "new", "api.yaml": "unchanged"}

    def test_a_renamed_twin_stays_old_although_its_number_changes(self, estate: Estate) -> None:
        estate.write(m_yaml=binding(), y_yaml=binding())
        estate.scan(".", "--write-baseline", "baseline.json")
        (estate.root / "y.yaml").rename(estate.root / "a.yaml")
        assert states(estate) == {"a.yaml": "unchanged", "m.yaml": "unchanged"}

    def test_another_severity_or_message_is_an_update_and_does_not_fail(self, adopted: Estate) -> None:
        (adopted.root / ".jwksgov.yaml").write_text(f"rules: {{{RULE}: critical}}\n")
        code, _ = adopted.scan(".", "--baseline", "baseline.json")
        assert code == 0
        assert states(adopted) == {"api.yaml": "updated"}

    def test_none_is_given_without_a_baseline(self, adopted: Estate) -> None:
        """SARIF 2.1.0 §3.27.24: either every result has a state or none."""
        _, report = adopted.scan()
        assert {each["baseline_state"] for each in report["findings"]} == {None}
        assert report["summary"]["by_baseline_state"] == {}

    def test_an_undetermined_finding_that_now_fails_is_new(self, estate: Estate) -> None:
        estate.write(api_yaml=binding() + "      audiences: '{{ .Values.audiences }}'\n")
        estate.scan(".", "--write-baseline", "baseline.json")
        estate.write(api_yaml=binding())
        assert states(estate) == {"api.yaml": "new"}


class TestAbsent:
    def test_lists_what_is_gone(self, adopted: Estate) -> None:
        adopted.write(api_yaml=binding() + "      audiences: [shop]\n")
        _, report = adopted.scan(".", "--baseline", "baseline.json")
        assert [(each["rule"], each["location"]["path"]) for each in report["absent"]] == [(RULE, "api.yaml")]
        assert report["summary"]["by_baseline_state"]["absent"] == 1

    def test_says_nothing_of_files_that_were_not_looked_at(self, adopted: Estate) -> None:
        adopted.write(other_yaml=binding(issuer="other.example.com"))
        _, report = adopted.scan("other.yaml", "--baseline", "baseline.json")
        assert report["absent"] == []

    def test_tells_a_deleted_file_from_one_outside_the_folder(self, estate: Estate) -> None:
        estate.write(a__api_yaml=binding(), b__api_yaml=binding(issuer="b.example.com"))
        estate.scan(".", "--write-baseline", "baseline.json")
        (estate.root / "a" / "api.yaml").unlink()
        (estate.root / "b" / "api.yaml").unlink()
        _, report = estate.scan("a", "--baseline", "baseline.json")
        assert {each["location"]["path"] for each in report["absent"]} == {"a/api.yaml"}


class TestWaived:
    def test_a_finding_waived_in_the_baseline_fails_when_its_waiver_ends(self, estate: Estate) -> None:
        """Otherwise a baseline would turn a waiver into one without an end."""
        waived = binding().replace(
            "    - issuer", f"    # jwksgov: ignore[{RULE}] lab; owner=idp; expires=2026-12-31\n    - issuer"
        )
        estate.write(api_yaml=waived)
        code, _ = estate.scan(".", "--write-baseline", "baseline.json")
        assert code == 0
        assert states(estate) == {"api.yaml": "unchanged"}
        code, report = estate.scan(".", "--baseline", "baseline.json", now="2027-01-01")
        assert code == 1
        assert {each["rule"]: each["baseline_state"] for each in report["findings"]}[RULE] == "new"
        assert report["absent"] == []


class TestFile:
    def test_is_read_from_an_old_report_too(self, adopted: Estate) -> None:
        _, report = adopted.scan()
        for each in report["findings"]:
            del each["stable_fingerprint"]  # as 0.1.0 wrote it
        (adopted.root / "old.json").write_text(json.dumps(report))
        code, _ = adopted.scan(".", "--baseline", "old.json")
        assert code == 0

    def test_is_named_by_the_configuration(self, adopted: Estate) -> None:
        (adopted.root / ".jwksgov.yaml").write_text("baseline: baseline.json\n")
        assert adopted.scan()[0] == 0
        assert adopted.scan(".", "--isolated")[0] == 1

    def test_may_be_written_first_where_the_configuration_names_it(self, estate: Estate) -> None:
        estate.write(api_yaml=binding())
        (estate.root / ".jwksgov.yaml").write_text("baseline: baseline.json\n")
        assert "--write-baseline baseline.json" in estate.refused(".").replace(f"{estate.root}/", "")
        assert estate.scan(".", "--write-baseline", "baseline.json")[0] == 1
        assert estate.scan()[0] == 0

    def test_is_the_same_bytes_for_the_same_findings(self, adopted: Estate) -> None:
        first = (adopted.root / "baseline.json").read_bytes()
        adopted.scan(".", "--write-baseline", "baseline.json")
        assert (adopted.root / "baseline.json").read_bytes() == first

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("{", "not a JSON object: line 1"),
            ("[]", "not a JSON object"),
            ('{"schema": "jwksgov-baseline/v9", "findings": []}', "`jwksgov-baseline/v9`"),
            ('{"schema": "jwksgov-baseline/v1", "run": {"clock": ""}, "findings": [{}]}', "lacks"),
            ('{"schema": "jwksgov-baseline/v1", "run": {"clock": ""}, "findings": 3}', "lacks"),
            ("[" * 100_000, "not a JSON object: line 1"),
        ],
    )
    def test_that_is_broken_or_of_another_version_is_an_error_with_its_remedy(
        self, estate: Estate, text: str, what: str
    ) -> None:
        (estate.root / "baseline.json").write_text(text)
        said = estate.refused(".", "--baseline", "baseline.json")
        assert what in said
        assert "baseline.json" in said
        assert "--write-baseline baseline.json" in said
