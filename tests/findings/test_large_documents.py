"""What is judged of one document is bounded: what is behind a limit is named and counted, never silently left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.cli import main
from scanner.files.limits import (
    MOST_BINDINGS,
    MOST_CERTIFICATES,
    MOST_DOCUMENTS,
    MOST_KEYS,
    MOST_LENGTH,
    MOST_SIGNS,
    MOST_TEXT,
    MOST_WAIVERS,
)
from scanner.findings.model import Report
from tests.one_document import OneDocument

JUDGE = OneDocument()
ISTIO = "kind: RequestAuthentication\nspec:\n  jwtRules:\n"
AUTHORIZER = 'resource "aws_apigatewayv2_authorizer" "a%d" {\n jwt_configuration {\n  issuer = "https://a.example.com"\n }\n}\n'
PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n-----END PRIVATE KEY-----\n"


def said(report: Report) -> list[str]:
    return [each.message for each in report.notices if each.kind == "unparsed"]


def count(report: Report, kind: str) -> int:
    """How many subjects of a kind were judged."""
    return len(report.rows(kind))


def in_yaml(number: int) -> str:
    return ISTIO + "".join(f"  - issuer: https://a{each}.example.com\n" for each in range(number))


def in_flow(number: int) -> str:
    return f"{ISTIO.rstrip()} [{', '.join(['{issuer: a}'] * number)}]\n"


def in_aliases(number: int) -> str:
    return f"{ISTIO}  - &a {{issuer: https://a.example.com}}\n" + "  - *a\n" * (number - 1)


def in_merges(number: int) -> str:
    return f"{ISTIO}  - &a {{issuer: https://a.example.com}}\n" + "  - <<: *a\n" * (number - 1)


def in_json(number: int) -> str:
    rules = [{"issuer": f"https://a{each}.example.com"} for each in range(number)]
    return json.dumps({"kind": "RequestAuthentication", "spec": {"jwtRules": rules}})


def in_documents(number: int) -> str:
    return "".join(f"---\n{ISTIO}  - issuer: https://a.example.com\n" for _ in range(number))


def in_terraform(number: int) -> str:
    return "".join(AUTHORIZER % each for each in range(number))


def in_strings(number: int) -> str:
    inner = in_yaml(1).replace("\n", "\n    ").rstrip(" ")
    return "kind: ConfigMap\ndata:\n" + "".join(f"  a{each}: |\n    {inner}" for each in range(number))


FORMS: dict[str, tuple[str, Callable[[int], str]]] = {
    "yaml": ("a.yaml", in_yaml),
    "flow": ("a.yaml", in_flow),
    "aliases": ("a.yaml", in_aliases),
    "merges": ("a.yaml", in_merges),
    "json": ("a.json", in_json),
    "documents": ("a.yaml", in_documents),
    "terraform": ("a.tf", in_terraform),
    "strings": ("a.yaml", in_strings),
}


class TestBindings:
    @pytest.mark.parametrize(("path", "make"), FORMS.values(), ids=FORMS)
    def test_beyond_the_limit_are_named(self, path: str, make: Callable[[int], str]) -> None:
        report = JUDGE.report(path, make(MOST_BINDINGS + 7).encode())
        assert count(report, "binding") == MOST_BINDINGS
        assert said(report) == [
            f"not assessed: bindings after the first {MOST_BINDINGS} of at most {MOST_BINDINGS + 7}",
        ]
        assert report.summary.unparsed == 1

    @pytest.mark.parametrize(("path", "make"), FORMS.values(), ids=FORMS)
    def test_below_it_are_all_judged(self, path: str, make: Callable[[int], str]) -> None:
        report = JUDGE.report(path, make(20).encode())
        assert count(report, "binding") == 20
        assert not said(report)

    def test_that_are_cut_fail_a_run_that_asks_for_everything(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing fails in what was judged, and nothing is known of the rest."""
        monkeypatch.chdir(tmp_path)
        Path("a.yaml").write_text(in_yaml(MOST_BINDINGS + 1))
        scan = ["scan", "a.yaml", "--isolated", "-q", "--fail-on", "none"]
        assert main(scan) == 0
        assert main([*scan, "--fail-on-undetermined"]) == 3

    def test_that_are_cut_are_not_gone_from_a_baseline(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A finding behind the limit may stand there still."""
        monkeypatch.chdir(tmp_path)
        Path("a.yaml").write_text(in_yaml(3).replace("a2", "last"))
        main(["scan", "a.yaml", "--isolated", "-q", "--write-baseline", "base.json"])
        Path("a.yaml").write_text(in_yaml(MOST_BINDINGS) + "  - issuer: https://last.example.com\n")
        main(["scan", "a.yaml", "--isolated", "-q", "--baseline", "base.json", "-o", "report.json"])
        assert json.loads(Path("report.json").read_text())["summary"]["by_baseline_state"]["absent"] == 0


class TestText:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(1, 40_000), st.integers(1, 120), st.sampled_from(["issuer: *t", "issuer: a, audiences: [*t, b, *t]"]))
    def test_that_aliases_repeat_is_bounded(self, length: int, number: int, rule: str) -> None:
        """Everything is judged and nothing said, or what was judged is within the limit and the rest is named."""
        text = f"x: &t {'t' * length}\n{ISTIO}" + f"  - {{{rule}}}\n" * number
        report = JUDGE.report("a.yaml", text.encode())
        judged = count(report, "binding")
        shown = 2 * length  # as written and as resolved; a list has each text once
        assert judged * shown <= MOST_TEXT
        if judged < number:
            assert (judged + 1) * (shown + 16) > MOST_TEXT
            assert said(report) == [f"not assessed: bindings after the first {judged} of at most {number}"]
        else:
            assert not said(report)


class TestKeys:
    def test_count_over_all_sets_of_a_document(self) -> None:
        """Each set has fewer than the limit; a rule about a set still sees every key."""
        keys = json.dumps({"keys": [{"kty": "EC", "kid": str(number)} for number in range(MOST_KEYS // 2 + 100)]})
        text = ISTIO + "".join(f"  - issuer: a{each}\n    jwks: '{keys}'\n" for each in range(2))
        report = JUDGE.report("a.yaml", text.encode())
        assert count(report, "key") == MOST_KEYS
        assert {row.size for row in report.rows("key_set")} == {MOST_KEYS // 2 + 100}
        assert f"not assessed: keys after the first {MOST_KEYS} of {MOST_KEYS + 200}" in said(report)

    def test_with_a_long_chain_are_named(self) -> None:
        keys = [{"kty": "EC", "kid": "a", "x5c": ["MAo="] * (MOST_CERTIFICATES + each)} for each in (0, 1)]
        report = JUDGE.report("jwks.json", json.dumps({"keys": keys}).encode())
        assert said(report) == [
            f"not assessed: certificates of a key after the first {MOST_CERTIFICATES} of {MOST_CERTIFICATES + 1}"
        ]

    @pytest.mark.parametrize(
        "piece", [PEM, '{"kty": "EC", "d": "x"}\n', f"LS0tLS1CRUdJ{'TiBQ' * 12} "], ids=["pem", "jwk", "base64"]
    )
    def test_outside_sets_are_named_where_they_are_too_many_to_read(self, piece: str) -> None:
        """A hundred keys that are none before a private one must not hide it. Without a private member nothing is hidden."""
        few = JUDGE.report("a.txt.pem", (piece * MOST_SIGNS).encode())
        assert not said(few)
        (told,) = said(JUDGE.report("a.txt.pem", (piece * (MOST_SIGNS + 1)).encode()))
        assert told.endswith(f"after the first {MOST_SIGNS} of {MOST_SIGNS + 1}")


class TestWaivers:
    @pytest.mark.parametrize(
        "comment",
        [
            "# jwksgov: ignore[r] why\n" * (MOST_WAIVERS + 1),
            f"# jwksgov: ignore[{','.join(f'r{each}' for each in range(MOST_WAIVERS + 1))}] why\n",
        ],
        ids=["comments", "rules"],
    )
    def test_beyond_the_limit_are_named(self, comment: str) -> None:
        report = JUDGE.report("a.yaml", (in_yaml(1) + comment).encode())
        assert count(report, "waiver") == MOST_WAIVERS
        assert said(report) == [f"not assessed: waivers in comments after the first {MOST_WAIVERS} of {MOST_WAIVERS + 1}"]

    def test_of_a_cut_document_are_not_called_unused(self) -> None:
        """What they accept may be behind the limit."""
        waiver = "# jwksgov: ignore[audience-not-restricted] lab; owner=me; expires=2027-01-01\na: 1\n"
        for number, is_found in ((1, True), (MOST_BINDINGS + 1, False)):
            report = JUDGE.report("a.yaml", (waiver + in_yaml(number)).encode())
            fails = {each.rule for each in report.findings if each.result == "fail"}
            assert ("waiver-unused" in fails) == is_found


class TestDocuments:
    def test_beyond_the_limit_are_named(self) -> None:
        text = in_yaml(1) + "---\na: 1\n" * MOST_DOCUMENTS
        report = JUDGE.report("a.yaml", text.encode())
        assert count(report, "binding") == 1
        assert said(report) == [f"not assessed: documents after the first {MOST_DOCUMENTS} of {MOST_DOCUMENTS + 1}"]


class TestAliases:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.integers(1, 400_000),
        st.integers(1, 60),
        st.sampled_from(["- *t\n", "- [*t]\n", "- {a: *t}\n", "- *t : a\n", "- <<: *m\n", "- <<: [*m, *m]\n"]),
    )
    def test_repeat_no_more_text_than_a_file_may_have(self, length: int, number: int, piece: str) -> None:
        """A value is searched again for each alias of it: a file of 2.5 MB took hours."""
        head = f"x: &t {'t' * length}\ny: &m {{? {'k' * length} : issuer}}\n"
        head += "kind: RequestAuthentication\nspec: {jwtRules: []}\nlist:\n"
        report = JUDGE.report("a.yaml", (head + piece * number).encode())
        repeated = length * number * (2 if "[*m" in piece else 1)
        is_refused = any("its aliases repeat too much text" in each for each in said(report))
        if repeated > MOST_LENGTH:
            assert is_refused
        elif 2 * length + repeated + 200 < MOST_LENGTH:
            assert not is_refused
