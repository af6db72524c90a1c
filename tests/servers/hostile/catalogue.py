"""All hostile servers."""

from __future__ import annotations

from tests.servers.hostile.answers import ANSWERS
from tests.servers.hostile.encodings import ENCODINGS
from tests.servers.hostile.framing import FRAMING
from tests.servers.hostile.handshakes import HANDSHAKES
from tests.servers.hostile.heads import HEADS
from tests.servers.hostile.redirects import REDIRECTS
from tests.servers.hostile.slow import SLOW

CATALOGUE = (*SLOW, *HANDSHAKES, *HEADS, *FRAMING, *ENCODINGS, *REDIRECTS, *ANSWERS)
