"""Waivers: what they cover, and what is wrong with them. The result beneath always stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.findings.estate import Estate, binding

RULE = "audience-not-restricted"


def inline(comment: str, text: str = "") -> str:
    """A policy whose rule carries a waiver in a comment."""
    return (text or binding()).replace("    - issuer", f"    # jwksgov: {comment}\n    - issuer")


def entry(**members: str) -> str:
    """A waiver of the audience rule for the file; members replace its own, an empty one takes it away."""
    own = {"rule": RULE, "reason": "lab", "owner": "idp", "expires": "2026-12-31"} | members
    return "  - {" + ", ".join(f"{name}: {value}" for name, value in own.items() if value) + "}\n"


def reviewed(*entries: str) -> str:
    return "waivers:\n" + "".join(entries)


def waived(estate: Estate, *arguments: str, now: str = "2026-06-01") -> list[str]:
    """The paths of waived audience findings."""
    found = estate.findings(*arguments, rule=RULE, now=now)
    return [each["location"]["path"] for each in found if each["waived"]]


def faults(estate: Estate, *arguments: str, now: str = "2026-06-01") -> set[str]:
    """The rules about waivers that fail."""
    return {each["rule"] for each in estate.findings(*arguments, now=now) if each["rule"].startswith("waiver-")}


class TestReviewedWaivers:
    @pytest.mark.parametrize(
        "selector",
        [
            "{path: api.yaml}",
            "{path: '*.yaml'}",
            '"api.yaml#binding:*"',
            "{issuer: 'https://login.example.com'}",
            "{issuer: '*.example.com'}",
            "{path: api.yaml, issuer: 'https://login*'}",
        ],
    )
    def test_cover_what_their_selector_says(self, estate: Estate, selector: str) -> None:
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject=selector)))
        assert waived(estate) == ["api.yaml"]
        assert faults(estate) == set()

    @pytest.mark.parametrize(
        "selector", ["{path: other.yaml}", "{issuer: 'https://login'}", "{path: api.yaml, kid: x}", '"api.yaml"', "{kid: '*'}"]
    )
    def test_cover_nothing_else(self, estate: Estate, selector: str) -> None:
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject=selector)))
        assert waived(estate) == []

    def test_cover_by_fingerprint_of_either_version(self, estate: Estate) -> None:
        estate.write(api_yaml=binding(), twin_yaml=binding())
        for name in ("fingerprint", "stable_fingerprint"):
            estate.write(waivers_yaml="waivers: []\n")
            second = estate.findings(rule=RULE)[1]
            estate.write(waivers_yaml=reviewed(entry(subject=f'{{fingerprint: "{second[name]}"}}')))
            assert waived(estate) == ["twin.yaml"], "and not its twin"

    def test_cover_a_key_by_its_kid(self, estate: Estate) -> None:
        estate.write(
            jwks_json='{"keys": [{"kty": "oct", "kid": "a[1]", "k": "AAAA"}, {"kty": "oct", "kid": "b", "k": "AAAA"}]}',
            waivers_yaml=reviewed(entry(rule="symmetric-key-published", subject="{kid: 'a[1]'}")),
        )
        found = estate.findings(rule="symmetric-key-published")
        assert [each["waived"] for each in found] == [True, False]

    def test_keep_the_result_and_show_who_answers(self, estate: Estate) -> None:
        estate.write(
            api_yaml=binding(), waivers_yaml=reviewed(entry(subject="{path: api.yaml}", approver="ciso", ticket="SEC-1"))
        )
        code, report = estate.scan()
        assert code == 0
        (found,) = [each for each in report["findings"] if each["rule"] == RULE]
        assert (found["result"], found["waived"]) == ("fail", True)
        shown = found["waiver"]
        assert (shown["source"], shown["selector"], shown["approver"]) == ("file", "path=api.yaml", "ciso")
        assert shown["location"] == {"path": "waivers.yaml", "line": 2, "column": 5, "precision": None}
        assert report["summary"]["waived"] == 1
        (row,) = report["subjects"]["waivers"]
        assert (row["rule"], row["matches"], row["applies"], row["ticket"]) == (RULE, 1, True, "SEC-1")

    def test_can_be_named_on_the_command_line_and_are_left_out_with_isolated(self, estate: Estate) -> None:
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject="{path: api.yaml}")))
        assert waived(estate, ".", "--isolated") == []
        assert waived(estate, ".", "--isolated", "--waivers", "waivers.yaml") == ["api.yaml"]
        assert "--waivers" in estate.refused(".", "--waivers", "nowhere.yaml")

    def test_win_over_a_comment_and_both_count_as_used(self, estate: Estate) -> None:
        estate.write(
            api_yaml=inline(f"ignore[{RULE}] lab; owner=idp; expires=2026-12-31"),
            waivers_yaml=reviewed(entry(subject="{path: api.yaml}")),
        )
        (found,) = estate.findings(rule=RULE)
        assert found["waiver"]["source"] == "file"
        assert faults(estate) == set()

    def test_a_kid_that_holds_a_line_break_is_not_another_kid(self, estate: Estate) -> None:
        """Who writes a key must not choose the waiver that covers it."""
        estate.write(
            jwks_json='{"keys": [{"kty": "oct", "kid": "evil\\nb", "k": "AAAA"}]}',
            waivers_yaml=reviewed(entry(rule="symmetric-key-published", subject="{kid: b}")),
        )
        assert [each["waived"] for each in estate.findings(rule="symmetric-key-published")] == [False]


class TestEnd:
    def test_is_the_end_of_its_day(self, estate: Estate) -> None:
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject="{path: api.yaml}")))
        assert waived(estate, now="2026-12-31T23:59:59Z") == ["api.yaml"]
        assert waived(estate, now="2027-01-01T00:00:00Z") == []
        assert faults(estate, now="2027-01-01") == {"waiver-expired"}

    def test_binds_whatever_rules_the_configuration_asks(self, estate: Estate) -> None:
        (estate.root / ".jwksgov.yaml").write_text("rules: {waiver-expired: off}\n")
        estate.write(api_yaml=inline(f"ignore[{RULE}] lab; owner=idp; expires=2020-01-01"))
        assert waived(estate) == []

    def test_that_is_no_date_has_passed(self, estate: Estate) -> None:
        estate.write(api_yaml=inline(f"ignore[{RULE}] lab; owner=idp; expires=soon"))
        assert waived(estate) == []
        assert faults(estate) == {"waiver-expired"}


class TestUnused:
    def test_is_a_finding_at_the_waiver(self, estate: Estate) -> None:
        estate.write(
            api_yaml=inline(f"ignore[static-key-file, {RULE}] lab; owner=idp; expires=2026-12-31"),
            waivers_yaml=reviewed(entry(subject="{path: gone.yaml}")),
        )
        found = estate.findings(rule="waiver-unused")
        places = [(each["location"]["path"], each["location"]["line"], each["message"]) for each in found]
        assert places == [
            ("api.yaml", 5, "The waiver of static-key-file covers no finding."),
            ("waivers.yaml", 2, f"The waiver of {RULE} covers no finding."),
        ]
        assert found[0]["excerpt"] is not None
        [rule] = [each for each in estate.scan()[1]["rules"] if each["id"] == "waiver-unused"]
        assert rule["remedy"]
        assert rule["controls"]

    def test_is_not_said_by_a_hook_on_one_file(self, estate: Estate) -> None:
        others = [entry(subject="{path: other.yaml}"), entry(subject="{issuer: 'https://x'}"), entry(subject="{path: 'b/**'}")]
        estate.write(api_yaml=binding(), other_yaml=binding(), waivers_yaml=reviewed(*others))
        assert faults(estate, "api.yaml") == set()

    def test_is_said_by_a_hook_on_the_very_file(self, estate: Estate) -> None:
        waiver = entry(subject="{path: /api.yaml}")
        estate.write(api_yaml=binding() + "      audiences: [shop]\n", waivers_yaml=reviewed(waiver))
        assert faults(estate, "api.yaml") == {"waiver-unused"}

    def test_is_not_said_where_a_file_could_not_be_read(self, estate: Estate) -> None:
        estate.write(
            jwks_json='{"keys": [', waivers_yaml=reviewed(entry(subject="{kid: old}"), entry(subject="{path: a.yaml}"))
        )
        found = estate.findings(rule="waiver-unused")
        assert [each["location"]["line"] for each in found] == [3]

    def test_is_not_said_of_a_rule_that_is_not_asked(self, estate: Estate) -> None:
        (estate.root / ".jwksgov.yaml").write_text(f"rules: {{{RULE}: off}}\n")
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject="{path: api.yaml}")))
        assert faults(estate) == set()


class TestHookOnOneFile:
    def test_tells_of_an_expired_waiver_only_where_it_would_have_covered_something(self, estate: Estate) -> None:
        waiver = entry(subject="{path: '*pi.yaml'}", expires="2026-01-01")
        estate.write(api_yaml=binding(), good_yaml="a: 1\n", waivers_yaml=reviewed(waiver))
        assert faults(estate, "good.yaml") == set()
        assert faults(estate, "api.yaml") == {"waiver-expired"}

    def test_on_the_waiver_file_itself_judges_every_waiver(self, estate: Estate) -> None:
        waiver = entry(subject="{path: 'b/**'}", expires="2026-01-01")
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(waiver))
        assert faults(estate, "waivers.yaml") == {"waiver-expired"}


class TestOtherFaults:
    def test_a_waiver_without_a_subject_is_too_broad_but_applies(self, estate: Estate) -> None:
        for selector in ("", "'*'", "{path: '**'}"):
            estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject=selector)))
            assert waived(estate) == ["api.yaml"]
            assert faults(estate) == {"waiver-too-broad"}

    def test_a_waiver_of_dozens_is_too_broad(self, estate: Estate) -> None:
        rules = "".join(f"    - {{issuer: 'https://i{number}.example.com'}}\n" for number in range(21))
        estate.write(
            api_yaml="kind: RequestAuthentication\nspec:\n"
            f"  # jwksgov: ignore[{RULE}] lab; owner=idp; expires=2026-12-31\n  jwtRules:\n{rules}"
        )
        assert len(waived(estate)) == 21
        assert faults(estate) == {"waiver-too-broad"}

    def test_a_misspelt_rule_is_a_finding(self, estate: Estate) -> None:
        estate.write(api_yaml=inline("ignore[audience-not-restrictd] lab; owner=idp; expires=2026-12-31"))
        assert faults(estate) == {"waiver-of-unknown-rule"}

    def test_a_comment_that_names_nobody_applies_and_is_incomplete(self, estate: Estate) -> None:
        estate.write(api_yaml=inline(f"ignore[{RULE}]"))
        assert waived(estate) == ["api.yaml"]
        (found,) = estate.findings(rule="waiver-incomplete")
        assert "reason, owner, expires" in found["message"]

    def test_a_rule_about_waivers_cannot_be_waived(self, estate: Estate) -> None:
        """Or one line would accept every other line."""
        estate.write(
            api_yaml=binding(),
            waivers_yaml=reviewed(entry(subject="{path: api.yaml}", expires="2026-01-01"), entry(rule="waiver-expired")),
        )
        found = estate.findings(rule="waiver-expired")
        assert [each["waived"] for each in found] == [False]

    def test_refused_comments_are_not_judged(self, estate: Estate) -> None:
        estate.write(api_yaml=inline("ignore[nonsense]"))
        assert faults(estate, ".", "--no-inline-waivers") == set()


class TestLimits:
    """What breaks a limit does not apply; `strict` sets limits, `baseline` sets none."""

    def config(self, estate: Estate, text: str) -> None:
        (estate.root / ".jwksgov.yaml").write_text(text)

    def test_of_the_term(self, estate: Estate) -> None:
        estate.write(api_yaml=inline(f"ignore[{RULE}] lab; owner=idp; expires=2027-12-31"))
        assert waived(estate) == ["api.yaml"]
        self.config(estate, "profile: strict\n")
        assert waived(estate) == []
        assert faults(estate) == {"waiver-outlasts-limit"}
        assert waived(estate, now="2027-06-01") == ["api.yaml"], "near its end it applies"

    def test_of_the_term_hold_for_a_waiver_without_an_end(self, estate: Estate) -> None:
        self.config(estate, "profile: strict\n")
        estate.write(api_yaml=inline(f"ignore[{RULE}] lab; owner=idp"))
        assert waived(estate) == []

    def test_of_severities(self, estate: Estate) -> None:
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject="{path: api.yaml}")))
        (severity,) = {each["severity"] for each in estate.findings(rule=RULE)}
        self.config(estate, f"rules: {{waiver-of-protected-severity: {{params: {{severities: [{severity}]}}}}}}\n")
        assert waived(estate) == []
        code, _ = estate.scan()
        assert code == 1
        assert faults(estate) == {"waiver-of-protected-severity"}

    def test_of_your_own_are_a_rule_that_voids(self, estate: Estate) -> None:
        estate.write(api_yaml=binding(), waivers_yaml=reviewed(entry(subject="{path: api.yaml}")))
        (estate.root / "mine").mkdir()
        (estate.root / "mine" / "waiver-without-ticket.yaml").write_text(
            "id: waiver-without-ticket\ntitle: No ticket\nseverity: low\nobjective: exceptions\nabout: waiver\nvoids: true\n"
            "since: 1.0.0\nrationale: We track.\nremedy: Add the ticket.\nrequire: '!(\"ticket\" in waiver.missing)'\n"
            'message: "The waiver of {waiver.rule} has no ticket."\nexamples: []\n'
        )
        assert waived(estate, ".", "--policies", "mine") == []
        assert "waiver-without-ticket" in faults(estate, ".", "--policies", "mine")


class TestManyWaivers:
    def test_are_looked_up_and_not_tried_one_by_one(self, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
        """Waivers × findings would be forty thousand comparisons here."""
        from scanner.findings.waivers import waiver_file as module

        tried = 0
        test = module._compile_tests

        def counted(selector: Any) -> Any:
            def counting(inner: Any) -> Any:
                def ask(text: str) -> bool:
                    nonlocal tried
                    tried += 1
                    return bool(inner(text))

                return ask

            return [(name, counting(inner)) for name, inner in test(selector)]

        monkeypatch.setattr(module, "_compile_tests", counted)
        issuers = [f"https://i{number}.example.com" for number in range(200)]
        rules = "".join(f"    - {{issuer: '{issuer}'}}\n" for issuer in issuers)
        estate.write(
            api_yaml=f"kind: RequestAuthentication\nspec:\n  jwtRules:\n{rules}",
            waivers_yaml=reviewed(*(entry(subject=f"{{issuer: '{issuer}'}}") for issuer in issuers)),
        )
        assert len(waived(estate)) == 200
        assert tried <= 3 * 200
