"""What the HTML report says is decided here, before any template: verdict, order, pictures, calendar, trust."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.findings.model import Report
from scanner.record import changed
from scanner.renderers.html.charts import WIDTH, chart
from scanner.renderers.html.exceptions import _make_calendar
from scanner.renderers.html.findings import findings
from scanner.renderers.html.page import page
from scanner.renderers.html.render import _mark_code
from scanner.renderers.html.trust import trust
from scanner.renderers.html.trust_map import trust_map
from scanner.renderers.html.words import count_nouns, exit_sentence, join_words, verdict
from scanner.scan import ScanOptions, pack_for, scan
from tests.renderers import estates


def scanned(folder: Path, build: Any) -> Report:
    build(folder)
    options = ScanOptions(targets=(str(folder),), config=Config())
    return scan(options, pack_for((), examples=False), clock_at("2026-06-01T00:00:00Z"))


class TestVerdict:
    """The first sentence claims no more than was tested."""

    @pytest.mark.parametrize(
        ("build", "tone", "headline"),
        [
            (estates.empty, "open", "Nothing to assess was found"),
            (estates.clean, "clear", "No failing evidence for the parts tested"),
            (estates.undetermined, "open", "No failing evidence, with open questions"),
        ],
    )
    def test_without_a_fail(self, tmp_path: Path, build: Any, tone: str, headline: str) -> None:
        said = verdict(scanned(tmp_path, build))
        assert (said.tone, said.headline) == (tone, headline)

    def test_counts_fails_and_open_questions(self, tmp_path: Path) -> None:
        report = scanned(tmp_path, estates.demo)
        failed = sum(report.summary.by_severity.values())
        assert verdict(report).headline == f"{failed} failed results to act on"
        said = verdict(report).detail
        assert f"Not complete: {report.summary.undetermined} questions undetermined, among them " in said
        assert "jwks-uri-over-http-public (critical)" in said

    def test_says_what_the_exit_code_means(self, tmp_path: Path) -> None:
        report = scanned(tmp_path, estates.demo)
        assert exit_sentence(report).startswith("Fails on medium and above. Exit code 1: at least one failed finding")
        assert exit_sentence(changed(report, run=changed(report.run, fail_on=None, exit_code=0))).startswith(
            "Fails on nothing."
        )


class TestWords:
    def test_agree_in_number(self) -> None:
        assert [count_nouns(1, "day"), count_nouns(1200, "day"), count_nouns(2, "entry", "entries")] == [
            "1 day",
            "1,200 days",
            "2 entries",
        ]
        assert [join_words([]), join_words(["a"]), join_words(["a", "b", "c"])] == ["", "a", "a, b and c"]

    def test_backticks_of_policies_become_code_and_nothing_else_does(self) -> None:
        assert _mark_code("Set `iss` to <b>") == "Set <code>iss</code> to &lt;b&gt;"
        assert _mark_code("`<script>`") == "<code>&lt;script&gt;</code>"
        assert _mark_code("one ` alone") == "one ` alone"


class TestOrder:
    def test_rules_that_fail_come_first_the_most_severe_on_top(self, tmp_path: Path) -> None:
        report = scanned(tmp_path, estates.demo)
        section = findings(report)
        ranks = [("critical", "high", "medium", "low", "info").index(group.severity) for group in section.groups]
        failing = ["failed" in group.counts.replace("failed and waived", "") for group in section.groups]
        assert failing == sorted(failing, reverse=True)
        assert ranks[: failing.count(True)] == sorted(ranks[: failing.count(True)])

    def test_every_finding_has_one_number(self, tmp_path: Path) -> None:
        report = scanned(tmp_path, estates.demo)
        found = findings(report)
        numbers = [row.number for group in found.groups for row in group.rows]
        assert numbers == [f"F-{number:04}" for number in range(1, found.total + 1)]
        assert {found.numbers[id(finding)] for finding in report.findings} == set(numbers)

    def test_every_control_is_told_once(self, tmp_path: Path) -> None:
        report = scanned(tmp_path, estates.demo)
        told = [(each.title, row.id) for each in page(report).frameworks for row in (*each.rows, *each.silent)]
        assert sorted(told) == sorted((each.title, control.id) for each in report.frameworks for control in each.controls)


class TestCharts:
    def test_parts_of_a_share_fill_the_bar(self) -> None:
        (bar,) = chart("c", "a", {"x": "x", "y": "y", "z": "z"}, [("row", (1, 1, 1))], is_share=True).bars
        assert bar.segments[-1].x + bar.segments[-1].width == WIDTH
        assert [part.x + part.width for part in bar.segments[:-1]] == [part.x for part in bar.segments[1:]]

    def test_bars_of_one_scale_compare(self) -> None:
        long, short = chart("c", "a", {"x": "x"}, [("long", (40,)), ("short", (10,))]).bars
        assert (long.segments[0].width, short.segments[0].width) == (WIDTH, WIDTH // 4)

    def test_a_count_of_one_among_many_can_still_be_seen(self) -> None:
        (bar,) = chart("c", "a", {"x": "x", "y": "y"}, [("row", (100_000, 1))]).bars
        assert bar.segments[1].width >= 3

    def test_nothing_gives_an_empty_bar(self) -> None:
        (bar,) = chart("c", "a", {"x": "x"}, [("row", (0,))]).bars
        assert (bar.segments, bar.total) == ((), 0)


class TestCalendar:
    @pytest.mark.parametrize(
        ("end", "label"),
        [
            ("2026-05-31", "ended"),
            ("2026-06-01", "Jun 2026"),
            ("2027-05-31", "May 2027"),
            ("2027-06-01", "later"),
            (None, "no end"),
            ("someday", "no end"),
        ],
    )
    def test_puts_an_end_into_its_month(self, end: str | None, label: str) -> None:
        """The last day of a waiver counts, so one that ends today has not ended."""
        tiles = _make_calendar([end], date(2026, 6, 1)).tiles
        assert [tile.label for tile in tiles if tile.count] == [label]
        assert len(tiles) == 15


class TestTrust:
    def test_marks_a_relation_by_its_worst_finding(self, tmp_path: Path) -> None:
        report = scanned(tmp_path, estates.demo)
        relations = {(relation.consumer.rpartition("/")[2], relation.issuer): relation for relation in trust(report).relations}
        assert relations["orders.yaml", "https://login.example.com"].worst == "clean"
        assert relations["reports.yaml", "https://reports.example.com"].worst == "critical"
        assert relations["request-authentication.yaml", "not resolved: a template"].worst == "undetermined"

    def test_knows_which_issuers_were_in_scope(self, tmp_path: Path) -> None:
        seen = {issuer.name: issuer.is_seen for issuer in trust(scanned(tmp_path, estates.demo)).issuers}
        assert seen["https://login.example.com"] is True
        assert seen["https://kiosk.example.com"] is False

    def test_is_drawn_with_every_consumer_and_issuer(self, tmp_path: Path) -> None:
        relations = trust(scanned(tmp_path, estates.demo))
        drawn = trust_map(relations)
        assert drawn is not None
        assert len(drawn.consumers) == len({relation.consumer for relation in relations.relations})
        assert len(drawn.curves) == len({(relation.consumer, relation.issuer) for relation in relations.relations})
        for side in (drawn.consumers, drawn.issuers):
            heights = sorted(node.y for node in side)
            assert all(below - above >= 20 for above, below in pairwise(heights))
            assert heights[-1] < drawn.height

    def test_of_a_large_estate_is_drawn_by_platform_and_says_so(self, tmp_path: Path) -> None:
        drawn = trust_map(trust(scanned(tmp_path, lambda folder: estates.large(folder, files=60, rules=2))))
        assert drawn is not None
        assert [node.label for node in drawn.consumers] == ["istio"]
        assert len(drawn.issuers) == 40
        assert "drawn together by platform" in drawn.note
        assert "57 issuers" in drawn.note

    def test_is_not_drawn_where_no_consumer_is(self, tmp_path: Path) -> None:
        assert trust_map(trust(scanned(tmp_path, estates.empty))) is None
