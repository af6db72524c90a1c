"""`jwksgov explain PLATFORM`, and the table of all of them."""

from __future__ import annotations

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
        assert "| jwks_uri | `jwksUri\\|jwks_uri` |" in page
        assert "| removed_key_trusted_s | 20 min | verified | istio/istio " in page

    def test_takes_from_an_engine_what_the_platform_leaves_to_it(self) -> None:
        """With the engine's name, so that a reader knows where to look."""
        page = platform_page(PLATFORMS, PLATFORMS["istio"])
        assert "| kid_required | no | inferred | Envoy jwt_authn HTTP filter: " in page

    def test_says_on_what_a_default_depends(self) -> None:
        page = platform_page(PLATFORMS, PLATFORMS["envoy"])
        assert "| endpoint_down | stale-forever where `remote_jwks.async_fetch` | verified |" in page
        assert "| endpoint_down | fail-closed-after-ttl | verified |" in page


class TestOverview:
    def test_has_a_row_for_every_platform(self) -> None:
        rows = [line for line in platforms_overview(PLATFORMS).splitlines() if line.startswith("| [")]
        assert len(rows) == len(PLATFORMS)
        assert len({line.count(" | ") for line in rows}) == 1
