"""Facts about a URL of an issuer's documents, and about the answer of its server."""

from __future__ import annotations

from scanner.facts.endpoint import caching as endpoint_caching
from scanner.facts.endpoint import dns as endpoint_dns
from scanner.facts.endpoint import headers as endpoint_headers
from scanner.facts.endpoint import response as endpoint_answer
from scanner.facts.endpoint import sets as endpoint_sets
from scanner.facts.endpoint import tls as endpoint_tls
from scanner.facts.endpoint import url as endpoint_url
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
