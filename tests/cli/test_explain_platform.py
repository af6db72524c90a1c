"""`jwksgov explain PLATFORM`, and the table of all of them."""

from __future__ import annotations

import re

import pytest

from scanner.cli import main
from scanner.commands.platform_page import platform_page, platforms_overview
from scanner.pack.shipped import shipped_pack

PLATFORMS = shipped_pack(examples=True).platforms


class TestExplain:
    def test_says_what_is_read_and_what_happens_otherwise(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["explain", "istio"]) == 0
        page = capsys.readouterr().out
        assert page.startswith("# Istio RequestAuthentication\n")
        assert "| jwks_uri | `jwksUri\\|jwks_uri`, `jwks_uri\\|jwksUri` |" in page
        assert "| removed_key_trusted_s | 20 min | verified | istio/istio@" in page

    def test_takes_from_an_engine_what_the_platform_leaves_to_it(self) -> None:
        """With the engine's name, so that a reader knows where to look; nobody saw the platform itself do it."""
        page = platform_page(PLATFORMS, PLATFORMS["istio"])
        assert "| kid_required | no | inferred | Envoy jwt_authn HTTP filter: version 1.40, " in page

    def test_says_on_what_a_default_depends(self) -> None:
        page = platform_page(PLATFORMS, PLATFORMS["envoy"])
        assert "| endpoint_down | stale-forever where `remote_jwks.async_fetch` | measured |" in page
        assert "| endpoint_down | fail-closed-after-ttl | measured |" in page

    def test_tells_of_a_measurement_with_what_and_how(self) -> None:
        page = platform_page(PLATFORMS, PLATFORMS["jose"])
        assert (
            "| removed_key_trusted_s | 10 min | measured | version 6.2.18, 2026-11-29: drill removed-quiet, moved clock |"
            in page
        )

    def test_counts_facts_by_how_they_are_known(self) -> None:
        page = platform_page(PLATFORMS, PLATFORMS["mod-oauth2"])
        assert re.search(r"^\d+ facts: \d+ read in the code that acts, \d+ inferred\.$", page, re.MULTILINE)
        page = platform_page(PLATFORMS, PLATFORMS["jose"])
        assert re.search(r"^\d+ facts: \d+ measured, .* Measured with version 6\.2\.18\.$", page, re.MULTILINE)

    def test_says_where_a_version_is_seen_and_which_count_otherwise(self) -> None:
        page = platform_page(PLATFORMS, PLATFORMS["mod-auth-openidc"])
        assert "the deb package `libapache2-mod-auth-openidc`" in page
        assert "Where none is known, the versions from 2.4.9 count." in page
        assert "| new_key_visible_s | 0 s in versions until 2.4.19 | measured |" in page
        assert "| new_key_visible_s | 1 min in versions from 2.4.20. " in page

    def test_tells_what_holds_for_one_way_to_write_it(self) -> None:
        page = platform_page(PLATFORMS, PLATFORMS["mod-auth-openidc"])
        assert "| checks_issuer | yes for logins | verified |" in page

    def test_puts_what_belongs_together_under_one_heading(self) -> None:
        """Every behaviour stands under exactly one."""
        page = platform_page(PLATFORMS, PLATFORMS["rabbitmq"])
        headings = re.findall(r"^### (.*)$", page, re.MULTILINE)
        assert headings == ["Settings", "Keys over time", "Fetching", "Outages and odd sets", "What is checked"]
        odd = page.partition("### Outages and odd sets")[2].partition("### ")[0]
        assert "| on_empty_set | " in odd
        assert page.count("| on_empty_set | ") == odd.count("| on_empty_set | ")


class TestOverview:
    def test_has_a_row_for_every_platform(self) -> None:
        rows = [line for line in platforms_overview(PLATFORMS).splitlines() if line.startswith("| [")]
        assert len(rows) == len(PLATFORMS)
        assert len({line.count(" | ") for line in rows}) == 1
