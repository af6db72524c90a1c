"""Facts about a URL that an issuer's documents were fetched from, about what came and how."""

from __future__ import annotations

from scanner.facts import (
    endpoint_answer,
    endpoint_caching,
    endpoint_dns,
    endpoint_headers,
    endpoint_sets,
    endpoint_tls,
    endpoint_url,
)
from scanner.facts.fact import Fact

FACTS: tuple[Fact, ...] = (
    *endpoint_url.FACTS,
    *endpoint_answer.FACTS,
    *endpoint_tls.FACTS,
    *endpoint_dns.FACTS,
    *endpoint_headers.FACTS,
    *endpoint_caching.FACTS,
    *endpoint_sets.FACTS,
)
