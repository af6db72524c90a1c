"""How long to wait before another attempt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scanner.sources.web.backoff import delay

NOW = datetime(2026, 7, 1, tzinfo=UTC)


class TestDelay:
    @pytest.mark.parametrize(("attempt", "longest"), [(1, 0.5), (2, 1.0), (3, 2.0)])
    def test_doubles_and_varies(self, attempt: int, longest: float) -> None:
        delays = {delay(attempt, None, NOW) for _ in range(50)}
        assert len(delays) > 1
        assert all(longest / 2 <= each <= longest for each in delays)

    @pytest.mark.parametrize(
        ("asked", "seconds"),
        [
            ("7", 7),
            ("0", 0),
            ("Wed, 01 Jul 2026 00:00:30 GMT", 30),
            ("Wed, 01 Jul 2026 00:00:30 +0200", 0),
            ("Tue, 30 Jun 2026 00:00:00 GMT", 0),
            ("9" * 400, 999_999_999),
        ],
    )
    def test_is_what_the_server_asks_for(self, asked: str, seconds: float) -> None:
        """RFC 9110 §10.2.3: a number of seconds, or a date."""
        assert delay(1, asked, NOW) == seconds

    @pytest.mark.parametrize("asked", ["", "soon", "-1", "1.5", "Wed, 32 Jul 2026 00:00:00 GMT", "²", "Wed, 01 Jul 2026"])
    def test_is_ours_where_that_cannot_be_read(self, asked: str) -> None:
        assert 0.25 <= delay(1, asked, NOW) <= 0.5
