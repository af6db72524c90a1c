"""Every platform's examples give the bindings they say; a new platform file is a new test."""

from __future__ import annotations

import pytest

from scanner.examples.platform_examples import run_platform_examples
from scanner.pack.platform import Platform
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)
PLATFORMS = pytest.mark.parametrize("platform", PACK.platforms.values(), ids=lambda platform: platform.id)


@PLATFORMS
class TestPlatform:
    def test_examples_give_what_they_say(self, platform: Platform) -> None:
        faults = {outcome.it: outcome.faults for outcome in run_platform_examples([platform]) if outcome.faults}
        assert faults == {}

    def test_has_examples_with_and_without_bindings(self, platform: Platform) -> None:
        """A look-alike belongs to every platform: silence matters as much as recognition. A library that works inside others
        has no configuration of its own.
        """
        if not platform.reads:
            assert platform.category == "library"
            return
        assert any(example.gives for example in platform.examples)
        assert any(not example.gives for example in platform.examples)
