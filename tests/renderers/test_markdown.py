"""Markdown for a pull request: what a reviewer needs first, within the length a comment may have, and harmless."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.findings.model import Finding, Location
from scanner.record import changed
from scanner.renderers.choose import render
from scanner.renderers.markdown_text import code, literal, prose
from tests.reports import HOSTILE, full_report

FULL = full_report()


class Shown(HTMLParser):
    """What a browser gets: tags with their attributes, and the text outside of code, where mentions are looked for."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.loose = ""
        self.depth = 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.depth += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.loose += "" if self.depth else data


# what GitHub and GitLab make links of after the Markdown was read
REFERENCES = re.compile(r"[@#!$%~&]\w|\bGH-\d|https?:|www\.|\b[0-9a-f]{7,40}\b")


class TestText:
    def test_plain_words_stay_words_and_the_rest_is_code(self) -> None:
        said = "RSA key old-key of https://login.example.com has 1024 bits, fewer than 2048."
        assert literal(said) == "RSA key old-key of `https://login.example.com` has 1024 bits, fewer than 2048."

    @pytest.mark.parametrize(
        "text",
        ["@team", "a@example.com", "#12", "GH-12", "o/r#1", "www.example.com", "https://e.example.com", "deadbeef1", "ABC-1-a",
         "![i](//e.example.com/p.png)", "[x](javascript:1)", "<b>", "&amp;", "*b*", "_i_", "~~s~~", ":smile:", "a`b", "``", "`",
         "\\"],
    )  # fmt: skip
    def test_whatever_means_something_is_code(self, text: str) -> None:
        page = Shown(f"- a {literal(text)} b")
        assert {tag for tag, _ in page.tags} == {"ul", "li", "code"}
        assert re.fullmatch(r"a [;:]? b", page.loose.strip())  # the punctuation of a sentence may follow

    @given(st.text(max_size=60))
    def test_no_text_becomes_more_than_words_and_code(self, text: str) -> None:
        page = Shown(f"- a {literal(text)} b")
        assert {tag for tag, _ in page.tags} <= {"ul", "li", "code"}
        assert not REFERENCES.search(page.loose)

    def test_a_code_span_cannot_be_left(self) -> None:
        assert code("a`b``c") == "```a`b``c```"
        assert code("`") == "`` ` ``"

    def test_prose_keeps_its_code(self) -> None:
        assert prose("Publish it under a new `kid`, sign with it.") == "Publish it under a new `kid`, sign with it."

    def test_prose_with_a_lone_backtick_is_any_text(self) -> None:
        assert {tag for tag, _ in Shown(prose("a ` <b>x</b>")).tags} == {"p", "code"}


class TestPage:
    def test_hostile_text_is_neither_markup_nor_a_link_nor_a_mention(self) -> None:
        page = Shown(render(full_report(hostile=HOSTILE), "markdown"))
        ours = {"h2", "h3", "p", "strong", "code", "a", "ul", "li", "details", "summary"}
        assert {tag for tag, _ in page.tags} <= ours | {"table", "thead", "tbody", "tr", "th", "td"}
        assert not REFERENCES.search(page.loose)
        assert all(re.fullmatch(r"[\w/%.-]+(#L\d+)?", attributes["href"] or "") for tag, attributes in page.tags if tag == "a")

    def test_says_the_verdict_and_counts_first(self) -> None:
        head = render(FULL, "markdown").split("\n")[:8]
        missing = "1 of 2 issuers not reached, 1 document not assessed, 1 question undetermined"
        missing += ", among them audience-not-restricted (high)"
        assert head[2] == f"❌ **Failed** · 1 failed, 1 waived · {missing} · fails on medium and above"
        assert head[6:8] == ["| failed | 0 | 1 | 0 | 0 | 0 |", "| of these new | 0 | 1 | 0 | 0 | 0 |"]

    def test_never_says_more_than_that_nothing_failed(self) -> None:
        complete = changed(FULL.summary, issuers_unreached=0, unparsed=0, undetermined=0)
        passed = render(changed(FULL, findings=(), summary=complete, run=changed(FULL.run, exit_code=0)), "markdown")
        assert "✅ **Nothing failed** at or above the chosen severity · " in passed
        assert "compliant" not in passed.lower()

    def test_is_not_green_where_something_was_not_assessed(self) -> None:
        """Exit 0 without --fail-on-undetermined: nothing failed, and that is not all."""
        head = render(changed(FULL, findings=(), run=changed(FULL.run, exit_code=0)), "markdown").split("\n")[2]
        assert head.startswith("⚠️ **Nothing failed** at or above the chosen severity, but not everything could be assessed · ")
        assert "1 of 2 issuers not reached" in head

    def test_what_is_new_comes_before_what_is_known(self) -> None:
        old = changed(FULL.findings[1], baseline_state="unchanged", location=Location("a.json", 1, 1))
        page = render(changed(FULL, findings=(old, FULL.findings[1])), "markdown")
        assert (
            page.index("### New (1)") < page.index("<summary>Known since the baseline (1)</summary>") < page.index("a.json#L1")
        )

    def test_links_lead_to_the_line_and_an_address_is_no_link(self) -> None:
        remote = changed(FULL.findings[1], location=Location("https://login.example.com/jwks", 1, 1))
        page = render(changed(FULL, findings=(FULL.findings[1], remote)), "markdown")
        assert "[`3`](a%20b%23%25%C3%A9%3Ac/jwks.json#L3)" in page
        assert "\n`https://login.example.com/jwks`\n" in page

    def test_a_path_that_a_browser_would_take_for_a_host_is_no_link(self) -> None:
        for path in ("//e.example.com/x", "/etc/x"):
            finding = changed(FULL.findings[1], location=Location(path, 1, 1))
            assert f"]({path}" not in render(changed(FULL, findings=(finding,)), "markdown")


class TestLength:
    def many(self, count: int) -> tuple[Finding, ...]:
        severities = ("low", "critical", "medium")
        return tuple(
            changed(
                FULL.findings[1],
                severity=severities[number % 3],
                location=Location(f"f{number % 50}.json", number + 1, 1),
                baseline_state=("new", "unchanged")[number % 2],
            )
            for number in range(count)
        )

    @pytest.mark.parametrize("count", [50, 400, 5_000])
    def test_is_bounded_and_what_is_left_out_is_counted(self, count: int) -> None:
        page = render(changed(FULL, findings=self.many(count)), "markdown")
        shown = len(re.findall(r"^- [🟣🔴🟠🔵⚪]", page, re.MULTILINE))
        left_out = sum(int(number) for number in re.findall(r"… and (\d+) more", page))
        assert len(page) <= 60_000
        assert shown + left_out == count
        assert page.count("<details>") == page.count("</details>")

    def test_the_worst_are_kept(self) -> None:
        page = render(changed(FULL, findings=self.many(5_000)), "markdown")
        assert "**critical**" in page
        assert "**low**" not in page

    def test_hostile_names_do_not_push_the_rest_out(self) -> None:
        report = full_report(hostile=HOSTILE)
        page = render(changed(report, findings=report.findings * 500), "markdown")
        assert len(page) <= 60_000
        assert "<summary>What to do (1)</summary>" in page
