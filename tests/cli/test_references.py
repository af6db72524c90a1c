"""What a user's own policies cite: noted, warned of, and refused with --strict-references."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.cli import main

RULE = """\
id: house-rule
title: A key names its algorithm
severity: low
objective: {objective}
about: key
since: 0.1.0
rationale: A key that names its algorithm cannot be used with another by mistake.
remedy: Publish the key with the member `alg`.
references: [{reference}]
require: key.has_alg
message: "Key {{key.label}} names no algorithm."
examples:
  - {{it: accepts one that does, jwks: {{keys: [{{sample: ec-p256, alg: ES256}}]}}, gives: pass}}
  - {{it: rejects one that does not, jwks: {{keys: [{{sample: ec-p256, alg: null}}]}}, gives: fail}}
"""


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "house").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cites(repository: Path, reference: str, objective: str = "algorithm-restriction") -> None:
    (repository / "house" / "house-rule.yaml").write_text(RULE.format(reference=reference, objective=objective))


def checked(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = main(["policy", "check", "--policies", "house", *more])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


class TestPolicyCheck:
    @pytest.mark.parametrize("reference", ["RFC 7518 §3.1", "Acme handbook §4", "nist-800-53r5:IA-13(2)", "RFC 8725 §3.1"])
    def test_says_nothing_of_other_documents_and_exact_names(
        self, reference: str, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cites(repository, reference)
        code, said = checked(capsys, "--strict-references")
        assert code == 0
        assert "house-rule" not in said

    def test_notes_another_spelling(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cites(repository, "OWASP NHI-4")
        code, said = checked(capsys, "--strict-references")
        assert code == 0
        assert "note: house-rule cites OWASP NHI-4, taken as owasp-nhi-2025:NHI4:2025 (notation)." in said
        assert "  --> house/house-rule.yaml:9:13\n" in said

    def test_warns_of_a_citation_that_is_off_the_topic(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """NHI2 is about leaked secrets; algorithms belong to NHI4."""
        cites(repository, "NHI-02")
        code, said = checked(capsys)
        assert code == 0
        assert "warning: house-rule cites NHI-02" in said
        assert "algorithm-restriction is not evidence for NHI2:2025; there it is evidence for NHI4:2025." in said

    @pytest.mark.parametrize(
        ("reference", "kind", "meant"),
        [
            ("NIST CSF 2.0 PR.AC-1", "superseded", "nist-csf-2.0:PR.AA-01 or nist-csf-2.0:PR.AA-05"),
            ("NIST Zero Trust SC-23", "misattributed", "nist-800-53r5:SC-23"),
        ],
    )
    def test_warns_of_doubtful_ones_and_refuses_them_when_strict(
        self, reference: str, kind: str, meant: str, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cites(repository, reference)
        code, said = checked(capsys)
        assert (code, f"warning: house-rule cites {reference}" in said) == (0, True)
        code, said = checked(capsys, "--strict-references")
        assert code == 2
        assert f"`house-rule` cites `{reference}`, which is {kind}" in said
        assert f"Write {meant}." in said
        assert "house/house-rule.yaml:9:" in said


class TestScan:
    def test_refuses_them_when_strict_and_only_then(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cites(repository, "PR.AC-1")
        (repository / "api.yaml").write_text("replicas: 3\n")
        assert main(["scan", "api.yaml", "--policies", "house"]) == 0
        assert main(["scan", "api.yaml", "--policies", "house", "--strict-references"]) == 2
        assert "which is superseded" in capsys.readouterr().err

    def test_takes_our_own_policies_when_strict(self, repository: Path) -> None:
        (repository / "api.yaml").write_text("replicas: 3\n")
        assert main(["scan", "api.yaml", "--strict-references"]) == 0


class TestOwnFrameworks:
    HEAD = "id: house\ntitle: House\nversion: '1'\nurl: https://example.com\nlicence: ours\n"

    def refused(self, repository: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
        (repository / "house" / "frameworks").mkdir()
        (repository / "house" / "frameworks" / "house.yaml").write_text(self.HEAD + text)
        code, said = checked(capsys)
        assert code == 2
        return said

    def test_with_an_unknown_objective_are_refused(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = "controls:\n- id: A\n  title: A\n  objectives:\n  - {objective: key-strenght, strength: direct, why: So.}\n"
        said = self.refused(repository, text, capsys)
        assert "unknown objective `key-strenght`" in said
        assert "house/frameworks/house.yaml:10:5" in said
        assert "`key-strength`" in said

    def test_with_a_control_twice_are_refused(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        said = self.refused(repository, "controls:\n- {id: A, title: A}\n- {id: A, title: B}\n", capsys)
        assert "the control `A` stands twice" in said
        assert "house.yaml:8:3" in said

    def test_without_controls_are_refused(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "the framework `house` has no controls" in self.refused(repository, "controls: []\n", capsys)

    def test_with_an_alias_that_leads_nowhere_are_refused(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        alias = "aliases:\n- {written: B, means: ['nist-800-53r5:SC-999'], kind: notation, note: So.}\n"
        said = self.refused(repository, "controls:\n- {id: A, title: A}\n" + alias, capsys)
        assert "unknown control `SC-999`" in said
        assert "house.yaml:9:3" in said

    def test_cannot_take_the_id_of_one_of_ours(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / "house" / "frameworks").mkdir()
        text = self.HEAD.replace("id: house", "id: rfc8725") + "controls: [{id: A, title: A}]\n"
        (repository / "house" / "frameworks" / "rfc8725.yaml").write_text(text)
        code, said = checked(capsys)
        assert code == 2
        assert "the id `rfc8725` is taken" in said
